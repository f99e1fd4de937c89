import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";

import type { Report } from "../../policy-pack/report/report";
import { nodeArgumentsOf } from "../npm-script";
import { renderedPlatform } from "../policy-pack/rendered-stack";
import { runCommand, type Ended } from "../run/run-command";

import { exportedState } from "./exported-state";
import { runnablePlatform as platform } from "./runnable-platform";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-base-"));
const base = join(directory, "base.json");

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Previews a platform on AWS. */
async function preview(of: object, ...args: readonly string[]): Promise<Ended> {
  const path = file("platform.yaml", stringify(of));
  return runCommand(
    process.execPath,
    [...nodeArgumentsOf("preview"), "--cloud", "aws", "--platform", path, ...args],
    { cwd: root },
  );
}

const wider = {
  ...platform,
  flows: [...platform.flows, { from: "workload/decision-point", to: "data-store/fhir-store" }],
};

describe("a preview beside a base", () => {
  const folder = join(directory, "wider");
  let opening: Promise<Ended> | undefined;
  /** The run that opens a connection, which leaves a report to compare with. */
  const openingRun = async (): Promise<Ended> =>
    (opening ??= preview(wider, "--base", base, "--report", folder));

  beforeAll(async () => {
    const { code, stdout } = await preview(platform, "--json");
    expect(code).toBe(0);
    file("base.json", stdout);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("says that a change opens nothing, with exit code 0", async () => {
    const { code, stdout } = await preview(platform, "--base", base);
    expect(stdout).toContain(
      `  Against ${base}: stack dev, accepted.\n  The change opens nothing.\n\nAdvice`,
    );
    expect(code).toBe(0);
  });

  it("shows a connection that a declared flow opens, what lets it pass, and exit code 3", async () => {
    const { code, stdout } = await openingRun();
    expect(stdout).toContain(
      [
        `  Against ${base}: stack dev, accepted.`,
        "  + workload/decision-point -> data-store/fhir-store  tcp 443  provider-tls+iam",
        "      by SecurityGroupEgressRule bulkhead-decision-point-to-fhir-store-egress: egress tcp 443 to SecurityGroup bulkhead-fhir-store-filter",
      ].join("\n"),
    );
    expect(code).toBe(3);
  });

  it("shows what a change closes, with exit code 0", async () => {
    await openingRun();
    const opened = join(folder, "report.json");
    const { code, stdout } = await preview(platform, "--base", opened, "--json");
    const { changes } = JSON.parse(stdout) as Report;
    expect(changes?.opened).toEqual([]);
    expect(changes?.closed.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "workload/decision-point data-store/fhir-store",
    ]);
    expect(code).toBe(0);
  });

  it("shows a hole as a new finding, and refuses by exit code 1", async () => {
    const { code, stdout } = await preview(platform, "--base", base, "--program", "examples/one-hole");
    expect(stdout).toContain(
      `stack dev, accepted.\n  + BH-101 phi-zone-has-no-egress: SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection.\n`,
    );
    expect(code).toBe(1);
  });

  it("takes a state for a base", async () => {
    const stack = await renderedPlatform(platform, "deployed");
    const state = file("state.json", JSON.stringify(exportedState(stack.resources(), "shown")));
    const { stdout } = await preview(platform, "--base", state, "--json");
    const { changes } = JSON.parse(stdout) as Report;
    expect(changes).toMatchObject({ opened: [], closed: [], zonesOpened: [], zonesClosed: [] });
    expect(changes?.base.file).toBe(state);
  });

  it.each([
    ["no JSON", "{", "cannot be read"],
    [
      "a report of another version",
      '{"version":2,"subject":"preview","verdict":"accepted"}',
      "This is no report of version 1",
    ],
    ["neither a report nor a state", "{}", "deployment"],
  ])("refuses %s for a base, with exit code 2", async (_, text, said) => {
    const { code, stdout, stderr } = await preview(platform, "--base", file("wrong.json", text));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
