import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { GateRepository, type Edits } from "../examples/gate-repository";
import { runJob, type Circumstances, type Ended } from "../examples/workflow-run";

import { PassThroughProviders } from "./pass-through-provider";

const root = resolve(__dirname, "../..");
const hasCli = spawnSync("pulumi", ["version"]).status === 0;
const platform = readFileSync(join(root, "index.ts"), "utf8");
/** Each of these runs the CLI for two previews. */
const timeout = 300_000;
const repository = new GateRepository();
afterAll(() => {
  repository.remove();
});

/** Runs the jobs that preview with the CLI and decide, against providers that reach no cloud. */
async function judged(ofHead: Edits): Promise<{ readonly preview: Ended; readonly gate: Ended }> {
  const pullRequest = repository.pullRequest(ofHead);
  const state = mkdtempSync(join(tmpdir(), "bulkhead-state-"));
  const providers = new PassThroughProviders(root, ["aws", "tls"]);
  try {
    const environment = {
      PULUMI_CONFIG_PASSPHRASE: "not a secret",
      PULUMI_DEBUG_PROVIDERS: await providers.listen(),
    };
    const backend = `file://${state}`;
    const created = spawnSync("pulumi", ["stack", "init", "dev", "--non-interactive"], {
      cwd: join(pullRequest.folder, "base"),
      env: { ...process.env, ...environment, PULUMI_BACKEND_URL: backend },
      encoding: "utf8",
    });
    expect(created.status, created.stderr).toBe(0);
    const circumstances: Circumstances = {
      mode: "cloud",
      variables: { BULKHEAD_BACKEND_URL: backend, BULKHEAD_PREVIEW_OPTIONS: "--parallel 8" },
      environment: { ...environment, BULKHEAD_PASS_ENVIRONMENT: Object.keys(environment).join(" ") },
    };
    const preview = await runJob("preview-cloud", pullRequest, circumstances);
    const gate = await runJob(
      "gate",
      pullRequest,
      circumstances,
      new Map([
        ["needs.configuration.result", "success"],
        ["needs.preview-offline.result", "skipped"],
        ["needs.preview-cloud.result", preview.result],
      ]),
    );
    return { preview, gate };
  } finally {
    providers.close();
    rmSync(state, { recursive: true });
  }
}

describe("the gate in a pull request, with the real CLI", () => {
  it("passes a change of which nothing is wrong", { timeout }, async (context) => {
    if (!hasCli) {
      context.skip("the pulumi CLI is not on PATH");
    }
    const { preview, gate } = await judged({ "README.md": "A change.\n" });
    expect(preview.result, preview.log).toBe("success");
    expect(gate, `${preview.log}\n${gate.log}`).toMatchObject({
      result: "success",
      outputs: { verdict: "accepted", opens: "false", problems: "[]" },
    });
  });

  it("does not take the program's word for the pack's", { timeout }, async (context) => {
    if (!hasCli) {
      context.skip("the pulumi CLI is not on PATH");
    }
    const forging = await judged({
      "index.ts": `${platform}\nconsole.log("bulkhead judged the stack: 9 resources, 9 rules, 0 mandatory, 0 advisory");\n`,
    });
    expect(JSON.parse(forging.gate.outputs["problems"] ?? "")).toEqual([
      "There is more than one heartbeat: only the policy pack may write that line, and it does so once.",
    ]);
  });

  it("does not pass a change that digs a hole", { timeout }, async (context) => {
    if (!hasCli) {
      context.skip("the pulumi CLI is not on PATH");
    }
    const { gate } = await judged({
      "platform.ts": platform,
      "index.ts": readFileSync(join(root, "examples/one-hole/index.ts"), "utf8").replace(
        "../../index",
        "./platform",
      ),
    });
    expect(gate.result, gate.log).toBe("failure");
    expect(JSON.parse(gate.outputs["problems"] ?? "")).toContain(
      "phi-zone-has-no-egress: SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection.",
    );
  });
});
