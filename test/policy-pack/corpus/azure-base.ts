import { ownGroup, ownSubscription, Sketch, type Knowledge } from "../stack-sketch";

import { inZone } from "./corpus-case";

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A zone that a stranger's stack has. */
export type Zone = "gateway" | "processing" | "phi";

/** The zones of a stranger's stack, from the entrance inwards. */
export const zones: readonly Zone[] = ["gateway", "processing", "phi"];

/** The addresses of the subnet of each zone, within 10.0.0.0/16. */
export const addressesOf: Readonly<Record<Zone, string>> = {
  gateway: "10.0.1.0/24",
  processing: "10.0.2.0/24",
  phi: "10.0.3.0/24",
};

/**
 * The id that something of the stack's resource group will have, as a program writes it that does not wait for Azure:
 * `textId("Microsoft.Network/networkSecurityGroups", "phi-nsg")`. It is known in a preview too, and names no dependency.
 * The id that {@link Sketch.add} gives is the opposite: unknown in a preview, with its resource as its dependency.
 */
export function textId(type: string, name: string, ofSubscription: string = ownSubscription): string {
  return `/subscriptions/${ofSubscription}/resourceGroups/${ownGroup}/providers/${type}/${name}`;
}

/** The id of the subnet of a zone: of the resource where there is one, of the part of the virtual network otherwise. */
export function subnetId(stack: Sketch, zone: Zone): string {
  return stack.names().includes(`${zone}-subnet`)
    ? stack.id(`${zone}-subnet`)
    : textId("Microsoft.Network/virtualNetworks", `vnet/subnets/${zone}`);
}

/** A rule of a network security group: what every rule must say, where the case says nothing else. */
export function nsgRule(
  name: string,
  priority: number,
  direction: "Inbound" | "Outbound",
  access: "Allow" | "Deny",
  inputs: Inputs = {},
): Inputs {
  return {
    name,
    priority,
    direction,
    access,
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "*",
    ...inputs,
  };
}

const https: Inputs = { protocol: "Tcp", destinationPortRange: "443" };

/** The flows that any stack may have, each on TCP 443: from where, to where. */
const flows: readonly (readonly [from: Zone, to: Zone])[] = [
  ["gateway", "processing"],
  ["processing", "processing"],
  ["processing", "phi"],
];

/** The tags by which Azure calls what no other rule is about. */
export const platformTags = ["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"] as const;

/** The rules of the network security group of a zone. */
function rulesOf(zone: Zone): readonly Inputs[] {
  const allowed = flows.flatMap(([from, to], index) => {
    const addresses = {
      ...https,
      sourceAddressPrefix: addressesOf[from],
      destinationAddressPrefix: addressesOf[to],
    };
    const name = `${from}-to-${to}`;
    const priority = 110 + 10 * index;
    return [
      ...(from === zone ? [nsgRule(`${name}-out`, priority, "Outbound", "Allow", addresses)] : []),
      ...(to === zone ? [nsgRule(`${name}-in`, priority, "Inbound", "Allow", addresses)] : []),
    ];
  });
  const world = nsgRule("world-to-gateway-in", 100, "Inbound", "Allow", {
    ...https,
    sourceAddressPrefix: "Internet",
    destinationAddressPrefix: addressesOf.gateway,
  });
  return [
    ...(zone === "gateway" ? [world] : []),
    ...allowed,
    ...(zone === "phi"
      ? platformTags.map((destinationAddressPrefix, index) =>
          nsgRule(`deny-${destinationAddressPrefix}`, 4000 + index, "Outbound", "Deny", {
            destinationAddressPrefix,
          }),
        )
      : []),
    nsgRule("deny-in", 4096, "Inbound", "Deny"),
    nsgRule("deny-out", 4096, "Outbound", "Deny"),
  ];
}

/** What the subnet of a zone says of itself, as a part of its network and as a resource. */
function subnetOf(zone: Zone, networkSecurityGroup: string, routeTable: string): Inputs {
  return {
    addressPrefix: addressesOf[zone],
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: "Enabled",
    networkSecurityGroup: { id: networkSecurityGroup },
    routeTable: { id: routeTable },
  };
}

/** The network security groups and route tables of all zones. */
function addFilters(stack: Sketch): void {
  for (const zone of zones) {
    const common = { resourceGroupName: ownGroup, location: "eastus2", tags: inZone(zone) };
    stack.add("azure-native:network:NetworkSecurityGroup", `${zone}-nsg`, {
      ...common,
      networkSecurityGroupName: `${zone}-nsg`,
      securityRules: rulesOf(zone),
    });
    stack.add("azure-native:network:RouteTable", `${zone}-routes`, {
      ...common,
      routeTableName: `${zone}-routes`,
      disableBgpRoutePropagation: true,
      routes: [
        {
          name: "default",
          addressPrefix: "0.0.0.0/0",
          nextHopType: zone === "gateway" ? "Internet" : "None",
        },
      ],
    });
  }
}

const network: Inputs = {
  resourceGroupName: ownGroup,
  location: "eastus2",
  virtualNetworkName: "vnet",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
};

/**
 * A stack on Azure that is right, and knows nothing of our components: a virtual network of IPv4 with a subnet, a network
 * security group and a route table for each zone, closed but for the flows that any stack may have, each on TCP 443. Only
 * the gateway has a way to the Internet.
 *
 * Names: `vnet`, and `gateway-`, `processing-` and `phi-` each with `nsg` and `routes`; in Azure they are called the same.
 * Subnets are parts of `vnet`, called `gateway`, `processing` and `phi`, and refer to groups and tables by {@link textId},
 * so that a preview tells which belongs to which. Rules of a group: `processing-to-phi-out` and so on for a flow and a
 * direction, `world-to-gateway-in`, `deny-in` and `deny-out`; PHI has `deny-AzurePlatformDNS`, `-IMDS` and `-LKM` too.
 */
export function azureBase(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  addFilters(stack);
  stack.add("azure-native:network:VirtualNetwork", "vnet", {
    ...network,
    subnets: zones.map((zone) => ({
      name: zone,
      ...subnetOf(
        zone,
        textId("Microsoft.Network/networkSecurityGroups", `${zone}-nsg`),
        textId("Microsoft.Network/routeTables", `${zone}-routes`),
      ),
    })),
  });
  return stack;
}

/**
 * The same stack with each subnet a resource of its own, that refers to its group and its table by their ids.
 *
 * Names: those of {@link azureBase}, and `gateway-subnet`, `processing-subnet` and `phi-subnet`; in Azure these are called
 * `gateway`, `processing` and `phi`.
 */
export function azureBaseWithSubnets(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  addFilters(stack);
  stack.add("azure-native:network:VirtualNetwork", "vnet", network);
  for (const zone of zones) {
    stack.add("azure-native:network:Subnet", `${zone}-subnet`, {
      resourceGroupName: ownGroup,
      virtualNetworkName: "vnet",
      subnetName: zone,
      ...subnetOf(zone, stack.id(`${zone}-nsg`), stack.id(`${zone}-routes`)),
    });
  }
  return stack;
}
