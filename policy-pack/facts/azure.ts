import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { allHops } from "./acceptor";
import { AuditTrail } from "./azure/audit";
import type { AzureStack } from "./azure/azure-stack";
import { firewallSeals } from "./azure/firewall-seals";
import { Firewalls } from "./azure/firewalls";
import { hopFacts } from "./azure/hops";
import { hostAllowances } from "./azure/host-allowances";
import { hostSeals } from "./azure/host-seals";
import { Interfaces } from "./azure/interfaces";
import { Joins } from "./azure/joins";
import { keySeals } from "./azure/key-seals";
import { machineCarriers } from "./azure/machines";
import { networkConnections } from "./azure/network-connections";
import { Networks } from "./azure/networks";
import { unenclosedStores } from "./azure/perimeter-seals";
import { Placement } from "./azure/placement";
import { PublicAddresses } from "./azure/public-addresses";
import { keptRecords } from "./azure/record-safeguards";
import { repeatedIds } from "./azure/repeated-ids";
import { closedResolvers } from "./azure/resolver-safeguards";
import { Resolvers } from "./azure/resolvers";
import { RouteTables } from "./azure/route-tables";
import { seals } from "./azure/seal-safeguards";
import { missingSeals } from "./azure/seals";
import { SecurityGroups } from "./azure/security-groups";
import { serviceFacts } from "./azure/service-facts";
import { Subnets } from "./azure/subnets";
import { enforcementFacts } from "./envoy/enforcement-points";
import type { Blind, NetworkFacts, NetworkInterface } from "./fact";
import { networksOf, networksWithPhi } from "./networks-with-phi";
import { noFacts } from "./no-facts";
import { isOnCloud } from "./on-cloud";
import type { Safeguards } from "./safeguard";

/** What is in the PHI zone of a platform and is no private endpoint. */
function managedOnly(interfaces: readonly NetworkInterface[]): readonly Blind[] {
  return interfaces.flatMap(({ urn, label, zone, platform }): readonly Blind[] =>
    zone === "phi" && platform !== undefined
      ? [
          {
            urn,
            label,
            zone,
            what: "It is in the PHI zone of a platform, which is managed-only: private endpoints of managed stores and nothing else.",
            remedy: "Run it in the processing zone, and let a flow name the store that it needs.",
          },
        ]
      : [],
  );
}

/**
 * Draws the facts from the Azure resources of a stack. What a resource inherits of its zone from where it is goes into
 * `zones` on the way.
 *
 * @param platforms the names of the platforms that the stack declares, by the URN of their component.
 */
export function azureFacts(
  graph: StackGraph,
  zones: Zones,
  platforms: ReadonlyMap<string, string>,
): NetworkFacts {
  const stack: AzureStack = { graph, zones, platforms };
  if (!isOnCloud(stack, "azure", "azure-native")) {
    return noFacts;
  }
  const networks = new Networks(stack);
  const joins = new Joins(stack, networks);
  // What stands at the addresses of next hops is read once the subnets are, in which it stands.
  const firewalls: Firewalls = new Firewalls(stack, () => subnets);
  const tables = new RouteTables(stack, (route, key, address) => firewalls.at(route, key, address));
  const subnets = new Subnets(stack, networks, joins, tables);
  const groups = new SecurityGroups(stack, networks, joins, tables, subnets);
  const interfaces = new Interfaces(stack, groups, subnets);
  const running = interfaces.running();
  groups.runsCode = (filter) =>
    running.some(
      ({ filters, subnets: placed }) =>
        placed.length === 0 ||
        filters.includes(filter) ||
        placed.some((subnet) => filter.subnets?.includes(subnet)),
    );
  const addresses = new PublicAddresses(stack, subnets, interfaces.all);
  subnets.hasPublicAddress = (subnet) =>
    interfaces.hasPublicAddress(subnet) || addresses.balancerLeadsOut(subnet);
  const services = serviceFacts(stack, {
    interfaces: interfaces.all,
    get filters() {
      return groups.all;
    },
    subnets,
  });
  const accepted = hopFacts(stack, new Placement(stack, subnets));
  const enforced = enforcementFacts(stack, machineCarriers(stack, interfaces.all));
  const resolvers = new Resolvers(stack, networks, subnets, groups);
  const audit = new AuditTrail(stack, networks, subnets, resolvers);
  const filters = groups.all;
  const holdingPhi = networksWithPhi({
    networks: networks.all,
    subnets: subnets.all,
    filters,
    interfaces: interfaces.all,
  });

  const facts: NetworkFacts = {
    interfaceFilters: filters,
    subnetFilters: [],
    routeTables: subnets.routeTables,
    subnets: subnets.all,
    interfaces: interfaces.all,
    passages: [],
    publicAddresses: [...networks.publicAddresses(), ...addresses.all(), ...interfaces.publicAddresses()],
    networkConnections: [
      ...networkConnections(stack, networks, joins, subnets, interfaces.all),
      ...services.networkConnections,
    ],
    openEndpointPolicies: services.openEndpointPolicies,
    perimeterOpenings: [],
    sideChannels: services.sideChannels,
    storeAdmissions: services.storeAdmissions,
    publicNames: services.publicNames,
    servedPeers: services.servedPeers,
    ...enforced,
    requestGates: [],
    meshes: [],
    ...allHops(accepted, enforced),
    resolverOpenings: resolvers.openings(holdingPhi),
    // Read with those of the other clouds.
    waysToInternet: [],
    hostAllowances: hostAllowances(stack),
    internetProxies: [],
    networksWithCodeInPhi: running.filter(({ zone }) => zone === "phi").flatMap(networksOf),
    unaudited: audit.unaudited(),
    blind: [
      ...tables.blind,
      ...subnets.blind,
      ...groups.blind,
      ...interfaces.blind,
      ...repeatedIds(stack),
      ...managedOnly(interfaces.besidesEndpoints()),
    ],
    missingSeals: [
      ...missingSeals(stack, tables, subnets),
      ...services.missingSeals,
      ...hostSeals(groups, subnets),
      ...firewallSeals(stack, subnets),
      ...keySeals(stack),
      ...unenclosedStores(stack),
      // What is answered in a network that holds PHI is another rule's.
      ...resolvers.unfiltered(audit.zonedNetworks(), holdingPhi),
    ],
    safeguards: (): Safeguards => ({
      ...services.safeguards(),
      perimeters: [],
      resolvers: closedResolvers(resolvers, { holdingPhi, openings: facts.resolverOpenings }),
      records: keptRecords(stack, audit),
      seals: seals(stack, { zoned: audit.zonedNetworks(), tables, subnets, groups, resolvers }),
    }),
  };
  // Which properties have been read is looked at next, so that nothing is left to be read later.
  facts.routeTables.forEach(({ routes }) => routes);
  filters.forEach(({ ingress }) => ingress);
  return facts;
}
