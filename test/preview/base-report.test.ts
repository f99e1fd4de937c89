import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { referencePlatform } from "../../model/reference-platform";
import type { Report } from "../../policy-pack/report/report";
import { renderedPlatform } from "../policy-pack/rendered-stack";

import { exportedState } from "./exported-state";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-base-"));
const base = join(directory, "base.json");

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function preview(...args: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeArgumentsOf("preview"), "--cloud", "aws", ...args],
    { cwd: root, encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

const wider = {
  ...referencePlatform,
  flows: [...referencePlatform.flows, { from: "workload/rag-service", to: "data-store/document-store" }],
};

describe("a preview beside a base", () => {
  beforeAll(() => {
    const { code, stdout } = preview("--json");
    expect(code).toBe(0);
    file("base.json", stdout);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("says that a change opens nothing, with exit code 0", () => {
    const { code, stdout } = preview("--base", base);
    expect(stdout).toContain(
      `  Against ${base}: stack dev, accepted.\n  The change opens nothing.\n\nAdvice`,
    );
    expect(code).toBe(0);
  });

  it("shows a connection that a declared flow opens, what lets it pass, and exit code 3", () => {
    const { code, stdout } = preview("--base", base, "--platform", file("wider.yaml", stringify(wider)));
    expect(stdout).toContain(
      [
        `  Against ${base}: stack dev, accepted.`,
        "  + workload/rag-service -> data-store/document-store  tcp 443  provider-tls+iam",
        "      by SecurityGroupEgressRule bulkhead-rag-service-to-document-store-egress: egress tcp 443 to SecurityGroup bulkhead-document-store-filter",
      ].join("\n"),
    );
    expect(code).toBe(3);
  });

  it("shows what a change closes, with exit code 0", () => {
    const narrower = file(
      "narrower.yaml",
      stringify({
        ...referencePlatform,
        flows: referencePlatform.flows.filter(({ to }) => to !== "data-store/document-store"),
      }),
    );
    const { code, stdout } = preview("--base", base, "--platform", narrower, "--json");
    const { changes } = JSON.parse(stdout) as Report;
    expect(changes?.opened).toEqual([]);
    expect(changes?.closed.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "workload/fhir-proxy data-store/document-store",
    ]);
    expect(code).toBe(0);
  });

  it("shows a hole as a new finding, and refuses by exit code 1", () => {
    const { code, stdout } = preview("--base", base, "--program", "examples/one-hole");
    expect(stdout).toContain(
      `stack dev, accepted.\n  + BH-101 phi-zone-has-no-egress: SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection.\n`,
    );
    expect(code).toBe(1);
  });

  it("takes a state for a base", async () => {
    const stack = await renderedPlatform(referencePlatform, "deployed");
    const state = file("state.json", JSON.stringify(exportedState(stack.resources(), "shown")));
    const { stdout } = preview("--base", state, "--json");
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
  ])("refuses %s for a base, with exit code 2", (_, text, said) => {
    const { code, stdout, stderr } = preview("--base", file("wrong.json", text));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
