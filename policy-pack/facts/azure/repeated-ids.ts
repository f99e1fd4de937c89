import type { Node } from "../../stack-graph";
import type { Blind } from "../fact";

import { labelOf, types, type AzureStack } from "./azure-stack";

/** Types whose resources decide what packets may do. */
const deciding = [...types.network, ...types.subnet, ...types.securityGroup, ...types.routeTable] as const;

/** What a resource says, so that two that only read the same one in Azure are told from two that would make it. */
function said(node: Node): string {
  return JSON.stringify(node.outputs);
}

/**
 * Resources that are one in Azure, and that say different things: each takes away what the other says, and which of them
 * ends up in force nobody knows. Azure's names are the same in capital and in small letters.
 */
export function repeatedIds({ graph, zones }: AzureStack): readonly Blind[] {
  const holdsPhi = graph.nodes.some(({ urn }) => zones.of(urn) === "phi");
  const byId = new Map<string, readonly Node[]>();
  for (const node of graph.ofType(...deciding)) {
    for (const id of graph.armIdsOf(node)) {
      byId.set(id, [...(byId.get(id) ?? []), node]);
    }
  }
  const repeated = [...byId.values()].filter(
    (nodes) => new Set(nodes.map(({ urn }) => urn)).size > 1 && new Set(nodes.map(said)).size > 1,
  );
  return [...new Set(repeated.flat())].map((node) => ({
    urn: node.urn,
    label: labelOf(node),
    zone: holdsPhi ? "phi" : zones.of(node.urn),
    what: "Another resource of the stack is the same one in Azure, and says something else: which of the two is in force is not known.",
    remedy: "Leave one of the two, or give them names that differ in more than capital letters.",
  }));
}
