import { describe, expect, it } from "vitest";

import { judge } from "../../../policy-pack/judge";
import type { StackResource } from "../../../policy-pack/stack-resource";
import type { Knowledge, Sketch } from "../stack-sketch";
import { renamed } from "../transformations";

import { awsCorpus } from "./aws-corpus";
import { azureBase } from "./azure-base";
import { azureCorpus } from "./azure-corpus";
import { base, type CorpusCase } from "./corpus-case";
import { acceptedAfterChange } from "./random-change";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe("a refused stack of the corpus", () => {
  // The seed is fixed, so that a commit is green or red and stays so; `npm run bench` takes others.
  it.each([
    { cloud: "aws", cases: 2000 },
    { cloud: "azure", cases: 1000 },
    { cloud: "gcp", cases: 1000 },
  ] as const)(
    "stays refused on $cloud in $cases random changes that make it no more closed",
    ({ cloud, cases }) => {
      expect(acceptedAfterChange({ cloud, seed: 20261125, cases })).toEqual([]);
    },
  );
});

/** The cases of AWS and Azure, whose zones are said by tags, each with the stack from which it starts. */
const corpora = [
  { cloud: "AWS", corpus: awsCorpus, start: (_one: CorpusCase): ((knowledge: Knowledge) => Sketch) => base },
  { cloud: "Azure", corpus: azureCorpus, start: ({ base: own = azureBase }: CorpusCase) => own },
] as const;

describe.each(knowledges)("a stack of the corpus, %s", (knowledge) => {
  const verdict = (resources: readonly StackResource[]): readonly string[] =>
    judge(resources, { dryRun: knowledge === "preview" })
      .findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`)
      .sort();

  it.each(corpora)(
    "gets the same verdict on $cloud whatever its resources are called, where zones come from tags",
    ({ corpus, start }) => {
      const differing = corpus.flatMap((one) =>
        [one.bad, one.good].flatMap((change) => {
          const stack = start(one)(knowledge);
          change(stack);
          const resources = stack.resources();
          return JSON.stringify(verdict(renamed(resources))) === JSON.stringify(verdict(resources))
            ? []
            : [`${one.id} ${one.name}`];
        }),
      );
      expect(differing).toEqual([]);
    },
  );
});
