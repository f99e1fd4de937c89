import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import type { StackResource } from "../../policy-pack/stack-resource";

import { hiding, keysOf, type Place } from "./hidden-value";
import { judge } from "./judge-on-a-day";
import { networkMutants } from "./mutants";
import { eachKind } from "./each-kind";
import { renderedPlatform } from "./rendered-stack";
import { serviceMutants } from "./service-mutants";
import type { Knowledge, Sketch } from "./stack-sketch";
import { corpus, stranger } from "./stranger-corpus";
import { renamed, shuffled } from "./transformations";
import { transportMutants } from "./transport-mutants";

const mutants = [...networkMutants, ...serviceMutants, ...transportMutants];

/** Every value of a stack: leaves, and the lists and mappings that hold them. */
function places(resources: readonly StackResource[]): readonly Place[] {
  return resources.flatMap(({ inputs, outputs }, resource) =>
    keysOf({ ...outputs, ...inputs }).map((keys) => ({ resource, keys })),
  );
}

/** Other spellings of the same type: as older SDKs wrote it, and as nobody does. */
const spellings: readonly ((token: string) => string)[] = [
  (token) => token.replace(/^(aws:\w+)\/\w+:/, "$1:"),
  (token) => token.replace(/^(aws:\w+)\/\w+:/, "$1/index:"),
  (token) => (token.startsWith("aws:") ? token.toUpperCase() : token),
];

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a stack that is refused, %s", (knowledge) => {
  const options = { dryRun: knowledge === "preview" };
  const isRefused = (resources: readonly StackResource[]): boolean =>
    judge(resources, options).findings.some(({ level }) => level === "mandatory");
  const findings = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, options).findings.map(({ rule, urn, severity }) => `${rule} ${urn} ${severity}`);
  const bad = (index: number): StackResource[] => {
    const stack = stranger(knowledge);
    corpus[index]?.bad(stack);
    return stack.resources();
  };
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedPlatform(eachKind, knowledge);
  });
  const faulty = (index: number): StackResource[] => {
    const stack = whole.copy();
    mutants[index]?.dig(stack);
    return stack.resources();
  };
  const anyMutant = fc.integer({ min: 0, max: mutants.length - 1 });
  const anyPlace = fc.nat();
  const cases = corpus.map(({ name }, index) => ({ name, index }));

  it.each(cases)("for $name stays refused, whichever of its values is hidden", ({ index }) => {
    const resources = bad(index);
    const all = places(resources);
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((place) => !isRefused(hiding(resources, place)))).toEqual([]);
  });

  it("for a fault in our platform stays refused, whichever value is hidden", () => {
    fc.assert(
      fc.property(anyMutant, anyPlace, (mutant, number) => {
        const resources = faulty(mutant);
        const all = places(resources);
        const place = all[number % all.length];
        return place !== undefined && isRefused(hiding(resources, place));
      }),
      { numRuns: 150 },
    );
  });

  it.each(cases)("for $name gets the same findings in any order and spelling", ({ index }) => {
    const resources = bad(index);
    const found = findings(resources);
    expect(found).not.toEqual([]);
    expect(findings([...resources].reverse())).toEqual(found);
    for (const spell of spellings) {
      expect(findings(resources.map((r) => ({ ...r, type: spell(r.type) })))).toEqual(found);
    }
  });

  it("for a fault in our platform gets the same findings in any order, of resources and within lists", () => {
    fc.assert(
      fc.property(anyMutant, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (mutant, order) => {
        const resources = faulty(mutant);
        expect(findings(shuffled(resources, order))).toEqual(findings(resources));
      }),
      { numRuns: 40 },
    );
  });

  it("for a fault in our platform gets the same verdict whatever its resources are called", () => {
    const verdict = (resources: readonly StackResource[]): readonly string[] =>
      judge(resources, options)
        .findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`)
        .sort();
    fc.assert(
      fc.property(anyMutant, (mutant) => {
        const resources = faulty(mutant);
        expect(verdict(renamed(resources))).toEqual(verdict(resources));
      }),
      { numRuns: 10 },
    );
  });

  if (knowledge === "preview") {
    it.each(cases)("for $name stays refused when outputs are lost, as the engine loses them", ({ index }) => {
      const resources = bad(index);
      const lost = resources.flatMap((resource, at) =>
        Object.keys(resource.outputs).map((key) => ({ at, key })),
      );
      const without = ({ at, key: gone }: { at: number; key: string }): StackResource[] =>
        resources.map((resource, place) =>
          place === at
            ? {
                ...resource,
                outputs: Object.fromEntries(Object.entries(resource.outputs).filter(([key]) => key !== gone)),
              }
            : resource,
        );
      expect(lost.filter((output) => !isRefused(without(output)))).toEqual([]);
      expect(isRefused(resources.map((resource) => ({ ...resource, outputs: {} })))).toBe(true);
    });
  }
});
