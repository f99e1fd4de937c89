import { daysFrom } from "./calendar-day";
import { isWaivable, ruleOf } from "./waivable-rule";
import { longestWaiverDays, type Waiver, type WaiverStatus } from "./waiver";
import { isUrnLike, patternProblem } from "./waiver-pattern";
import type { Waivers } from "./waivers";

/** How many resources of a stack one waiver may be like. */
export const mostResources = 10;

/** What a waiver comes to before anything is found. */
export interface WaiverStanding {
  readonly waiver: Waiver;
  /** `undefined` where it counts. */
  readonly problem:
    | {
        readonly status: Exclude<WaiverStatus, "used" | "unused">;
        readonly what: string;
        readonly remedy: string;
      }
    | undefined;
}

type Problem = NonNullable<WaiverStanding["problem"]>;

/** The rule and the resource of a waiver, which no other of its file may have. */
function subject({ rule, resource }: Waiver): string {
  return `${ruleOf(rule)?.name ?? rule}\n${resource}`;
}

function text({ rule, resource, reason, owner, expires }: Waiver): string {
  return [ruleOf(rule)?.id ?? rule, resource, expires, owner, reason].join("\n");
}

const nameIt = "Name the resource by its URN, as the finding does.";

/** What is wrong with a waiver by itself, the worst first. */
function problemsOf(waiver: Waiver, today: string): readonly Problem[] {
  const { rule: named, resource, expires } = waiver;
  const rule = ruleOf(named);
  const pattern = patternProblem(resource);
  const daysLeft = daysFrom(today, expires);
  return [
    ...(rule === undefined
      ? [
          {
            status: "refused" as const,
            what: `there is no rule ${named}`,
            remedy: "Name a rule of docs/rules.md, by its id or its name.",
          },
        ]
      : []),
    ...(rule !== undefined && !isWaivable(rule)
      ? [
          {
            status: "refused" as const,
            what:
              rule.level.group === "first"
                ? "no waiver touches the first group of rules"
                : "no waiver touches the rule that judges waivers",
            remedy: "Take the waiver away, and mend what the rule finds.",
          },
        ]
      : []),
    ...(daysLeft > longestWaiverDays
      ? [
          {
            status: "refused" as const,
            what: `it ends ${String(daysLeft)} days ahead, and may end ${String(longestWaiverDays)} days ahead at most`,
            remedy: "Let it end sooner, and renew it by a change that somebody reviews.",
          },
        ]
      : []),
    ...(pattern === undefined ? [] : [{ ...pattern, remedy: nameIt }]),
    ...(daysLeft < 0
      ? [
          {
            status: "expired" as const,
            what: `it ended on ${expires}`,
            remedy: "Mend what the rule finds and take the waiver away, or renew it.",
          },
        ]
      : []),
  ];
}

/**
 * What each waiver comes to before anything is found, in an order that does not hang on that of the file.
 *
 * @param urns the resources of the stack, as far as they are known.
 */
export function waiverStandings(
  { today, all, problems }: Waivers,
  urns: readonly string[],
): readonly WaiverStanding[] {
  const sorted = [...all].sort((a, b) => (text(a) < text(b) ? -1 : 1));
  if (problems.length > 0) {
    return sorted.map((waiver) => ({
      waiver,
      problem: {
        status: "refused",
        what: "its file is refused, and with it every waiver that it holds",
        remedy: "Mend the file.",
      },
    }));
  }
  const counts = new Map<string, number>();
  for (const waiver of all) {
    counts.set(subject(waiver), (counts.get(subject(waiver)) ?? 0) + 1);
  }
  return sorted.map((waiver): WaiverStanding => {
    const found = [
      ...((counts.get(subject(waiver)) ?? 0) > 1
        ? [
            {
              status: "refused" as const,
              what: "the file waives the same twice",
              remedy: "Keep one of them.",
            },
          ]
        : []),
      ...problemsOf(waiver, today),
    ];
    const [first] = found;
    if (first !== undefined) {
      const what = found.map((problem) => problem.what).join("; ");
      return { waiver, problem: { ...first, what } };
    }
    const alike = urns.filter((urn) => isUrnLike(urn, waiver.resource)).length;
    return {
      waiver,
      problem:
        alike > mostResources
          ? {
              status: "too-broad",
              what: `its pattern is like ${String(alike)} resources of the stack, and may be like ${String(mostResources)} at most`,
              remedy: nameIt,
            }
          : undefined,
    };
  });
}
