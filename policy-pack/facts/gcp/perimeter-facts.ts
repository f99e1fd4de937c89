import { platformServiceIds } from "../../../model/platform-service";

import { reading, recordOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Blind, Filter, Network, NetworkFacts, ServedPeer, Subnet } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import type { Safeguards } from "../safeguard";

import { accessLevelTypes, soundLevels, weakLevels } from "./access-levels";
import { apiEndpoints, apiNetwork } from "./google-apis";
import { calledServices } from "./called-services";
import type { GcpStack } from "./gcp-stack";
import { storePeerOf, storesOfPhi } from "./held-stores";
import { grantTypes } from "./iam-grants";
import { roleTypes } from "./iam-roles";
import { organizationPolicyTypes } from "./organization-policies";
import { unheldProjects } from "./perimeter-membership";
import { openPerimeters } from "./perimeter-openings";
import { apiEndpointSafeguards, closedPerimeters } from "./perimeter-safeguards";
import { perimeterSeals } from "./perimeter-seals";
import { inheritPerimeterZones, perimeterTypes } from "./perimeters";
import { inheritProjectZones } from "./projects";
import { impersonationTypes, storeAdmissions } from "./store-admissions";

/**
 * Types from which facts about projects, perimeters and IAM are drawn, besides those by which roles are given
 * (`isGrantType` of iam-grants.ts).
 */
export const perimeterFactTypes: readonly ResourceType[] = [
  "gcp:organizations:project",
  "gcp:projects:serviceidentity",
  ...perimeterTypes,
  ...accessLevelTypes,
  ...organizationPolicyTypes,
  ...grantTypes,
  ...roleTypes,
  ...impersonationTypes,
];

/** Types about projects and IAM that open nothing: they name, or take away. */
export const harmlessProjectTypes: readonly ResourceType[] = [
  "gcp:accesscontextmanager:accesspolicy",
  "gcp:accesscontextmanager:authorizedorgsdesc",
  "gcp:folder:folder",
  "gcp:iam:denypolicy",
  "gcp:organizations:folder",
  "gcp:projects:defaultserviceaccounts",
  "gcp:projects:iammemberremove",
  "gcp:projects:service",
];

/** What is read of the network, and what calls are held against. */
export interface CallingPlaces {
  /** The filters of identities and of what else is in the networks of the stack. */
  readonly filters: readonly Filter[];
  readonly networks: readonly Network[];
  /** The filters in force on what runs as a service account; by default those of its peer alone. */
  readonly filtersOf?: (account: Node) => readonly Filter[];
}

/** The facts that projects, perimeters and IAM give. */
export type PerimeterFacts = Pick<
  NetworkFacts,
  "perimeterOpenings" | "storeAdmissions" | "servedPeers" | "blind" | "missingSeals"
> & {
  /** Who may call each store of the PHI zone, and each service of a platform. */
  readonly filters: readonly Filter[];
  /** Where what is called stands, outside of every network of the stack. */
  readonly subnets: readonly Subnet[];
  readonly safeguards: () => Pick<Safeguards, "perimeters" | "endpoints" | "seals">;
};

/** The services and stores of platforms to which an endpoint of Google's APIs leads. */
function servedPeers(stack: GcpStack): readonly ServedPeer[] {
  const platforms = new Set(apiEndpoints(stack).map(({ node }) => platformOf(stack, node)));
  const stores = storesOfPhi(stack);
  return [...platforms].flatMap((platform): readonly ServedPeer[] =>
    platform === undefined
      ? []
      : [
          ...platformServiceIds.map((id) => ({ platform, peer: `platform-service/${id}` })),
          ...[
            ...new Set(
              stores.flatMap((store) =>
                platformOf(stack, store) === platform ? (storePeerOf(stack, store) ?? []) : [],
              ),
            ),
          ].map((peer) => ({ platform, peer })),
        ],
  );
}

/** Components that do not say which projects are those of their zones. */
function unknownProjects(stack: GcpStack): readonly Blind[] {
  return stack.graph.nodes
    .filter(
      ({ outputs }) =>
        outputs["zoneProjects"] !== undefined &&
        recordOf(reading(outputs["zoneProjects"])).kind === "unknown",
    )
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      zone: undefined,
      what: "Its output zoneProjects is not known, so that any project may be that of any zone.",
      remedy: "Register the id and the number of each zone's project, which a preview knows.",
    }));
}

/**
 * Lets resources inherit the zones of their projects and of perimeters. It goes before everything that asks for the zone of a
 * resource.
 */
export function inheritZonesOfProjects(stack: GcpStack): void {
  inheritProjectZones(stack);
  inheritPerimeterZones(stack);
}

/**
 * Reads the projects, perimeters and grants of a stack, and who may call what by them.
 *
 * @param places what is in the networks of the stack. {@link inheritZonesOfProjects} has gone before.
 */
export function perimeterFacts(
  stack: GcpStack,
  { filters, networks, filtersOf = () => [] }: CallingPlaces,
): PerimeterFacts {
  const apis = apiNetwork(stack, networks);
  const called = calledServices(stack, { filters, filtersOf, apis });
  const perimeterOpenings = [...openPerimeters(stack), ...unheldProjects(stack), ...weakLevels(stack)];
  const served = servedPeers(stack);
  return {
    perimeterOpenings,
    storeAdmissions: storeAdmissions(stack),
    servedPeers: served,
    blind: unknownProjects(stack),
    missingSeals: perimeterSeals(stack),
    filters: called,
    subnets: [...new Set(called.flatMap(({ subnets = [] }) => subnets))],
    safeguards: () => ({
      perimeters: closedPerimeters(stack, perimeterOpenings),
      endpoints: apiEndpointSafeguards(stack, served),
      seals: soundLevels(stack),
    }),
  };
}
