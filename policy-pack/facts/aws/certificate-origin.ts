import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

/** Types that Private CA issues on request. */
export const issuedCertificateTypes: readonly ResourceType[] = [
  "aws:acmpca:certificate",
  "aws-native:acmpca:certificate",
];

/** Whether a property was made of outputs of resources of some types, and of no others. */
export function isMadeOf(
  graph: StackGraph,
  node: Node,
  property: string,
  types: readonly ResourceType[],
): boolean {
  const origins = node.propertyDependencies[property] ?? [];
  return origins.length > 0 && origins.every((urn) => types.includes(graph.node(urn)?.resourceType ?? ""));
}
