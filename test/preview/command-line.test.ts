import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { cloudKinds, type CloudKind } from "../../model/cloud-target";
import { referencePlatform } from "../../model/reference-platform";
import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import { platformSpec } from "../../model/platform-spec";
import { savedReport } from "../../policy-pack/report/json-report";
import type { Report } from "../../policy-pack/report/report";
import type { ComparedClouds } from "../../preview/compared-clouds";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));

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
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgumentsOf("preview"), ...args], {
    cwd: root,
    encoding: "utf8",
    // The reports of three clouds as JSON are longer than what is kept otherwise.
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

describe("the offline preview", () => {
  const page = join(directory, "refused.html");
  const folder = join(directory, "new/report");
  let refused: ReturnType<typeof preview> | undefined;
  /** The run of the program with a hole, which prints a verdict, draws a page and writes a report. */
  const refusedRun = (): ReturnType<typeof preview> =>
    (refused ??= preview("--program", "examples/one-hole", "--page", page, "--report", folder));

  const own = { ...referencePlatform, name: "ward" };
  let asJson: ReturnType<typeof preview> | undefined;
  /** The run of a platform file of a user's own, with a report for machines. */
  const jsonRun = (): ReturnType<typeof preview> =>
    (asJson ??= preview("--cloud", "aws", "--json", "--platform", file("own.yaml", stringify(own))));

  it("accepts the reference platform, with exit code 0, and shows resources, matrix, verdict and time", () => {
    const { code, stdout } = preview("--cloud", "aws");
    expect(code).toBe(0);
    expect(stdout).toMatch(/bulkhead-segmentation {2}Segmentation/);
    expect(stdout).toMatch(/10 {2}Subnet/);
    expect(stdout).toMatch(/workload\/fhir-proxy +data-store\/fhir-store +tcp +443 +provider-tls\+iam/);
    expect(stdout).toMatch(/ACCEPTED {2}574 resources, 65 connections, no violation, \d+\.\d s/);
  });

  it("refuses the platform with one hole, with exit code 1, and shows the packet that would get out", () => {
    const { code, stdout } = refusedRun();
    expect(code).toBe(1);
    expect(stdout).toContain("phi-zone-has-no-egress");
    expect(stdout).toContain("Packet:    tcp 443, from SecurityGroup bulkhead-fhir-store-filter to 1.0.0.0");
    expect(stdout).toContain("SecurityGroupEgressRule hole: egress tcp 443 to 0.0.0.0/0");
    expect(readFileSync(page, "utf8")).toContain("<title>Refused: dev - Bulkhead</title>");
    expect(stdout).toMatch(/REFUSED {2}575 resources, 1 violation/);
  });

  it("prints a report for machines, and nothing else, with --json", () => {
    const { code, stdout } = jsonRun();
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      verdict: "accepted",
      cloud: "aws",
      stack: "dev",
      // The stack of the example names no list of revoked certificates.
      findings: [{ level: "advisory", rule: "flows-require-mtls" }],
      warnings: [],
    });
    expect(report.resources).toHaveLength(574);
    const spec = platformSpec(referencePlatform);
    expect(report.matrix).toHaveLength(spec.flows.length + controlPlaneFlowsOf(spec.edge, "aws").length);
    expect(report.durationMs).toBeGreaterThan(0);
  });

  it("lays the reference platform on each cloud side by side where none is named, which are equal", () => {
    const folder = join(directory, "clouds");
    const { code, stdout } = preview("--json", "--report", folder, "--page", join(folder, "page.html"));
    const { reports, comparison } = JSON.parse(stdout) as {
      readonly reports: Readonly<Record<CloudKind, Report>>;
      readonly comparison: ComparedClouds;
    };
    const spec = platformSpec(referencePlatform);
    expect(comparison).toMatchObject({ isEqual: true, differences: [], notCompared: [] });
    expect(comparison.connections).toHaveLength(spec.flows.length);
    expect(comparison.controlPlane).toHaveLength(
      new Set(
        cloudKinds.flatMap((cloud) =>
          controlPlaneFlowsOf(spec.edge, cloud).map(({ from, to, ports }) =>
            JSON.stringify([from, to, ports]),
          ),
        ),
      ).size,
    );
    expect(Object.keys(reports)).toEqual([...cloudKinds]);
    for (const cloud of cloudKinds) {
      expect(reports[cloud], cloud).toMatchObject({ cloud, verdict: "accepted", warnings: [] });
      expect(savedReport(readFileSync(join(folder, cloud, "report.json"), "utf8"))).toEqual(reports[cloud]);
      expect(readFileSync(join(folder, `page.${cloud}.html`), "utf8")).toContain("<title>Accepted");
    }
    expect(code).toBe(0);
  });

  it("writes the report into a folder as well, with the lines of the program, with --report", () => {
    const { code, stdout, stderr } = refusedRun();
    expect(code).toBe(1);
    expect(stdout).toContain("REFUSED");
    expect(stderr).toContain(`The report is in ${folder}.`);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const [finding] = savedReport(read("report.json")).findings;
    expect(finding).toMatchObject({ id: "BH-101", position: { file: "index.ts" } });
    // GitHub counts files from the root of the repository, and the program is in a folder of it.
    const { runs } = JSON.parse(read("report.sarif")) as Log;
    expect(runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "examples/one-hole/index.ts" },
      region: { startLine: finding?.position?.line },
    });
    expect(read("report.junit.xml")).toContain('failures="1"');
    expect(read("report.md")).toContain("## ❌ Bulkhead: refused");
  });

  it("prints the findings, and ends with exit code 2, where the report cannot be written", () => {
    const blocked = file("blocked", "");
    const program = "examples/stranger-gate-only/before";
    const { code, stdout, stderr } = preview("--program", program, "--report", blocked);
    expect(code).toBe(2);
    expect(stdout).toContain("REFUSED");
    expect(stderr).toContain(`The report cannot be written to ${blocked}: `);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("renders a user's own platform file, YAML or JSON", () => {
    const json = file("own.json", JSON.stringify(own));
    for (const run of [jsonRun(), preview("--cloud", "aws", "--json", "--platform", json)]) {
      const report = JSON.parse(run.stdout) as Report;
      expect(report.verdict).toBe("accepted");
      expect(report.resources.every(({ name }) => name.startsWith("ward"))).toBe(true);
    }
  });

  it("gives a wrong platform file the model's findings, no stack trace, and exit code 2", () => {
    const wrong = {
      ...referencePlatform,
      flows: [...referencePlatform.flows, { from: "data-store/fhir-store", to: "world" }],
    };
    const { code, stdout, stderr } = preview(
      "--cloud",
      "aws",
      "--platform",
      file("wrong.yaml", stringify(wrong)),
      "--page",
      join(directory, "wrong.html"),
    );
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("The platform is refused: 1 finding.");
    expect(stderr).toContain("BH-002  flows[34]");
    const page = readFileSync(join(directory, "wrong.html"), "utf8");
    expect(page).toMatch(/wrong\.yaml has 1 mistake\. Nothing was judged/);
    expect(page).toContain("flows[34]");
    expect(page).not.toContain("All that was said");
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    [
      "dev",
      [
        "BH-001  aws:region",
        "BH-001  bulkhead:accountId",
        "BH-001  bulkhead:availabilityZones",
        "BH-001  bulkhead:availabilityZones[0]",
        "BH-036  bulkhead:clinicianClientSecret",
        "BH-036  bulkhead:clinicianSignIn.authorizationEndpoint",
        "BH-036  bulkhead:clinicianSignIn.clientId",
        "BH-036  bulkhead:clinicianSignIn.issuer",
        "BH-036  bulkhead:clinicianSignIn.tokenEndpoint",
        "BH-036  bulkhead:clinicianSignIn.userInfoEndpoint",
        "BH-036  bulkhead:edgeCertificate",
        "BH-036  bulkhead:machineAuthorities",
        "BH-039  bulkhead:existingInternetGatewayId",
      ],
    ],
    [
      "account",
      [
        "BH-036  bulkhead:clinicianClientSecret",
        "BH-036  bulkhead:clinicianSignIn",
        "BH-036  bulkhead:edgeCertificate",
        "BH-036  bulkhead:machineAuthorities",
        "BH-037  bulkhead:existingDataStores.fhir-store",
        "BH-038  aws:allowedAccountIds",
      ],
    ],
  ])("gives a wrong configuration, stack %s, one error with every finding", (stack, expected) => {
    const { code, stdout, stderr } = preview(
      "--program",
      "test/preview/fixtures/misconfigured",
      "--stack",
      stack,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`The stack is refused: ${String(expected.length)} findings.`);
    expect([...stderr.matchAll(/^ {2}(BH-\d+ {2}\S+)$/gm)].map(([, found]) => found).sort()).toEqual(
      expected,
    );
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    [
      "YAML that is none",
      ["--cloud", "aws", "--platform", file("syntax.yaml", "name: [a\nb: c")],
      /syntax\.yaml is not YAML: .* at line 2/,
    ],
    ["a file that is not there", ["--platform", join(directory, "none.yaml")], /There is no platform file/],
    ["a cloud that is none", ["--cloud", "oracle"], /Allowed choices are aws, azure, gcp/],
    ["a cloud twice", ["--cloud", "aws,aws"], /each once/],
    ["the stack of one of two clouds", ["--cloud", "aws,azure", "--stack", "dev"], /--stack is of one cloud/],
    [
      "the base of one of two clouds",
      ["--cloud", "aws,azure", "--base", "base.json"],
      /--base is of one cloud/,
    ],
    ["two clouds to watch", ["--cloud", "aws,azure", "--watch"], /--watch shows one cloud/],
    [
      "a program that has no stack for one of two clouds",
      ["--cloud", "aws,azure", "--program", "examples/one-hole"],
      /There is no stack with bulkhead:cloud azure/,
    ],
    ["a stack that is none", ["--stack", "none"], /There is no stack none .* The stacks are: dev/],
    ["an option that is none", ["--bogus"], /unknown option/],
    ["a program that is none", ["--program", directory], /Pulumi\.yaml is not there/],
    ["a policy pack that is none", ["--cloud", "aws", "--policy-pack", directory], /is no policy pack/],
    [
      "settings that are none",
      ["--policy-pack-config", file("settings.json", '{ "all": "lax" }')],
      /is no policy configuration: 1 finding\.\n {2}all\n +"lax" is no level/,
    ],
    ["settings that are not there", ["--policy-pack-config", join(directory, "none.json")], /cannot be read/],
  ])("says that it could not run, with exit code 2, given %s", (_, args, message) => {
    const { code, stdout, stderr } = preview(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
