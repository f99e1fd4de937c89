import { peerOf } from "../../zone-claims";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { Filter, NetworkInterface, ServedPeer } from "../fact";

import { armKey } from "./arm-id";
import { armTypes } from "./arm-types";
import { platformOf, type AzureStack } from "./azure-stack";
import { endpointType, isOwnId, linksOf, ownSubscriptions, serviceOf } from "./private-links";
import { storeTypes } from "./store-types";

/** Which types of services platform services are. The hosts themselves give identities, with no endpoint. */
const servicesOf: Readonly<Record<string, readonly ResourceType[]>> = {
  "model-inference": ["azure-native:cognitiveservices:account"],
  secrets: ["azure-native:keyvault:vault"],
  keys: ["azure-native:keyvault:vault"],
  registry: ["azure-native:containerregistry:registry"],
  logs: ["azure-native:monitor:privatelinkscope"],
  metrics: ["azure-native:monitor:privatelinkscope"],
};

/** The peers that a tag names: `platform-service/logs metrics` is two, which one endpoint serves. */
export function peersNamed(peer: string): readonly string[] {
  const [kind = "", names = ""] = peer.split("/");
  return names === "" ? [peer] : names.split(" ").map((name) => `${kind}/${name}`);
}

/** The peers to which an endpoint leads: what its own tag says, and whose filters are in force on it. */
export function peersOf(
  { graph }: AzureStack,
  node: Node,
  interfaces: readonly NetworkInterface[],
): readonly string[] {
  const filters = interfaces.find(({ urn }) => urn === node.urn)?.filters ?? [];
  const peers = [peerOf(graph, node), ...filters.map(({ peer }) => peer)];
  return [...new Set(peers.filter((peer) => peer !== undefined).flatMap(peersNamed))];
}

/** Whether what an endpoint leads to can be a peer, by what service of Azure's it is. */
export function leadsTo({ graph }: AzureStack, endpoint: Node, peer: string): boolean {
  const [kind, id = ""] = peer.split("/");
  const meant =
    kind === "platform-service" ? (servicesOf[id] ?? []) : kind === "data-store" ? storeTypes : [];
  return linksOf(graph, endpoint).some((link) => {
    const service = serviceOf(link);
    return service === undefined
      ? link.referents.some((to) => to.kind === "external" && isOwnOf(graph, to.id, meant))
      : meant.includes(service.resourceType);
  });
}

/** Whether an id is that of a service that exists already, in a subscription of the stack's, and is of some types. */
function isOwnOf(graph: StackGraph, id: string, wanted: readonly ResourceType[]): boolean {
  const [, namespace = "", kind = ""] = /\/providers\/([^/]+)\/([^/]+)\/[^/]+$/.exec(armKey(id)) ?? [];
  return (
    isOwnId(ownSubscriptions(graph), id) &&
    wanted.some((type) => armTypes.get(type)?.path === `${namespace}/${kind}`)
  );
}

/** The service that gives out tokens: the host of a workload itself, which the facts show as a filter of its own. */
const identityPeer = "platform-service/identity";

/**
 * Which peers of platforms are reached by private endpoints; and the service of identities, which each host has beside
 * it, where the facts show a filter of it.
 */
export function servedPeers(
  stack: AzureStack,
  interfaces: readonly NetworkInterface[],
  filters: readonly Filter[],
): readonly ServedPeer[] {
  const byEndpoint = stack.graph.ofType(endpointType).flatMap((node) =>
    peersOf(stack, node, interfaces)
      .filter((peer) => leadsTo(stack, node, peer))
      .map((peer) => ({ platform: platformOf(stack, node), peer })),
  );
  const besideHosts = filters
    .filter(({ peer }) => peer === identityPeer)
    .map(({ platform }) => ({ platform, peer: identityPeer }));
  return [...byEndpoint, ...besideHosts];
}
