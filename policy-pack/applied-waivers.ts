import { daysFrom } from "./calendar-day";
import type { Finding } from "./finding";
import { isWaivable, ruleOf } from "./waivable-rule";
import type { WaiverOutcome } from "./waiver";
import { isUrnLike } from "./waiver-pattern";
import type { WaiverStanding } from "./waiver-standing";

/** From how many days before its end on a waiver says that it ends. */
const daysOfNotice = 14;

/** Findings as waivers leave them. */
export interface AppliedWaivers {
  readonly findings: readonly Finding[];
  /** One for each waiver, in the order of the standings. */
  readonly waivers: readonly WaiverOutcome[];
}

function isTouched({ rule, urn, isAboutGate }: Finding, { waiver, problem }: WaiverStanding): boolean {
  const waived = ruleOf(waiver.rule);
  return (
    problem === undefined &&
    isAboutGate !== true &&
    waived?.name === rule &&
    isWaivable(waived) &&
    isUrnLike(urn, waiver.resource)
  );
}

function notes({ waiver: { expires, owner, reason } }: WaiverStanding, today: string): readonly string[] {
  const left = daysFrom(today, expires);
  const when = left === 0 ? "today" : left === 1 ? "tomorrow" : `in ${String(left)} days`;
  return [
    `Waived until ${expires} by ${owner}: ${reason}`,
    ...(left <= daysOfNotice ? [`The waiver ends ${when}; from then on this refuses the stack again.`] : []),
  ];
}

/** The waiver that is told of a finding which several touch: the one that lasts longest, then the first. */
function deciding(standings: readonly WaiverStanding[], touching: readonly number[]): number | undefined {
  const endOf = (index: number): string => standings[index]?.waiver.expires ?? "";
  return [...touching].sort((a, b) => (endOf(a) === endOf(b) ? a - b : endOf(a) < endOf(b) ? 1 : -1))[0];
}

/** Lets what is waived refuse nothing. */
export function appliedWaivers(
  findings: readonly Finding[],
  standings: readonly WaiverStanding[],
  today: string,
): AppliedWaivers {
  const used = new Set<number>();
  const left = findings.map((finding): Finding => {
    const touching = standings.flatMap((standing, index) => (isTouched(finding, standing) ? [index] : []));
    touching.forEach((index) => used.add(index));
    const index = deciding(standings, touching);
    const standing = index === undefined ? undefined : standings[index];
    return index === undefined || standing === undefined
      ? finding
      : {
          ...finding,
          level: "advisory",
          notes: [...finding.notes, ...notes(standing, today)],
          waivedBy: index,
        };
  });
  return {
    findings: left,
    waivers: standings.map(({ waiver, problem }, index) => ({
      ...waiver,
      status: problem?.status ?? (used.has(index) ? "used" : "unused"),
      problem: problem?.what,
    })),
  };
}
