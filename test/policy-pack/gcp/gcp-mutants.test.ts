import { beforeAll, describe, expect, it } from "vitest";

import { renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { gcpMutants } from "./gcp-mutants";
import { harmlessChanges } from "./gcp-network-mutants";
import { harmlessWorkloadChanges } from "./gcp-workload-mutants";
import { eachKind } from "../each-kind";
import { judged, refusals, type Judged } from "../judged-proofs";
import { expectLessShown, faultless, type Faultless } from "../less-shown";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe("the faults of Google Cloud", () => {
  it("are each named once", () => {
    const faults = gcpMutants.map(({ fault }) => fault);
    expect(faults.filter((fault, index) => faults.indexOf(fault) !== index)).toEqual([]);
  });
});

describe.each(knowledges)("a platform rendered on Google Cloud with one fault, %s", (knowledge) => {
  let whole: Sketch;
  let before: Faultless;
  beforeAll(async () => {
    whole = await renderedOnGoogle(eachKind, knowledge);
    before = faultless(whole);
  });
  const found = (dig: (stack: Sketch) => unknown): Judged => {
    const stack = whole.copy();
    dig(stack);
    return judged(stack, knowledge);
  };

  it("is accepted without the fault", () => {
    expect(refusals(before.judged)).toEqual([]);
  });

  // A preview is where the gate stands, and knows less: all are tried there, and every other one deployed.
  it.each(gcpMutants.filter((_mutant, index) => knowledge === "preview" || index % 2 === 0))(
    "refuses $fault by $rule, and shows less of it",
    ({ fault, rule, dig }) => {
      const mutant = found(dig);
      expect(refusals(mutant)).toContain(rule);
      // What resources-are-understood shows is of the PHI zone alone, and it accuses others of our platform too.
      // Of records it is shown where they are kept, and not by which sink they come there.
      const isOfSink = /^records: decisions are (?:copied|left out)/.test(fault);
      const isShown = rule !== "certificates-rotate" && rule !== "resources-are-understood" && !isOfSink;
      expectLessShown(before, mutant, rule, isShown);
    },
  );

  it.each([...harmlessChanges, ...harmlessWorkloadChanges])("accepts $change", ({ dig }) => {
    expect(refusals(found(dig))).toEqual([]);
  });
});
