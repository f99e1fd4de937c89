import { firewallSubnetPrefix, purposeBlock } from "../../model/address-plan";
import { partOf, type Cidr } from "../../model/cidr";
import { egressGuardId } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { keptAddresses } from "./replica-addresses";

/** The subnet of the firewall, which is alone in it. */
export interface FirewallSubnet {
  readonly block: Cidr;
  /** The address at which the firewall takes packets. */
  readonly address: string;
}

/** The workload that calls external providers; `undefined` where the platform has none. */
export function egressGuardOf({ workloads }: Pick<PlatformSpec, "workloads">): Workload | undefined {
  return workloads.find(({ id }) => id === egressGuardId);
}

/**
 * Where the firewall of the egress zone stands; `undefined` where the platform has no egress guard.
 *
 * Azure gives a firewall an address of its subnet, in practice always the first that it does not keep for itself. Nothing but
 * a firewall can be in the subnet, so that a route to an address that it turned out not to have would lead nowhere, and not
 * past it.
 */
export function firewallSubnet(spec: PlatformSpec): FirewallSubnet | undefined {
  const zone = spec.zones.find(({ id }) => id === "egress");
  if (zone === undefined || egressGuardOf(spec) === undefined) {
    return undefined;
  }
  const block = partOf(purposeBlock(zone, "inspection"), firewallSubnetPrefix, 0);
  return { block, address: partOf(block, 32, keptAddresses).text.replace(/\/32$/, "") };
}
