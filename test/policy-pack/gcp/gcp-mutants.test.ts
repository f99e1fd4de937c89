import { beforeAll, describe, expect, it } from "vitest";

import { judge } from "../../../policy-pack/judge";
import { renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { gcpMutants } from "./gcp-mutants";
import { harmlessChanges } from "./gcp-network-mutants";
import { harmlessWorkloadChanges } from "./gcp-workload-mutants";
import { eachKind } from "../each-kind";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe("the faults of Google Cloud", () => {
  it("are each named once", () => {
    const faults = gcpMutants.map(({ fault }) => fault);
    expect(faults.filter((fault, index) => faults.indexOf(fault) !== index)).toEqual([]);
  });
});

describe.each(knowledges)("a platform rendered on Google Cloud with one fault, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnGoogle(eachKind, knowledge);
  });
  const refused = (dig: (stack: Sketch) => unknown): readonly string[] => {
    const stack = whole.copy();
    dig(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule }) => rule);
  };

  it("is accepted without the fault", () => {
    expect(refused(() => undefined)).toEqual([]);
  });

  // A preview is where the gate stands, and knows less: all are tried there, and every other one deployed.
  it.each(gcpMutants.filter((_mutant, index) => knowledge === "preview" || index % 2 === 0))(
    "refuses $fault by $rule",
    ({ rule, dig }) => {
      expect(refused(dig)).toContain(rule);
    },
  );

  it.each([...harmlessChanges, ...harmlessWorkloadChanges])("accepts $change", ({ dig }) => {
    expect(refused(dig)).toEqual([]);
  });
});
