import { disclaimer, notShownByReport } from "../guarantee";

import type { Report, ReportedFinding, ReportedGuarantee, ReportedProof } from "./report";

type Framework = ReportedGuarantee["frameworks"][number];
type Status = ReportedGuarantee["status"];

/** Statuses in words, the worst first. */
const statusTexts: Readonly<Record<Status, string>> = {
  broken: "broken",
  held: "held",
  "not-applicable": "not applicable",
};

/** The most evidence of one proof that is open at first sight. */
const fewEvidence = 6;

/**
 * Text of a stack, as Markdown and HTML show it: nothing in it is markup, a link, a mention or the end of a cell.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_{}[\]()#+!|~$]/g, "\\$&")
    .replaceAll("@", "&#64;")
    .replaceAll("://", ":&#47;&#47;")
    .replaceAll(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`)
    .replace(/^\s*(?=[-=])/, "$&\\")
    .replace(/^(\s*\d+)\./, "$1\\.");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** What several guarantees that serve one paragraph amount to: as much as the worst of them. */
function together(guarantees: readonly ReportedGuarantee[]): Status {
  const has = (wanted: Status): boolean => guarantees.some(({ status }) => status === wanted);
  return has("broken") ? "broken" : has("held") ? "held" : "not-applicable";
}

/** The guarantees that serve each paragraph of each framework, in the order in which they name them. */
function byFramework(
  guarantees: readonly ReportedGuarantee[],
): ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly framework: Framework; readonly by: ReportedGuarantee[] }>
> {
  const frameworks = new Map<string, Map<string, { framework: Framework; by: ReportedGuarantee[] }>>();
  for (const guarantee of guarantees) {
    for (const framework of guarantee.frameworks) {
      const name = `${framework.name} (${framework.version})`;
      const paragraphs =
        frameworks.get(name) ?? new Map<string, { framework: Framework; by: ReportedGuarantee[] }>();
      const paragraph = paragraphs.get(framework.reference) ?? { framework, by: [] };
      paragraph.by.push(guarantee);
      paragraphs.set(framework.reference, paragraph);
      frameworks.set(name, paragraphs);
    }
  }
  return frameworks;
}

/** References in the order in which their documents have them: numbers by their value. */
function compareReferences(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function frameworkTables({ guarantees }: Report): readonly string[] {
  return [...byFramework(guarantees)].flatMap(([name, paragraphs]) => [
    `### ${escaped(name)}`,
    table(
      ["paragraph", "title", "guarantees that serve it", "what they amount to"],
      [...paragraphs.values()]
        .sort((a, b) => compareReferences(a.framework.reference, b.framework.reference))
        .map(({ framework, by }) => [
          escaped(framework.reference),
          escaped(framework.specification),
          by.map(({ id, title, status }) => `${id} ${escaped(title)} (${statusTexts[status]})`).join("<br>"),
          statusTexts[together(by)],
        ]),
    ),
  ]);
}

/** A resource's type and logical name; its whole URN is in the JSON report. */
function shortUrn(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `<code>${escaped(name === "" ? urn : `${type.slice(type.lastIndexOf("$") + 1)}::${name}`)}</code>`;
}

function proofText({ statement, evidence, rule }: ReportedProof): string {
  const shown = evidence.map(({ urn, label }) => `${escaped(label)} (${shortUrn(urn)})`);
  const said = `${escaped(statement)} (${escaped(rule)})`;
  return shown.length <= fewEvidence
    ? `- ${said}\n${shown.map((one) => `  - ${one}`).join("\n")}`
    : `- ${said}\n\n  <details><summary>${String(shown.length)} pieces of evidence</summary>\n\n${shown.map((one) => `  - ${one}`).join("\n")}\n\n  </details>`;
}

function findingLine({ id, level, verdict, waiver, summary, urn }: ReportedFinding): string {
  const remarks = [
    level,
    ...(verdict === "undetermined" ? ["undetermined"] : []),
    ...(waiver === null ? [] : ["waived"]),
  ];
  return `${id} (${remarks.join(", ")}): ${escaped(summary)} (${shortUrn(urn)})`;
}

function guaranteeSection(
  guarantee: ReportedGuarantee,
  findings: readonly ReportedFinding[],
): readonly string[] {
  const { id, title, status, rules, frameworks, proofs, notShown } = guarantee;
  const against = findings.filter(({ fingerprint }) => guarantee.findings.includes(fingerprint));
  return [
    `### ${id}: ${escaped(title)}`,
    `**Status: ${statusTexts[status]}.** Rules: ${rules.map(escaped).join(", ")}. Serves ${frameworks
      .map(({ name, reference }) => `${escaped(name)} ${escaped(reference)}`)
      .join("; ")}.`,
    ...(against.length === 0 ? [] : ["Findings against it:", list(against.map(findingLine))]),
    ...(proofs.length === 0
      ? ["Nothing of this stack is shown as evidence."]
      : [
          status === "broken" ? "Evidence of the parts that are closed all the same:" : "Evidence:",
          proofs.map(proofText).join("\n"),
        ]),
    "Not shown:",
    list(notShown.map(escaped)),
  ];
}

/** The compliance view of a report: what of each framework it has evidence for, each guarantee with its evidence, and what is not shown. */
export function complianceMarkdown(report: Report): string {
  const { project, stack, cloud, subject, verdict, guarantees, findings } = report;
  return `${[
    "# Compliance view",
    `> ${disclaimer}`,
    `Project ${escaped(project)}, stack ${escaped(stack)}, cloud ${escaped(cloud)}; judged from ${
      { preview: "an offline preview", state: "an exported state", engine: "what Pulumi showed" }[subject]
    }; ${verdict} by the gate.`,
    table(
      ["guarantee", "title", "status"],
      guarantees.map(({ id, title, status }) => [id, escaped(title), statusTexts[status]]),
    ),
    "A guarantee is held where no finding breaks it and the stack shows it by each of its rules; it is broken where a finding breaks it that nobody has waived, or where nothing shows it. Findings that are waived, or advice that leaves nothing open, are named with it. Whether the gate refuses the stack is another question: on a stack that no platform of ours is in, some of what breaks a guarantee is advice.",
    "## By framework",
    ...frameworkTables(report),
    "## By guarantee",
    ...guarantees.flatMap((guarantee) => guaranteeSection(guarantee, findings)),
    "## Not shown by this report",
    list(notShownByReport),
    `> ${disclaimer}`,
  ].join("\n\n")}\n`;
}
