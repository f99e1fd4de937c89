import { peerName, zoneOf, type Peer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { peerTags, type FilteredPeer } from "../../model/tag";
import type { ZoneId } from "../../model/zone";
import { peerTagsOf, type Tags } from "../zone-facts";

/** The services that one private link scope of Azure Monitor answers for; its endpoint stands in the subnet of the first. */
const monitorServices = ["logs", "metrics"] as const;

/**
 * The peer in whose subnet a peer's end of a connection is.
 *
 * @returns the peer itself, `platform-service/logs` for metrics, and `undefined` where there is no subnet: the Internet,
 * and tokens for a workload's identity, which the host of a workload itself gives out.
 */
export function subnetPeerOf(peer: Peer): FilteredPeer | undefined {
  switch (peer.kind) {
    case "load-balancer":
    case "workload":
    case "data-store":
      return peer;
    case "platform-service":
      return peer.id === "identity"
        ? undefined
        : peer.id === "metrics"
          ? { kind: peer.kind, id: monitorServices[0] }
          : peer;
    case "zone":
    case "llm-provider":
    case "world":
      return undefined;
  }
}

/** The peers that have a subnet and a filter of their own: all that the platform declares, and the services that its flows use. */
export function filteredPeers(spec: PlatformSpec): readonly FilteredPeer[] {
  const declared: readonly Peer[] = [
    { kind: "load-balancer" },
    ...spec.workloads.map(({ id, zone }): Peer => ({ kind: "workload", id, zone })),
    ...spec.dataStores.map(({ id }): Peer => ({ kind: "data-store", id })),
    ...spec.flows.flatMap(({ from, to }): readonly Peer[] => [from, to]),
  ];
  const peers = new Map<string, FilteredPeer>();
  for (const peer of declared) {
    const own = subnetPeerOf(peer);
    if (own !== undefined) {
      peers.set(peerName(own), own);
    }
  }
  return [...peers.values()];
}

/** The names of the peers whose filter a peer's is: two for the one endpoint of Azure Monitor. */
export function peerNamesOf(peer: FilteredPeer): readonly string[] {
  return isMonitor(peer)
    ? monitorServices.map((id) => peerName({ kind: "platform-service", id }))
    : [peerName(peer)];
}

/** The zone of a peer that has a subnet. */
export function zoneOfPeer(peer: FilteredPeer): ZoneId {
  const zone = zoneOf(peer);
  if (zone === "world") {
    throw new Error(`${peerName(peer)} has no zone`);
  }
  return zone;
}

/** Tags of what belongs to one peer: where that is both services of Azure Monitor, both are named. */
export function tagsOfPeer(platform: string, peer: FilteredPeer): Tags {
  const tags = peerTagsOf(platform, zoneOfPeer(peer), peer);
  return isMonitor(peer) ? { ...tags, [peerTags[peer.kind]]: monitorServices.join(" ") } : tags;
}

function isMonitor(peer: FilteredPeer): boolean {
  return peer.kind === "platform-service" && (monitorServices as readonly string[]).includes(peer.id);
}
