import { createRequire } from "node:module";

import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { Log, Result, Run } from "sarif";
import { describe, expect, it } from "vitest";

import type { Report } from "../../../policy-pack/report/report";
import { sarifReport } from "../../../policy-pack/report/sarif-report";
import { rules } from "../../../policy-pack/rules";

import {
  accepted,
  crowded,
  foreign,
  foreignFinding,
  hole,
  hostile,
  hostileText,
  refused,
  samples,
  waived,
} from "./sample-reports";

const published = createRequire(__filename)(
  "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
) as Record<string, unknown>;
// It names draft 4, and uses nothing that later drafts read otherwise.
const schema = Object.fromEntries(
  Object.entries(published).filter(([key]) => !["$schema", "id"].includes(key)),
);

const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema);

function runOf(text: string): Run {
  const [run, ...others] = (JSON.parse(text) as Log).runs;
  expect(others).toEqual([]);
  return run ?? expect.fail("no run");
}

const resultsOf = (report: Report): readonly Result[] => runOf(sarifReport(report)).results ?? [];

describe("the report as SARIF", () => {
  it.each(samples)("is valid by the schema of SARIF 2.1.0: %s", async (_, sample) => {
    validate(JSON.parse(sarifReport(await sample())));
    expect(validate.errors).toBeNull();
  });

  it("is checked by a schema that refuses what is not valid", async () => {
    const log = JSON.parse(sarifReport(await refused())) as Log;
    expect(validate({ ...log, version: "2.0.0" })).toBe(false);
    expect(validate({ ...log, runs: [{ ...log.runs[0], more: 1 }] })).toBe(false);
  });

  // https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
  it.each(samples)("has what GitHub requires, within its limits: %s", async (_, sample) => {
    const text = sarifReport(await sample());
    expect((JSON.parse(text) as Log).$schema).toBe("https://json.schemastore.org/sarif-2.1.0.json");
    const { tool, results = [], automationDetails } = runOf(text);
    const described = tool.driver.rules ?? [];
    expect(new Set(described.map(({ id }) => id)).size).toBe(described.length);
    for (const { id, name = "", shortDescription, fullDescription, help, properties } of described) {
      expect(id).not.toBe("");
      expect(name.length).toBeLessThanOrEqual(255);
      for (const description of [shortDescription?.text ?? "", fullDescription?.text ?? ""]) {
        expect(description.length).toBeGreaterThan(0);
        expect(description.length).toBeLessThanOrEqual(1024);
      }
      expect(help?.text).not.toBe("");
      expect(properties?.tags).toContain("security");
      expect(properties?.tags?.length).toBeLessThanOrEqual(20);
    }
    for (const {
      ruleId,
      ruleIndex = -1,
      message,
      locations = [],
      partialFingerprints,
      codeFlows = [],
    } of results) {
      expect(described[ruleIndex]?.id).toBe(ruleId);
      expect(message.text).not.toBe("");
      expect(locations).toHaveLength(1);
      expect(partialFingerprints?.["primaryLocationLineHash"]).toMatch(/^[0-9a-f]{16}$/);
      const places = [
        ...locations,
        ...codeFlows.flatMap(({ threadFlows }) =>
          threadFlows.flatMap((flow) => flow.locations.flatMap(({ location }) => location ?? [])),
        ),
      ];
      for (const { physicalLocation } of places) {
        expect(physicalLocation?.artifactLocation?.uri).toMatch(/^[^/:]+(\/[^/]+)*$/);
        const { startLine = 0, startColumn = 0, endLine, endColumn } = physicalLocation?.region ?? {};
        expect([startLine > 0, startColumn > 0, endLine, endColumn]).toEqual([
          true,
          true,
          startLine,
          startColumn + 1,
        ]);
      }
    }
    // All that is before the last slash is the category.
    expect(automationDetails?.id).toMatch(/^bulkhead\/.*\/$/s);
  });

  it("describes every rule of the pack, with the frameworks as tags, a score and the law", async () => {
    const { tool, results } = runOf(sarifReport(await accepted()));
    const described = tool.driver.rules ?? [];
    expect(described.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(described[0]).toMatchObject({
      id: "BH-101",
      name: "phi-zone-has-no-egress",
      helpUri: "https://www.ecfr.gov/current/title-45/section-164.312#p-164.312(e)(1)",
      properties: { "security-severity": "9.5" },
    });
    expect(described[0]?.properties?.tags?.slice(0, 2)).toEqual([
      "security",
      "HIPAA Security Rule 45 CFR 164.312(e)(1)",
    ]);
    expect(described.every(({ helpUri }) => helpUri !== undefined)).toBe(true);
    expect(results?.map(({ level }) => level)).toEqual(["warning"]);
  });

  it("points a violation at its line, names its resource, and follows the packet", async () => {
    const report = await refused();
    const [result] = resultsOf(report);
    const [finding] = report.findings;
    expect(result).toMatchObject({
      ruleId: "BH-101",
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "index.ts" },
            region: { startLine: 7, startColumn: 1, endLine: 7, endColumn: 2 },
          },
          logicalLocations: [{ name: "hole", fullyQualifiedName: finding?.urn }],
        },
      ],
      partialFingerprints: { primaryLocationLineHash: finding?.fingerprint },
    });
    const steps = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(steps.map(({ location }) => location?.message?.text)).toEqual(finding?.path);
    const opening = steps.find(({ location }) =>
      location?.message?.text?.startsWith("SecurityGroupEgressRule hole: "),
    );
    expect(opening?.location?.logicalLocations?.[0]?.fullyQualifiedName).toBe(hole);
    expect(opening?.location?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "network/holes.ts" },
      region: { startLine: 12, startColumn: 3 },
    });
    expect(runOf(sarifReport(report)).invocations?.[0]?.executionSuccessful).toBe(true);
  });

  it("counts files from the root of the repository, as a URI", async () => {
    const report = await refused();
    const findings = report.findings.map((finding) => ({
      ...finding,
      position: { file: "my stacks/a:b#?.ts", line: 1, column: 1 },
    }));
    const { results } = runOf(sarifReport({ ...report, findings }, { folder: "infra/prod" }));
    expect(results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      "infra/prod/my%20stacks/a%3Ab%23%3F.ts",
    );
  });

  it("points at the project's file where no line is known", () => {
    const results = resultsOf(crowded());
    expect(results.filter(({ level }) => level === "error")).toHaveLength(200);
    expect(new Set(results.map(({ partialFingerprints: of }) => of?.["primaryLocationLineHash"])).size).toBe(
      results.length,
    );
    expect(results[0]?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "Pulumi.yaml" },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
    });
  });

  it("suppresses what is waived, with the reason", async () => {
    const [result] = resultsOf(await waived());
    expect(result?.level).toBe("note");
    expect(result?.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "The old machine is replaced in spring." },
    ]);
    expect((await refused()).findings[0]?.waiver).toBeNull();
    expect(resultsOf(await refused())[0]?.suppressions).toBeUndefined();
  });

  it("describes what another pack says as far as it is told", async () => {
    const { tool, results = [] } = runOf(sarifReport(await foreign()));
    expect(tool.driver.rules?.slice(rules.length).map(({ id }) => id)).toEqual([
      "no-public-buckets",
      "be-nice",
    ]);
    expect(results.map(({ ruleId, level, message }) => [ruleId, level, message.text])).toEqual([
      ["no-public-buckets", "error", "A bucket is public."],
      ["be-nice", "warning", "A bucket is public."],
    ]);
  });

  it("makes no link and no placeholder of a name", async () => {
    const report = { ...(await hostile()), findings: [{ ...foreignFinding, summary: hostileText }] };
    const text = resultsOf(report)[0]?.message.text ?? "";
    expect(text).toContain("\\[a](javascript:alert(1))");
    expect(text).toContain("{{0}} {{{{1}}}}");
    expect(text).not.toMatch(/[\p{Surrogate}\p{Noncharacter_Code_Point}\u202E]|(?![\n])\p{Control}/u);
  });

  it("keeps what refuses where there is more than GitHub takes", async () => {
    const advice = Array.from({ length: 25_001 }, () => ({ ...foreignFinding, level: "advisory" as const }));
    const report = { ...(await accepted()), findings: [...advice, foreignFinding] };
    const { results = [], invocations } = runOf(sarifReport(report));
    expect(results).toHaveLength(25_000);
    expect(results[0]?.level).toBe("error");
    expect(invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text)).toEqual([
      "2 more findings are left out.",
    ]);
  });
});
