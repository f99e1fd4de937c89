import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { awsFacts } from "./aws";
import { azureFacts } from "./azure";
import type { NetworkFacts } from "./fact";
import type { Safeguards } from "./safeguard";

/** Lists of the same names, each joined to its namesake. */
function joined<L extends Readonly<Record<keyof L, readonly unknown[]>>>(one: L, other: L): L {
  const keys = Object.keys(one) as (keyof L)[];
  return Object.fromEntries(keys.map((key) => [key, [...one[key], ...other[key]]])) as unknown as L;
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
  return {
    ...joined(aws, azure),
    safeguards: () => joined<Safeguards>(ofAws(), ofAzure()),
  };
}
