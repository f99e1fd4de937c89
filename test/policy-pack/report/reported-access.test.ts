import { describe, expect, it } from "vitest";

import { jsonReport, savedReport } from "../../../policy-pack/report/json-report";
import { markdownReport } from "../../../policy-pack/report/markdown-report";
import { codeText, plainText } from "../../../policy-pack/report/markdown-text";
import type { ReportedAccess } from "../../../policy-pack/report/report";
import { accessNotes, callText, useTable } from "../../../policy-pack/report/reported-access";
import { accessLines } from "../../../preview/access-lines";
import { consoleReport } from "../../../preview/console-report";
import { accessSection } from "../../../preview/page/access-section";

import { accepted, hostileText } from "./sample-reports";

const inside = ["corporate_network", "vpn"];
const anywhere = [...inside, "external"];

const access: ReportedAccess = {
  platform: "bulkhead",
  urns: ["urn:pulumi:test::bulkhead::aws:ecs/taskDefinition:TaskDefinition::decision-point"],
  notKnown: null,
  sessionMinutes: 60,
  uses: [
    {
      role: "nurse",
      resource: "knowledge_base_query",
      allowed: true,
      locations: anywhere,
      secondFactor: false,
    },
    { role: "nurse", resource: "phi_summary", allowed: false, locations: [], secondFactor: false },
    {
      role: "physician",
      resource: "knowledge_base_query",
      allowed: true,
      locations: anywhere,
      secondFactor: false,
    },
    { role: "physician", resource: "phi_summary", allowed: true, locations: inside, secondFactor: true },
  ],
  calls: [
    {
      agent: "summary_agent",
      tool: "fhir_search",
      may: "read",
      actsFor: ["physician", "nurse"],
      mostRows: 200,
      patientInContext: true,
    },
    {
      agent: "summary_agent",
      tool: "draft",
      may: "write",
      actsFor: ["physician"],
      mostRows: null,
      patientInContext: false,
    },
  ],
  ownPolicies: ["night_shift"],
};

const unknown: ReportedAccess = {
  ...access,
  notKnown: "TaskDefinition decision-point: nothing shows what it is told of who may do what.",
  sessionMinutes: null,
  uses: [],
  calls: [],
  ownPolicies: [],
};

const plain = (_: unknown, text: string): string => text;

describe("the table of who may do what", () => {
  it("has a row for each role and a column for each resource, with the terms", () => {
    expect(useTable(access)).toEqual([
      ["role", "knowledge_base_query", "phi_summary"],
      ["nurse", "yes", "no"],
      ["physician", "yes", "yes from corporate_network or vpn, with a second factor"],
    ]);
  });

  it("says what agents may call, and what bounds that", () => {
    expect(access.calls.map(callText)).toEqual([
      "summary_agent may call fhir_search to read for physician, nurse, of the patient in context alone, 200 rows at most",
      "summary_agent may call draft to write for physician",
    ]);
  });

  it("says what it does not tell", () => {
    expect(accessNotes(access)).toEqual([
      "Devices have to be compliant, always; what is allowed lasts 60 minutes.",
      "Policies of your own may permit or forbid more than this: night_shift.",
    ]);
    expect(accessNotes({ ...access, ownPolicies: [] })).toHaveLength(1);
  });

  it("is in the report as JSON, and is read again", async () => {
    const report = { ...(await accepted()), access: [access, unknown] };
    expect(savedReport(jsonReport(report)).access).toEqual([access, unknown]);
    expect(savedReport(JSON.stringify({ ...report, access: undefined })).access).toBeUndefined();
  });

  it("is in the report of a platform, in every format", async () => {
    const report = await accepted();
    expect(report.access?.map(({ platform, notKnown }) => [platform, notKnown])).toEqual([
      ["bulkhead", null],
    ]);
    expect(consoleReport(report, false)).toContain("\nWho may do what\n");
    expect(markdownReport(report)).toContain("<summary>Who may do what</summary>");
  });

  it("is not in a report that has none", async () => {
    const report = { ...(await accepted()), access: [] };
    expect(consoleReport(report, false)).not.toContain("Who may do what");
    expect(markdownReport(report)).not.toContain("Who may do what");
  });

  it("is shown on the console, or why it is not", () => {
    expect(accessLines([access], plain)).toEqual([
      "  ROLE       KNOWLEDGE_BASE_QUERY  PHI_SUMMARY",
      "  nurse      yes                   no",
      "  physician  yes                   yes from corporate_network or vpn, with a second factor",
      "  summary_agent may call fhir_search to read for physician, nurse, of the patient in context alone, 200 rows at most",
      "  summary_agent may call draft to write for physician",
      "  Devices have to be compliant, always; what is allowed lasts 60 minutes.",
      "  Policies of your own may permit or forbid more than this: night_shift.",
    ]);
    expect(accessLines([unknown], plain)).toEqual([
      "  Not known of bulkhead: TaskDefinition decision-point: nothing shows what it is told of who may do what.",
    ]);
    expect(accessLines([access, { ...access, platform: "other" }], plain)).toContain("  other");
  });

  it("is shown in Markdown, or why it is not", async () => {
    const report = await accepted();
    const text = markdownReport({ ...report, access: [access] });
    const [knowledge, summary, nurse] = ["knowledge_base_query", "phi_summary", "nurse"].map(codeText);
    expect(text).toContain(
      `| role | ${knowledge ?? ""} | ${summary ?? ""} |\n| --- | --- | --- |\n| ${nurse ?? ""} | yes | no |`,
    );
    expect(text).toContain(`- ${plainText("summary_agent may call draft to write for physician")}`);
    expect(markdownReport({ ...report, access: [unknown] })).toContain(
      "**Not known of <code>bulkhead</code>.**",
    );
  });

  it("is shown on the page, or why it is not, and nothing in it is markup", () => {
    const { text } = accessSection([access, unknown]);
    expect(text).toContain('<th scope="row">physician</th>');
    expect(text).toContain("<td>yes from corporate_network or vpn, with a second factor</td>");
    expect(text).toContain("<li>summary_agent may call draft to write for physician</li>");
    expect(text).toContain("Not known of bulkhead: TaskDefinition decision-point");
    const [use] = access.uses;
    const { text: hostile } = accessSection([
      { ...access, platform: hostileText, uses: use === undefined ? [] : [{ ...use, role: "<b>x" }] },
    ]);
    expect(hostile).not.toContain("<b>");
    expect(hostile).not.toContain("<script");
  });
});
