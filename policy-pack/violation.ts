import type { Finding } from "./finding";
import type { PolicyRule } from "./policy-rule";

/** Where a rule is described. */
export function ruleUrl({ name }: Pick<PolicyRule, "name">): string {
  return `docs/rules.md#${name}`;
}

/** The text of a violation: what is wrong, the packet that shows it, its path, what opens it, and what to do. */
export function violationText(finding: Finding, rule: PolicyRule): string {
  const { severity, verdict, summary, packet, path, openedBy, notes, remedy } = finding;
  const lines = [
    `${summary} [${severity}${verdict === "undetermined" ? ", undetermined: what is not known counts as open" : ""}]`,
    ...(packet === undefined ? [] : [`  Packet:    ${packet}`]),
    ...path.map(
      (step, index) => `  ${index === 0 ? "Path:     " : "          "} ${index === 0 ? "" : "-> "}${step}`,
    ),
    ...openedBy.map(({ urn }) => `  Opened by: ${urn}`),
    ...notes.map((note) => `  Note:      ${note}`),
    `  Remedy:    ${remedy}`,
    `  Rule:      ${rule.id}, ${ruleUrl(rule)} (${rule.frameworks[0].name} ${rule.frameworks[0].reference})`,
  ];
  return lines.join("\n");
}
