import { beforeAll, describe, expect, test } from "vitest";

import { inspectedPrompts } from "../../../bench/prompts/inspected-prompts";
import { promptSet } from "../../../bench/prompts/prompt-set";
import {
  precision,
  recall,
  score,
  structuredKinds,
  type InspectedPrompt,
  type Score,
} from "../../../bench/prompts/score";

/** On the set that is withheld from tuning, from the seed of which docs/egress-inspection.md gives the figures. */
describe("the detector on prompts that it was not made on", () => {
  const prompts = promptSet("reported", "2026-11-30");
  let first: readonly InspectedPrompt[];
  let reached: Score;

  beforeAll(async () => {
    first = await inspectedPrompts("reported", prompts);
    reached = score(first);
  });

  test("finds the same in the same prompts again", async () => {
    expect(await inspectedPrompts("reported", prompts)).toEqual(first);
  });

  // The goal is 98 in 100 of those that have a form. Of all, Presidio finds 86 in 100 (docs/egress-inspection.md).
  test("finds at least 99 in 100 of the identifiers that have a form, and 97 of all", () => {
    expect(recall(reached.structured)).toBeGreaterThanOrEqual(0.99);
    expect(recall(reached.overall)).toBeGreaterThanOrEqual(0.97);
  });

  test("finds at least 98 in 100 of each kind that has a form, and 92 of each that has none", () => {
    const below = [...reached.byKind]
      .filter(([kind, tally]) => recall(tally) < (structuredKinds.includes(kind) ? 0.98 : 0.92))
      .map(([kind]) => kind);
    expect(below).toEqual([]);
  });

  test("takes as good as nothing for an identifier that is none", () => {
    expect(precision(reached.overall)).toBeGreaterThanOrEqual(0.98);
  });

  test("finds something in fewer than 2 in 100 harmless prompts", () => {
    expect(reached.harmless).toBe(300);
    expect(reached.falseBlocks / reached.harmless).toBeLessThan(0.02);
  });
});
