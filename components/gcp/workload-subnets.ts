import { peerSubnetBlocks } from "../../model/address-plan";
import type { Cidr } from "../../model/cidr";
import { peerName, type WorkloadPeer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";

import { networkedZones, type NetworkedZone } from "./physical-names";

/** The subnet of one workload. */
export interface WorkloadSubnet {
  readonly peer: WorkloadPeer;
  readonly zone: NetworkedZone;
  readonly block: Cidr;
}

/**
 * The subnets of a platform on Google Cloud, where rules of a firewall know the other end of a connection by its addresses:
 * one for each workload, in its zone's block for workloads. Nothing else has addresses of a subnet: the load balancer is
 * Google's own, and data stores and platform services are reached by one address in each network.
 */
export function workloadSubnets(spec: PlatformSpec): readonly WorkloadSubnet[] {
  return networkedZones.flatMap((id): readonly WorkloadSubnet[] => {
    const zone = spec.zones.find((candidate) => candidate.id === id);
    const here = spec.workloads.filter((workload) => workload.zone === id);
    if (zone === undefined) {
      return [];
    }
    const peers = here.map((workload): WorkloadPeer => ({ kind: "workload", id: workload.id, zone: id }));
    const blocks = peerSubnetBlocks(zone, "workload", peers.map(peerName));
    return peers.map((peer) => ({ peer, zone: id, block: blockOf(blocks, peer) }));
  });
}

/** The block of a workload's subnet. @throws Error if it has none, which is a mistake of the renderer's. */
function blockOf(blocks: ReadonlyMap<string, Cidr>, peer: WorkloadPeer): Cidr {
  const block = blocks.get(peerName(peer));
  if (block === undefined) {
    throw new Error(`${peerName(peer)} has no subnet`);
  }
  return block;
}
