import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import type { Report } from "../../policy-pack/report/report";

import { nodeArgumentsOf } from "../npm-script";
import { commandOnce } from "../run/command-once";

import { previewed, refusedBy } from "./previewed";

const root = resolve(__dirname, "../..");
const example = "examples/stranger-gate-only";
const settings = `${example}/policy-config.json`;

describe("a stranger's stack, behind the gate alone", () => {
  let before: Report;
  let after: Report;
  beforeAll(async () => {
    before = await previewed(`${example}/before`, "--policy-pack-config", settings);
    after = await previewed(`${example}/after`, "--policy-pack-config", settings);
  });

  it("is refused as it was", () => {
    expect(before.verdict).toBe("refused");
    expect(refusedBy(before)).toEqual([
      "flows-require-mtls",
      "phi-zone-has-no-egress",
      "phi-zone-has-no-egress",
      "phi-zone-admits-only-processing",
      "zones-reach-only-declared-peers",
      "zones-reach-only-declared-peers",
      "internet-egress-is-inspected",
      "zone-assignment",
      "platform-services-are-private",
    ]);
  });

  it("is accepted as it is", () => {
    expect(refusedBy(after)).toEqual([]);
    expect(after.verdict).toBe("accepted");
  });

  it("is advised what to do further, by rules that do not bind a stack without our platform", () => {
    const advice = after.findings.filter(({ level }) => level === "advisory").map(({ rule }) => rule);
    expect([...new Set(advice)].sort()).toEqual([
      "flows-require-mtls",
      "network-defaults-are-sealed",
      "phi-zone-resolver-is-closed",
      "platform-services-are-private",
      "requests-are-decided",
      "traffic-is-audited",
    ]);
  });

  it("is refused while nobody says where its PHI is", async () => {
    expect(refusedBy(await previewed(`${example}/after`))).toEqual(["zone-assignment"]);
  });

  it("has a configuration that fits the pack", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...nodeArgumentsOf("gate:check-config"), settings],
      { cwd: root, encoding: "utf8" },
    );
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  });

  it.each(["before", "after"])("has nothing of ours in %s", (state) => {
    const folder = join(root, example, state);
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/bulkhead/i);
    }
  });

  it("shows in its README the first refusal, as the gate words it", async () => {
    const [block] =
      /(?<=```text\n)[^`]+(?=```)/.exec(readFileSync(join(root, example, "README.md"), "utf8")) ?? [];
    const { stdout } = await commandOnce(
      `npm run preview -- --program ${example}/before --policy-pack-config ${settings}`,
    );
    expect(block).toBeDefined();
    expect(stdout).toContain(block);
  });
});
