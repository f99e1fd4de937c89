import type { CodeFlow, Location, Log, Notification, ReportingDescriptor, Result } from "sarif";

import type { Framework } from "../framework";
import type { PolicyRule } from "../policy-rule";
import { ruleUrl } from "../rule-url";
import { rules } from "../rules";

import { printable } from "./printable";
import { fileUri, unknownSource, type ProgramSource } from "./program-source";
import { refuses } from "./refuses";
import type { Position, Report, ReportedFinding } from "./report";

/** What every Pulumi program has, for findings of which no line is known. */
const projectFile: Position = { file: "Pulumi.yaml", line: 1, column: 1 };

/** Scores by which GitHub tells severities: over 9.0 critical, from 7.0 high, from 4.0 medium, and low below. */
const scores: Readonly<Record<ReportedFinding["severity"], string | undefined>> = {
  unspecified: undefined,
  low: "2.0",
  medium: "5.0",
  high: "8.0",
  critical: "9.5",
};

/** Limits of GitHub: of one run's results, of one rule's tags, of a rule's name, and of its descriptions. */
const most = { results: 25_000, tags: 20, name: 255, description: 1024 };

/** A text that a message holds as it is: no placeholder and no link (SARIF 2.1.0, sections 3.11.5 and 3.11.6). */
function messageText(text: string): string {
  return printable(text)
    .replaceAll(/[{}]/g, "$&$&")
    .replaceAll(/\[(?=[^\]]*\]\()/g, "\\[");
}

function shortened(text: string, length: number): string {
  return printable(text.length <= length ? text : `${text.slice(0, length - 3)}...`);
}

/** The text of the law that a rule serves: a pack does not know where its own pages are shown, and this is always there. */
function lawUrl(frameworks: readonly Framework[]): string | undefined {
  const [, section, paragraph] =
    frameworks
      .map(({ reference }) => /^45 CFR (\d+\.\d+)(\S*)$/.exec(reference))
      .find((match) => match !== null) ?? [];
  return section === undefined
    ? undefined
    : `https://www.ecfr.gov/current/title-45/section-${section}#p-${section}${paragraph ?? ""}`;
}

function ofPack(rule: PolicyRule): ReportingDescriptor {
  const { id, name, title, description, severity, frameworks, remediation } = rule;
  const url = lawUrl(frameworks);
  const served = frameworks.map(
    ({ name: of, version, reference, specification }) => `${of} (${version}), ${reference}: ${specification}`,
  );
  return {
    id,
    name,
    shortDescription: { text: shortened(title, most.description) },
    fullDescription: { text: shortened(description, most.description) },
    help: {
      text: [description, `Remedy: ${remediation}`, ...served, `See ${ruleUrl(rule)}.`].join("\n"),
      markdown: [
        description,
        `**Remedy.** ${remediation}`,
        served.map((text) => `- ${text}`).join("\n"),
        `See \`${ruleUrl(rule)}\`.`,
      ].join("\n\n"),
    },
    ...(url === undefined ? {} : { helpUri: url }),
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["security", ...frameworks.map(({ name: of, reference }) => `${of} ${reference}`)].slice(
        0,
        most.tags,
      ),
      precision: "very-high",
      "security-severity": scores[severity],
    },
  };
}

/** What is known of a rule of a pack that tells nothing but its violations. */
function foreign({ id, title, severity }: ReportedFinding): ReportingDescriptor {
  const text = shortened(title, most.description) || "A policy without a name";
  const score = scores[severity];
  return {
    id: printable(id),
    name: shortened(title, most.name),
    shortDescription: { text },
    fullDescription: { text },
    help: { text: `${text}. What it says is in each result.` },
    properties: {
      tags: ["security"],
      ...(score === undefined ? {} : { "security-severity": score }),
    },
  };
}

/** The rules that results refer to: those of the pack, and after them those that only findings name. */
function descriptors(findings: readonly ReportedFinding[]): readonly ReportingDescriptor[] {
  const known = new Set(rules.map(({ id }): string => id));
  const others = new Map(findings.filter(({ id }) => !known.has(id)).map((finding) => [finding.id, finding]));
  return [...rules.map(ofPack), ...[...others.values()].map(foreign)];
}

/** A place of the program, and what is there. GitHub shows nothing of a place that has no file, line and column. */
function locationOf(urn: string, at: Position | null, source: ProgramSource): Location {
  const { file, line, column } = at ?? projectFile;
  return {
    physicalLocation: {
      artifactLocation: { uri: fileUri(file, source) },
      region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
    },
    logicalLocations: [
      {
        name: printable(urn.split("::").slice(3).join("::") || urn),
        fullyQualifiedName: printable(urn),
        kind: "resource",
      },
    ],
  };
}

/** The way of the packet that a finding shows. A step that nothing is known to open is at the resource at fault. */
function wayOf(
  { path, openedBy, urn, position }: ReportedFinding,
  positions: ReadonlyMap<string, Position | null>,
  source: ProgramSource,
): readonly CodeFlow[] {
  if (path.length === 0) {
    return [];
  }
  const locations = path.map((step) => {
    const opener = openedBy.find(({ label }) => label === step)?.urn;
    return {
      location: {
        ...locationOf(
          opener ?? urn,
          opener === undefined ? position : (positions.get(opener) ?? position),
          source,
        ),
        message: { text: messageText(step) },
      },
    };
  });
  return [{ threadFlows: [{ locations }] }];
}

function messageOf({ summary, verdict, packet, remedy }: ReportedFinding): string {
  return [
    summary,
    ...(verdict === "undetermined" ? ["What is not known counts as open."] : []),
    ...(packet === null ? [] : [`Packet: ${packet}.`]),
    ...(remedy === null ? [] : [`Remedy: ${remedy}`]),
  ].join("\n");
}

function levelOf(finding: ReportedFinding): "error" | "warning" | "note" {
  if (refuses(finding)) {
    return "error";
  }
  return finding.waiver === null ? "warning" : "note";
}

/**
 * The report as SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for besides.
 *
 * A result is where the resource at fault is created, if that is known. Otherwise it is at the first line of
 * `Pulumi.yaml`, because GitHub shows no result without a place; its logical location, the URN, then says all that is
 * known. Waived findings are there, and suppressed.
 *
 * @param source where the program is; GitHub looks for files from the root of the repository.
 */
export function sarifReport(report: Report, source: ProgramSource = unknownSource): string {
  const { project, stack, resources, findings, waivers, warnings } = report;
  // What refuses comes first, so that a limit leaves out the rest.
  const inOrder = [...findings].sort((a, b) => Number(refuses(b)) - Number(refuses(a)));
  const shown = inOrder.slice(0, most.results);
  const descriptions = descriptors(shown);
  const indices = new Map(descriptions.map(({ id }, index) => [id, index]));
  const positions = new Map(resources.map(({ urn, position }) => [urn, position]));
  const results = shown.map((finding): Result => {
    const { id, urn, position, fingerprint, severity, verdict, level, waiver } = finding;
    const ruleId = printable(id);
    const reason = waiver === null ? undefined : waivers[waiver]?.reason;
    const codeFlows = wayOf(finding, positions, source);
    return {
      ruleId,
      ruleIndex: indices.get(ruleId) ?? -1,
      level: levelOf(finding),
      message: { text: messageText(messageOf(finding)) || "No text" },
      locations: [locationOf(urn, position, source)],
      ...(codeFlows.length === 0 ? {} : { codeFlows: [...codeFlows] }),
      // GitHub reads the first alone, and would otherwise take all results of one line for the same.
      partialFingerprints: { primaryLocationLineHash: fingerprint, "bulkheadFinding/v1": fingerprint },
      ...(waiver === null
        ? {}
        : {
            suppressions: [
              {
                kind: "external",
                status: "accepted",
                ...(reason === undefined ? {} : { justification: printable(reason) }),
              },
            ],
          }),
      properties: { severity, enforcementLevel: level, ...(verdict === null ? {} : { verdict }) },
    };
  });
  const notifications = [
    ...warnings,
    ...(inOrder.length > shown.length
      ? [`${String(inOrder.length - shown.length)} more findings are left out.`]
      : []),
  ].map((text): Notification => ({ level: "warning", message: { text: messageText(text) } }));
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Bulkhead", rules: [...descriptions] } },
        // Stacks of one commit are uploaded under categories of their own.
        automationDetails: { id: printable(`bulkhead/${project}/${stack}/`) },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
