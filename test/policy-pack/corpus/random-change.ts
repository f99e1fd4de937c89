import { judge } from "../../../policy-pack/judge";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { changes } from "../transformations";

import { awsCorpus } from "./aws-corpus";
import { azureBase } from "./azure-base";
import { azureCorpus } from "./azure-corpus";
import { base, type CorpusCase } from "./corpus-case";
import { gcpBase } from "./gcp-base";
import { gcpCorpus } from "./gcp-corpus";

/** The corpora, by cloud, and what their cases start from where they do not say. */
const corpora = {
  aws: { corpus: awsCorpus, base },
  azure: { corpus: azureCorpus, base: azureBase },
  gcp: { corpus: gcpCorpus, base: gcpBase },
} as const satisfies Record<
  string,
  { readonly corpus: readonly CorpusCase[]; readonly base: NonNullable<CorpusCase["base"]> }
>;

export type CorpusCloud = keyof typeof corpora;

/** Whole numbers from 0 that look random: a multiplicative congruential generator (Park and Miller, 1988). */
function numbers(seed: number): (below: number) => number {
  let state = seed % 2147483647 || 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return below <= 0 ? 0 : state % below;
  };
}

function isRefused(resources: readonly StackResource[], dryRun: boolean): boolean {
  return judge(resources, { dryRun }).findings.some(({ level }) => level === "mandatory");
}

/** Whether all that refuses a stack is in resources that are no longer shown. */
function isFaultGone(
  before: readonly StackResource[],
  after: readonly StackResource[],
  dryRun: boolean,
): boolean {
  if (after.length === before.length) {
    return false;
  }
  const shown = new Set(after.map(({ urn }) => urn));
  return judge(before, { dryRun })
    .findings.filter(({ level }) => level === "mandatory")
    .every(({ urn }) => !shown.has(urn));
}

/**
 * Takes refused stacks of the corpus by chance, changes by chance what is shown of them, and judges them again.
 *
 * @returns what was done where the stack was accepted afterwards: nothing, if the judge fails closed.
 */
export function acceptedAfterChange({
  cloud,
  seed,
  cases,
}: {
  readonly cloud: CorpusCloud;
  readonly seed: number;
  readonly cases: number;
}): readonly string[] {
  const choose = numbers(seed);
  const { corpus, base: ofCloud } = corpora[cloud];
  const refused = corpus.filter(({ expected }) => expected === "refused");
  const accepted: string[] = [];
  for (let done = 0; done < cases;) {
    const chosen = refused[choose(refused.length)];
    const dryRun = choose(2) === 0;
    const possible = changes(dryRun);
    const change = possible[choose(possible.length)];
    if (chosen === undefined || change === undefined) {
      continue;
    }
    const stack = (chosen.base ?? ofCloud)(dryRun ? "preview" : "deployed");
    chosen.bad(stack);
    const resources = stack.resources();
    const transformation = change(resources, choose);
    // What is at fault by itself cannot be seen where it is only read.
    if (transformation === undefined || isFaultGone(resources, transformation.resources, dryRun)) {
      continue;
    }
    done += 1;
    if (!isRefused(transformation.resources, dryRun)) {
      accepted.push(
        `${chosen.id} ${chosen.name}, ${dryRun ? "preview" : "deployed"}: ${transformation.name}`,
      );
    }
  }
  return accepted;
}
