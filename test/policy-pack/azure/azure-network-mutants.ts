import type { Mutant } from "../mutants";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { alter, append, put } from "../put";

const egress = "phi-zone-has-no-egress";
const admits = "phi-zone-admits-only-processing";
const declared = "zones-reach-only-declared-peers";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";
const assigned = "zone-assignment";

export const network = "bulkhead-network";
export const store = "bulkhead-fhir-store-filter";
export const phiRoutes = "bulkhead-phi-private-endpoint-routes";
const rag = "bulkhead-rag-service-filter";
const entrance = "bulkhead-load-balancer-filter";
const phiSubnet = "subnets/bulkhead-fhir-store";

/** Where the platform's network is. */
export const ofNetwork = { resourceGroupName: "bulkhead-network" };

const foreignSubscription = "/subscriptions/99999999-0000-0000-0000-000000000000";
const elsewhere = `${foreignSubscription}/resourceGroups/somebodys/providers/Microsoft.Network`;
export const foreignNetwork = `${elsewhere}/virtualNetworks/somebodys`;

/** What addresses are there. */
const blocks = {
  store: "10.40.167.224/27",
  otherStore: "10.40.161.0/27",
  rag: "10.40.81.96/27",
  fhirProxy: "10.40.84.32/27",
  gateway: "10.40.28.128/27",
} as const;

const outward = {
  access: "Allow",
  direction: "Outbound",
  protocol: "Tcp",
  sourceAddressPrefix: "*",
  sourcePortRange: "*",
  destinationAddressPrefix: "Internet",
  destinationPortRange: "443",
};

const inward = {
  ...outward,
  direction: "Inbound",
  sourceAddressPrefix: "Internet",
  destinationAddressPrefix: "*",
};

/** Lets one more kind of packet out of the FHIR store's subnet, ahead of every other rule. */
export function letOut(stack: Sketch, more: Properties = {}, filter = store): void {
  append(stack, filter, "securityRules", { name: "hole", priority: 100, ...outward, ...more });
}

function letIn(stack: Sketch, more: Properties = {}, filter = store): void {
  append(stack, filter, "securityRules", { name: "hole", priority: 100, ...inward, ...more });
}

/** The same as a resource of its own. */
function addRule(stack: Sketch, more: Properties = {}, type = "azure-native:network:SecurityRule"): string {
  return stack.add(type, "hole", {
    ...ofNetwork,
    networkSecurityGroupName: store,
    securityRuleName: "hole",
    priority: 100,
    ...outward,
    ...more,
  });
}

function route(
  nextHopType: unknown,
  addressPrefix: unknown = "0.0.0.0/0",
  more: Properties = {},
): Properties {
  return { name: "hole", addressPrefix, nextHopType, ...more };
}

/** Sends packets of the PHI zone's subnets on. */
function send(stack: Sketch, ...routes: readonly Properties[]): void {
  for (const item of routes) {
    append(stack, phiRoutes, "routes", item);
  }
}

/** Sends on all that leaves the network. */
function sendAll(stack: Sketch, nextHopType: unknown, more: Properties = {}): void {
  put(stack, phiRoutes, "routes/world", { ...route(nextHopType), ...more });
}

function onSubnet(stack: Sketch, property: string, value: unknown): void {
  put(stack, network, `${phiSubnet}/${property}`, value);
}

const subnetId = (stack: Sketch): string => `${stack.id(network)}/subnets/bulkhead-fhir-store`;

/** A gateway of the platform's network to elsewhere. */
function addGateway(stack: Sketch): void {
  append(stack, network, "subnets", { name: "GatewaySubnet", addressPrefix: "10.40.254.0/27" });
  stack.add("azure-native:network:VirtualNetworkGateway", "hole", {
    ...ofNetwork,
    virtualNetworkGatewayName: "hole",
    gatewayType: "Vpn",
    ipConfigurations: [{ name: "own", subnet: { id: `${stack.id(network)}/subnets/GatewaySubnet` } }],
  });
}

/** A network interface in the FHIR store's subnet. */
function addInterface(stack: Sketch, ipConfiguration: Properties, more: Properties = {}): string {
  return stack.add("azure-native:network:NetworkInterface", "hole-interface", {
    ...ofNetwork,
    networkInterfaceName: "hole-interface",
    ipConfigurations: [{ name: "own", subnet: { id: subnetId(stack) }, ...ipConfiguration }],
    ...more,
  });
}

/** A machine in the FHIR store's subnet. */
function addMachine(stack: Sketch): string {
  return stack.add("azure-native:compute:VirtualMachine", "hole-machine", {
    ...ofNetwork,
    vmName: "hole-machine",
    networkProfile: { networkInterfaces: [{ id: addInterface(stack, {}) }] },
  });
}

function addPublicAddress(stack: Sketch, more: Properties = {}): string {
  return stack.add("azure-native:network:PublicIPAddress", "hole-address", {
    ...ofNetwork,
    publicIpAddressName: "hole-address",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    ...more,
  });
}

function peer(stack: Sketch, more: Properties = {}): string {
  return stack.add("azure-native:network:VirtualNetworkPeering", "hole", {
    ...ofNetwork,
    virtualNetworkName: network,
    virtualNetworkPeeringName: "hole",
    remoteVirtualNetwork: { id: foreignNetwork },
    allowVirtualNetworkAccess: true,
    ...more,
  });
}

const filterMutants: readonly Mutant[] = [
  ...(
    [
      ["443 to the Internet", {}],
      ["443 to anywhere", { destinationAddressPrefix: "*" }],
      ["443 to 0.0.0.0/0", { destinationAddressPrefix: "0.0.0.0/0" }],
      ["to half the Internet", { destinationAddressPrefix: "128.0.0.0/1" }],
      ["to a public /8", { destinationAddressPrefix: "52.0.0.0/8" }],
      ["to all of IPv6", { destinationAddressPrefix: "::/0" }],
      ["by any protocol", { protocol: "*", destinationPortRange: "*" }],
      ["of ICMP", { protocol: "Icmp", destinationPortRange: "*" }],
      ["of UDP 53", { protocol: "Udp", destinationPortRange: "53" }],
      ["to the whole network", { destinationAddressPrefix: "VirtualNetwork" }],
      ["to a workload of processing", { destinationAddressPrefix: blocks.rag }],
      ["to another store", { destinationAddressPrefix: blocks.otherStore }],
      ["to a private block of elsewhere", { destinationAddressPrefix: "10.200.0.0/16" }],
      ["to storage of everybody's", { destinationAddressPrefix: "Storage.EastUS2" }],
      ["to Azure Monitor of everybody's", { destinationAddressPrefix: "AzureMonitor" }],
      ["to a tag that nobody knows", { destinationAddressPrefix: "ContosoBackends" }],
      [
        "to several blocks, the last of which is public",
        {
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: ["10.200.0.0/16", "52.0.0.0/8"],
        },
      ],
      ["on several ports", { destinationPortRange: undefined, destinationPortRanges: ["80", "443-8443"] }],
      ["to an address that is not known", { destinationAddressPrefix: unknownText }],
      [
        "to several addresses that are not known",
        {
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: unknownText,
        },
      ],
      ["by a protocol that is not known", { protocol: unknownText }],
      ["on a port that is not known", { destinationPortRange: unknownText }],
      ["in a direction that is not known", { direction: unknownText }],
      ["where it is not known whether it is allowed", { access: unknownText }],
      ["in an order that is not known", { priority: unknownText }],
      ["just ahead of the last denial", { priority: 4095 }],
      [
        "to the metadata service, ahead of its denial",
        {
          destinationAddressPrefix: "AzurePlatformIMDS",
          destinationPortRange: "80",
        },
      ],
      [
        "to the host's resolver, ahead of its denial",
        {
          protocol: "*",
          destinationAddressPrefix: "AzurePlatformDNS",
          destinationPortRange: "*",
        },
      ],
    ] as const
  ).map(([what, more]): Mutant => ({
    fault: `PHI security group: egress ${what}`,
    rule: egress,
    dig: (s) => {
      letOut(s, more);
    },
  })),
  {
    fault: "PHI security group: egress to an application security group",
    rule: egress,
    dig: (s) => {
      const group = s.add("azure-native:network:ApplicationSecurityGroup", "hole-group", {
        ...ofNetwork,
        applicationSecurityGroupName: "hole-group",
      });
      letOut(s, {
        destinationAddressPrefix: undefined,
        destinationApplicationSecurityGroups: [{ id: group }],
      });
    },
  },
  ...(
    [
      ["protocol", "Tcp", "of TCP only"],
      ["destinationPortRange", "0-1024", "of low ports only"],
      ["destinationAddressPrefix", "Internet", "of the Internet only"],
      ["sourceAddressPrefix", "10.99.0.0/16", "of others' packets"],
      ["access", "Allow", "an allowance"],
      ["direction", "Inbound", "of the other direction"],
      ["access", unknownText, "not known to be one"],
    ] as const
  ).map(([key, value, what]): Mutant => ({
    fault: `PHI security group: the last denial of egress is ${what}`,
    rule: egress,
    dig: (s) => {
      put(s, store, `securityRules/deny-egress/${key}`, value);
    },
  })),
  ...(
    [
      ["deny-egress", "everything"],
      ["deny-platform-names", "the host's resolver"],
      ["deny-platform-tokens", "the metadata service"],
    ] as const
  ).map(([rule, what]): Mutant => ({
    fault: `PHI security group: no denial of egress to ${what}`,
    rule: egress,
    dig: (s) => {
      put(s, store, `securityRules/${rule}`, undefined);
    },
  })),
  {
    fault: "PHI security group: the denial of the host's resolver is of UDP only",
    rule: egress,
    dig: (s) => {
      put(s, store, "securityRules/deny-platform-names/protocol", "Udp");
    },
  },
  {
    fault: "PHI security group: Azure's default rules alone",
    rule: egress,
    dig: (s) => {
      put(s, store, "securityRules", []);
    },
  },
  {
    fault: "PHI security group: no rules are said",
    rule: egress,
    dig: (s) => {
      put(s, store, "securityRules", undefined);
    },
  },
  {
    fault: "PHI security group: its rules are not known",
    rule: egress,
    dig: (s) => {
      put(s, store, "securityRules", unknownText);
    },
  },
  { fault: "PHI security group: a rule of its own, to the Internet", rule: egress, dig: (s) => addRule(s) },
  {
    fault: "PHI security group: a rule of its own, by a version of the API",
    rule: egress,
    dig: (s) => addRule(s, {}, "azure-native:network/v20230201:SecurityRule"),
  },
  {
    fault: "PHI security group: a rule of its own, by a package that somebody generated",
    rule: egress,
    dig: (s) => addRule(s, {}, "azure-native_network_v20240501:network:SecurityRule"),
  },
  {
    fault: "PHI security group: a rule of its own in which nothing is known",
    rule: egress,
    dig: (s) =>
      addRule(s, {
        access: unknownText,
        direction: unknownText,
        destinationAddressPrefix: unknownText,
        priority: unknownText,
      }),
  },
  {
    fault: "a rule of a security group that is not known",
    rule: understood,
    dig: (s) => addRule(s, { networkSecurityGroupName: unknownText }),
  },
  ...(
    [
      ["from the Internet", {}],
      ["from the whole network", { sourceAddressPrefix: "VirtualNetwork" }],
      ["from the gateway", { sourceAddressPrefix: blocks.gateway }],
      ["from a workload that no flow names", { sourceAddressPrefix: blocks.rag }],
      ["from all of processing", { sourceAddressPrefix: "10.40.64.0/18" }],
      ["on another port", { sourceAddressPrefix: blocks.fhirProxy, destinationPortRange: "5432" }],
      ["on every port", { sourceAddressPrefix: blocks.fhirProxy, protocol: "*", destinationPortRange: "*" }],
      ["from an address that is not known", { sourceAddressPrefix: unknownText }],
      [
        "from several blocks, one of a workload that no flow names",
        { sourceAddressPrefix: undefined, sourceAddressPrefixes: [blocks.fhirProxy, blocks.rag] },
      ],
    ] as const
  ).map(([what, more]): Mutant => ({
    fault: `PHI security group: ingress ${what}`,
    rule: admits,
    dig: (s) => {
      letIn(s, more);
    },
  })),
  {
    fault: "PHI security group: no denial of ingress",
    rule: admits,
    dig: (s) => {
      put(s, store, "securityRules/deny-ingress", undefined);
    },
  },
  {
    fault: "PHI security group: a rule of its own, from the Internet",
    rule: admits,
    dig: (s) => addRule(s, inward),
  },
];

const routeMutants: readonly Mutant[] = [
  ...(
    [
      ["Internet", "the Internet", {}],
      ["VirtualNetworkGateway", "a gateway", {}],
      ["VirtualAppliance", "an appliance", { nextHopIpAddress: "10.99.0.4" }],
      ["VnetLocal", "the network, which has no such address", {}],
      [unknownText, "what is not known", {}],
    ] as const
  ).map(([nextHopType, what, more]): Mutant => ({
    fault: `PHI routes: everything goes to ${what}`,
    rule: egress,
    dig: (s) => {
      sendAll(s, nextHopType, more);
    },
  })),
  {
    fault: "PHI routes: two halves of the Internet, past the closed route",
    rule: egress,
    dig: (s) => {
      send(
        s,
        route("Internet", "0.0.0.0/1", { name: "low" }),
        route("Internet", "128.0.0.0/1", { name: "high" }),
      );
    },
  },
  {
    fault: "PHI routes: a public /8, past the closed route",
    rule: egress,
    dig: (s) => {
      send(s, route("Internet", "52.0.0.0/8"));
    },
  },
  {
    fault: "PHI routes: storage of everybody's, by its tag",
    rule: egress,
    dig: (s) => {
      send(s, route("Internet", "Storage"));
    },
  },
  {
    fault: "PHI routes: a private block by an appliance",
    rule: egress,
    dig: (s) => {
      send(s, route("VirtualAppliance", "10.200.0.0/16", { nextHopIpAddress: "10.99.0.4" }));
    },
  },
  {
    fault: "PHI routes: what is inside of the network, by an appliance outside",
    rule: egress,
    dig: (s) => {
      send(s, route("VirtualAppliance", "10.40.0.0/16", { nextHopIpAddress: "10.99.0.4" }));
    },
  },
  {
    fault: "PHI routes: destination not known",
    rule: egress,
    dig: (s) => {
      send(s, route("VirtualNetworkGateway", unknownText));
    },
  },
  {
    fault: "PHI routes: not known",
    rule: egress,
    dig: (s) => {
      put(s, phiRoutes, "routes", unknownText);
    },
  },
  ...(
    [
      [false, "are taken over"],
      [undefined, "may be taken over"],
      [unknownText, "are taken over, perhaps"],
    ] as const
  ).map(([value, what]): Mutant => ({
    fault: `PHI routes: routes of a gateway ${what}`,
    rule: egress,
    dig: (s) => {
      addGateway(s);
      put(s, phiRoutes, "disableBgpRoutePropagation", value);
    },
  })),
  {
    fault: "PHI routes: a route of its own",
    rule: egress,
    dig: (s) =>
      s.add("azure-native:network:Route", "hole", {
        ...ofNetwork,
        routeTableName: phiRoutes,
        routeName: "hole",
        addressPrefix: "10.200.0.0/16",
        nextHopType: "VirtualNetworkGateway",
      }),
  },
  {
    fault: "a route of a route table that is not known",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:network:Route", "hole", {
        ...ofNetwork,
        routeTableName: unknownText,
        routeName: "hole",
        addressPrefix: "10.200.0.0/16",
        nextHopType: "VirtualNetworkGateway",
      }),
  },
  {
    fault: "a PHI subnet in the entrance's route table",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "routeTable", { id: s.id("bulkhead-gateway-load-balancer-routes") });
    },
  },
  {
    fault: "a PHI subnet in a route table of elsewhere",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "routeTable", { id: `${elsewhere}/routeTables/somebodys` });
    },
  },
  {
    fault: "a PHI subnet in a route table that is not known",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "routeTable", unknownText);
    },
  },
  {
    fault: "a PHI subnet without a route table, whose default way out is not closed",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "routeTable", undefined);
      onSubnet(s, "defaultOutboundAccess", undefined);
    },
  },
  {
    fault: "a PHI subnet that falls back to Azure's routes",
    rule: sealed,
    dig: (s) => {
      onSubnet(s, "routeTable", undefined);
    },
  },
];

const subnetMutants: readonly Mutant[] = [
  {
    fault: "PHI subnet: no security group",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "networkSecurityGroup", undefined);
    },
  },
  {
    fault: "PHI subnet: a security group that is not known",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "networkSecurityGroup", unknownText);
    },
  },
  {
    fault: "PHI subnet: a security group of elsewhere",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "networkSecurityGroup", { id: `${elsewhere}/networkSecurityGroups/somebodys` });
    },
  },
  {
    fault: "PHI subnet: the security group of another zone",
    rule: assigned,
    dig: (s) => {
      onSubnet(s, "networkSecurityGroup", { id: s.id(rag) });
    },
  },
  ...(
    [
      [true, "on"],
      [undefined, "left to Azure"],
      [unknownText, "not known"],
    ] as const
  ).map(([value, what]): Mutant => ({
    fault: `PHI subnet: default outbound access is ${what}`,
    rule: egress,
    dig: (s) => {
      onSubnet(s, "defaultOutboundAccess", value);
    },
  })),
  {
    fault: "PHI subnet: a NAT gateway",
    rule: egress,
    dig: (s) => {
      const gateway = s.add("azure-native:network:NatGateway", "hole", {
        ...ofNetwork,
        natGatewayName: "hole",
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: addPublicAddress(s) }],
      });
      onSubnet(s, "natGateway", { id: gateway });
    },
  },
  {
    fault: "PHI subnet: a NAT gateway, perhaps",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "natGateway", unknownText);
    },
  },
  {
    fault: "PHI subnet: a service endpoint to storage of everybody's",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "serviceEndpoints", [{ service: "Microsoft.Storage" }]);
    },
  },
  {
    fault: "PHI subnet: service endpoints that are not known",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "serviceEndpoints", unknownText);
    },
  },
  {
    fault: "PHI subnet: a service endpoint whose policy lets somebody's account pass",
    rule: egress,
    dig: (s) => {
      const policy = s.add("azure-native:network:ServiceEndpointPolicy", "hole", {
        ...ofNetwork,
        serviceEndpointPolicyName: "hole",
        serviceEndpointPolicyDefinitions: [
          {
            name: "somebodys",
            service: "Microsoft.Storage",
            serviceResources: [
              `${foreignSubscription}/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/somebodys`,
            ],
          },
        ],
      });
      onSubnet(s, "serviceEndpoints", [{ service: "Microsoft.Storage" }]);
      onSubnet(s, "serviceEndpointPolicies", [{ id: policy }]);
    },
  },
  {
    fault: "PHI subnet: given to a service that puts code into it",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "delegations", [
        { name: "hole", serviceName: "Microsoft.ContainerInstance/containerGroups" },
      ]);
    },
  },
  {
    fault: "PHI subnet: shared with another tenant",
    rule: egress,
    dig: (s) => {
      onSubnet(s, "sharingScope", "Tenant");
    },
  },
  {
    fault: "PHI subnet: IPv6",
    rule: egress,
    dig: (s) => {
      put(s, network, "addressSpace/addressPrefixes", ["10.40.0.0/16", "fd00:40::/48"]);
      onSubnet(s, "addressPrefix", undefined);
      onSubnet(s, "addressPrefixes", [blocks.store, "fd00:40:0:1::/64"]);
      put(s, phiRoutes, "routes/world-ipv6", undefined);
      letOut(s, { destinationAddressPrefix: "2000::/3" });
    },
  },
  ...(
    [
      ["Disabled", "do not bind"],
      [undefined, "are not said to bind"],
      ["RouteTableEnabled", "bind routes only"],
      [unknownText, "bind, perhaps,"],
    ] as const
  ).map(([value, what]): Mutant => ({
    fault: `PHI subnet: security groups ${what} private endpoints`,
    rule: admits,
    dig: (s) => {
      onSubnet(s, "privateEndpointNetworkPolicies", value);
    },
  })),
  {
    fault: "PHI subnet: a second owner that leaves the security group away",
    rule: egress,
    dig: (s) =>
      s.add("azure-native:network:Subnet", "hole", {
        ...ofNetwork,
        virtualNetworkName: network,
        subnetName: "bulkhead-fhir-store",
        addressPrefix: blocks.store,
        routeTable: { id: s.id(phiRoutes) },
        defaultOutboundAccess: false,
        privateEndpointNetworkPolicies: "Enabled",
      }),
  },
  {
    fault: "a subnet with the PHI zone's routes and no security group",
    rule: egress,
    dig: (s) => {
      append(s, network, "subnets", {
        name: "hole",
        addressPrefix: "10.40.200.0/27",
        routeTable: { id: s.id(phiRoutes) },
        defaultOutboundAccess: false,
      });
    },
  },
  {
    fault: "the subnets of the network are not known",
    rule: understood,
    dig: (s) => {
      put(s, network, "subnets", unknownText);
    },
  },
];

const addressMutants: readonly Mutant[] = [
  {
    fault: "an interface in a PHI subnet, with a public address",
    rule: egress,
    dig: (s) => addInterface(s, { publicIPAddress: { id: addPublicAddress(s) } }),
  },
  {
    fault: "an interface in a PHI subnet, with a public address, perhaps",
    rule: egress,
    dig: (s) => addInterface(s, { publicIPAddress: unknownText }),
  },
  {
    fault: "a public address marked PHI",
    rule: egress,
    dig: (s) => addPublicAddress(s, { tags: { "bulkhead-zone": "phi" } }),
  },
  {
    fault: "an interface in a PHI subnet, with a name server of its own",
    rule: "phi-zone-resolver-is-closed",
    dig: (s) => addInterface(s, {}, { dnsSettings: { dnsServers: ["8.8.8.8"] } }),
  },
  {
    fault: "a machine in a PHI subnet",
    rule: understood,
    dig: (s) => addMachine(s),
  },
  {
    fault: "machines in a PHI subnet, each with a public address",
    rule: egress,
    dig: (s) =>
      s.add("azure-native:compute:VirtualMachineScaleSet", "hole", {
        ...ofNetwork,
        vmScaleSetName: "hole",
        virtualMachineProfile: {
          networkProfile: {
            networkInterfaceConfigurations: [
              {
                name: "own",
                ipConfigurations: [
                  {
                    name: "own",
                    subnet: { id: subnetId(s) },
                    publicIPAddressConfiguration: { name: "public" },
                  },
                ],
              },
            ],
          },
        },
      }),
  },
  {
    fault: "a load balancer that lets an interface of a PHI subnet out",
    rule: egress,
    dig: (s) => {
      const balancer = "hole-balancer";
      const id = s.add("azure-native:network:LoadBalancer", balancer, {
        ...ofNetwork,
        loadBalancerName: balancer,
        sku: { name: "Standard" },
        frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: addPublicAddress(s) } }],
        backendAddressPools: [{ name: "phi" }],
        outboundRules: [{ name: "out", protocol: "All" }],
      });
      addInterface(s, { loadBalancerBackendAddressPools: [{ id: `${id}/backendAddressPools/phi` }] });
    },
  },
];

const joinMutants: readonly Mutant[] = [
  { fault: "the network is joined to somebody's", rule: egress, dig: (s) => peer(s) },
  {
    fault: "the network is joined to one that is not known",
    rule: egress,
    dig: (s) => peer(s, { remoteVirtualNetwork: unknownText }),
  },
  {
    fault: "the network is joined to somebody's, and uses its gateways",
    rule: egress,
    dig: (s) => peer(s, { useRemoteGateways: true, allowForwardedTraffic: true }),
  },
  {
    fault: "the network is joined to somebody's by its own property",
    rule: egress,
    dig: (s) => {
      put(s, network, "virtualNetworkPeerings", [
        { name: "hole", remoteVirtualNetwork: { id: foreignNetwork }, allowVirtualNetworkAccess: true },
      ]);
    },
  },
  {
    fault: "a network that is not known is joined to somebody's",
    rule: egress,
    dig: (s) => peer(s, { virtualNetworkName: unknownText }),
  },
  {
    fault: "the network is joined to a hub, whose routes the PHI zone takes over",
    rule: egress,
    dig: (s) => {
      put(s, phiRoutes, "disableBgpRoutePropagation", false);
      s.add("azure-native:network:HubVirtualNetworkConnection", "hole", {
        ...ofNetwork,
        virtualHubName: "somebodys-hub",
        connectionName: "hole",
        remoteVirtualNetwork: { id: s.id(network) },
      });
    },
  },
  {
    fault: "a manager of networks lets packets out ahead of every security group",
    rule: egress,
    dig: (s) =>
      s.add("azure-native:network:AdminRule", "hole", {
        ...ofNetwork,
        networkManagerName: "somebodys",
        configurationName: "somebodys",
        ruleCollectionName: "somebodys",
        ruleName: "hole",
        kind: "Custom",
        access: "AlwaysAllow",
        direction: "Outbound",
        protocol: "Any",
        priority: 1,
        destinations: [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }],
      }),
  },
  {
    fault: "packets of a machine in a PHI subnet are written down elsewhere",
    rule: egress,
    dig: (s) =>
      s.add("azure-native:network:PacketCapture", "hole", {
        resourceGroupName: "NetworkWatcherRG",
        networkWatcherName: "NetworkWatcher_eastus2",
        packetCaptureName: "hole",
        target: addMachine(s),
        storageLocation: {
          storageId: `${foreignSubscription}/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/somebodys`,
        },
      }),
  },
];

const unreadMutants: readonly Mutant[] = [
  {
    fault: "containers in a PHI subnet",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:containerinstance:ContainerGroup", "hole", {
        ...ofNetwork,
        containerGroupName: "hole",
        subnetIds: [{ id: subnetId(s) }],
      }),
  },
  {
    fault: "a web app that goes out by a PHI subnet",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:web:WebAppSwiftVirtualNetworkConnection", "hole", {
        ...ofNetwork,
        name: "hole",
        subnetResourceId: subnetId(s),
      }),
  },
  {
    fault: "a command that names a PHI security group",
    rule: understood,
    dig: (s) =>
      s.add("command:local:Command", "hole", {
        create: "az network nsg rule create",
        environment: { GROUP: s.id(store) },
      }),
  },
  {
    fault: "a rule of the other Azure provider",
    rule: understood,
    dig: (s) =>
      s.add("azure:network/networkSecurityRule:NetworkSecurityRule", "hole", {
        networkSecurityGroupName: store,
        direction: "Outbound",
        access: "Allow",
      }),
  },
  {
    fault: "a template of Azure Resource Manager beside the platform",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:resources:Deployment", "hole", {
        ...ofNetwork,
        deploymentName: "hole",
        properties: { mode: "Incremental", template: {} },
      }),
  },
  {
    fault: "a script beside the platform",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:resources:AzureCliScript", "hole", {
        ...ofNetwork,
        scriptName: "hole",
        scriptContent: "az network nsg rule create",
      }),
  },
  {
    fault: "an extra resource in the PHI zone whose type nobody knows",
    rule: understood,
    dig: (s) => s.add("azure-native:contoso:Thing", "hole", { tags: { "bulkhead-zone": "phi" } }),
  },
];

const zoneMutants: readonly Mutant[] = [
  ...(
    [
      ["processing", "of another zone"],
      ["PHI", "of a zone that is not"],
      [unknownText, "of a zone that is not known"],
    ] as const
  ).map(([zone, what]): Mutant => ({
    fault: `a PHI subnet's security group marked as ${what}`,
    rule: assigned,
    dig: (s) => {
      put(s, store, "tags/bulkhead-zone", zone);
    },
  })),
  {
    fault: "a PHI subnet's route table marked as of another zone",
    rule: assigned,
    dig: (s) => {
      put(s, phiRoutes, "tags/bulkhead-zone", "processing");
    },
  },
  ...(
    [
      ["egress to the Internet", {}],
      ["egress to a workload that no flow names", { destinationAddressPrefix: blocks.gateway }],
      ["egress to a store that no flow names", { destinationAddressPrefix: blocks.store }],
      ["egress to storage of everybody's", { destinationAddressPrefix: "Storage" }],
      ["egress to what is not known", { destinationAddressPrefix: unknownText }],
    ] as const
  ).map(([what, more]): Mutant => ({
    fault: `processing: ${what}`,
    rule: declared,
    dig: (s) => {
      letOut(s, more, rag);
    },
  })),
  {
    fault: "processing: ingress from the Internet",
    rule: declared,
    dig: (s) => {
      letIn(s, {}, rag);
    },
  },
  {
    fault: "processing: a declared flow on every port",
    rule: declared,
    dig: (s) => {
      put(s, "bulkhead-fhir-proxy-filter", "securityRules/to-decision-point/destinationPortRange", "*");
      put(s, "bulkhead-decision-point-filter", "securityRules/from-fhir-proxy/destinationPortRange", "*");
    },
  },
  {
    fault: "processing: no denial of egress",
    rule: declared,
    dig: (s) => {
      put(s, rag, "securityRules/deny-egress", undefined);
    },
  },
  {
    fault: "processing: a way out of the network",
    rule: declared,
    dig: (s) => {
      put(s, "bulkhead-processing-workload-routes", "routes/world/nextHopType", "Internet");
    },
  },
  {
    fault: "processing: a subnet without its security group",
    rule: declared,
    dig: (s) => {
      put(s, network, "subnets/bulkhead-rag-service/networkSecurityGroup", undefined);
    },
  },
  {
    fault: "processing: a NAT gateway on a workload's subnet, and no closed route",
    rule: declared,
    dig: (s) => {
      put(s, "bulkhead-processing-workload-routes", "routes", []);
      put(s, network, "subnets/bulkhead-rag-service/natGateway", {
        id: `${elsewhere}/natGateways/somebodys`,
      });
    },
  },
  {
    fault: "load balancer: another port from the Internet",
    rule: declared,
    dig: (s) => {
      letIn(s, { destinationPortRange: "80" }, entrance);
    },
  },
  {
    fault: "load balancer: the gateway's own ports from the Internet",
    rule: declared,
    dig: (s) => {
      put(s, entrance, "securityRules/azure-gateway-management/sourceAddressPrefix", "Internet");
    },
  },
  {
    fault: "load balancer: egress to the Internet",
    rule: declared,
    dig: (s) => {
      letOut(s, {}, entrance);
    },
  },
  {
    fault: "load balancer: egress to vaults of every region",
    rule: declared,
    dig: (s) => {
      put(s, entrance, "securityRules/azure-edge-certificate/destinationAddressPrefix", "AzureCloud");
    },
  },
  {
    fault: "load balancer: egress to a workload of processing",
    rule: declared,
    dig: (s) => {
      letOut(s, { destinationAddressPrefix: blocks.rag }, entrance);
      letIn(s, { sourceAddressPrefix: "10.40.0.0/20" }, rag);
    },
  },
  {
    fault: "load balancer: no denial of egress",
    rule: declared,
    dig: (s) => {
      put(s, entrance, "securityRules/deny-egress", undefined);
    },
  },
];

/** Faults in the network. */
export const azureNetworkMutants: readonly Mutant[] = [
  ...filterMutants,
  ...routeMutants,
  ...subnetMutants,
  ...addressMutants,
  ...joinMutants,
  ...unreadMutants,
  ...zoneMutants,
];

/** Changes that open nothing, and are not refused. */
export const harmlessChanges: readonly {
  readonly change: string;
  readonly dig: (stack: Sketch) => unknown;
}[] = [
  {
    change: "an allowance of egress behind the denial of everything",
    dig: (s) => {
      put(s, store, "securityRules/deny-egress/priority", 4000);
      put(s, store, "securityRules/deny-platform-names/priority", 3999);
      letOut(s, { priority: 4090 });
    },
  },
  {
    change: "an allowance of ingress behind the denial of everything",
    dig: (s) => {
      put(s, store, "securityRules/deny-ingress/priority", 3700);
      letIn(s, { priority: 4090 });
    },
  },
  {
    change: "the rules in another order of their list",
    dig: (s) => {
      alter(s, store, "securityRules", (rules) => [...(rules as readonly unknown[])].reverse());
    },
  },
  {
    change: "a narrower closed route beside the closed route",
    dig: (s) => {
      send(s, route("None", "52.0.0.0/8"));
    },
  },
];
