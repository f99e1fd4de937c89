import type { Network, ResolverOpening } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf } from "./azure-stack";
import type { Resolvers } from "./resolvers";

/** How the resolvers of the networks that hold the PHI zone are closed, where they are. */
export function closedResolvers(
  resolvers: Resolvers,
  {
    holdingPhi,
    openings,
  }: {
    readonly holdingPhi: readonly Network[];
    readonly openings: readonly ResolverOpening[];
  },
): readonly Safeguard[] {
  const closed = holdingPhi.filter(
    (network) =>
      network.isInStack && network.isDetermined && !openings.some((opening) => opening.network === network),
  );
  return closed.flatMap((network): readonly Safeguard[] => {
    const { urn, label } = network;
    const denied = resolvers.denials(network);
    const rules = resolvers.closingRules(network);
    return [
      ...(denied.length === 0
        ? []
        : [
            {
              zone: "phi" as const,
              what: "the network security group of the subnet denies the resolver (AzurePlatformDNS) to what is in it",
              evidence: denied.map((subnet) => ({ urn: subnet.urn, label: subnet.label })),
            },
          ]),
      ...(rules.length === 0
        ? []
        : [
            {
              zone: "phi" as const,
              what: "the rules of the network's DNS security policy, in this order, answer names of Azure's own and block every other",
              evidence: rules.map(({ node, says }, index) => ({
                urn: node.urn,
                label: `${String(index + 1).padStart(String(rules.length).length, "0")}. ${labelOf(node)}: ${says}`,
              })),
            },
            {
              zone: "phi" as const,
              what: "no ruleset, private zone or other name server of the stack takes queries out of the network",
              evidence: [{ urn, label }],
            },
          ]),
    ];
  });
}
