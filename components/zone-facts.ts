import * as pulumi from "@pulumi/pulumi";

import type { FilteredPeer, sharedZone } from "../model/tag";
import { loadBalancerTagValue, peerTags, platformTag, purposeTag, zoneTag } from "../model/tag";
import type { SubnetPurpose } from "../model/address-plan";
import { peerName } from "../model/peer";
import { zoneIds, type ZoneId } from "../model/zone";

/** The tags, or labels, of one resource. */
export type Tags = Readonly<Record<string, string>>;

/** Tags of what belongs to a zone, or to all of them. */
export function zoneTags(platform: string, zone: ZoneId | typeof sharedZone, purpose?: SubnetPurpose): Tags {
  return {
    [platformTag]: platform,
    [zoneTag]: zone,
    ...(purpose === undefined ? {} : { [purposeTag]: purpose }),
  };
}

/**
 * Tags of what belongs to one peer of a zone.
 *
 * @param purpose what the subnets are for in which it is, where that does not follow from the kind of peer.
 */
export function peerTagsOf(
  platform: string,
  zone: ZoneId,
  peer: FilteredPeer,
  purpose?: SubnetPurpose,
): Tags {
  return {
    ...zoneTags(platform, zone, purpose),
    [peerTags[peer.kind]]: peer.kind === "load-balancer" ? loadBalancerTagValue : peer.id,
  };
}

/**
 * Which resources a component has put into which zone, by URN. Every component registers it as the output
 * `zoneMembers`, so that the judge and an auditor can compare it with the resources' own tags.
 */
export type ZoneMembers = Readonly<Record<ZoneId, pulumi.Output<readonly pulumi.URN[]>>>;

/**
 * Which resources a component has made for which peer, by URN, under the peer's name. Components register it as the output
 * `peerMembers` for resources that no tag or label can be put on.
 */
export type PeerMembers = Readonly<Record<string, pulumi.Output<readonly pulumi.URN[]>>>;

/** Collects the members of zones, and of peers, while a component creates them. */
export class ZoneRegister {
  readonly #members = new Map<ZoneId, pulumi.Resource[]>(zoneIds.map((id) => [id, []]));
  readonly #ofPeers = new Map<string, pulumi.Resource[]>();

  /** @param peer whose it is, for a resource that cannot say so itself. */
  add<R extends pulumi.Resource>(zone: ZoneId, resource: R, peer?: FilteredPeer): R {
    this.#members.get(zone)?.push(resource);
    if (peer !== undefined) {
      const name = peerName(peer);
      this.#ofPeers.set(name, [...(this.#ofPeers.get(name) ?? []), resource]);
    }
    return resource;
  }

  peerMembers(): PeerMembers {
    return Object.fromEntries(
      [...this.#ofPeers].map(([name, resources]) => [name, pulumi.all(resources.map(({ urn }) => urn))]),
    );
  }

  members(): ZoneMembers {
    const urns = (zone: ZoneId): pulumi.Output<readonly pulumi.URN[]> =>
      pulumi.all((this.#members.get(zone) ?? []).map(({ urn }) => urn));
    return {
      gateway: urns("gateway"),
      processing: urns("processing"),
      phi: urns("phi"),
      egress: urns("egress"),
    };
  }
}
