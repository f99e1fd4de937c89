import type { Node, StackGraph } from "../stack-graph";
import type { Network, ResolverOpening } from "./fact";

import { labelOf } from "./label";

/** A name that carries data to whoever answers for the zone in its end (RFC 1034 §3.1). */
export const carryingName = "data-to-take-out.attacker.example";

/** How a network's resolver is open; by the network itself, where no other resource is to blame. */
export function resolverOpening(
  graph: StackGraph,
  network: Network,
  opening: {
    readonly by?: Node;
    readonly what: string;
    readonly assumption?: string | undefined;
    readonly remedy: string;
    readonly name?: string;
  },
): ResolverOpening {
  const { by, what, remedy, name = carryingName } = opening;
  return {
    network,
    // What is said of a network that is not known is said of the stack.
    urn: by?.urn ?? (network.isDetermined ? network.urn : graph.root),
    label: by === undefined ? network.label : labelOf(by),
    name,
    what,
    assumption: opening.assumption ?? (network.isDetermined ? undefined : "which network it is in"),
    remedy,
  };
}
