import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { awsFacts } from "./aws";
import { understoodTypes as understoodOfAws } from "./aws/unread-resources";
import { azureFacts } from "./azure";
import { understoodTypes as understoodOfAzure } from "./azure/unread-resources";
import { clusterHosts } from "./cluster-hosts";
import type { NetworkFacts } from "./fact";
import { gcpFacts } from "./gcp";
import { understoodTypes as understoodOfGcp } from "./gcp/unread-resources";
import { istioHops } from "./istio/mesh-hops";
import { istioGates, istioPolicies } from "./istio/request-gates";
import { calledHosts } from "./read-hosts";
import type { Safeguards } from "./safeguard";
import { waysToInternet } from "./ways-to-internet";
import {
  repeatedResources,
  unreadResources,
  unrecordedResources,
  type UnderstoodTypes,
} from "./unread-resources";

/** What is understood of each cloud. */
const clouds: readonly UnderstoodTypes[] = [understoodOfAws, understoodOfAzure, understoodOfGcp];

/** Lists of the same names, each joined to its namesakes. */
function joined<L extends Readonly<Record<keyof L, readonly unknown[]>>>(
  first: L,
  ...others: readonly L[]
): L {
  const keys = Object.keys(first) as (keyof L)[];
  return Object.fromEntries(
    keys.map((key) => [key, [first, ...others].flatMap((lists) => lists[key])]),
  ) as unknown as L;
}

/**
 * Draws the facts from all resources of a stack, each from those of its cloud. What a resource inherits of its zone from
 * where it is goes into `zones` on the way.
 *
 * @param platforms the names of the platforms that the stack declares, by the URN of their component.
 */
export function stackFacts(
  graph: StackGraph,
  zones: Zones,
  platforms: ReadonlyMap<string, string>,
): NetworkFacts {
  const { safeguards: ofAws, ...aws } = awsFacts(graph, zones, platforms);
  const { safeguards: ofAzure, ...azure } = azureFacts(graph, zones, platforms);
  const { safeguards: ofGcp, ...gcp } = gcpFacts(graph, zones, platforms);
  const facts = joined(aws, azure, gcp);
  const stack = { graph, zones, platforms };
  const mesh = istioHops(stack);
  // Every rule's proofs ask for them.
  let read: Safeguards | undefined;
  return {
    ...facts,
    waysToInternet: waysToInternet(stack),
    hostAllowances: [
      ...facts.hostAllowances,
      ...calledHosts(facts.enforcementPoints),
      ...clusterHosts(stack),
    ],
    hops: [...facts.hops, ...mesh.hops],
    unprovedHops: [...facts.unprovedHops, ...mesh.unprovedHops],
    requestGates: [...facts.requestGates, ...istioGates(stack)],
    meshes: istioPolicies(stack),
    blind: [
      ...facts.blind,
      ...unreadResources(stack, facts.subnets, clouds),
      ...unrecordedResources(stack, clouds),
      ...repeatedResources(stack),
    ],
    safeguards: () => (read ??= joined<Safeguards>(ofAws(), ofAzure(), ofGcp())),
  };
}
