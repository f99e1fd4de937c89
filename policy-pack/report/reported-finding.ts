import { createHash } from "node:crypto";

import type { Finding } from "../finding";
import { ruleUrl } from "../rule-url";
import { ruleNamed } from "../rules";

import type { Position, ReportedFinding } from "./report";

/** What of a finding stays the same from run to run, in a few characters. */
export function fingerprint(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/**
 * A finding of the judge as reports show it.
 *
 * @param position where the resource at fault is created, if the engine says so.
 */
export function reportedFinding(finding: Finding, position: Position | undefined): ReportedFinding {
  const { rule, level, severity, verdict, urn, summary, packet, path, passes, openedBy, notes, remedy } =
    finding;
  const { id, title, frameworks } = ruleNamed(rule);
  return {
    fingerprint: fingerprint(
      rule,
      urn,
      ...openedBy.map(({ urn: opener, label }) => `${opener} ${label}`),
      openedBy.length === 0 ? summary : "",
    ),
    id,
    rule,
    title,
    level,
    severity,
    verdict,
    urn,
    summary,
    packet: packet ?? null,
    path: [...path],
    passes: [...(passes ?? [urn])],
    openedBy: openedBy.map((evidence) => ({ ...evidence })),
    notes: [...notes],
    remedy,
    frameworks: frameworks.map((framework) => ({ ...framework })),
    url: ruleUrl({ name: rule }),
    position: position ?? null,
    waiver: finding.waivedBy ?? null,
  };
}
