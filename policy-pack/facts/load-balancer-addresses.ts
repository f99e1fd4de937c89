import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";
import { peerOf } from "../zone-claims";

import { at, referentsAt, type PropertyPath } from "./property-path";

/** By the type of an address, the load balancers that can be reached at one, and where each names it. */
const frontends: Readonly<
  Record<ResourceType, readonly (readonly [balancer: ResourceType, path: PropertyPath])[]>
> = {
  "aws:ec2:eip": [
    ["aws:lb:loadbalancer", at("subnetMappings.allocationId")],
    ["aws:alb:loadbalancer", at("subnetMappings.allocationId")],
  ],
  "azure-native:network:publicipaddress": [
    ["azure-native:network:applicationgateway", at("frontendIPConfigurations.publicIPAddress.id")],
    ["azure-native:network:loadbalancer", at("frontendIPConfigurations.publicIPAddress.id")],
  ],
  "gcp:compute:address": [["gcp:compute:forwardingrule", at("ipAddress")]],
  "gcp:compute:globaladdress": [["gcp:compute:globalforwardingrule", at("ipAddress")]],
};

/**
 * Whether a public address is the load balancer's: it is said to be, and a load balancer of the stack that is said to be the
 * platform's certainly has it. The word alone excuses nothing, and nothing but an address is ever excused: what translates
 * addresses, or leads from a network to the Internet, is no part of a load balancer.
 */
export function isOfLoadBalancer(graph: StackGraph, address: Node): boolean {
  const isMeant = (node: Node): boolean => peerOf(graph, node) === "load-balancer";
  return (
    isMeant(address) &&
    (frontends[address.resourceType] ?? []).some(([balancer, path]) =>
      graph
        .ofType(balancer)
        .filter(isMeant)
        .some((node) =>
          referentsAt(graph, node, path, [address.resourceType]).some(
            (to) => to.kind === "resource" && to.node === address && !to.assumed,
          ),
        ),
    )
  );
}
