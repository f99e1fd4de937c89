import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { registered } from "../../../bench/registered";
import { referencePlatform } from "../../../model/reference-platform";
import { savedReport } from "../../../policy-pack/report/json-report";
import type { Report } from "../../../policy-pack/report/report";
import { cloudOf } from "../../../policy-pack/report/stack-cloud";
import { requestedReport } from "../../../policy-pack/report-request";
import { policyConfig } from "../../../preview/policy-config";
import { noEngine, PolicyPackServer, type Violation } from "../../../preview/policy-pack-server";
import type { RegisteredResource } from "../../../preview/registered-resource";
import { reportOf } from "../../../preview/report";
import { analysedStack } from "../../../preview/stack-analysis";
import { addEgress } from "../mutants";
import { renderedPlatform } from "../rendered-stack";
import { stranger, withGroup } from "../stranger-corpus";

const pack = resolve(__dirname, "../../../policy-pack");
const rootUrn = "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test";
const fresh = (): string => mkdtempSync(join(tmpdir(), "bulkhead-report-"));
const files = ["compliance.md", "report.json", "report.junit.xml", "report.md", "report.sarif"];

afterEach(() => {
  delete process.env["BULKHEAD_REPORT_DIRECTORY"];
});

interface Judged {
  /** What the pack says in the end, and nothing before. */
  readonly violations: readonly Violation[];
  readonly lines: readonly string[];
  /** What the offline preview reports of the same stack. */
  readonly ofPreview: Report;
}

/** Shows a stack to the pack as the engine does, with the report asked for by environment or configuration. */
async function judged(
  resources: readonly RegisteredResource[],
  asked: { readonly environment?: string; readonly configuration?: Readonly<Record<string, unknown>> },
): Promise<Judged> {
  if (asked.environment !== undefined) {
    process.env["BULKHEAD_REPORT_DIRECTORY"] = asked.environment;
  }
  const config =
    asked.configuration === undefined
      ? new Map<never, never>()
      : policyConfig(configured(asked.configuration));
  const stack = { project: "bulkhead", stack: "test", config: new Map<string, string>() };
  const server = await PolicyPackServer.start(pack, stack, noEngine, config);
  try {
    for (const resource of resources) {
      await server.analyze(resource);
    }
    const analysis = await analysedStack(server, resources, rootUrn, { dryRun: true, config });
    await expect.poll(() => server.lines.at(-1)).toContain("bulkhead judged the stack:");
    const outcome = {
      ...stack,
      cloud: "aws",
      resources,
      policies: server.policies,
      warnings: [],
      durationMs: 1,
    };
    return {
      violations: analysis.violations,
      lines: server.lines,
      ofPreview: reportOf("preview", { ...outcome, ...analysis }),
    };
  } finally {
    server.close();
  }
}

function configured(settings: Readonly<Record<string, unknown>>): string {
  const path = join(fresh(), "settings.json");
  writeFileSync(path, JSON.stringify({ "resources-are-judged-before-creation": settings }));
  return path;
}

const written = (directory: string): Report =>
  savedReport(readFileSync(join(directory, "report.json"), "utf8"));

const open = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };
const small = (): readonly RegisteredResource[] =>
  withGroup(stranger("preview"), { egress: [open] })
    .resources()
    .map(registered);

const mandatory = (violations: readonly Violation[]): readonly string[] =>
  violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);

describe("the report that the policy pack writes", () => {
  let hole: readonly RegisteredResource[];
  beforeAll(async () => {
    const stack = await renderedPlatform(referencePlatform, "preview");
    addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
    hole = stack.resources().map(registered);
  });

  it("says the same as the preview's, when the environment asks for it", async () => {
    const directory = join(fresh(), "made/for it");
    const { lines, ofPreview } = await judged(hole, { environment: directory });
    expect(readdirSync(directory).sort()).toEqual(files);
    expect(lines).toContain(`bulkhead wrote the report: ${directory}`);
    const report = written(directory);
    expect(report).toMatchObject({
      subject: "engine",
      verdict: "refused",
      cloud: "aws",
      project: "bulkhead",
      stack: "test",
    });
    expect(report.findings).toEqual(ofPreview.findings);
    expect(report.findings.map(({ id, level }) => [id, level])).toEqual([
      ["BH-101", "mandatory"],
      ["BH-104", "advisory"],
    ]);
    expect(report.resources).toEqual(ofPreview.resources);
    expect(report.matrix).toEqual(ofPreview.matrix);
    expect(report.ends).toEqual(ofPreview.ends);
  });

  it("is written when the configuration asks for it, and refuses nothing by itself", async () => {
    const directory = fresh();
    const { violations } = await judged(small(), { configuration: { reportDirectory: directory } });
    expect(readdirSync(directory).sort()).toEqual(files);
    expect(mandatory(violations)).toEqual(["phi-zone-has-no-egress"]);
  });

  it("shows what differs from a report that was saved, and refuses where there is none", async () => {
    const [before, after] = [fresh(), fresh()];
    await judged(small(), { configuration: { reportDirectory: before } });
    const reportBase = join(before, "report.json");
    await judged(small(), { configuration: { reportDirectory: after, reportBase } });
    expect(written(after).changes).toMatchObject({
      base: { file: reportBase, verdict: "refused" },
      opened: [],
      closed: [],
      newFindings: [],
    });
    const { violations } = await judged(small(), {
      configuration: { reportDirectory: fresh(), reportBase: join(before, "none.json") },
    });
    expect(mandatory(violations)).toContain("resources-are-judged-before-creation");
  });

  it("is written where the environment says, whatever the configuration says", async () => {
    const [environment, reportDirectory] = [fresh(), fresh()];
    await judged(small(), { environment, configuration: { reportDirectory } });
    expect(readdirSync(environment)).not.toEqual([]);
    expect(readdirSync(reportDirectory)).toEqual([]);
  });

  it("is not written where nobody asks", async () => {
    const { lines } = await judged(small(), { environment: "" });
    expect(lines.filter((line) => line.includes("report"))).toEqual([]);
  });

  it("refuses an accepted stack where it cannot be written, and keeps the findings", async () => {
    const file = join(fresh(), "file");
    writeFileSync(file, "");
    const closed = withGroup(stranger("preview"), { egress: [] }).resources().map(registered);
    const accepted = await judged(closed, { environment: file });
    expect(mandatory(accepted.violations)).toEqual(["resources-are-judged-before-creation"]);
    expect(accepted.violations[0]?.message).toContain(`The report cannot be written to ${file}: `);
    expect(accepted.lines.at(-1)).toMatch(/ 1 mandatory, \d+ advisory$/);
    expect(accepted.ofPreview.verdict).toBe("refused");
    const refused = await judged(small(), { environment: file });
    expect(mandatory(refused.violations)).toEqual([
      "resources-are-judged-before-creation",
      "phi-zone-has-no-egress",
    ]);
    expect(refused.lines.filter((line) => line.includes("wrote"))).toEqual([]);
  });

  it("is refused by its schema where the configuration is not understood", async () => {
    await expect(judged(small(), { configuration: { reportDirectory: 5 } })).rejects.toThrow(
      "reportDirectory",
    );
    await expect(judged(small(), { configuration: { reportFolder: "x" } })).rejects.toThrow("reportFolder");
  });
});

describe("where a report is asked for", () => {
  it("is from the working directory if it is relative, and nowhere by default", () => {
    expect(requestedReport(undefined, {})).toBeUndefined();
    expect(requestedReport({}, { directory: "", base: "" })).toBeUndefined();
    expect(requestedReport({ reportDirectory: "a/b" }, {})).toEqual({
      directory: resolve("a/b"),
      base: undefined,
    });
    expect(
      requestedReport({ reportDirectory: "a/b", reportBase: "b" }, { directory: "/c", base: "/d" }),
    ).toEqual({
      directory: "/c",
      base: "/d",
    });
  });

  it("is a problem where the configuration is not understood, since somebody may wait for it", () => {
    for (const configuration of [
      { reportDirectory: "" },
      { reportDirectory: 5 },
      { reportFolder: "a" },
      "a",
    ]) {
      const request = requestedReport(configuration, {});
      expect(request !== undefined && "problem" in request ? request.problem : "").toMatch(
        /^A report is asked for, and where to write it cannot be read: /,
      );
    }
  });
});

describe("the cloud of a report", () => {
  const of = (type: string, outputs = {}): { readonly type: string; readonly outputs: object } => ({
    type,
    outputs,
  });
  it("is what the platform declares, or else the packages of the types", () => {
    const cloud = (...resources: readonly ReturnType<typeof of>[]): string => cloudOf(resources as never);
    expect(cloud(of("aws:s3/bucket:Bucket"), of("pulumi:pulumi:Stack"))).toBe("aws");
    expect(cloud(of("azure-native_network_v20240501:network:Subnet"), of("gcp:a:B"))).toBe("azure, gcp");
    expect(cloud(of("random:index:X"))).toBe("unknown");
    expect(cloud(of("bulkhead:index:platform", { cloud: "gcp" }), of("aws:s3/bucket:Bucket"))).toBe("gcp");
    expect(cloud(of("bulkhead:index:platform", { cloud: "x" }), of("aws:s3/bucket:Bucket"))).toBe("aws");
  });
});
