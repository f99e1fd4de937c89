import type { StackGraph } from "../stack-graph";
import type { Zones } from "../zones";

import { allHops } from "./acceptor";
import { enforcementFacts } from "./envoy/enforcement-points";
import type { NetworkFacts } from "./fact";
import { appliancesOf } from "./gcp/appliances";
import { authorizationGates } from "./gcp/authorization-gates";
import { openApiEndpoints } from "./gcp/open-api-endpoints";
import { EndpointClasses } from "./gcp/endpoint-classes";
import { FirewallLayers } from "./gcp/firewall-layers";
import type { GcpStack } from "./gcp/gcp-stack";
import { hostAllowances } from "./gcp/host-allowances";
import { Interfaces } from "./gcp/interfaces";
import { internetProxies } from "./gcp/internet-proxies";
import { Joins } from "./gcp/joins";
import { machineCarriers } from "./gcp/machines";
import { managedOnly } from "./gcp/managed-only";
import { networkConnections } from "./gcp/network-connections";
import { networkSeals, networkSealsMissing } from "./gcp/network-seals";
import { Networks } from "./gcp/networks";
import { inheritZonesOfProjects, perimeterFacts } from "./gcp/perimeter-facts";
import { projectsOf } from "./gcp/projects";
import { PublicAddresses } from "./gcp/public-addresses";
import { PublishedWorkloads } from "./gcp/published-workloads";
import { Routes } from "./gcp/routes";
import { storeFacts } from "./gcp/store-facts";
import { Subnets } from "./gcp/subnets";
import { transportFacts } from "./gcp/transport-facts";
import { unshownPerimeters } from "./gcp/unshown-perimeters";
import { networksOf, networksWithPhi } from "./networks-with-phi";
import { noFacts } from "./no-facts";
import { isOnCloud } from "./on-cloud";
import type { Safeguards } from "./safeguard";

/** Whether anything in a stack is of Google Cloud, or is said to be. */
function isOnGoogle(stack: GcpStack): boolean {
  return (
    isOnCloud(stack, "gcp", "gcp") ||
    stack.graph.nodes.some(({ outputs }) => outputs["zoneProjects"] !== undefined)
  );
}

/**
 * Draws the facts from the resources of Google Cloud in a stack. What a resource inherits of its zone from where it is goes
 * into `zones` on the way.
 *
 * @param platforms the names of the platforms that the stack declares, by the URN of their component.
 */
export function gcpFacts(
  graph: StackGraph,
  zones: Zones,
  platforms: ReadonlyMap<string, string>,
): NetworkFacts {
  const stack: GcpStack = { graph, zones, platforms };
  if (!isOnGoogle(stack)) {
    return noFacts;
  }
  inheritZonesOfProjects(stack);
  const networks = new Networks(stack);
  const joins = new Joins(stack, networks);
  const routes = new Routes(stack, networks, joins, appliancesOf(stack));
  const subnets = new Subnets(stack, networks, (subnet) => routes.ofSubnet(subnet));
  const layers = new FirewallLayers(stack, networks);
  const classes = new EndpointClasses(stack, networks, subnets, layers);
  const interfaces = new Interfaces(stack, networks, subnets, classes);
  routes.wearersIn = (subnet) => interfaces.signaturesIn(subnet);
  const addresses = new PublicAddresses(stack, networks, subnets);
  const running = interfaces.running();
  const holdingPhi = networksWithPhi({
    networks: networks.all,
    subnets: subnets.all,
    filters: classes.all,
    interfaces: interfaces.all,
  });
  const publishedWorkloads = new PublishedWorkloads(stack, {
    networks,
    subnets,
    interfaces: interfaces.all,
    filters: classes.all,
  });
  const transport = transportFacts(stack, {
    networks,
    subnets,
    behind: () => classes.all,
    holdingPhi,
    published: publishedWorkloads.fronts,
  });
  const enforced = enforcementFacts(stack, machineCarriers(stack, interfaces.all));
  const stores = storeFacts(stack);
  const calls = perimeterFacts(stack, {
    filters: classes.all,
    networks: networks.all,
    filtersOf: (account) => classes.ofAccount(account),
  });
  const filters = [...classes.all, ...publishedWorkloads.filters(), ...transport.filters, ...calls.filters];

  const facts: NetworkFacts = {
    interfaceFilters: filters,
    subnetFilters: [],
    routeTables: [
      ...new Set([
        ...subnets.all.flatMap(({ routeTables }) => routeTables),
        ...routes.ofNetworksWithout(subnets.all),
      ]),
    ],
    subnets: [...subnets.all, ...calls.subnets],
    interfaces: interfaces.all,
    passages: [],
    publicAddresses: [...addresses.all(), ...interfaces.publicAddresses()],
    networkConnections: networkConnections(stack, networks, joins, subnets, publishedWorkloads.endpoints),
    openEndpointPolicies: [],
    perimeterOpenings: [...openApiEndpoints(stack, networks), ...calls.perimeterOpenings],
    sideChannels: stores.sideChannels,
    storeAdmissions: calls.storeAdmissions,
    publicNames: [...stores.publicNames, ...transport.publicNames],
    servedPeers: calls.servedPeers,
    ...enforced,
    requestGates: authorizationGates(stack),
    meshes: [],
    ...allHops(transport, enforced),
    resolverOpenings: transport.resolverOpenings,
    // Read with those of the other clouds.
    waysToInternet: [],
    hostAllowances: hostAllowances(stack),
    internetProxies: internetProxies(stack),
    networksWithCodeInPhi: running.filter(({ zone }) => zone === "phi").flatMap(networksOf),
    unaudited: transport.unaudited,
    blind: [
      ...routes.blind,
      ...layers.blind,
      ...interfaces.blind,
      ...calls.blind,
      ...unshownPerimeters(stack),
      ...stores.blind,
      ...managedOnly(stack, (project) => projectsOf(stack).zoneOf(project)),
    ],
    missingSeals: [
      ...networkSealsMissing(stack, networks, layers, transport.zonedNetworks),
      ...transport.missingSeals,
      ...calls.missingSeals,
      ...stores.missingSeals,
    ],
    safeguards: (): Safeguards => {
      const ofCalls = calls.safeguards();
      const ofStores = stores.safeguards();
      const ofTransport = transport.safeguards();
      return {
        ...ofCalls,
        ...ofStores,
        ...ofTransport,
        endpoints: [...ofCalls.endpoints, ...ofTransport.endpoints],
        endpointPolicies: [],
        seals: [
          ...networkSeals(stack, networks, layers, transport.zonedNetworks),
          ...ofTransport.seals,
          ...ofCalls.seals,
          ...ofStores.seals,
        ],
      };
    },
  };
  // Which properties have been read is looked at next, so that nothing is left to be read later.
  facts.routeTables.forEach((table) => table.routes);
  filters.forEach((filter) => [filter.egress, filter.ingress]);
  return facts;
}
