import { createRequire } from "node:module";

import { describe, expect, it } from "vitest";

import { markdownReport, reportMarker } from "../../../policy-pack/report/markdown-report";
import { codeText, plainText } from "../../../policy-pack/report/markdown-text";

import {
  accepted,
  changed,
  crowded,
  foreignFinding,
  hostile,
  hostileText,
  refused,
  samples,
  waived,
  waiver,
} from "./sample-reports";

/** The part of markdown-it that is used here; the package has no types of its own. */
type MarkdownIt = new (options: { readonly html: boolean; readonly linkify: boolean }) => {
  render(text: string): string;
};

// It reads GitHub's tables, HTML and links that are not marked as such.
const reader = new (createRequire(__filename)("markdown-it") as MarkdownIt)({ html: true, linkify: true });

/** The tags that a reader makes of a text, each once. */
const tagsOf = (html: string): readonly string[] =>
  [...new Set([...html.matchAll(/<\/?([a-z0-9]+)|<!--/gi)].map(([whole, name]) => name ?? whole))].sort();

describe("the report as Markdown", () => {
  it.each(samples)(
    "begins with its marker, fits into a comment, and closes what it opens: %s",
    async (_, sample) => {
      const text = markdownReport(await sample());
      expect(text.split("\n")[0]).toBe(reportMarker);
      expect(text.length).toBeLessThan(60_000);
      const html = reader.render(text);
      for (const tag of ["details", "summary", "code", "table", "a", "em", "strong"]) {
        const count = (pattern: string): number => html.split(pattern).length - 1;
        expect(count(`<${tag}>`) + count(`<${tag} `), tag).toBe(count(`</${tag}>`));
      }
    },
  );

  it("says at a glance that a stack is accepted, and folds advice away", async () => {
    const text = markdownReport(await accepted());
    expect(text).toContain(
      "\n## ✅ Bulkhead: accepted\n\nStack <code>bulkhead/test</code> on <code>aws</code>: 0 violations, 1 piece of advice, ",
    );
    expect(text).toContain("<details>\n\n<summary>1 piece of advice</summary>\n\n**BH-104 ");
    expect(text).not.toContain("### Violations");
    expect(text).not.toContain("### Waivers");
  });

  it("shows a violation with its packet, path, remedy and line", async () => {
    const text = markdownReport(await refused(), {
      folder: "infra",
      url: "https://github.example/ward/platform/blob/0123abc",
    });
    expect(text).toContain("\n## ❌ Bulkhead: refused\n");
    expect(text).toContain("1 violation, ");
    expect(text).toContain("- Packet: <code>tcp 443, from SecurityGroup bulkhead-fhir-store-filter to ");
    expect(text).toMatch(
      /- Path: <code>SecurityGroup bulkhead-fhir-store-filter<\/code> → <code>SecurityGroupEgressRule hole&#58; egress tcp 443 to 0.0.0.0\/0<\/code> → /,
    );
    expect(text).toContain("- **Remedy:** Take the rule away");
    expect(text).toContain(
      'at <a href="https://github.example/ward/platform/blob/0123abc/infra/index.ts#L7"><code>index.ts&#58;7</code></a>',
    );
    expect(text).toContain('infra/network/holes.ts#L12"');
    expect(markdownReport(await refused())).toContain(" at <code>index.ts&#58;7</code>\n");
  });

  it("counts the violations that have no room", () => {
    const text = markdownReport(crowded());
    expect(text).toContain(": 200 violations, ");
    const part = /### Violations\n(.*?)<details>/s.exec(text)?.[1] ?? "";
    const shown = part.split("\nFound: ").length - 1;
    expect(shown).toBeGreaterThan(5);
    expect(part).toContain(
      `\n_${String(200 - shown)} more violations are left out here; the report as JSON has all._\n`,
    );
  });

  it("stays below GitHub's limit when every part is full", async () => {
    const report = await hostile();
    const fill = <T>(items: readonly T[]): T[] => Array.from({ length: 300 }, () => items).flat();
    const { changes } = report;
    const full = {
      ...report,
      findings: fill(report.findings),
      waivers: fill(report.waivers),
      warnings: fill(report.warnings),
      changes:
        changes === null
          ? null
          : {
              ...changes,
              opened: fill(changes.opened),
              closed: fill(changes.closed),
              zonesOpened: fill(changes.zonesOpened),
              zonesClosed: fill(changes.zonesOpened),
              goneFindings: fill(changes.goneFindings),
              newWaivers: fill(changes.newWaivers),
              goneWaivers: fill(changes.goneWaivers),
            },
    };
    const text = markdownReport(full);
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain("more violations are left out here");
  });

  it("lists waivers and what they let pass", async () => {
    const text = markdownReport(await waived());
    expect(text).toContain("0 violations, 1 waived, ");
    expect(text).toContain("<summary>1 waived violation</summary>");
    expect(text).toContain("- Waived until 2027-01-31 by ward-team&#64;&#8203;hospital.example: The old");
    expect(text).toContain("| Rule | Resource | Status | Until | Owner | Reason |\n| --- |");
    expect(text).toContain("| too-broad: It is like everything. |");
  });

  it("shows what a change opens and closes", async () => {
    const text = markdownReport(await changed());
    expect(text).toContain(
      "### What changed\n\nAgainst <code>base.json</code>: stack <code>test</code>, accepted.",
    );
    expect(text).toContain(
      "**Opens 1 connection, between zones:**\n\n- <code>phi</code> → <code>world</code>, <code>tcp 443</code>",
    );
    expect(text).toContain(
      "**Closes 1 connection, none of them between other zones or on another port than before.**",
    );
    expect(text).toContain("**New findings:**\n\n- BH-101, mandatory: ");
    expect(text).toContain("**Findings that are gone:**\n\n- no-public-buckets, mandatory: An old sin.");
    expect(text).toContain("**New waivers:**");
    expect(text).toContain("**Waivers that are gone:**");
  });

  it("says so where a change opens nothing and closes nothing", async () => {
    const report = await changed();
    const changes = report.changes ?? expect.fail("no changes");
    const same = { ...changes, opened: [], closed: [], zonesOpened: [], zonesClosed: [] };
    const text = markdownReport({ ...report, changes: same });
    expect(text).toContain("\n**Opens nothing.**\n\n**Closes nothing.**\n");
  });

  it("lets no name make a tag, a link, an image, a heading or a mention", async () => {
    const html = reader.render(markdownReport(await hostile()));
    expect(tagsOf(html)).toEqual(
      [
        ...["<!--", "code", "details", "em", "h2", "h3", "li", "p", "strong", "summary", "ul"],
        ...["table", "tbody", "td", "th", "thead", "tr"],
      ].sort(),
    );
    expect(html.split("<!--").length - 1).toBe(1);
    // What reads mentions and references afterwards leaves code alone.
    const prose = html.replaceAll(/<code>.*?<\/code>/gs, "");
    expect(prose).not.toMatch(/@\w/);
    expect(prose).not.toMatch(/#\d/);
  });

  it.each([
    ["a hostile text", hostileText],
    ["an address", "https://evil.example www.evil.example mail@evil.example"],
    ["nothing", ""],
  ])("shows a text as it is, but for white space: %s", (_, text) => {
    const expected = text
      .replaceAll(/\s+/g, " ")
      .replaceAll(/(?! )[\p{Control}\p{Surrogate}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu, "\uFFFD");
    for (const shown of [plainText(text), codeText(text)]) {
      const read = reader
        .render(`Found: ${shown}`)
        .replace(/^<p>Found: ?(?:<code>)?/, "")
        .replace(/(?:<\/code>)?<\/p>\n$/, "");
      expect(read).not.toMatch(/<[a-z]/i);
      const decoded = read
        .replaceAll("\u200B", "")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&");
      expect(decoded).toBe(expected);
    }
  });

  it("keeps a table's columns, whatever its cells hold", async () => {
    const report = {
      ...(await accepted()),
      certificates: [],
      access: [],
      providers: [],
      waivers: [{ ...waiver, reason: hostileText, resource: "a|b\\|c`|`" }],
    };
    const html = reader.render(markdownReport(report));
    const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => cell);
    // A reader drops cells that are too many, so the ones behind are looked at.
    expect(cells.slice(1, 5)).toEqual([
      "<code>a|b\\|c`|`</code>",
      "used",
      "2027-01-31",
      "ward-team@\u200Bhospital.example",
    ]);
    expect(cells).toHaveLength(6);
    expect(cells[5]).toContain("1. one ===");
  });

  it("lists certificates, and says which are due", async () => {
    const report = await accepted();
    const [first, second] = report.certificates ?? [];
    if (first === undefined || second === undefined) {
      throw new Error("there are no certificates");
    }
    const due = { ...first, planned: false, daysLeft: 12.5, due: true };
    const text = markdownReport({ ...report, certificates: [due, second] });
    expect(text).toContain("<summary>2 certificates</summary>");
    expect(text).toContain("| Peer | Epoch | Days left | Renewed by |\n| --- |");
    expect(text).toContain(
      "| 692 | **due:** 12.5 | the first deployment from 2026-12-03 on, by that of epoch 693",
    );
    expect(text).toContain("| 691 | 90 once issued | that of epoch 692 has taken its place |");
    expect(markdownReport({ ...report, certificates: [] })).not.toContain("Days left");
  });

  it("leaves out a violation that is larger than the room for all, and shows the others", async () => {
    const giant = { ...foreignFinding, notes: [], path: Array.from({ length: 8 }, () => "|".repeat(400)) };
    const many = {
      ...giant,
      openedBy: Array.from({ length: 8 }, () => ({ urn: "|".repeat(400), label: "" })),
      notes: Array.from({ length: 8 }, () => "|".repeat(400)),
    };
    const report = { ...(await accepted()), verdict: "refused" as const, findings: [many, foreignFinding] };
    const text = markdownReport(report);
    expect(text).toContain("A bucket is public.");
    expect(text).toContain("_1 more violation is left out here; the report as JSON has all._");
  });
});
