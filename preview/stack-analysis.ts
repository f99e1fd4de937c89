import { setImmediate } from "node:timers/promises";

import { utcDay } from "../policy-pack/calendar-day";
import { judge, type Judgement } from "../policy-pack/judge";
import type { StackResource } from "../policy-pack/stack-resource";
import { readWaivers, waiversVariable } from "../policy-pack/waivers";

import { judgeSettings } from "./judge-settings";
import type { PolicyConfig } from "./policy-config";
import type { PolicyPackServer, Violation } from "./policy-pack-server";
import type { RegisteredResource } from "./registered-resource";

/** What the policies of stacks say of a whole stack, and what the judge reads off its resources. */
export interface StackAnalysis {
  readonly violations: readonly Violation[];
  readonly judgement: Judgement;
}

/** A resource as the policy pack's stack analysis shows it. */
export function stackResource({
  urn,
  type,
  name,
  outputs,
  inputs,
  parent,
  dependencies,
  propertyDependencies,
  options: { ignoreChanges, protect },
  provider,
}: RegisteredResource): StackResource {
  return {
    urn,
    type,
    name,
    outputs,
    inputs,
    parent,
    dependencies,
    propertyDependencies,
    ignoreChanges,
    protect,
    providerInputs: provider?.inputs,
  };
}

/**
 * Shows a whole stack to a policy pack, and reads what reports show besides while the pack judges.
 *
 * @param options `dryRun` says whether the pack serves a preview, in which ids are not known; `config` is what the user
 * sets of the pack's policies.
 */
export async function analysedStack(
  server: PolicyPackServer,
  resources: readonly RegisteredResource[],
  rootUrn: string,
  { dryRun, config }: { readonly dryRun: boolean; readonly config: PolicyConfig },
): Promise<StackAnalysis> {
  const analysing = server.analyzeStack(resources, rootUrn);
  analysing.catch(() => undefined); // It is waited for below.
  // The request is on its way; while the pack judges, the stack is read here.
  await setImmediate();
  const settings = judgeSettings(config);
  const judgement = judge(resources.map(stackResource), {
    dryRun,
    settings,
    // As the pack does, which this process gives its environment.
    waivers: readWaivers(settings, {
      environment: process.env[waiversVariable],
      today: utcDay(new Date()),
    }),
  });
  return { violations: await analysing, judgement };
}
