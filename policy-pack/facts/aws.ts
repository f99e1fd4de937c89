import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { ownAccount } from "./aws/accounts";
import { AuditTrail } from "./aws/audit";
import type { AwsStack } from "./aws/aws-stack";
import { Buckets } from "./aws/buckets";
import { collectionFacts } from "./aws/collections";
import { endpointAdmissions, publicServiceNames, servedPeers } from "./aws/endpoint-peers";
import { openEndpointPolicies } from "./aws/endpoint-policies";
import { fhirStoreChannels } from "./aws/fhir-stores";
import { Interfaces } from "./aws/interfaces";
import { NetworkAcls } from "./aws/network-acls";
import { keyChannels } from "./aws/keys";
import { latticeOpenings } from "./aws/lattice";
import { networkConnections } from "./aws/network-connections";
import { Networks } from "./aws/networks";
import { offeredServices } from "./aws/offered-services";
import { Resolvers } from "./aws/resolvers";
import { roleTrusts } from "./aws/role-trust";
import { RouteTables } from "./aws/route-tables";
import { missingSeals } from "./aws/seals";
import { SecurityGroups } from "./aws/security-groups";
import { Subnets } from "./aws/subnets";
import { unreadResources, unrecordedResources } from "./aws/unread-resources";
import type { Blind, NetworkFacts } from "./fact";

/**
 * Draws the facts from the AWS resources of a stack. What a resource inherits of its zone from where it is goes into
 * `zones` on the way.
 *
 * @param platforms the names of the platforms that the stack declares, by the URN of their component.
 */
export function awsFacts(
  graph: StackGraph,
  zones: Zones,
  platforms: ReadonlyMap<string, string>,
): NetworkFacts {
  const stack: AwsStack = { graph, zones, platforms, account: ownAccount(graph) };
  const networks = new Networks(stack);
  const groups = new SecurityGroups(stack, networks);
  const acls = new NetworkAcls(stack, networks);
  const tables = new RouteTables(stack, networks);
  const subnets = new Subnets(stack, networks, acls, tables);
  const interfaces = new Interfaces(stack, networks, groups, subnets);
  // What a service is in front of gives it a zone, by which endpoints that lead to it are judged.
  const services = offeredServices(stack, interfaces.all);
  const resolvers = new Resolvers(stack, networks, subnets);
  const audit = new AuditTrail(stack, networks, subnets, resolvers);
  const buckets = new Buckets(stack);
  const collections = collectionFacts(stack);

  const managedOnly = interfaces
    .besidesEndpoints()
    .flatMap(({ urn, label, zone, platform }): readonly Blind[] =>
      zone === "phi" && platform !== undefined
        ? [
            {
              urn,
              label,
              zone,
              what: "It runs in the PHI zone of a platform, which is managed-only: private endpoints of managed stores and nothing else.",
              remedy: "Run it in the processing zone, and let a flow name the store that it needs.",
            },
          ]
        : [],
    );

  return {
    interfaceFilters: groups.all,
    subnetFilters: acls.all,
    routeTables: tables.all,
    subnets: subnets.all,
    interfaces: interfaces.all,
    publicAddresses: [
      ...networks.publicAddresses(),
      ...subnets.publicAddresses(),
      ...interfaces.publicAddresses(),
    ],
    networkConnections: [
      ...networkConnections(stack, networks, subnets),
      ...latticeOpenings(stack, networks, subnets, groups.all),
      ...services,
    ],
    openEndpointPolicies: openEndpointPolicies(stack),
    sideChannels: [
      ...buckets.sideChannels(),
      ...collections.sideChannels,
      ...fhirStoreChannels(stack),
      ...keyChannels(stack),
      ...interfaces.sideChannels(),
    ],
    storeAdmissions: [
      ...buckets.storeAdmissions(),
      ...collections.storeAdmissions,
      ...endpointAdmissions(stack, interfaces.all),
      ...roleTrusts(stack),
    ],
    publicNames: [...buckets.publicNames(), ...collections.publicNames, ...publicServiceNames(stack)],
    servedPeers: servedPeers(stack, interfaces.all),
    resolverOpenings: resolvers.openings(),
    networksWithCodeInPhi: new Set(
      interfaces
        .running()
        .filter(({ zone }) => zone === "phi")
        .flatMap(({ subnets: places, filters }) => [...places, ...filters].map(({ network }) => network.urn)),
    ),
    unaudited: audit.unaudited(),
    blind: [
      ...groups.blind,
      ...acls.blind,
      ...tables.blind,
      ...interfaces.blind,
      ...buckets.blind,
      ...managedOnly,
      ...unreadResources(stack, subnets.all),
      ...unrecordedResources(stack),
    ],
    missingSeals: missingSeals(stack, networks, groups, subnets),
  };
}
