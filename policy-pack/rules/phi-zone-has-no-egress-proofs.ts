import type { CloudKind } from "../../model/cloud-target";

import { cloudOfUrn } from "../cloud-of-urn";
import type { Evidence } from "../finding";
import type { JudgedStack } from "../judged-stack";
import { intersect } from "../packet-set";
import { proof, type Proof } from "../proof";
import type { Position } from "../reachability";
import { bindingPlatform, undeclaredRules } from "../undeclared";
import { isWhollyRead } from "../wholly-read";

import { filterWord } from "./opening";
import { safeguardProofs } from "./safeguard-proofs";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";

/** What holds the filters of one place. */
function ofPosition(stack: JudgedStack, position: Position): readonly Proof[] {
  const { reachability } = stack;
  // What a service perimeter holds back is no packet: it is told of as the API layer.
  if (position.filters.length === 0 || position.filters.some(({ kind }) => kind === "service perimeter")) {
    return [];
  }
  const word = filterWord(position.filters);
  const rules = position.filters.flatMap(({ egress }) => egress);
  if (rules.length === 0) {
    // What stands for a filter that may not be in force is the subnet's own, and holds nothing back.
    return position.filters.some(({ urn }) => position.subnets.some((subnet) => subnet.urn === urn))
      ? []
      : [
          proof(
            `Filter: the ${word} has no egress rule, so that it lets no connection out.`,
            ...position.filters,
          ),
        ];
  }
  const undeclared = undeclaredRules(stack, position, "egress");
  if (undeclared.length === 0) {
    return [
      proof(
        `Filter: the egress rules of the ${word} lead nowhere but to the PHI zone itself.`,
        ...position.filters,
        ...rules,
      ),
    ];
  }
  const acls = position.subnets.flatMap(({ filters }) => filters);
  const isHeld =
    acls.length > 0 &&
    bindingPlatform(stack, position.platform) === undefined &&
    undeclared.every(({ packets }) =>
      reachability
        .classes(position)
        .every((subnet) => intersect(packets, reachability.allowedBySubnet(subnet, "egress")).length === 0),
    );
  return isHeld
    ? [
        proof(
          "Filter: network ACLs hold back all that the security group lets out.",
          ...position.filters,
          ...acls,
        ),
      ]
    : [];
}

function ofFilters(stack: JudgedStack): readonly Proof[] {
  return stack.reachability.positions
    .filter(({ zone }) => zone === "phi")
    .flatMap((position) => ofPosition(stack, position));
}

function ofSubnetFilters(stack: JudgedStack): readonly Proof[] {
  return stack.facts.subnetFilters
    .filter(
      (filter) =>
        filter.zone === "phi" &&
        filter.combination === "ordered" &&
        undeclaredSubnetRules(stack, filter, "egress").length === 0,
    )
    .map((filter) =>
      filter.egress.length === 0
        ? proof("Filter: the network ACL has no egress rule, so that it lets nothing out.", filter)
        : proof(
            bindingPlatform(stack, filter.platform) === undefined
              ? "Filter: by these rules the network ACL lets out replies to processing (TCP 1024-65535) and what stays in the zone; it denies the rest."
              : "Filter: by these rules the network ACL lets out replies to the zone's clients (TCP 1024-65535); it denies the rest.",
            filter,
            ...filter.egress,
          ),
    );
}

function ofRoutes({ facts }: JudgedStack): readonly Proof[] {
  const subnets = facts.subnets.filter(({ zone }) => zone === "phi");
  const closedTables = new Set(
    [...subnets.flatMap(({ routeTables }) => routeTables), ...facts.routeTables].filter(
      (table) =>
        table.routes.length === 0 &&
        (table.zone === "phi" || subnets.some(({ routeTables }) => routeTables.includes(table))),
    ),
  );
  const closedSubnets = subnets.filter(
    ({ routeTables, unknownRoutes }) =>
      unknownRoutes === undefined &&
      routeTables.length > 0 &&
      routeTables.every((table) => closedTables.has(table)),
  );
  return [
    ...[...closedTables].map((table) =>
      proof(
        cloudOfUrn(table.urn) === "gcp"
          ? "Route: no route leads out of the network."
          : "Route: the route table holds no route out of its network.",
        table,
      ),
    ),
    ...closedSubnets.map((subnet) =>
      proof(
        cloudOfUrn(subnet.urn) === "gcp"
          ? "Route: only such routes are in force on the subnet."
          : "Route: only such a route table is in force on the subnet.",
        subnet,
      ),
    ),
  ];
}

/** By what something gets a public address on each cloud. */
const addressesOf: Readonly<Record<CloudKind, string>> = {
  aws: "no setting, elastic address, NAT gateway or IPv6",
  azure: "no default outbound access, public IP address, NAT gateway or IPv6",
  gcp: "no external address, NAT or IPv6, and nothing that sends on what others send",
};

/** Nothing of the zone has a public address, and its networks are joined to no other; where that is so of all of it. */
function ofPlaces({ facts }: JudgedStack): readonly Proof[] {
  const inPhi = <Item extends { readonly zone: string | undefined }>(
    items: readonly Item[],
  ): readonly Item[] => items.filter(({ zone }) => zone === "phi");
  const subnets = inPhi(facts.subnets);
  const networks: readonly Evidence[] = subnets.flatMap(({ network }) =>
    network.isInStack ? [network] : [],
  );
  return [
    ...(inPhi(facts.publicAddresses).length > 0
      ? []
      : [...subnets, ...inPhi(facts.interfaces)].flatMap((place) => {
          const cloud = cloudOfUrn(place.urn);
          // What stands for the APIs of a cloud is no place of the stack's.
          return cloud === undefined
            ? []
            : [proof(`Address: nothing gives it a public address: ${addressesOf[cloud]}.`, place)];
        })),
    ...(inPhi(facts.networkConnections).length > 0
      ? []
      : networks.map((network) =>
          proof(
            "Connection: no peering, gateway, VPN or share of the stack joins the PHI zone to another network.",
            network,
          ),
        )),
  ];
}

/** What closes each layer of the PHI zone, as far as it is closed. */
export function phiZoneHasNoEgressProofs(stack: JudgedStack): readonly Proof[] {
  if (!isWhollyRead(stack, "phi")) {
    return [];
  }
  const { endpointPolicies, perimeters, stores } = stack.facts.safeguards();
  return [
    ...ofFilters(stack),
    ...ofSubnetFilters(stack),
    ...ofRoutes(stack),
    ...ofPlaces(stack),
    ...safeguardProofs(
      "API",
      [...endpointPolicies, ...perimeters].filter(({ zone }) => zone === "phi"),
    ),
    ...safeguardProofs("Store", stores),
  ];
}
