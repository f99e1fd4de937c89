import type { JudgedStack } from "../judged-stack";

/** Why a rule on the PHI zone has nothing to look at; `undefined` where there is a PHI zone. */
export function noPhiZone({ firstInPhi }: JudgedStack): string | undefined {
  return firstInPhi === undefined ? "The stack has no PHI zone." : undefined;
}
