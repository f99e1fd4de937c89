import type { HopFacts } from "../acceptor";
import type { Filter, MissingSeal, Network, PublicName, ResolverOpening, Unaudited } from "../fact";
import type { Safeguard, Safeguards } from "../safeguard";

import { ApiNames } from "./api-names";
import { AuditTrail } from "./audit";
import { labelOf, type GcpStack } from "./gcp-stack";
import { hopFacts } from "./hops";
import { LoadBalancerFilters } from "./load-balancer-filters";
import { LoadBalancers } from "./load-balancers";
import type { Networks } from "./networks";
import { producerSeals, producerSealsMissing } from "./producer-seals";
import { keptRecords } from "./record-safeguards";
import { closedResolvers } from "./resolver-safeguards";
import { Resolvers } from "./resolvers";
import type { Subnets } from "./subnets";

/** What is read of who accepts connections, who answers names, and what is recorded. */
export interface TransportFacts extends HopFacts {
  /** What load balancers take, and what they send it to. */
  readonly filters: readonly Filter[];
  readonly resolverOpenings: readonly ResolverOpening[];
  readonly unaudited: readonly Unaudited[];
  readonly missingSeals: readonly MissingSeal[];
  /** Names by which Google's APIs are found past the endpoints of a platform's networks. */
  readonly publicNames: readonly PublicName[];
  /** The networks that are in a zone, or hold a subnet of one. */
  readonly zonedNetworks: readonly Network[];
  readonly safeguards: () => Pick<Safeguards, "endpoints" | "resolvers" | "records" | "seals">;
}

/** Response policies that answer every name which nobody named, on networks of zones. */
function sinkholes(resolvers: Resolvers, zoned: readonly Network[]): readonly Safeguard[] {
  return zoned
    .filter(({ isInStack }) => isInStack)
    .flatMap((network) =>
      (resolvers.openings([network]).length > 0 ? [] : resolvers.blockingPolicies(network)).map(
        (policy): Safeguard => ({
          zone: undefined,
          what: "a response policy is in force on the network, and answers every name itself that nobody named",
          evidence: [
            { urn: network.urn, label: network.label },
            { urn: policy.urn, label: labelOf(policy) },
          ],
        }),
      ),
    );
}

/**
 * Reads what accepts connections in a stack, once its networks and subnets are read, and all that is in them.
 *
 * @param behind gives the filters of what is in networks.
 * @param holdingPhi the networks that hold something of the PHI zone.
 */
export function transportFacts(
  stack: GcpStack,
  {
    networks,
    subnets,
    behind,
    holdingPhi,
    published = new Set(),
  }: {
    readonly networks: Networks;
    readonly subnets: Subnets;
    readonly behind: () => readonly Filter[];
    readonly holdingPhi: readonly Network[];
    /** The forwarding rules that certainly lead to one workload of a platform of ours; none, if left out. */
    readonly published?: ReadonlySet<string>;
  },
): TransportFacts {
  const balancers = new LoadBalancers(stack);
  const resolvers = new Resolvers(stack, networks);
  const audit = new AuditTrail(stack, networks, subnets, resolvers, balancers);
  const zoned = audit.zonedNetworks();
  const apiNames = new ApiNames(stack, networks, resolvers);
  const openings = resolvers.openings(holdingPhi);
  return {
    ...hopFacts(stack, balancers, published),
    filters: new LoadBalancerFilters(stack, networks, subnets, balancers, behind).all,
    resolverOpenings: openings,
    unaudited: audit.unaudited(),
    publicNames: apiNames.publicNames(),
    zonedNetworks: zoned,
    missingSeals: [
      ...producerSealsMissing(stack, networks),
      // What is answered in a network that holds PHI is another rule's.
      ...resolvers.unfiltered(zoned, holdingPhi),
    ],
    safeguards: () => ({
      endpoints: apiNames.safeguards(),
      resolvers: closedResolvers(stack, resolvers, { holdingPhi, openings }),
      records: keptRecords(stack, audit, resolvers),
      seals: [...producerSeals(stack, networks), ...sinkholes(resolvers, zoned)],
    }),
  };
}
