import { peerSubnetBlocks, purposeBlock, purposesOf, type SubnetPurpose } from "../../model/address-plan";
import type { Cidr } from "../../model/cidr";
import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { FilteredPeer } from "../../model/tag";
import type { ZoneId } from "../../model/zone";

import { filteredPeers, zoneOfPeer } from "./filtered-peers";

/** The subnet of one peer. */
export interface PeerSubnet {
  readonly peer: FilteredPeer;
  readonly zone: ZoneId;
  readonly purpose: SubnetPurpose;
  readonly block: Cidr;
}

const purposeOf = {
  "load-balancer": "load-balancer",
  workload: "workload",
  "data-store": "private-endpoint",
  "platform-service": "private-endpoint",
} as const satisfies Record<FilteredPeer["kind"], SubnetPurpose>;

/**
 * The subnets of a platform on Azure, where a network security group filters a whole subnet: one for each peer that has a
 * filter, in its zone's block for its purpose, and all of that block for the load balancer, which is alone in it.
 */
export function peerSubnets(spec: PlatformSpec): readonly PeerSubnet[] {
  const peers = filteredPeers(spec);
  return spec.zones.flatMap((zone) =>
    purposesOf[zone.id].flatMap((purpose): readonly PeerSubnet[] => {
      const here = peers.filter((peer) => zoneOfPeer(peer) === zone.id && purposeOf[peer.kind] === purpose);
      const blocks = peerSubnetBlocks(zone, purpose, here.map(peerName));
      return here.map((peer) => ({
        peer,
        zone: zone.id,
        purpose,
        block: purpose === "load-balancer" ? purposeBlock(zone, purpose) : blockOf(blocks, peer),
      }));
    }),
  );
}

/** The block of a peer's subnet. @throws Error if it has none, which is a mistake of the renderer's. */
function blockOf(blocks: ReadonlyMap<string, Cidr>, peer: FilteredPeer): Cidr {
  const block = blocks.get(peerName(peer));
  if (block === undefined) {
    throw new Error(`${peerName(peer)} has no subnet`);
  }
  return block;
}
