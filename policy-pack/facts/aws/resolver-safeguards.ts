import { textOf } from "../../reading";
import type { Network, ResolverOpening } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { Resolvers } from "./resolvers";

/** How the resolvers of the networks that hold the PHI zone are closed, where they are. */
export function closedResolvers(
  { graph }: AwsStack,
  networks: Networks,
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
    if (resolvers.isOff(network)) {
      return [
        {
          zone: "phi",
          what: "the network answers no name at all: enableDnsSupport is false",
          evidence: [{ urn, label }],
        },
      ];
    }
    const rules = resolvers.closingRules(network);
    if (rules.length === 0) {
      return [];
    }
    const failing = graph
      .ofType("aws:route53:resolverfirewallconfig")
      .filter((node) => networks.isOf(node, "resourceId", network))
      .filter((node) => {
        const mode = textOf(graph.read(node, "firewallFailOpen"));
        return mode.kind === "known" && mode.value === "DISABLED";
      });
    return [
      {
        zone: "phi",
        what: "the rules of the network's DNS firewall, in this order, answer names of AWS's own and block every other",
        evidence: rules.map(({ node, says }, index) => ({
          urn: node.urn,
          label: `${String(index + 1).padStart(String(rules.length).length, "0")}. ${labelOf(node)}: ${says}`,
        })),
      },
      ...(failing.length === 0
        ? []
        : [
            {
              zone: "phi" as const,
              what: "the DNS firewall blocks while it does not work: firewallFailOpen is DISABLED",
              evidence: failing.map((node) => ({ urn: node.urn, label: labelOf(node) })),
            },
          ]),
      {
        zone: "phi",
        what: "no forwarder, profile, zone of another network or other name server of the stack takes queries out of the network",
        evidence: [{ urn, label }],
      },
    ];
  });
}
