import type { Network, ResolverOpening } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, type GcpStack } from "./gcp-stack";
import type { Resolvers } from "./resolvers";

const perimeterType = "gcp:accesscontextmanager:serviceperimeter";

/** How the resolvers of the networks that hold the PHI zone are closed, where they are; or that there is nothing to close. */
export function closedResolvers(
  { graph, zones }: GcpStack,
  resolvers: Resolvers,
  {
    holdingPhi,
    openings,
  }: {
    readonly holdingPhi: readonly Network[];
    readonly openings: readonly ResolverOpening[];
  },
): readonly Safeguard[] {
  if (holdingPhi.length === 0) {
    return graph
      .ofType(perimeterType)
      .filter(({ urn }) => zones.of(urn) === "phi")
      .map((perimeter) => ({
        zone: "phi",
        what: "no network of the stack is in the PHI zone, so that nothing in it asks a resolver for a name",
        evidence: [{ urn: perimeter.urn, label: labelOf(perimeter) }],
      }));
  }
  const closed = holdingPhi.filter(
    (network) =>
      network.isInStack && network.isDetermined && !openings.some((opening) => opening.network === network),
  );
  return closed.flatMap((network): readonly Safeguard[] => {
    const { urn, label } = network;
    const rules = resolvers.closingRules(network);
    return rules.length === 0
      ? []
      : [
          {
            zone: "phi",
            what: "the rules of the network's response policy, of which the longest name decides, pass on names of private zones and of Google's own, and answer every other themselves",
            evidence: rules.map(({ node, says }) => ({ urn: node.urn, label: `${labelOf(node)}: ${says}` })),
          },
          {
            zone: "phi",
            what: "no server policy or private zone of the stack takes queries out of the network",
            evidence: [{ urn, label }],
          },
        ];
  });
}
