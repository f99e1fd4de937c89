import type { Cidr } from "../../model/cidr";
import type { PlatformSpec } from "../../model/platform-spec";

import { callersBlock, guardEndpointBlock, proxiesBlock, proxyBlock } from "./egress-addresses";
import type { NetworkedZone } from "./physical-names";

/** A subnet in which no workload runs. */
export interface SpecialSubnet {
  /** What it is called after the platform's name. */
  readonly id: string;
  readonly network: NetworkedZone;
  /** What is in it: addresses alone, proxies that Google runs, or the addresses from which callers of a published service come. */
  readonly kind: "addresses" | "proxies" | "callers";
  readonly block: Cidr;
}

/** What the subnets of the way to external providers are called after the platform's name. */
export const egressSubnetIds = {
  proxy: "egress-proxy",
  proxies: "egress-proxies",
  callers: "egress-guard-callers",
  endpoint: "egress-guard-endpoint",
} as const;

/** The subnets of the way to external providers besides the egress guard's; none without an egress zone. */
export function egressSubnets(spec: PlatformSpec): readonly SpecialSubnet[] {
  return spec.zones.some(({ id }) => id === "egress")
    ? [
        { id: egressSubnetIds.proxy, network: "egress", kind: "addresses", block: proxyBlock(spec) },
        { id: egressSubnetIds.proxies, network: "egress", kind: "proxies", block: proxiesBlock(spec) },
        { id: egressSubnetIds.callers, network: "egress", kind: "callers", block: callersBlock(spec) },
        {
          id: egressSubnetIds.endpoint,
          network: "processing",
          kind: "addresses",
          block: guardEndpointBlock(spec),
        },
      ]
    : [];
}
