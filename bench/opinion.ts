import type { ProcessCost } from "./process-cost";
import type { Group } from "./security-groups";

/** What a tool says of security groups, and what it takes to say so. */
export interface Opinion {
  /** The tool, with its version. */
  readonly tool: string;
  /** What it was asked, precisely. */
  readonly asked: string;
  /** From the start of its process to its last answer, in milliseconds. */
  readonly wall: number;
  /** What its process costs. */
  readonly cost: ProcessCost | undefined;
  /** Its findings on the groups that make it fail, whatever their severity. */
  readonly findings: readonly { readonly check: string; readonly group: string }[];
  /** How many other findings it has, on anything, that do not make it fail. */
  readonly advice: number;
}

/** How good an opinion is. */
export interface Score {
  /** Open groups that were found, by how they are written. */
  readonly found: ReadonlyMap<string, { readonly found: number; readonly of: number }>;
  readonly falseAlarms: number;
  /** Checks that flag each group, open or not. They tell nothing apart, so they are not counted. */
  readonly indifferent: readonly string[];
}

/** Counts the open groups that an opinion finds, and the others that it accuses. */
export function scoreOf(groups: readonly Group[], { findings }: Opinion): Score {
  const byCheck = new Map<string, Set<string>>();
  for (const { check, group } of findings) {
    byCheck.set(check, (byCheck.get(check) ?? new Set()).add(group));
  }
  const indifferent = [...byCheck].filter(([, flagged]) => flagged.size === groups.length);
  const telling = [...byCheck].filter(([, flagged]) => flagged.size < groups.length);
  const flagged = new Set(telling.flatMap(([, names]) => [...names]));
  const found = new Map<string, { found: number; of: number }>();
  for (const { text, name } of groups.filter(({ isOpen }) => isOpen)) {
    const sofar = found.get(text) ?? { found: 0, of: 0 };
    found.set(text, { found: sofar.found + (flagged.has(name) ? 1 : 0), of: sofar.of + 1 });
  }
  return {
    found,
    falseAlarms: groups.filter(({ isOpen, name }) => !isOpen && flagged.has(name)).length,
    indifferent: indifferent.map(([check]) => check).sort(),
  };
}
