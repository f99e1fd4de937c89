import type { Judgement } from "../policy-pack/judge";

import type { Violation } from "./policy-pack-server";
import type { RegisteredResource } from "./registered-resource";

/** What the policy pack has found in a stack. */
export interface Outcome {
  readonly project: string;
  readonly stack: string;
  /** The cloud that the stack is on, as far as is known. */
  readonly cloud: string;
  readonly resources: readonly RegisteredResource[];
  /** Names of the policies that the pack holds. */
  readonly policies: readonly string[];
  readonly violations: readonly Violation[];
  /** What the judge reads off the resources, besides. */
  readonly judgement: Judgement;
  /** What else the user should know of what was judged. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** Whether the policy pack accepts the stack: no policy refuses it, and none was given up. */
export function isAccepted({ violations }: Pick<Outcome, "violations">): boolean {
  return !violations.some(({ level }) => level === "mandatory");
}
