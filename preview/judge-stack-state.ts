import { cloudOf } from "../policy-pack/report/stack-cloud";

import type { Outcome } from "./outcome";
import type { PolicyConfig } from "./policy-config";
import { noEngine, PolicyPackServer, type Violation } from "./policy-pack-server";
import { analysedStack } from "./stack-analysis";
import type { ExistingResource, StackState } from "./stack-state";

/**
 * Shows the state of a stack to a policy pack that serves, as {@link judgedStackState} does. One that serves may be shown
 * another state after it, and knows nothing of the last one.
 *
 * @param config what the pack was started with of the user's settings.
 * @throws CouldNotRun if the pack fails.
 */
export async function judgedBy(
  server: PolicyPackServer,
  { project, stack, rootUrn, resources, warnings }: StackState,
  config: PolicyConfig,
): Promise<Omit<Outcome, "durationMs">> {
  const analyze = async (some: readonly ExistingResource[]): Promise<readonly Violation[]> =>
    (await Promise.all(some.map((resource) => server.analyze(resource)))).flat();
  // A pack records inputs by URN. Those of what is to be deleted give way to those of what replaced it.
  const early = [
    ...(await analyze(resources.filter(({ isToBeDeleted }) => isToBeDeleted))),
    ...(await analyze(resources.filter(({ isToBeDeleted }) => !isToBeDeleted))),
  ];
  const { violations, judgement } = await analysedStack(server, resources, rootUrn, {
    dryRun: false,
    config,
  });
  return {
    project,
    stack,
    cloud: cloudOf(resources),
    resources,
    policies: server.policies,
    violations: [...early, ...violations],
    judgement,
    warnings,
  };
}

/**
 * Shows the state of a stack to the policy pack as `pulumi policy analyze` does: the inputs of each resource, and then
 * the outputs of all. Unlike it, what is marked for deletion is shown as well, because it still exists.
 *
 * @param settings what the user sets of the pack's policies.
 * @throws CouldNotRun if the pack fails.
 */
export async function judgedStackState(
  state: StackState,
  policyPack: string,
  settings: PolicyConfig = new Map(),
): Promise<Outcome> {
  const begin = performance.now();
  const { project, stack } = state;
  const served = { project, stack, config: new Map<string, string>(), dryRun: false };
  const server = await PolicyPackServer.start(policyPack, served, noEngine, settings);
  try {
    const judged = await judgedBy(server, state, settings);
    return { ...judged, durationMs: Math.round(performance.now() - begin) };
  } finally {
    server.close();
  }
}
