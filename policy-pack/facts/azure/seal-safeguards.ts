import { flagOf } from "../../reading";
import type { Network } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, type AzureStack } from "./azure-stack";
import { keySafeguards } from "./key-seals";
import { enclosedStores } from "./perimeter-seals";
import { platformLicences, platformMetadata } from "./platform-tags";
import type { Resolvers } from "./resolvers";
import type { RouteTables } from "./route-tables";
import { sealsMissingOn } from "./seals";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";

/** What is read of the networks of a stack. */
export interface SealedNetworks {
  /** The networks that hold something of a zone. */
  readonly zoned: readonly Network[];
  readonly tables: RouteTables;
  readonly subnets: Subnets;
  readonly groups: SecurityGroups;
  readonly resolvers: Resolvers;
}

/** What stands on the subnets of zones in the place of what Azure opens by default. */
function ofSubnets({ tables, subnets, groups }: SealedNetworks): readonly Safeguard[] {
  return subnets.written.flatMap((written): readonly Safeguard[] => {
    const { subnet, read } = written;
    const { zone, urn, label } = subnet;
    if (zone === undefined) {
      return [];
    }
    const evidence = [{ urn, label }];
    const bound = written.groups.flatMap((to) => groups.of(to));
    const isBound =
      bound.length > 0 && subnet.unknownRoutes === undefined && read("routeTable").kind !== "absent";
    const byDefault = flagOf(read("defaultOutboundAccess"));
    return [
      ...(isBound && sealsMissingOn(tables, written).length === 0
        ? [
            {
              zone,
              what: "the subnet has a network security group, and a route table that leads 0.0.0.0/0 and takes no route of a gateway's, so that it falls back to no default",
              evidence,
            },
          ]
        : []),
      ...(byDefault.kind === "known" && !byDefault.value
        ? [
            {
              zone,
              what: "Azure's own way to the Internet is switched off on the subnet (defaultOutboundAccess is false)",
              evidence,
            },
          ]
        : []),
      ...[platformMetadata, platformLicences]
        .filter((tag) => groups.deniesOnSubnet(subnet, tag))
        .map(({ text }) => ({
          zone,
          what: `the network security group of the subnet denies ${text} to what is in it`,
          evidence,
        })),
    ];
  });
}

/** Defaults of Azure that are closed, and what stands in their place. */
export function seals(stack: AzureStack, networks: SealedNetworks): readonly Safeguard[] {
  const { zones } = stack;
  const { groups, resolvers, zoned } = networks;
  return [
    ...ofSubnets(networks),
    ...groups.ownersOfAllRules().map((node) => ({
      zone: zones.of(node.urn),
      what: "one resource owns the rules of the network security group, so that a rule of another is taken out",
      evidence: [{ urn: node.urn, label: labelOf(node) }],
    })),
    ...zoned
      .filter(({ isInStack, isDetermined }) => isInStack && isDetermined)
      .flatMap((network) =>
        resolvers.blockingPolicies(network).map((policy): Safeguard => ({
          zone: undefined,
          what: "a DNS security policy is in force on the network, and blocks every name that nobody named",
          evidence: [
            { urn: network.urn, label: network.label },
            { urn: policy.urn, label: labelOf(policy) },
          ],
        })),
      ),
    ...enclosedStores(stack).map(({ store, associations }): Safeguard => ({
      zone: "phi",
      what: "a network security perimeter encloses the store",
      evidence: [store, ...associations].map((node) => ({ urn: node.urn, label: labelOf(node) })),
    })),
    ...keySafeguards(stack),
  ];
}
