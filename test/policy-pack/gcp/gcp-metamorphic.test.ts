import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import type { StackResource } from "../../../policy-pack/stack-resource";
import type { Properties } from "../hidden-value";
import { judge } from "../judge-on-a-day";
import { renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";
import { renamed, shuffled } from "../transformations";

import { gcpMutants } from "./gcp-mutants";
import { eachKind } from "../each-kind";

/** Relative names of Compute Engine's resources as links to them, which its API takes as well. */
function asLinks(value: unknown): unknown {
  if (typeof value === "string") {
    return /^projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/[^/]+)\/(?!addresses)/.test(value)
      ? `https://www.googleapis.com/compute/v1/${value}`
      : value;
  }
  if (Array.isArray(value)) {
    return value.map(asLinks);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asLinks(item)]))
    : value;
}

/** Other spellings of the same type: as older SDKs wrote it, and as nobody does. */
const spellings: readonly ((token: string) => string)[] = [
  (token) => token.replace(/^(gcp:\w+)\/\w+:/, "$1:"),
  (token) => token.replace(/^(gcp:\w+)\/\w+:/, "$1/index:"),
  (token) => (token.startsWith("gcp:") ? token.toUpperCase() : token),
];

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a fault in our platform on Google Cloud, %s", (knowledge) => {
  const options = { dryRun: knowledge === "preview" };
  const findings = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, options).findings.map(({ rule, urn, severity }) => `${rule} ${urn} ${severity}`);
  const verdict = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, options)
      .findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`)
      .sort();
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnGoogle(eachKind, knowledge);
  });
  const faulty = (index: number): StackResource[] => {
    const stack = whole.copy();
    gcpMutants[index]?.dig(stack);
    return stack.resources();
  };
  const anyMutant = fc.integer({ min: 0, max: gcpMutants.length - 1 });

  it("gets the same findings in any order, of resources and within lists", () => {
    fc.assert(
      fc.property(anyMutant, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (mutant, order) => {
        const resources = faulty(mutant);
        expect(findings(shuffled(resources, order))).toEqual(findings(resources));
      }),
      { numRuns: 20 },
    );
  });

  it("gets the same findings in any spelling of its types", () => {
    fc.assert(
      fc.property(anyMutant, fc.constantFrom(...spellings), (mutant, spell) => {
        const resources = faulty(mutant);
        const spelled = resources.map((resource) => ({ ...resource, type: spell(resource.type) }));
        expect(findings(spelled)).toEqual(findings(resources));
      }),
      { numRuns: 20 },
    );
  });

  it("gets the same verdict whatever its resources are called in the program", () => {
    fc.assert(
      fc.property(anyMutant, (mutant) => {
        const resources = faulty(mutant);
        expect(verdict(renamed(resources))).toEqual(verdict(resources));
      }),
      { numRuns: 5 },
    );
  });

  it("gets the same verdict by links as by names", () => {
    fc.assert(
      fc.property(anyMutant, (mutant) => {
        const resources = faulty(mutant);
        const linked = resources.map((resource) => ({
          ...resource,
          inputs: asLinks(resource.inputs) as Properties,
          outputs: { ...(asLinks(resource.outputs) as Properties), id: resource.outputs["id"] },
        }));
        expect(verdict(linked)).toEqual(verdict(resources));
      }),
      { numRuns: 10 },
    );
  });
});
