import { changesBetween } from "../policy-pack/report/changes";
import { judgedParts } from "../policy-pack/report/judged-parts";
import type { Position, Report, ReportedFinding } from "../policy-pack/report/report";
import { reportedAccess } from "../policy-pack/report/reported-access";
import { reportedProviders } from "../policy-pack/report/reported-providers";
import { reportedCertificates } from "../policy-pack/report/reported-certificates";
import { reportedGuarantees } from "../policy-pack/report/reported-guarantees";
import { reportedWaivers } from "../policy-pack/report/reported-waivers";
import { fingerprint, reportedFinding } from "../policy-pack/report/reported-finding";
import { violationText } from "../policy-pack/violation";

import { isAccepted, type Outcome } from "./outcome";
import type { Violation } from "./policy-pack-server";

/** A violation of which nothing is known but what its policy pack says. */
function foreignFinding(
  { policy, level, severity, urn, message }: Violation,
  position: Position | undefined,
): ReportedFinding {
  return {
    fingerprint: fingerprint(policy, urn, message),
    id: policy,
    rule: policy,
    title: policy,
    level,
    severity,
    verdict: null,
    urn,
    summary: message,
    packet: null,
    path: [],
    passes: [urn],
    openedBy: [],
    notes: [],
    remedy: null,
    frameworks: [],
    url: null,
    position: position ?? null,
    waiver: null,
  };
}

/**
 * What the policy pack says, each thing once. What the judge finds here as well is told in all its parts; the pack alone
 * says what there is, and what refuses.
 */
function findingsOf({ violations, judgement, resources }: Outcome): readonly ReportedFinding[] {
  const positions = new Map(resources.map(({ urn, position }) => [urn, position]));
  const keyOf = (policy: string, urn: string, message: string): string => [policy, urn, message].join("\n");
  const known = new Map(
    judgement.findings.map((finding) => [keyOf(finding.rule, finding.urn, violationText(finding)), finding]),
  );
  const found = new Map(
    violations.map((violation): readonly [string, ReportedFinding] => {
      const { policy, urn, message, level } = violation;
      const key = keyOf(policy, urn, message);
      const finding = known.get(key);
      const position = positions.get(urn);
      return [
        `${key}\n${level}`,
        finding === undefined
          ? foreignFinding(violation, position)
          : { ...reportedFinding(finding, position), level },
      ];
    }),
  );
  return [...found.values()].sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
}

/** A report to compare with, and where it is from. */
export interface BaseReport {
  readonly file: string;
  readonly report: Report;
}

/**
 * The report on what was found.
 *
 * @param base what to compare it with.
 */
export function reportOf(subject: Report["subject"], outcome: Outcome, base?: BaseReport): Report {
  const { project, stack, cloud, resources, policies, judgement, warnings, durationMs } = outcome;
  const findings = [...findingsOf(outcome)];
  const report: Report = {
    version: 1,
    subject,
    verdict: isAccepted(outcome) ? "accepted" : "refused",
    cloud,
    project,
    stack,
    ...judgedParts(resources, judgement),
    findings,
    policies: [...policies],
    waivers: [...reportedWaivers(judgement)],
    certificates: [...reportedCertificates(judgement)],
    access: [...reportedAccess(judgement)],
    providers: [...reportedProviders(judgement)],
    guarantees: reportedGuarantees(judgement, findings),
    changes: null,
    warnings: [...warnings],
    durationMs,
  };
  return base === undefined ? report : { ...report, changes: changesBetween(base.file, base.report, report) };
}
