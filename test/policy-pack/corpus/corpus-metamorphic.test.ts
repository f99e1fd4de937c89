import { describe, expect, it } from "vitest";

import { judge } from "../../../policy-pack/judge";
import type { StackResource } from "../../../policy-pack/stack-resource";
import type { Knowledge } from "../stack-sketch";
import { renamed } from "../transformations";

import { awsCorpus } from "./aws-corpus";
import { base } from "./corpus-case";
import { acceptedAfterChange } from "./random-change";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe("a refused stack of the corpus", () => {
  // The seed is fixed, so that a commit is green or red and stays so; `npm run bench` takes others.
  it("stays refused in 2,000 random changes that make it no more closed", () => {
    expect(acceptedAfterChange({ seed: 20261125, cases: 2000 })).toEqual([]);
  });
});

describe.each(knowledges)("a stack of the corpus, %s", (knowledge) => {
  const verdict = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, { dryRun: knowledge === "preview" })
      .findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`)
      .sort();

  it("gets the same verdict whatever its resources are called, where zones come from tags", () => {
    const differing = awsCorpus.flatMap(({ id, name, bad, good }) =>
      [bad, good].flatMap((change) => {
        const stack = base(knowledge);
        change(stack);
        const resources = stack.resources();
        return JSON.stringify(verdict(renamed(resources))) === JSON.stringify(verdict(resources))
          ? []
          : [`${id} ${name}`];
      }),
    );
    expect(differing).toEqual([]);
  });
});
