import { rememberedByResource } from "../remembered-by-resource";
import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";
import { peerOf } from "../zone-claims";

import type { CertificateFault } from "./certificate";
import { labelOf } from "./label";

const privateKeyType: ResourceType = "tls:index:privatekey";

/** Secrets whose values are resources of their own, with the property that names the secret. */
const valuesOfSecrets: ReadonlyMap<ResourceType, readonly [property: string, secret: ResourceType]> = new Map(
  [
    ["aws:secretsmanager:secretversion", ["secretId", "aws:secretsmanager:secret"]],
    ["gcp:secretmanager:secretversion", ["secret", "gcp:secretmanager:secret"]],
  ],
);

/** The peers whose a resource is: its own, or that of the secret of which it is a value. */
function peersOf(graph: StackGraph, node: Node): readonly (string | undefined)[] {
  const value = valuesOfSecrets.get(node.resourceType);
  if (value === undefined) {
    return [peerOf(graph, node)];
  }
  const [property, secret] = value;
  const held = graph.referents(node, property, [secret]);
  return held.length === 0
    ? [undefined]
    : held.map((to) => (to.kind === "resource" ? peerOf(graph, to.node) : undefined));
}

/** The resources from whose outputs any input of a resource was made. */
const originsOf = rememberedByResource((_graph, { propertyDependencies }): readonly string[] => [
  ...new Set(Object.values(propertyDependencies).flat()),
]);

/**
 * Private keys of workloads that something else of the stack holds than what is the workload's own. What makes requests and
 * certificates of them keeps them in the state alone.
 */
export function strayKeys(graph: StackGraph): readonly CertificateFault[] {
  const keys = new Map(
    graph.ofType(privateKeyType).flatMap((node): readonly (readonly [string, string])[] => {
      const peer = peerOf(graph, node);
      return peer?.startsWith("workload/") === true ? [[node.urn, peer]] : [];
    }),
  );
  if (keys.size === 0) {
    return [];
  }
  return graph.nodes.flatMap((node): readonly CertificateFault[] => {
    if (node.resourceType.startsWith("tls:") || node.resourceType.startsWith("bulkhead:")) {
      return [];
    }
    const held = new Set(originsOf(graph, node).flatMap((urn) => keys.get(urn) ?? []));
    const peers = held.size === 0 ? [] : peersOf(graph, node);
    return [...held]
      .filter((peer) => peers.some((own) => own !== peer))
      .map((peer) => ({
        urn: node.urn,
        label: labelOf(node),
        isGuiltyAlone: false,
        what: `It holds a private key of ${peer}, and is not shown to be its alone: whoever reads it passes for ${peer}.`,
        assumption: undefined,
        remedy: `Keep keys of ${peer} in its own secret, and nowhere else.`,
        refuses: true,
      }));
  });
}
