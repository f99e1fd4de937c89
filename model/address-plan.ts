import { partOf, type Cidr } from "./cidr";
import { stableHash } from "./stable-hash";
import type { Zone, ZoneId } from "./zone";

/** What the subnets of a zone are for; each purpose has subnets, routes and filters of its own. */
export const subnetPurposes = ["load-balancer", "workload", "private-endpoint", "inspection"] as const;

/** What subnets are for. */
export type SubnetPurpose = (typeof subnetPurposes)[number];

/** The purposes that each zone has. `phi` has private endpoints only: no code of the customer's runs in it. */
export const purposesOf = {
  gateway: ["load-balancer", "workload"],
  processing: ["workload", "private-endpoint"],
  phi: ["private-endpoint"],
  egress: ["workload", "inspection"],
} as const satisfies Record<ZoneId, readonly SubnetPurpose[]>;

/** Where a cloud spreads subnets over availability zones, the letters that name them; elsewhere the one letter `a`. */
export const subnetLetters = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

export type SubnetLetter = (typeof subnetLetters)[number];

/** Each zone's block is cut into this many equal subnets: four purposes by eight letters. */
const subnetsPerZoneBits = 5;

/**
 * The smallest block of a zone: its subnets are then a /28, the smallest that AWS takes (Amazon VPC user guide, "Subnet
 * sizing"); for load balancers a /27, of which they want eight free addresses (Elastic Load Balancing user guide, "Subnets
 * for your load balancer").
 */
export function longestZonePrefix(zone: ZoneId): number {
  const hasLoadBalancer = (purposesOf[zone] as readonly SubnetPurpose[]).includes("load-balancer");
  return (hasLoadBalancer ? 27 : 28) - subnetsPerZoneBits;
}

/** Addresses of a subnet that the clouds keep for themselves: five on AWS and Azure, four on Google Cloud. */
const reservedAddresses = 5n;

/**
 * The block of one subnet. It depends on the zone, the purpose and the letter alone, so adding a zone, a purpose or an
 * availability zone moves no other subnet.
 */
export function subnetBlock(zone: Zone, purpose: SubnetPurpose, letter: SubnetLetter): Cidr {
  const index = subnetPurposes.indexOf(purpose) * subnetLetters.length + subnetLetters.indexOf(letter);
  return partOf(zone.addressBlock, zone.addressBlock.prefixLength + subnetsPerZoneBits, index);
}

/** How many addresses each subnet of a zone has for the platform's use; negative where the zone is too small to be cut. */
export function usableAddresses(addressBlock: Cidr): number {
  return Number(((addressBlock.end - addressBlock.start) >> BigInt(subnetsPerZoneBits)) - reservedAddresses);
}

/** The smallest subnet of one peer: a /27, the smallest that Azure's container services take ("Virtual network requirements"). */
const longestPeerPrefix = 27;

/** Bits by which a purpose's block is smaller than its zone's. */
const purposeBits = 2;

/** How many addresses the subnet of one peer has for its replicas. */
export const peerSubnetAddresses = 2 ** (32 - longestPeerPrefix) - Number(reservedAddresses);

/** How many peers of one zone and purpose can have subnets of their own. */
export function peerSubnetsOf(addressBlock: Cidr): number {
  const bits = longestPeerPrefix - (addressBlock.prefixLength + purposeBits);
  return bits < 0 ? 0 : 2 ** bits;
}

/** The whole block of one purpose of a zone, on clouds whose subnets lie in every availability zone. */
export function purposeBlock(zone: Zone, purpose: SubnetPurpose): Cidr {
  return partOf(
    zone.addressBlock,
    zone.addressBlock.prefixLength + purposeBits,
    subnetPurposes.indexOf(purpose),
  );
}

/**
 * The address in the network of a zone by which the cloud's own APIs are called, on clouds where one endpoint leads to all
 * of them: one that no subnet of the zone has.
 */
export function cloudApisAddress(zone: Zone): Cidr {
  return partOf(purposeBlock(zone, "private-endpoint"), 32, 5);
}

/**
 * The blocks of the subnets of single peers, by the peer's name: each where a hash of its name puts it, or in the next
 * free place if another's is there. A peer that is added moves another only where both have the same place by their names.
 *
 * @param names the names of all peers of the zone and purpose; at most {@link peerSubnetsOf} of them.
 * @throws RangeError if there are more.
 */
export function peerSubnetBlocks(
  zone: Zone,
  purpose: SubnetPurpose,
  names: readonly string[],
): ReadonlyMap<string, Cidr> {
  const places = peerSubnetsOf(zone.addressBlock);
  if (names.length > places) {
    throw new RangeError(`${String(names.length)} peers do not fit into ${String(places)} subnets`);
  }
  const block = purposeBlock(zone, purpose);
  const taken = new Map<number, string>();
  for (const name of [...names].sort()) {
    let place = stableHash(name) % places;
    while (taken.has(place)) {
      place = (place + 1) % places;
    }
    taken.set(place, name);
  }
  return new Map([...taken].map(([place, name]) => [name, partOf(block, longestPeerPrefix, place)]));
}
