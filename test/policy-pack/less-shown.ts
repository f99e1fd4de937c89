import { expect } from "vitest";

import type { RuleName } from "../../policy-pack/rule-name";

import { accusedBy, judged, shown, type Judged } from "./judged-proofs";
import type { Sketch } from "./stack-sketch";

/** A platform without a fault, as it is judged, and what it consists of. */
export interface Faultless {
  readonly judged: Judged;
  readonly urns: ReadonlySet<string>;
}

/** Judges a platform without a fault. */
export function faultless(stack: Sketch): Faultless {
  return {
    judged: judged(stack, stack.knowledge),
    urns: new Set(stack.resources().map(({ urn }) => urn)),
  };
}

/**
 * Expects that what is shown of a rule leans on nothing that the rule accuses in a stack with a fault, and that less is shown
 * than without the fault.
 *
 * @param isShown whether something is shown of what the fault touches, where there is none.
 */
export function expectLessShown(before: Faultless, mutant: Judged, rule: RuleName, isShown: boolean): void {
  const earlier = shown(before.judged, rule);
  const after = shown(mutant, rule);
  const accused = accusedBy(mutant, rule);
  expect(accused.size).toBeGreaterThan(0);
  expect([...after].filter((one) => accused.has(one.split("\n")[1] ?? ""))).toEqual([]);
  // What a mutant adds and breaks altogether, nothing was shown of before.
  const accusedBefore = accusedBy(before.judged, rule);
  const isOfOld = [...accused].some((urn) => before.urns.has(urn) && !accusedBefore.has(urn));
  if (isShown && isOfOld) {
    expect([...earlier].filter((one) => !after.has(one))).not.toEqual([]);
  }
}
