import { ownGroup, type Sketch } from "../stack-sketch";

import type { Inputs, Zone } from "./azure-base";
import {
  add,
  addSubnet,
  azure,
  foreignSubscription,
  generated,
  hubNetwork,
  inOwnNetwork,
  inPhiOrGateway,
  machine,
  managed,
  managedGroup,
  networkInterface,
  onBoth,
  ownNetwork,
  pair,
  publicAddress,
  versioned,
} from "./azure-network-pieces";
import type { CorpusCase } from "./corpus-case";

/** The network of a partner, of which the stack says nothing. */
const partner = `/subscriptions/${foreignSubscription}/resourceGroups/partner/providers/Microsoft.Network/virtualNetworks/partner`;

/** Joins a network to another, from its side. */
function peering(
  stack: Sketch,
  virtualNetworkName: string,
  remote: string,
  inputs: Inputs = {},
  type = azure("network", "VirtualNetworkPeering"),
): string {
  return add(stack, type, "peering", {
    virtualNetworkName,
    virtualNetworkPeeringName: "peering",
    remoteVirtualNetwork: { id: remote },
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
    ...inputs,
  });
}

function peeringCase(name: string, inputs: Inputs = {}, type?: string): CorpusCase {
  return inOwnNetwork("ZE-17", `peering: ${name}, of a network of which zone`, (stack) =>
    peering(stack, "own-vnet", hubNetwork(stack), inputs, type),
  );
}

/** A hub of Azure's that joins networks. */
function hub(stack: Sketch): string {
  return add(stack, azure("network", "VirtualHub"), "hub", {
    virtualHubName: "hub",
    addressPrefix: "10.7.0.0/23",
    virtualWan: {
      id: add(stack, azure("network", "VirtualWan"), "wan", { virtualWANName: "wan", type: "Standard" }),
    },
  });
}

function toHub(
  stack: Sketch,
  network: string,
  inputs: Inputs = {},
  type = azure("network", "HubVirtualNetworkConnection"),
): string {
  if (!stack.names().includes("hub")) {
    hub(stack);
  }
  return add(stack, type, "hub-connection", {
    virtualHubName: "hub",
    connectionName: "hub-connection",
    remoteVirtualNetwork: { id: network },
    enableInternetSecurity: false,
    ...inputs,
  });
}

/** Joins all networks of a group, by a hub or each with each. */
function managedPeering(stack: Sketch, network: string, connectivityTopology: string): string {
  const isHub = connectivityTopology === "HubAndSpoke";
  return add(stack, azure("network", "ConnectivityConfiguration"), "connectivity", {
    ...managed,
    connectivityTopology,
    ...(isHub
      ? { hubs: [{ resourceId: hubNetwork(stack), resourceType: "Microsoft.Network/virtualNetworks" }] }
      : {}),
    appliesToGroups: [
      {
        networkGroupId: managedGroup(stack, network),
        groupConnectivity: isHub ? "None" : "DirectlyConnected",
        isGlobal: "False",
        useHubGateway: "False",
      },
    ],
  });
}

/** A route that the manager puts into the tables of a group's networks. */
function managedRoute(stack: Sketch, network: string, nextHop: Inputs): string {
  const collection = { ...managed, ruleCollectionName: "collection" };
  add(stack, azure("network", "RoutingConfiguration"), "routing", managed);
  add(stack, azure("network", "RoutingRuleCollection"), "collection", {
    ...collection,
    appliesTo: [{ networkGroupId: managedGroup(stack, network) }],
  });
  return add(stack, azure("network", "RoutingRule"), "managed-route", {
    ...collection,
    ruleName: "managed-route",
    destination: { type: "AddressPrefix", destinationAddress: "0.0.0.0/0" },
    nextHop,
  });
}

const peerings: readonly CorpusCase[] = [
  peeringCase("with a network of no zone"),
  peeringCase("that takes what others pass on", { allowForwardedTraffic: true }),
  peeringCase("that lends its gateway", { allowGatewayTransit: true }),
  peeringCase("that uses the gateway of the other", { useRemoteGateways: true }),
  peeringCase("by a token with its version", {}, versioned("network", "v20230201", "VirtualNetworkPeering")),
  peeringCase("by a generated package", {}, generated("network", "v20240501", "VirtualNetworkPeering")),
  inOwnNetwork("ZE-17", "peering: with a partner's network, of a network of which zone", (stack) =>
    peering(stack, "own-vnet", partner),
  ),
  inOwnNetwork("ZE-17", "peering: of a network of no zone, with one of which zone", (stack, network) => {
    hubNetwork(stack);
    return peering(stack, "hub-vnet", network);
  }),
  pair(
    "ZE-17",
    "peering: within a network of PHI's, or of the gateway's",
    (stack) =>
      ownNetwork(stack, "phi", {
        virtualNetworkPeerings: [
          {
            name: "inline",
            remoteVirtualNetwork: { id: hubNetwork(stack) },
            allowVirtualNetworkAccess: true,
          },
        ],
      }),
    (stack) =>
      ownNetwork(stack, "gateway", {
        virtualNetworkPeerings: [
          {
            name: "inline",
            remoteVirtualNetwork: { id: hubNetwork(stack) },
            allowVirtualNetworkAccess: true,
          },
        ],
      }),
  ),
  pair(
    "ZE-17",
    "peering: within a network of PHI's with a partner's, or with none",
    (stack) =>
      ownNetwork(stack, "phi", {
        virtualNetworkPeerings: [{ name: "inline", remoteVirtualNetwork: { id: partner } }],
      }),
    (stack) => ownNetwork(stack, "phi", { virtualNetworkPeerings: [] }),
  ),
  ...onBoth(
    pair(
      "ZE-17",
      "peering: of the network of all zones, or of one of the gateway's",
      (stack) => peering(stack, "vnet", hubNetwork(stack)),
      (stack) => {
        ownNetwork(stack, "gateway");
        return peering(stack, "own-vnet", hubNetwork(stack));
      },
    ),
  ),
  pair(
    "ZE-17",
    "peering: the network's name in capitals, or a network of that name elsewhere",
    (stack) => {
      ownNetwork(stack, "phi");
      return peering(stack, "OWN-VNET", hubNetwork(stack), { resourceGroupName: ownGroup });
    },
    (stack) => {
      ownNetwork(stack, "phi");
      return peering(stack, "own-vnet", hubNetwork(stack), { resourceGroupName: "laboratory" });
    },
  ),
  inOwnNetwork("ZE-17", "hub: a network of which zone is joined to it", (stack, network) =>
    toHub(stack, network),
  ),
  inOwnNetwork("ZE-17", "hub: a network of which zone has the Internet by it", (stack, network) =>
    toHub(stack, network, { enableInternetSecurity: true }),
  ),
  inOwnNetwork(
    "ZE-17",
    "hub: a network of which zone is joined to it, by a token with its version",
    (stack, network) =>
      toHub(stack, network, {}, versioned("network", "v20230201", "HubVirtualNetworkConnection")),
  ),
  inOwnNetwork("ZE-17", "manager: a network of which zone is joined to a hub", (stack, network) =>
    managedPeering(stack, network, "HubAndSpoke"),
  ),
  inOwnNetwork("ZE-17", "manager: a network of which zone is joined to all of its group", (stack, network) =>
    managedPeering(stack, network, "Mesh"),
  ),
  inOwnNetwork("ZE-17", "manager: a route to the Internet for a network of which zone", (stack, network) =>
    managedRoute(stack, network, { nextHopType: "Internet" }),
  ),
  inOwnNetwork("ZE-17", "manager: a route to an appliance for a network of which zone", (stack, network) =>
    managedRoute(stack, network, { nextHopType: "VirtualAppliance", nextHopAddress: "10.8.0.4" }),
  ),
  inOwnNetwork("ZE-17", "Databricks: its network is joined to one of which zone", (stack, network) =>
    add(stack, azure("databricks", "VNetPeering"), "databricks-peering", {
      workspaceName: "research",
      peeringName: "databricks-peering",
      remoteVirtualNetwork: { id: network },
      allowVirtualNetworkAccess: true,
    }),
  ),
];

/** A gateway in a network, to networks elsewhere. */
function networkGateway(stack: Sketch, gatewayType: string, type?: string): string {
  const subnet = addSubnet(stack, "own-vnet", { name: "GatewaySubnet", addressPrefix: "10.9.255.0/27" });
  return add(stack, type ?? azure("network", "VirtualNetworkGateway"), "network-gateway", {
    virtualNetworkGatewayName: "network-gateway",
    gatewayType,
    sku: { name: gatewayType === "Vpn" ? "VpnGw1AZ" : "ErGw1AZ" },
    ipConfigurations: [
      { name: "default", subnet: { id: subnet }, publicIPAddress: { id: publicAddress(stack) } },
    ],
  });
}

/** A hub that a network is joined to, with a gateway to networks elsewhere, or to people. */
function hubGateway(stack: Sketch, network: string, kind: string): string {
  toHub(stack, network);
  return add(stack, azure("network", kind), "hub-gateway", {
    [kind === "ExpressRouteGateway" ? "expressRouteGatewayName" : "gatewayName"]: "hub-gateway",
    virtualHub: { id: stack.id("hub") },
  });
}

/** A host by which people reach machines of a network. */
function bastion(stack: Sketch, network: string, inputs: Inputs = {}): string {
  return add(stack, azure("network", "BastionHost"), "bastion", {
    bastionHostName: "bastion",
    sku: { name: "Standard" },
    virtualNetwork: { id: network },
    ...inputs,
  });
}

/** A copy of what an interface in a zone sends and receives. */
function tapped(stack: Sketch, zone: Zone): string {
  const tap = add(stack, azure("network", "VirtualNetworkTap"), "tap", {
    tapName: "tap",
    destinationPort: 4789,
    destinationNetworkInterfaceIPConfiguration: {
      id: `${networkInterface(stack, "gateway", {}, "collector")}/ipConfigurations/primary`,
    },
  });
  networkInterface(stack, zone);
  return add(stack, azure("network", "NetworkInterfaceTapConfiguration"), "tap-configuration", {
    networkInterfaceName: "interface",
    tapConfigurationName: "tap-configuration",
    virtualNetworkTap: { id: tap },
  });
}

/** A record of what a machine in a zone sends and receives, in a store. */
function captured(stack: Sketch, zone: Zone): string {
  const target = machine(stack, { networkInterfaces: [{ id: networkInterface(stack, zone) }] });
  return add(stack, azure("network", "PacketCapture"), "capture", {
    networkWatcherName: "watcher",
    packetCaptureName: "capture",
    target,
    storageLocation: {
      storageId: `/subscriptions/${foreignSubscription}/resourceGroups/partner/providers/Microsoft.Storage/storageAccounts/captures`,
    },
  });
}

const gateways: readonly CorpusCase[] = [
  inOwnNetwork("ZE-18", "gateway: VPN, in a network of which zone", (stack) => networkGateway(stack, "Vpn")),
  inOwnNetwork("ZE-18", "gateway: ExpressRoute, in a network of which zone", (stack) =>
    networkGateway(stack, "ExpressRoute"),
  ),
  inOwnNetwork("ZE-18", "gateway: VPN by a token with its version, in a network of which zone", (stack) =>
    networkGateway(stack, "Vpn", versioned("network", "v20230201", "VirtualNetworkGateway")),
  ),
  inOwnNetwork("ZE-18", "gateway: VPN by a generated package, in a network of which zone", (stack) =>
    networkGateway(stack, "Vpn", generated("network", "v20240501", "VirtualNetworkGateway")),
  ),
  ...["VpnGateway", "ExpressRouteGateway", "P2sVpnGateway"].map((kind) =>
    inOwnNetwork(
      "ZE-18",
      `gateway: ${kind} of a hub, which a network of which zone is joined to`,
      (stack, network) => hubGateway(stack, network, kind),
    ),
  ),
  ...["enableTunneling", "enableFileCopy", "enableShareableLink"].map((property) =>
    inOwnNetwork("ZE-18", `bastion: ${property}, in a network of which zone`, (stack, network) =>
      bastion(stack, network, { [property]: true }),
    ),
  ),
  inOwnNetwork("ZE-18", "bastion: in a subnet of a network of which zone", (stack) => {
    const id = addSubnet(stack, "own-vnet", { name: "AzureBastionSubnet", addressPrefix: "10.9.254.0/26" });
    return add(stack, azure("network", "BastionHost"), "bastion", {
      bastionHostName: "bastion",
      sku: { name: "Standard" },
      enableTunneling: true,
      ipConfigurations: [{ name: "default", subnet: { id }, publicIPAddress: { id: publicAddress(stack) } }],
    });
  }),
  ...onBoth(
    inPhiOrGateway("ZE-18", "copy of what an interface sends, in which zone", (stack, zone) =>
      tapped(stack, zone),
    ),
  ),
  ...onBoth(
    inPhiOrGateway("ZE-18", "record of what a machine sends, in which zone", (stack, zone) =>
      captured(stack, zone),
    ),
  ),
];

/** ZE-17 and ZE-18: ways into other networks, and for people into the own. */
export const azureWaysOutOfNetworks: readonly CorpusCase[] = [...peerings, ...gateways];
