import { partOf, type Cidr } from "./cidr";
import { stableHash } from "./stable-hash";
import type { Zone, ZoneId } from "./zone";

/** What the subnets of a zone are for; each purpose has subnets, routes and filters of its own. */
export const subnetPurposes = [
  "load-balancer",
  "workload",
  "private-endpoint",
  "inspection",
  "address-translation",
] as const;

/** What subnets are for. */
export type SubnetPurpose = (typeof subnetPurposes)[number];

/** The purposes that each zone has. `phi` has private endpoints only: no code of the customer's runs in it. */
export const purposesOf = {
  gateway: ["load-balancer", "workload"],
  processing: ["workload", "private-endpoint"],
  phi: ["private-endpoint"],
  egress: ["workload", "private-endpoint", "inspection", "address-translation"],
} as const satisfies Record<ZoneId, readonly SubnetPurpose[]>;

/** Which quarter of its zone's block each purpose has. Purposes of which no zone has both share one. */
const quarters: Readonly<Record<SubnetPurpose, 0 | 1 | 2 | 3>> = {
  "load-balancer": 0,
  "address-translation": 0,
  workload: 1,
  "private-endpoint": 2,
  inspection: 3,
};

/** Where a cloud spreads subnets over availability zones, the letters that name them; elsewhere the one letter `a`. */
export const subnetLetters = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

export type SubnetLetter = (typeof subnetLetters)[number];

/** Bits by which a subnet is smaller than its zone's block: a quarter for each purpose, and eight letters in each. */
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
  const index = quarters[purpose] * subnetLetters.length + subnetLetters.indexOf(letter);
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

/** The subnet of a firewall on Azure: a /26, the smallest in which one grows as it needs to ("Azure Firewall FAQ"). */
export const firewallSubnetPrefix = 26;

/** Whether an egress zone has room for the subnet of a firewall on Azure, in its quarter for inspection. */
export function hasFirewallSubnet({ prefixLength }: Cidr): boolean {
  return prefixLength + purposeBits <= firewallSubnetPrefix;
}

/** How many peers of one zone and purpose can have subnets of their own. */
export function peerSubnetsOf(addressBlock: Cidr): number {
  const bits = longestPeerPrefix - (addressBlock.prefixLength + purposeBits);
  return bits < 0 ? 0 : 2 ** bits;
}

/** The whole block of one purpose of a zone, on clouds whose subnets lie in every availability zone. */
export function purposeBlock(zone: Zone, purpose: SubnetPurpose): Cidr {
  return partOf(zone.addressBlock, zone.addressBlock.prefixLength + purposeBits, quarters[purpose]);
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
