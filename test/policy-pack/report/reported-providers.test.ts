import { describe, expect, it } from "vitest";

import { jsonReport, savedReport } from "../../../policy-pack/report/json-report";
import { markdownReport } from "../../../policy-pack/report/markdown-report";
import { codeText, plainText } from "../../../policy-pack/report/markdown-text";
import type { ReportedProvider } from "../../../policy-pack/report/report";
import {
  agreementText,
  policyText,
  providersNote,
  providerTable,
} from "../../../policy-pack/report/reported-providers";
import { consoleReport } from "../../../preview/console-report";
import { providersSection } from "../../../preview/page/providers-section";
import { providerLines } from "../../../preview/provider-lines";

import { accepted, hostileText } from "./sample-reports";

const openai: ReportedProvider = {
  platform: "bulkhead",
  id: "openai",
  kind: "external",
  hosts: ["api.openai.com"],
  models: [
    { name: "gpt-5", onFinding: "allow", today: "allow" },
    { name: "text-embedding-3-large", onFinding: "block", today: "block" },
  ],
  agreement: { signed: "2026-03-01", expires: "until-terminated", holds: true },
  calledBy: ["rag-service"],
  entries: [
    {
      urn: "urn:pulumi:test::bulkhead::aws:networkfirewall/ruleGroup:RuleGroup::providers",
      label: "the allow-list",
    },
  ],
};

const ended: ReportedProvider = {
  ...openai,
  id: "late",
  models: [{ name: "gpt-5", onFinding: "allow", today: "block" }],
  agreement: { signed: "2025-03-01", expires: "2026-03-01", holds: false },
};

const ending: ReportedProvider = {
  ...openai,
  id: "soon",
  agreement: { signed: "2026-01-01", expires: "2026-12-15", holds: true, daysLeft: 15 },
};

const native: ReportedProvider = {
  ...openai,
  id: "cloud",
  kind: "native",
  hosts: [],
  models: [{ name: "claude", onFinding: "redact", today: "redact" }],
  agreement: null,
  entries: [],
};

const plain = (_: unknown, text: string): string => text;

describe("the table of providers", () => {
  it("says what happens to PHI today, and what is declared where that is something else", () => {
    expect(policyText(openai)).toBe("gpt-5: passes, recorded; text-embedding-3-large: blocked");
    expect(policyText(ended)).toBe("gpt-5: blocked (declared: allow)");
    expect(policyText(native)).toBe("claude: redacted");
  });

  it("says whether an agreement holds", () => {
    expect([openai, ending, ended, native].map(agreementText)).toEqual([
      "2026-03-01 until terminated",
      "2026-01-01 to 2026-12-15, ends in 15 days",
      "2025-03-01 to 2026-03-01, does not hold",
      "none",
    ]);
  });

  it("has a row for each provider, with its hosts and who calls it", () => {
    expect(providerTable([openai, native])).toEqual([
      ["provider", "hosts", "PHI in a prompt", "agreement", "called by"],
      [
        "openai",
        "api.openai.com",
        "gpt-5: passes, recorded; text-embedding-3-large: blocked",
        "2026-03-01 until terminated",
        "rag-service",
      ],
      ["cloud", "private endpoint", "claude: redacted", "none", "rag-service"],
    ]);
  });

  it("is in the report as JSON, and is read again", async () => {
    const report = { ...(await accepted()), providers: [openai, ending, ended, native] };
    expect(savedReport(jsonReport(report)).providers).toEqual([openai, ending, ended, native]);
    expect(savedReport(JSON.stringify({ ...report, providers: undefined })).providers).toBeUndefined();
  });

  it("is in the report of a platform, in every format", async () => {
    const report = await accepted();
    expect(report.providers?.map(({ id, kind }) => [id, kind])).not.toEqual([]);
    expect(consoleReport(report, false)).toContain("\nLLM providers\n");
    expect(markdownReport(report)).toMatch(/<summary>\d+ LLM providers?<\/summary>/);
  });

  it("is not in a report that has none", async () => {
    const report = { ...(await accepted()), providers: [] };
    expect(consoleReport(report, false)).not.toContain("LLM provider");
    expect(markdownReport(report)).not.toMatch(/\d+ LLM providers?/);
  });

  it("is shown on the console", () => {
    const lines = providerLines([openai, ended], plain);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^ {2}PROVIDER {2}HOSTS/);
    expect(lines[2]).toContain("late");
    expect(lines[3]).toBe(`  ${providersNote}`);
  });

  it("is shown on the console with what has ended in red, and what ends soon in yellow", () => {
    const painted: (readonly [style: unknown, id: string | undefined])[] = [];
    providerLines([openai, ended, ending], (style, text) => {
      if (style !== "dim") {
        painted.push([style, text.trim().split(" ")[0]]);
      }
      return text;
    });
    expect(painted).toEqual([
      ["red", "late"],
      ["yellow", "soon"],
    ]);
  });

  it("is shown in Markdown and on the page, where no text of a stack means anything", async () => {
    const hostile: ReportedProvider = { ...openai, id: hostileText, hosts: [hostileText] };
    const text = markdownReport({ ...(await accepted()), providers: [hostile] });
    // A cell is cut where a text is long; what is left of it means nothing.
    expect(text).toContain(codeText(hostileText).slice(0, 200));
    expect(text).toContain(plainText(hostileText).slice(0, 200));
    expect(text).not.toContain("<script");
    const page = providersSection([hostile]).text;
    expect(page).toContain('<h2 id="providers">LLM providers</h2>');
    expect(page).not.toContain("<script");
  });
});
