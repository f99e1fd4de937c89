import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { allHops } from "./acceptor";
import { AuditTrail } from "./aws/audit";
import type { AwsStack } from "./aws/aws-stack";
import { Backups } from "./aws/backups";
import { Buckets } from "./aws/buckets";
import { collectionFacts } from "./aws/collections";
import { endpointPolicySafeguards, endpointSafeguards } from "./aws/endpoint-safeguards";
import { endpointAdmissions, publicServiceNames, servedPeers } from "./aws/endpoint-peers";
import { openEndpointPolicies } from "./aws/endpoint-policies";
import { fhirStoreChannels } from "./aws/fhir-stores";
import { hopFacts } from "./aws/hops";
import { hostAllowances } from "./aws/host-allowances";
import { Interfaces } from "./aws/interfaces";
import { NetworkAcls } from "./aws/network-acls";
import { keyChannels } from "./aws/keys";
import { latticeOpenings } from "./aws/lattice";
import { networkConnections } from "./aws/network-connections";
import { Networks } from "./aws/networks";
import { networksOf, networksWithPhi } from "./networks-with-phi";
import { noFacts } from "./no-facts";
import { isOnCloud } from "./on-cloud";
import { passages } from "./aws/passages";
import { publicAccessBlocks } from "./aws/public-access-blocks";
import { offeredServices } from "./aws/offered-services";
import { Resolvers } from "./aws/resolvers";
import { keptRecords } from "./aws/record-safeguards";
import { closedResolvers } from "./aws/resolver-safeguards";
import { roleTrusts } from "./aws/role-trust";
import { RouteTables } from "./aws/route-tables";
import { seals } from "./aws/seal-safeguards";
import { missingSeals } from "./aws/seals";
import { SideChannels } from "./aws/side-channels";
import { SecurityGroups } from "./aws/security-groups";
import { storePolicyChannels } from "./aws/store-policies";
import { closedStores, privateStores } from "./aws/store-safeguards";
import { Subnets } from "./aws/subnets";
import { taskCarriers } from "./aws/task-definitions";
import { taskRoleAdmissions } from "./aws/task-roles";
import { zonedNetworks } from "./aws/zoned-networks";
import { enforcementFacts } from "./envoy/enforcement-points";
import type { Blind, NetworkFacts } from "./fact";
import type { Safeguards } from "./safeguard";

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
  const stack: AwsStack = { graph, zones, platforms, account: graph.account };
  if (!isOnCloud(stack, "aws", "aws", "aws-native")) {
    return noFacts;
  }
  const networks = new Networks(stack);
  const groups = new SecurityGroups(stack, networks);
  const acls = new NetworkAcls(stack, networks);
  const tables = new RouteTables(stack, networks);
  const subnets = new Subnets(stack, networks, acls, tables);
  const interfaces = new Interfaces(stack, networks, groups, subnets);
  const holdingPhi = networksWithPhi({
    networks: networks.all,
    subnets: subnets.all,
    filters: groups.all,
    interfaces: interfaces.all,
  });
  // What a service is in front of gives it a zone, by which endpoints that lead to it are judged.
  const services = offeredServices(stack, interfaces.all);
  const resolvers = new Resolvers(stack, networks, subnets);
  const audit = new AuditTrail(stack, networks, subnets, resolvers);
  const buckets = new Buckets(stack);
  const sideChannels = new SideChannels(stack);
  const collections = collectionFacts(stack);
  const leading = passages(stack, interfaces.all);
  const { blind: blindHops, ...accepted } = hopFacts(stack, interfaces.all, leading);
  const enforced = enforcementFacts(stack, taskCarriers(stack, interfaces.all, leading));

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

  const facts: NetworkFacts = {
    interfaceFilters: groups.all,
    subnetFilters: acls.all,
    routeTables: tables.all,
    subnets: subnets.all,
    interfaces: interfaces.all,
    passages: leading,
    publicAddresses: [
      ...networks.publicAddresses((network) => subnets.mayBePhiAlone(network)),
      ...subnets.publicAddresses(),
      ...interfaces.publicAddresses(),
    ],
    networkConnections: [
      ...networkConnections(stack, networks, subnets),
      ...latticeOpenings(stack, networks, subnets, groups.all),
      ...services,
    ],
    openEndpointPolicies: openEndpointPolicies(stack),
    perimeterOpenings: [],
    sideChannels: [
      ...buckets.sideChannels(),
      ...collections.sideChannels,
      ...fhirStoreChannels(stack),
      ...keyChannels(stack),
      ...interfaces.sideChannels(),
      ...sideChannels.channels(),
      ...new Backups(stack, sideChannels).channels(),
      ...storePolicyChannels(stack),
    ],
    storeAdmissions: [
      ...buckets.storeAdmissions(),
      ...collections.storeAdmissions,
      ...endpointAdmissions(stack, interfaces.all),
      ...roleTrusts(stack),
      ...taskRoleAdmissions(stack),
    ],
    publicNames: [...buckets.publicNames(), ...collections.publicNames, ...publicServiceNames(stack)],
    servedPeers: servedPeers(stack, interfaces.all),
    ...enforced,
    requestGates: [],
    meshes: [],
    ...allHops(accepted, enforced),
    resolverOpenings: resolvers.openings(holdingPhi),
    // Read with those of the other clouds.
    waysToInternet: [],
    hostAllowances: hostAllowances(stack),
    internetProxies: [],
    networksWithCodeInPhi: interfaces
      .running()
      .filter(({ zone }) => zone === "phi")
      .flatMap(networksOf),
    unaudited: audit.unaudited(),
    blind: [
      ...groups.blind,
      ...acls.blind,
      ...tables.blind,
      ...interfaces.blind,
      ...buckets.blind,
      ...managedOnly,
      ...blindHops,
    ],
    missingSeals: [
      ...missingSeals(stack, networks, groups, subnets, tables),
      // What is answered in a network that holds PHI is another rule's.
      ...resolvers.unfiltered(
        zonedNetworks(networks, subnets).filter((network) => !holdingPhi.includes(network)),
      ),
      ...publicAccessBlocks(stack, networks, subnets, holdingPhi),
    ],
    safeguards: () => safeguards(),
  };

  // Nothing is judged by these, so that they are read only where somebody asks for proofs.
  const safeguards = (): Safeguards => ({
    endpointPolicies: endpointPolicySafeguards(stack),
    perimeters: [],
    stores: closedStores(stack, facts.sideChannels),
    resolvers: closedResolvers(stack, networks, resolvers, {
      holdingPhi,
      openings: facts.resolverOpenings,
    }),
    endpoints: endpointSafeguards(stack, interfaces.all),
    privateStores: privateStores(stack, facts.publicNames),
    records: keptRecords(stack, networks, subnets, audit),
    seals: seals(stack, networks, groups, subnets),
  });
  return facts;
}
