import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import type { StackResource } from "../../../policy-pack/stack-resource";
import type { Properties } from "../hidden-value";
import { judge } from "../judge-on-a-day";
import { renderedOnAzure } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";
import { shuffled } from "../transformations";

import { azureMutants } from "./azure-mutants";
import { eachKind } from "../each-kind";

/** Texts that hold ids of Azure Resource Manager, which Azure compares without regard to case. */
function uppercased(value: unknown): unknown {
  if (typeof value === "string") {
    return value.startsWith("/subscriptions/") ? value.toUpperCase() : value;
  }
  if (Array.isArray(value)) {
    return value.map(uppercased);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, uppercased(item)]))
    : value;
}

/** Other spellings of the same type: by a version of the API, by a package made for one, and as nobody writes it. */
const spellings: readonly ((token: string) => string)[] = [
  (token) => token.replace(/^azure-native:(\w+):/, "azure-native:$1/v20240501:"),
  (token) => token.replace(/^azure-native:(\w+):/, "azure-native_$1_v20240501:$1:"),
  (token) => (token.startsWith("azure-native:") ? token.toUpperCase() : token),
];

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a fault in our platform on Azure, %s", (knowledge) => {
  const options = { dryRun: knowledge === "preview" };
  const findings = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, options).findings.map(({ rule, urn, severity }) => `${rule} ${urn} ${severity}`);
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnAzure(eachKind, knowledge);
  });
  const faulty = (index: number): StackResource[] => {
    const stack = whole.copy();
    azureMutants[index]?.dig(stack);
    return stack.resources();
  };
  const anyMutant = fc.integer({ min: 0, max: azureMutants.length - 1 });

  it("gets the same findings in any order, of resources and within lists", () => {
    fc.assert(
      fc.property(anyMutant, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (mutant, order) => {
        const resources = faulty(mutant);
        expect(findings(shuffled(resources, order))).toEqual(findings(resources));
      }),
      { numRuns: 40 },
    );
  });

  it("gets the same findings in any spelling of its types", () => {
    fc.assert(
      fc.property(anyMutant, fc.constantFrom(...spellings), (mutant, spell) => {
        const resources = faulty(mutant);
        const spelled = resources.map((resource) => ({ ...resource, type: spell(resource.type) }));
        expect(findings(spelled)).toEqual(findings(resources));
      }),
      { numRuns: 40 },
    );
  });

  it("gets the same verdict whatever the case of ids", () => {
    const verdict = (resources: readonly StackResource[]): readonly string[] =>
      judge(resources, options)
        .findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`)
        .sort();
    fc.assert(
      fc.property(anyMutant, (mutant) => {
        const resources = faulty(mutant);
        const cased = resources.map((resource) => ({
          ...resource,
          inputs: uppercased(resource.inputs) as Properties,
          outputs: uppercased(resource.outputs) as Properties,
        }));
        expect(verdict(cased)).toEqual(verdict(resources));
      }),
      { numRuns: 40 },
    );
  });
});
