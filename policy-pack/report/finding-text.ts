import type { ReportedFinding } from "./report";

/** The text of a finding: what is wrong, the packet that shows it, its path, what opens it, and what to do. */
export function findingText(finding: ReportedFinding): string {
  const { id, severity, verdict, summary, packet, path, openedBy, notes, remedy, url, frameworks } = finding;
  if (verdict === null) {
    return summary;
  }
  const lines = [
    `${summary} [${severity}${verdict === "undetermined" ? ", undetermined: what is not known counts as open" : ""}]`,
    ...(packet === null ? [] : [`  Packet:    ${packet}`]),
    ...path.map(
      (step, index) => `  ${index === 0 ? "Path:     " : "          "} ${index === 0 ? "" : "-> "}${step}`,
    ),
    ...openedBy.map(({ urn }) => `  Opened by: ${urn}`),
    ...notes.map((note) => `  Note:      ${note}`),
    ...(remedy === null ? [] : [`  Remedy:    ${remedy}`]),
    `  Rule:      ${id}${url === null ? "" : `, ${url}`}${frameworks[0] === undefined ? "" : ` (${frameworks[0].name} ${frameworks[0].reference})`}`,
  ];
  return lines.join("\n");
}
