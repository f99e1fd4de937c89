import type { Finding } from "../../../policy-pack/finding";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { judge } from "../judge-on-a-day";
import { changes } from "../transformations";

import { awsCorpus } from "./aws-corpus";
import { azureBase } from "./azure-base";
import { azureCorpus } from "./azure-corpus";
import { base } from "./corpus-case";
import { gcpBase } from "./gcp-base";
import { gcpCorpus } from "./gcp-corpus";
import { JudgedCorpus } from "./judged-corpus";

/** The corpora, by cloud. */
const corpora = {
  aws: new JudgedCorpus(awsCorpus, base),
  azure: new JudgedCorpus(azureCorpus, azureBase),
  gcp: new JudgedCorpus(gcpCorpus, gcpBase),
} as const satisfies Record<string, JudgedCorpus>;

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
function isFaultGone(found: readonly Finding[], shown: readonly StackResource[]): boolean {
  const urns = new Set(shown.map(({ urn }) => urn));
  return found.filter(({ level }) => level === "mandatory").every(({ urn }) => !urns.has(urn));
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
  const judged = corpora[cloud];
  const refused = judged.cases.filter(({ expected }) => expected === "refused");
  const accepted: string[] = [];
  for (let done = 0; done < cases;) {
    const chosen = refused[choose(refused.length)];
    const dryRun = choose(2) === 0;
    const possible = changes(dryRun);
    const change = possible[choose(possible.length)];
    if (chosen === undefined || change === undefined) {
      continue;
    }
    const knowledge = dryRun ? "preview" : "deployed";
    const resources = judged.stack(chosen, "bad", knowledge).resources();
    const transformation = change(resources, choose);
    // What is at fault by itself cannot be seen where it is only read.
    if (
      transformation === undefined ||
      (transformation.resources.length < resources.length &&
        isFaultGone(judged.findings(chosen, "bad", knowledge), transformation.resources))
    ) {
      continue;
    }
    done += 1;
    if (!isRefused(transformation.resources, dryRun)) {
      accepted.push(`${chosen.id} ${chosen.name}, ${knowledge}: ${transformation.name}`);
    }
  }
  return accepted;
}
