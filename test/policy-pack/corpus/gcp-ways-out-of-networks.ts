import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { claim, phiNumber, phiProject, sealed, type Zone } from "./gcp-base";
import {
  api,
  firewall,
  foreignProject,
  gcp,
  inNetwork,
  onNetworks,
  onPerimeter,
  pair,
  plainNetwork,
  secondSubnet,
  setting,
} from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

/** Something of a project, PHI's or another. */
function ofProject(
  id: string,
  name: string,
  build: (stack: Sketch, project: string) => unknown,
  bad: string = phiProject,
): CorpusCase {
  return onPerimeter(setting(id, name, build, bad, ownProject));
}

/** A network in a project that has none, with all that a network has by default. */
function openNetwork(stack: Sketch, project: string, more: Inputs = {}): string {
  return stack.add(gcp("compute", "Network"), "more-vpc", {
    name: "more-vpc",
    project,
    autoCreateSubnetworks: false,
    ...more,
  });
}

function project(stack: Sketch, zone: Zone | undefined, more: Inputs = {}): string {
  return stack.add(gcp("organizations", "Project"), "project", {
    name: "records",
    projectId: zone === "phi" ? phiProject : "clinic-tools",
    folderId: "555555555555",
    ...(zone === undefined ? {} : { labels: inZone(zone) }),
    ...more,
  });
}

const sharedNetworks: readonly CorpusCase[] = [
  ofProject("GE-07", "a network with default routes in the project of PHI", (stack, of) =>
    openNetwork(stack, of),
  ),
  ofProject("GE-07", "a network without routes and without filters in the project of PHI", (stack, of) =>
    secondSubnetOf(stack, openNetwork(stack, of, { deleteDefaultRoutesOnCreate: true }), of),
  ),
  ofProject("GE-07", "the project of PHI is given another's network", (stack, of) =>
    stack.add(gcp("compute", "SharedVPCServiceProject"), "shared", {
      hostProject: foreignProject,
      serviceProject: of,
    }),
  ),
  ofProject(
    "GE-07",
    "the project of PHI, by its number, is given another's network",
    (stack, of) =>
      stack.add(gcp("compute", "SharedVPCServiceProject"), "shared", {
        hostProject: foreignProject,
        serviceProject: of,
      }),
    phiNumber,
  ),
  ofProject("GE-07", "the project of PHI is given the stack's own network", (stack, of) => {
    stack.add(gcp("compute", "SharedVPCServiceProject"), "shared", {
      hostProject: "clinic-networks",
      serviceProject: of,
    });
  }),
  ofProject("GE-07", "the project of PHI gives others its networks", (stack, of) =>
    stack.add(gcp("compute", "SharedVPCHostProject"), "host", { project: of }),
  ),
  ofProject(
    "GE-07",
    "a project that nobody knows is given another's network",
    (stack, of) =>
      stack.add(gcp("compute", "SharedVPCServiceProject"), "shared", {
        hostProject: foreignProject,
        serviceProject: of,
      }),
    unknownText,
  ),
  onPerimeter(
    pair(
      "GE-07",
      "a project of PHI with the network that Google makes",
      (stack) => project(stack, "phi"),
      (stack) => project(stack, "phi", { autoCreateNetwork: false }),
    ),
  ),
  onPerimeter(
    setting(
      "GE-07",
      "a project with the network that Google makes, of PHI or of nobody",
      (stack, zone: Zone | undefined) => project(stack, zone, { autoCreateNetwork: true }),
      "phi",
      undefined,
    ),
  ),
  onPerimeter(
    setting(
      "GE-07",
      "a project of PHI of which nobody knows whether it has a network",
      (stack, autoCreateNetwork: boolean | string) => project(stack, "phi", { autoCreateNetwork }),
      unknownText as boolean | string,
      false,
    ),
  ),
  ...(
    [
      ["SubnetworkIAMMember", { member: "serviceAccount:builder@somebody-else.iam.gserviceaccount.com" }],
      ["SubnetworkIAMBinding", { members: ["serviceAccount:builder@somebody-else.iam.gserviceaccount.com"] }],
    ] as const
  ).map(([type, whom]) =>
    setting(
      "GE-07",
      `${type}: somebody else may put things into a subnet, PHI's or the gateway's`,
      (stack, zone) =>
        stack.add(gcp("compute", type), "user", {
          subnetwork: stack.id(`${zone}-subnet`),
          region: "us-central1",
          role: "roles/compute.networkUser",
          ...whom,
        }),
      "phi",
      "gateway",
    ),
  ),
];

function secondSubnetOf(stack: Sketch, network: string, of: string): void {
  stack.add(gcp("compute", "Subnetwork"), "more-subnet", {
    name: "more-subnet",
    project: of,
    network,
    region: "us-central1",
    ipCidrRange: "10.7.0.0/24",
    stackType: "IPV4_ONLY",
  });
}

function peering(stack: Sketch, network: string, more: Inputs = {}): string {
  return stack.add(gcp("compute", "NetworkPeering"), "peering", {
    name: "peering",
    network,
    peerNetwork: `${api}projects/${foreignProject}/global/networks/theirs`,
    ...more,
  });
}

const peerings: readonly CorpusCase[] = [
  inNetwork("GE-14", "a peering with somebody else's network", (stack, network) => peering(stack, network)),
  inNetwork("GE-14", "a peering by the address of the network", (stack, network) =>
    peering(stack, `${network}.selfLink`),
  ),
  inNetwork("GE-14", "a peering with a network of the stack", (stack, network) =>
    peering(stack, network, { peerNetwork: `${plainNetwork(stack)}.selfLink` }),
  ),
  inNetwork("GE-14", "a peering that a network of no zone begins", (stack, network) =>
    peering(stack, plainNetwork(stack), { peerNetwork: network }),
  ),
  inNetwork("GE-14", "a peering by which routes are taken over", (stack, network) =>
    peering(stack, network, { importCustomRoutes: true, exportCustomRoutes: true }),
  ),
  onNetworks(
    setting(
      "GE-14",
      "a peering of a network that nobody knows",
      (stack, network) => peering(stack, network),
      unknownText,
      `${api}projects/${ownProject}/global/networks/vpc`,
    ),
  ),
  pair(
    "GE-14",
    "a peering of a network that PHI shares, or of another",
    (stack) => {
      plainNetwork(stack);
      peering(stack, stack.id("vpc"));
    },
    (stack) => peering(stack, plainNetwork(stack)),
  ),
  inNetwork("GE-14", "another resource says that a peering takes routes over", (stack, network) =>
    stack.add(gcp("compute", "NetworkPeeringRoutesConfig"), "routes", {
      network: `${network}.name`,
      peering: "servicenetworking-googleapis-com",
      importCustomRoutes: true,
      exportCustomRoutes: true,
    }),
  ),
];

/** A network of a producer's that is joined to one of the stack. */
function producer(stack: Sketch, network: string): Sketch {
  const range = stack.add(gcp("compute", "GlobalAddress"), "range", {
    name: "range",
    purpose: "VPC_PEERING",
    addressType: "INTERNAL",
    prefixLength: 20,
    network,
  });
  stack.add(gcp("servicenetworking", "Connection"), "producers", {
    network,
    service: "servicenetworking.googleapis.com",
    reservedPeeringRanges: [`${range}.name`],
  });
  return stack;
}

function control(stack: Sketch, network: string, enabled: boolean | string): Sketch {
  stack.add(gcp("servicenetworking", "VpcServiceControls"), "controls", {
    network: `${network}.name`,
    service: "servicenetworking.googleapis.com",
    enabled,
  });
  return stack;
}

const producers: readonly CorpusCase[] = [
  inNetwork("GE-14", "a network of producers that has its own way to the Internet", producer),
  onNetworks(
    pair(
      "GE-14",
      "a network of producers without and with control of what it reaches",
      (stack) => producer(stack, stack.id("phi-vpc")),
      (stack) => control(producer(stack, stack.id("phi-vpc")), stack.id("phi-vpc"), true),
    ),
  ),
  ...([false, unknownText] as const).map((enabled) =>
    onNetworks(
      setting(
        "GE-14",
        `a network of producers whose control is off, or nobody knows: ${String(enabled === false)}`,
        (stack, value: boolean | string) =>
          control(producer(stack, stack.id("phi-vpc")), stack.id("phi-vpc"), value),
        enabled as boolean | string,
        true,
      ),
    ),
  ),
  onNetworks(
    pair(
      "GE-14",
      "a network of producers, and control of another's",
      (stack) => control(producer(stack, stack.id("phi-vpc")), stack.id("vpc"), true),
      (stack) => control(producer(stack, stack.id("phi-vpc")), stack.id("phi-vpc"), true),
    ),
  ),
  inNetwork("GE-14", "names that producers may ask of the network", (stack, network) =>
    stack.add(gcp("servicenetworking", "PeeredDnsDomain"), "domain", {
      name: "domain",
      network: `${network}.name`,
      dnsSuffix: "clinic.example.",
      service: "servicenetworking.googleapis.com",
    }),
  ),
];

function router(stack: Sketch, network: string): string {
  return stack.add(gcp("compute", "Router"), "router", {
    name: "router",
    network,
    region: "us-central1",
    bgp: { asn: 64514 },
  });
}

const hybrid: readonly CorpusCase[] = [
  inNetwork("GE-14", "a gateway of private networks", (stack, network) =>
    stack.add(gcp("compute", "HaVpnGateway"), "home", { name: "home", network, region: "us-central1" }),
  ),
  inNetwork("GE-14", "a gateway of private networks of the old kind", (stack, network) =>
    stack.add(gcp("compute", "VPNGateway"), "home", { name: "home", network, region: "us-central1" }),
  ),
  inNetwork("GE-14", "a tunnel by a router", (stack, network) =>
    stack.add(gcp("compute", "VPNTunnel"), "tunnel", {
      name: "tunnel",
      region: "us-central1",
      router: `${router(stack, network)}.name`,
      vpnGateway: stack.add(gcp("compute", "HaVpnGateway"), "home", {
        name: "home",
        network,
        region: "us-central1",
      }),
      vpnGatewayInterface: 0,
      peerExternalGateway: `projects/${ownProject}/global/externalVpnGateways/clinic`,
      peerExternalGatewayInterface: 0,
      sharedSecret: "of no importance",
    }),
  ),
  inNetwork("GE-14", "a tunnel of the old kind", (stack, network) =>
    stack.add(gcp("compute", "VPNTunnel"), "tunnel", {
      name: "tunnel",
      region: "us-central1",
      targetVpnGateway: stack.add(gcp("compute", "VPNGateway"), "home", {
        name: "home",
        network,
        region: "us-central1",
      }),
      peerIp: "198.51.100.9",
      remoteTrafficSelectors: ["0.0.0.0/0"],
      localTrafficSelectors: ["10.0.0.0/16"],
      sharedSecret: "of no importance",
    }),
  ),
  inNetwork("GE-14", "a line to a clinic", (stack, network) =>
    stack.add(gcp("compute", "InterconnectAttachment"), "line", {
      name: "line",
      region: "us-central1",
      type: "PARTNER",
      router: router(stack, network),
      edgeAvailabilityDomain: "AVAILABILITY_DOMAIN_1",
    }),
  ),
  inNetwork("GE-14", "a spoke of a hub", (stack, network) =>
    stack.add(gcp("networkconnectivity", "Spoke"), "spoke", {
      name: "spoke",
      location: "global",
      hub: `projects/${foreignProject}/locations/global/hubs/theirs`,
      linkedVpcNetwork: { uri: `${network}.selfLink` },
    }),
  ),
  inNetwork("GE-14", "a spoke of a hub of the stack", (stack, network) =>
    stack.add(gcp("networkconnectivity", "Spoke"), "spoke", {
      name: "spoke",
      location: "global",
      hub: stack.add(gcp("networkconnectivity", "Hub"), "hub", { name: "hub" }),
      linkedVpcNetwork: { uri: network },
    }),
  ),
  inNetwork("GE-14", "a peering with machines of another maker", (stack, network) =>
    stack.add(gcp("vmwareengine", "NetworkPeering"), "machines", {
      name: "machines",
      vmwareEngineNetwork: `projects/${ownProject}/locations/global/vmwareEngineNetworks/machines`,
      peerNetwork: network,
      peerNetworkType: "STANDARD",
    }),
  ),
];

function endpoint(stack: Sketch, network: string, zone: Zone, more: Inputs = {}): string {
  return stack.add(gcp("compute", "ForwardingRule"), "endpoint", {
    name: "endpoint",
    region: "us-central1",
    loadBalancingScheme: "",
    target: `projects/${foreignProject}/regions/us-central1/serviceAttachments/theirs`,
    network,
    subnetwork: stack.id(`${zone}-subnet`),
    ipAddress: stack.add(gcp("compute", "Address"), "endpoint-address", {
      name: "endpoint-address",
      region: "us-central1",
      addressType: "INTERNAL",
      subnetwork: stack.id(`${zone}-subnet`),
    }),
    ...more,
  });
}

/** A network of the project of PHI that is closed: `closed-vpc`. */
function closedNetwork(stack: Sketch): string {
  const network = stack.add(gcp("compute", "Network"), "closed-vpc", {
    name: "closed-vpc",
    project: phiProject,
    ...sealed,
  });
  (["EGRESS", "INGRESS"] as const).forEach((direction) => {
    stack.add(gcp("compute", "Firewall"), `closed-${direction}`, {
      name: `closed-${direction.toLowerCase()}`,
      project: phiProject,
      network,
      direction,
      denies: [{ protocol: "all" }],
      [direction === "EGRESS" ? "destinationRanges" : "sourceRanges"]: ["0.0.0.0/0"],
    });
  });
  stack.add(gcp("compute", "Subnetwork"), "closed-subnet", {
    name: "closed-subnet",
    project: phiProject,
    network,
    region: "us-central1",
    ipCidrRange: "10.7.0.0/24",
    stackType: "IPV4_ONLY",
  });
  return network;
}

/** The services of Google at an address of a network. */
function apis(stack: Sketch, network: string, target: string, of: string = ownProject): string {
  return stack.add(gcp("compute", "GlobalForwardingRule"), "apis", {
    name: "apis",
    project: of,
    target,
    network,
    loadBalancingScheme: "",
    ipAddress: stack.add(gcp("compute", "GlobalAddress"), "apis-address", {
      name: "apis-address",
      project: of,
      purpose: "PRIVATE_SERVICE_CONNECT",
      addressType: "INTERNAL",
      address: "10.255.0.2",
      network,
    }),
  });
}

/** What is of the PHI zone is offered to others. */
function offered(stack: Sketch, zone: Zone, more: Inputs): string {
  const natSubnet = secondSubnet(stack, stack.id("vpc"), zone, { purpose: "PRIVATE_SERVICE_CONNECT" });
  return stack.add(gcp("compute", "ServiceAttachment"), "offer", {
    name: "offer",
    region: "us-central1",
    enableProxyProtocol: false,
    connectionPreference: "ACCEPT_MANUAL",
    consumerAcceptLists: [{ projectIdOrNum: ownProject, connectionLimit: 4 }],
    natSubnets: [natSubnet],
    targetService: `projects/${ownProject}/regions/us-central1/forwardingRules/records`,
    ...more,
  });
}

const privateServices: readonly CorpusCase[] = [
  inNetwork("GE-15", "an endpoint of somebody else's service", (stack, network, zone) =>
    endpoint(stack, network, zone),
  ),
  inNetwork("GE-15", "an endpoint of somebody else's service, from every region", (stack, network, zone) =>
    endpoint(stack, network, zone, { allowPscGlobalAccess: true }),
  ),
  inNetwork("GE-15", "an endpoint of a service that nobody knows", (stack, network, zone) =>
    endpoint(stack, network, zone, { target: unknownText }),
  ),
  inNetwork("GE-15", "an endpoint of every service of Google", (stack, network) =>
    apis(stack, network, "all-apis"),
  ),
  onPerimeter(
    setting(
      "GE-15",
      "an endpoint of services of Google, of every one or of those within perimeters",
      (stack, target) => apis(stack, closedNetwork(stack), target, phiProject),
      "all-apis",
      "vpc-sc",
    ),
  ),
  inNetwork("GE-15", "an endpoint of services of Google that nobody knows", (stack, network) =>
    apis(stack, network, unknownText),
  ),
  inNetwork("GE-15", "a leg for machines of others", (stack, _network, zone) =>
    stack.add(gcp("compute", "NetworkAttachment"), "leg", {
      name: "leg",
      region: "us-central1",
      connectionPreference: "ACCEPT_AUTOMATIC",
      subnetworks: [stack.id(`${zone}-subnet`)],
    }),
  ),
  inNetwork("GE-15", "a leg for machines of one other project", (stack, _network, zone) =>
    stack.add(gcp("compute", "NetworkAttachment"), "leg", {
      name: "leg",
      region: "us-central1",
      connectionPreference: "ACCEPT_MANUAL",
      producerAcceptLists: [foreignProject],
      subnetworks: [stack.id(`${zone}-subnet`)],
    }),
  ),
  inNetwork("GE-15", "producers that make endpoints by themselves", (stack, network, zone) =>
    stack.add(gcp("networkconnectivity", "ServiceConnectionPolicy"), "producers", {
      name: "producers",
      location: "us-central1",
      network,
      serviceClass: "gcp-memorystore-redis",
      pscConfig: { subnetworks: [stack.id(`${zone}-subnet`)] },
    }),
  ),
  inNetwork("GE-15", "an endpoint of one service of Google, from everywhere", (stack, network, zone) =>
    stack.add(gcp("networkconnectivity", "RegionalEndpoint"), "regional", {
      name: "regional",
      location: "us-central1",
      accessType: "GLOBAL",
      targetGoogleApi: "storage.us-central1.rep.googleapis.com",
      network,
      subnetwork: stack.id(`${zone}-subnet`),
    }),
  ),
  setting(
    "GE-15",
    "what is of PHI is offered to whoever asks",
    (stack, more: Inputs) => offered(stack, "phi", more),
    { connectionPreference: "ACCEPT_AUTOMATIC", consumerAcceptLists: undefined },
    {},
  ),
  setting(
    "GE-15",
    "what is of PHI is offered to somebody else",
    (stack, projectIdOrNum) =>
      offered(stack, "phi", { consumerAcceptLists: [{ projectIdOrNum, connectionLimit: 4 }] }),
    foreignProject,
    ownProject,
  ),
  setting(
    "GE-15",
    "what is of a zone is offered to whoever asks",
    (stack, zone: Zone) =>
      offered(stack, zone, { connectionPreference: "ACCEPT_AUTOMATIC", consumerAcceptLists: undefined }),
    "phi",
    "gateway",
  ),
];

/** Two ways at once, each of which is closed alone. */
const together: readonly CorpusCase[] = [
  onNetworks(
    pair(
      "GE-14",
      "a peering, and a filter that lets out to it",
      (stack) => {
        peering(stack, stack.id("phi-vpc"));
        firewall(amend(stack, "phi-vpc", { networkFirewallPolicyEnforcementOrder: undefined }), {
          network: stack.id("phi-vpc"),
          destinationRanges: ["172.16.0.0/12"],
        });
      },
      (stack) => {
        claim(stack, "phi", "phi-policy");
      },
    ),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to networks: rows GE-07, GE-14 and GE-15. */
export const gcpWaysOutOfNetworks: readonly CorpusCase[] = [
  ...sharedNetworks,
  ...peerings,
  ...producers,
  ...hybrid,
  ...privateServices,
  ...together,
];
