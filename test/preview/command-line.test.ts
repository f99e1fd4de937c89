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
import { commandOnce } from "../run/command-once";
import { runCommand, type Ended } from "../run/run-command";

import { runnablePlatform } from "./runnable-platform";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

async function preview(...args: readonly string[]): Promise<Ended> {
  return runCommand(process.execPath, [...nodeArgumentsOf("preview"), ...args], { cwd: root });
}

/** A reader's own line in the README, which is run for all who look at what it does. */
async function shown(line: string): Promise<Ended> {
  const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
  expect(lines.map((one) => one.replace(/^npm ci && /, "").replace(/ *#.*$/, ""))).toContain(line);
  return commandOnce(line);
}

describe("the offline preview", () => {
  const own = { ...runnablePlatform, name: "clinic" };

  it("accepts the reference platform, with exit code 0, and shows resources, matrix, verdict and time", async () => {
    const { code, stdout } = await shown("npm run preview -- --cloud aws");
    expect(code).toBe(0);
    expect(stdout).toMatch(/bulkhead-segmentation {2}Segmentation/);
    expect(stdout).toMatch(/10 {2}Subnet/);
    expect(stdout).toMatch(/workload\/fhir-proxy +data-store\/fhir-store +tcp +443 +provider-tls\+iam/);
    expect(stdout).toMatch(/ACCEPTED {2}577 resources, 65 connections, no violation, \d+\.\d s/);
  });

  it("refuses the platform with one hole, with exit code 1, and shows the packet that would get out", async () => {
    const { code, stdout } = await shown(
      "npm run --silent preview -- --cloud aws --program examples/one-hole --page preview.html",
    );
    expect(code).toBe(1);
    expect(stdout).toContain("phi-zone-has-no-egress");
    expect(stdout).toContain("Packet:    tcp 443, from SecurityGroup bulkhead-fhir-store-filter to 1.0.0.0");
    expect(stdout).toContain("SecurityGroupEgressRule hole: egress tcp 443 to 0.0.0.0/0");
    expect(readFileSync(join(root, "preview.html"), "utf8")).toContain(
      "<title>Refused: dev - Bulkhead</title>",
    );
    expect(stdout).toMatch(/REFUSED {2}578 resources, 1 violation/);
  });

  it("prints a report for machines, and nothing else, with --json", async () => {
    const { code, stdout } = await shown(
      "npm run --silent preview -- --cloud aws --platform examples/platform.yaml --json",
    );
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
    expect(report.resources).toHaveLength(577);
    const spec = platformSpec(referencePlatform);
    expect(report.matrix).toHaveLength(spec.flows.length + controlPlaneFlowsOf(spec.edge, "aws").length);
    expect(report.durationMs).toBeGreaterThan(0);
  });

  it("lays the reference platform on each cloud side by side where none is named, which are equal", async () => {
    const { code, stdout } = await shown("npm run preview");
    const { flows } = platformSpec(referencePlatform);
    expect(stdout).toMatch(
      /workload\/fhir-proxy +data-store\/fhir-store +tcp +443 +provider-tls\+iam +provider-tls\+iam +provider-tls\+iam/,
    );
    for (const cloud of cloudKinds) {
      expect(stdout).toMatch(new RegExp(`^ {2}${cloud} +ACCEPTED `, "m"));
    }
    expect(stdout).not.toContain("Where the clouds differ");
    expect(stdout).toMatch(new RegExp(`\nEQUAL {2}${String(flows.length)} connections`));
    expect(code).toBe(0);
  });

  it("prints a report for each cloud, and writes one and a page of each, where none is named", async () => {
    const folder = join(directory, "clouds");
    const { code, stdout } = await preview(
      "--json",
      "--platform",
      file("clouds.yaml", stringify(own)),
      "--report",
      folder,
      "--page",
      join(folder, "page.html"),
    );
    const { reports, comparison } = JSON.parse(stdout) as {
      readonly reports: Readonly<Record<CloudKind, Report>>;
      readonly comparison: ComparedClouds;
    };
    const spec = platformSpec(own);
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

  it("writes the report into a folder as well, with the lines of the program, with --report", async () => {
    const folder = join(directory, "new/report");
    const program = "examples/stranger-gate-only/before";
    const { code, stdout, stderr } = await preview("--program", program, "--report", folder);
    expect(code).toBe(1);
    expect(stdout).toContain("REFUSED");
    expect(stderr).toContain(`The report is in ${folder}.`);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const { findings } = savedReport(read("report.json"));
    const placed = findings.find(({ position }) => position !== null);
    expect(placed).toMatchObject({ level: "mandatory", position: { file: "index.ts" } });
    // GitHub counts files from the root of the repository, and the program is in a folder of it.
    const { runs } = JSON.parse(read("report.sarif")) as Log;
    expect(
      runs[0]?.results?.find(({ partialFingerprints }) =>
        Object.values(partialFingerprints ?? {}).includes(placed?.fingerprint ?? "none"),
      )?.locations?.[0]?.physicalLocation,
    ).toMatchObject({
      artifactLocation: { uri: `${program}/index.ts` },
      region: { startLine: placed?.position?.line },
    });
    const mandatory = findings.filter(({ level }) => level === "mandatory").length;
    expect(read("report.junit.xml")).toContain(`failures="${String(mandatory)}"`);
    expect(read("report.md")).toContain("## ❌ Bulkhead: refused");
  });

  it("prints the findings, and ends with exit code 2, where the report cannot be written", async () => {
    const blocked = file("blocked", "");
    const program = "examples/stranger-gate-only/before";
    const { code, stdout, stderr } = await preview("--program", program, "--report", blocked);
    expect(code).toBe(2);
    expect(stdout).toContain("REFUSED");
    expect(stderr).toContain(`The report cannot be written to ${blocked}: `);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    ["YAML", "own.yaml", stringify(own)],
    ["JSON", "own.json", JSON.stringify(own)],
  ])("renders a user's own platform file in %s", async (_, name, text) => {
    const { stdout } = await preview("--cloud", "aws", "--json", "--platform", file(name, text));
    const report = JSON.parse(stdout) as Report;
    expect(report.verdict).toBe("accepted");
    expect(report.resources.every(({ name: own }) => own.startsWith("clinic"))).toBe(true);
  });

  it("gives a wrong platform file the model's findings, no stack trace, and exit code 2", async () => {
    const wrong = {
      ...referencePlatform,
      flows: [...referencePlatform.flows, { from: "data-store/fhir-store", to: "world" }],
    };
    const { code, stdout, stderr } = await preview(
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
  ])("gives a wrong configuration, stack %s, one error with every finding", async (stack, expected) => {
    const { code, stdout, stderr } = await preview(
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
  ])("says that it could not run, with exit code 2, given %s", async (_, args, message) => {
    const { code, stdout, stderr } = await preview(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
