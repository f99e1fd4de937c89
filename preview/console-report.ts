import { findingText } from "../policy-pack/report/finding-text";
import type { Report } from "../policy-pack/report/report";

import { accessLines } from "./access-lines";
import { providerLines } from "./provider-lines";
import { certificateLines } from "./certificate-lines";
import { changesReport } from "./changes-report";
import { paintWith, type Paint, type Style } from "./paint";
import { textTable } from "./text-table";
import { verdictLine } from "./verdict-line";

const titles: Readonly<Record<Report["subject"], string>> = {
  preview: "Bulkhead offline preview",
  state: "Bulkhead state replay",
  engine: "Bulkhead",
};

/** The last part of a type: `aws:ec2/subnet:Subnet` is `Subnet`. */
function shortType(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** Resources by component: under each, how many there are of each type. */
function resourceTree(resources: Report["resources"], paint: Paint): readonly string[] {
  const parents = new Set(resources.map(({ parent }) => parent));
  const components = resources.filter(({ urn }) => parents.has(urn));
  const known = new Set(components.map(({ urn }) => urn));
  const lines: string[] = [];
  const show = (parent: string | null, depth: number): void => {
    const indent = "  ".repeat(depth + 1);
    const children = resources.filter((resource) =>
      parent === null ? resource.parent === null || !known.has(resource.parent) : resource.parent === parent,
    );
    const counts = new Map<string, string[]>();
    for (const { urn, type, name } of children) {
      if (!known.has(urn)) {
        counts.set(shortType(type), [...(counts.get(shortType(type)) ?? []), name]);
      }
    }
    for (const [type, names] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push(
        `${indent}${String(names.length).padStart(4)}  ${type}${names.length === 1 ? paint("dim", `  ${names[0] ?? ""}`) : ""}`,
      );
    }
    for (const { urn, type, name } of children.filter((child) => known.has(child.urn))) {
      lines.push(`${indent}${paint("bold", name)}${paint("dim", `  ${shortType(type)}`)}`);
      show(urn, depth + 1);
    }
  };
  show(null, 0);
  return lines;
}

const waiverStyles: Readonly<Record<Report["waivers"][number]["status"], Style>> = {
  used: "yellow",
  unused: "dim",
  expired: "dim",
  "too-broad": "red",
  refused: "red",
};

/** Each waiver with what became of it, and why it does not count where it does not. */
function waiverLines(waivers: Report["waivers"], paint: Paint): readonly string[] {
  return waivers.flatMap(({ status, rule, resource, expires, owner, reason, problem }) => [
    `  ${paint(waiverStyles[status], status.padEnd(9))}  ${rule} for ${resource}`,
    `             until ${expires} by ${owner}: ${reason}`,
    ...(problem === null ? [] : [`             Does not count: ${problem}.`]),
  ]);
}

/** The report for people. */
export function consoleReport(report: Report, withColour: boolean): string {
  const paint = paintWith(withColour);
  const { subject, cloud, stack, resources, matrix, findings, waivers, warnings } = report;
  const { certificates = [], access = [], providers = [] } = report;
  const heading = (text: string): string => `\n${paint(["bold", "underline"], text)}`;
  const matrixLines = textTable([
    ["FROM", "TO", "PROTOCOL", "PORT", "TRANSPORT"],
    ...matrix.map(({ from, to, protocol, port, transport }) => [from, to, protocol, port, transport]),
  ]);
  const changes = changesReport(report);
  const refusing = findings.filter(({ level }) => level === "mandatory");
  const waived = findings.filter(({ waiver }) => waiver !== null);
  const advice = findings.filter(({ level, waiver }) => level === "advisory" && waiver === null);
  const violationLines = (list: typeof findings, style: Style): readonly string[] =>
    list.flatMap((finding) => [
      `\n  ${paint(style, finding.rule)}`,
      ...findingText(finding)
        .split("\n")
        .map((line) => `    ${line}`),
    ]);
  return [
    `${paint("bold", titles[subject])}  stack ${stack} on ${cloud}; nothing is created, no cloud is asked`,
    heading("Resources"),
    ...resourceTree(resources, paint),
    heading("Who can open a connection to whom"),
    ...(matrix.length === 0
      ? ["  Nothing that is in a zone."]
      : matrixLines.map((line, index) => (index === 0 ? paint("dim", line) : line))),
    ...(certificates.length === 0 ? [] : [heading("Certificates"), ...certificateLines(certificates, paint)]),
    ...(access.length === 0 ? [] : [heading("Who may do what"), ...accessLines(access, paint)]),
    ...(providers.length === 0 ? [] : [heading("LLM providers"), ...providerLines(providers, paint)]),
    ...(changes.length === 0 ? [] : [heading("What the change opens and closes"), ...changes]),
    ...(warnings.length === 0
      ? []
      : [
          heading(subject === "preview" ? "Warnings of the program" : "Warnings"),
          ...warnings.map((text) => `  ${text}`),
        ]),
    ...(advice.length === 0 ? [] : [heading("Advice"), ...violationLines(advice, "yellow")]),
    ...(waived.length === 0 ? [] : [heading("Waived"), ...violationLines(waived, "yellow")]),
    ...(waivers.length === 0 ? [] : [heading("Waivers"), ...waiverLines(waivers, paint)]),
    ...(refusing.length === 0 ? [] : [heading("Violations"), ...violationLines(refusing, "red")]),
    "",
    verdictLine(report, paint),
    "",
  ].join("\n");
}
