import { purposeBlock, type SubnetPurpose } from "../../model/address-plan";
import { partOf, type Cidr } from "../../model/cidr";
import { egressGuardId } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Zone, ZoneId } from "../../model/zone";

import { workloadSubnets } from "./workload-subnets";

/** The name by which the egress guard finds the proxy, in the manner of a workload's. No workload of the zone has it. */
export const proxyName = { id: "egress-proxy", zone: "egress" } as const;

/** The smallest subnet of an endpoint that leads to a published service: as large as that of a peer. */
const endpointPrefix = 27;

/** Addresses at the beginning of each subnet that Google Cloud keeps (VPC documentation, "Unusable addresses in IPv4 subnet ranges"). */
const keptAtTheBeginning = 2;

/** The last address of a subnet that Google Cloud does not keep, counted from its end. */
const lastUsable = 3;

function zoneOf({ zones }: PlatformSpec, id: ZoneId): Zone {
  const zone = zones.find((candidate) => candidate.id === id);
  if (zone === undefined) {
    throw new Error(`zone ${id} is not declared`);
  }
  return zone;
}

function halfOf(zone: Zone, purpose: SubnetPurpose, half: 0 | 1): Cidr {
  const block = purposeBlock(zone, purpose);
  return partOf(block, block.prefixLength + 1, half);
}

function addressIn(block: Cidr, index: number): string {
  return partOf(block, 32, index).text.replace(/\/32$/, "");
}

/**
 * The block in which Google runs the proxies of the egress zone, and from which they call: half of the block for inspection,
 * which is a /26 in the smallest zone, the least that they take (Cloud Load Balancing documentation, "Proxy-only subnets").
 */
export function proxiesBlock(spec: PlatformSpec): Cidr {
  return halfOf(zoneOf(spec, "egress"), "inspection", 0);
}

/** The block of the subnet in which the Secure Web Proxy has its address: the other half. */
export function proxyBlock(spec: PlatformSpec): Cidr {
  return halfOf(zoneOf(spec, "egress"), "inspection", 1);
}

/** The address at which the Secure Web Proxy takes requests. */
export function proxyAddress(spec: PlatformSpec): string {
  return addressIn(proxyBlock(spec), keptAtTheBeginning);
}

/** The block of the addresses from which whoever calls the egress guard by its endpoint comes to its network. */
export function callersBlock(spec: PlatformSpec): Cidr {
  return purposeBlock(zoneOf(spec, "egress"), "address-translation");
}

/** The address of the load balancer in front of the egress guard's machines, in their subnet: one that no replica has. */
export function guardFrontAddress(spec: PlatformSpec): string {
  const subnet = workloadSubnets(spec).find(({ peer }) => peer.id === egressGuardId);
  if (subnet === undefined) {
    throw new Error(`workload/${egressGuardId} has no subnet`);
  }
  return addressIn(subnet.block, Number(subnet.block.end - subnet.block.start) - lastUsable);
}

/** The block of the subnet in processing's network in which the egress guard's endpoint has its address: the last of its block. */
export function guardEndpointBlock(spec: PlatformSpec): Cidr {
  const block = purposeBlock(zoneOf(spec, "processing"), "private-endpoint");
  return partOf(block, endpointPrefix, 2 ** (endpointPrefix - block.prefixLength) - 1);
}

/** The address by which processing reaches the egress guard. */
export function guardEndpointAddress(spec: PlatformSpec): string {
  return addressIn(guardEndpointBlock(spec), keptAtTheBeginning);
}
