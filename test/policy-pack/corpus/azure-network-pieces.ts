import { ownGroup, ownSubscription, type Sketch } from "../stack-sketch";

import {
  addressesOf,
  azureBaseWithSubnets,
  nsgRule,
  platformTags,
  subnetId,
  textId,
  type Inputs,
  type Zone,
} from "./azure-base";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

/** Something that is done to a stack. */
export type Change = (stack: Sketch) => unknown;

/** A subscription of which the stack says nothing. */
export const foreignSubscription = "99999999-8888-7777-6666-555555555555";

/** The token of a resource of `azure-native`. */
export function azure(module: string, name: string): string {
  return `azure-native:${module}:${name}`;
}

/** The token of the same resource with its API version, as the SDK before version 3 has it. */
export function versioned(module: string, version: string, name: string): string {
  return `azure-native:${module}/${version}:${name}`;
}

/** The token of the same resource in an SDK that is generated for one API version. */
export function generated(module: string, version: string, name: string): string {
  return `azure-native_${module}_${version}:${module}:${name}`;
}

/** A case whose bad stack is refused. */
export function pair(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return { id, name, expected: "refused", bad, good };
}

/** A case whose bad stack is accepted with advice. */
export function advice(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return { id, name, expected: "advised", bad, good };
}

/** The same case, in the stack whose subnets are resources of their own. */
export function onSubnets(one: CorpusCase): CorpusCase {
  return { ...one, name: `${one.name} (subnets of their own)`, base: azureBaseWithSubnets };
}

/** A case once for subnets that are parts of their network, and once for those of their own. */
export function onBoth(one: CorpusCase): readonly CorpusCase[] {
  return [one, onSubnets(one)];
}

/** The same addition, to the PHI zone and to the gateway. */
export function inPhiOrGateway(
  id: string,
  name: string,
  add: (stack: Sketch, zone: Zone) => unknown,
): CorpusCase {
  return pair(
    id,
    name,
    (stack) => add(stack, "phi"),
    (stack) => add(stack, "gateway"),
  );
}

/** The same addition, to a network of the PHI zone alone and to one of the gateway alone: see {@link ownNetwork}. */
export function inOwnNetwork(
  id: string,
  name: string,
  add: (stack: Sketch, network: string, zone: Zone) => unknown,
): CorpusCase {
  return inPhiOrGateway(id, name, (stack, zone) => add(stack, ownNetwork(stack, zone), zone));
}

/** A setting of something: what is wrong, and what is right. */
export function setting<const T>(
  id: string,
  name: string,
  build: (stack: Sketch, value: T) => unknown,
  bad: T,
  good: T,
): CorpusCase {
  return pair(
    id,
    name,
    (stack) => build(stack, bad),
    (stack) => build(stack, good),
  );
}

/** Adds a resource to the resource group of the stack. */
export function add(stack: Sketch, type: string, name: string, inputs: Inputs): string {
  return stack.add(type, name, { resourceGroupName: ownGroup, ...inputs });
}

/** The same resource, registered by another token. */
export function respell(stack: Sketch, name: string, type: string): string {
  let inputs: Inputs = {};
  stack.change(name, (before) => {
    inputs = before;
    return before;
  });
  return stack.remove(name).add(type, name, inputs);
}

function changeSubnets(
  stack: Sketch,
  network: string,
  change: (subnets: readonly Inputs[]) => readonly Inputs[],
): Sketch {
  return stack.change(network, (before) => ({
    ...before,
    subnets: change((before["subnets"] ?? []) as readonly Inputs[]),
  }));
}

/** Gives the subnet of a zone other inputs, and takes those away that are `undefined`; whether it is a part or a resource. */
export function giveSubnet(stack: Sketch, zone: Zone, inputs: Inputs): Sketch {
  if (stack.names().includes(`${zone}-subnet`)) {
    return amend(stack, `${zone}-subnet`, inputs);
  }
  return changeSubnets(stack, "vnet", (subnets) =>
    subnets.map((subnet) =>
      subnet["name"] === zone
        ? Object.fromEntries(
            Object.entries({ ...subnet, ...inputs }).filter(([, value]) => value !== undefined),
          )
        : subnet,
    ),
  );
}

/** Adds a subnet to a network, as a part of it. */
export function addSubnet(stack: Sketch, network: string, subnet: Inputs): string {
  changeSubnets(stack, network, (subnets) => [...subnets, subnet]);
  return textId("Microsoft.Network/virtualNetworks", `${network}/subnets/${String(subnet["name"])}`);
}

/** What the second subnet of a zone says, right in all: its group and its table are those of the first. */
export function secondSubnet(zone: Zone): Inputs {
  return {
    name: `${zone}-second`,
    addressPrefix: "10.0.9.0/24",
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: "Enabled",
    networkSecurityGroup: { id: textId("Microsoft.Network/networkSecurityGroups", `${zone}-nsg`) },
    routeTable: { id: textId("Microsoft.Network/routeTables", `${zone}-routes`) },
  };
}

/** Changes the rules of the network security group of a zone. */
export function changeRules(
  stack: Sketch,
  zone: Zone,
  change: (rules: readonly Inputs[]) => readonly Inputs[],
): Sketch {
  return stack.change(`${zone}-nsg`, (before) => ({
    ...before,
    securityRules: change((before["securityRules"] ?? []) as readonly Inputs[]),
  }));
}

/** Adds rules to the group of PHI, after those it has. */
export function addRules(stack: Sketch, ...added: readonly Inputs[]): Sketch {
  return changeRules(stack, "phi", (rules) => [...rules, ...added]);
}

/** Takes rules from the group of PHI, by name. */
export function removeRules(stack: Sketch, ...names: readonly string[]): Sketch {
  return changeRules(stack, "phi", (rules) => rules.filter(({ name }) => !names.includes(String(name))));
}

/** Gives a rule of the group of PHI other inputs, and takes those away that are `undefined`. */
export function giveRule(stack: Sketch, name: string, inputs: Inputs): Sketch {
  return changeRules(stack, "phi", (rules) =>
    rules.map((rule) =>
      rule["name"] === name
        ? Object.fromEntries(
            Object.entries({ ...rule, ...inputs }).filter(([, value]) => value !== undefined),
          )
        : rule,
    ),
  );
}

/** A rule that allows 443 out, ahead of the denials: to everywhere, where the inputs say nothing else. */
export function allowOut(inputs: Inputs = {}): Inputs {
  return nsgRule("case-out", 200, "Outbound", "Allow", {
    protocol: "Tcp",
    destinationPortRange: "443",
    ...inputs,
  });
}

/** A route of a table, to nowhere where the inputs say nothing else. */
export function route(
  name: string,
  addressPrefix: string,
  nextHopType = "None",
  inputs: Inputs = {},
): Inputs {
  return { name, addressPrefix, nextHopType, ...inputs };
}

/** The denials of a group that lets nothing in or out, not even to Azure's own addresses. */
const closed: readonly Inputs[] = [
  ...platformTags.map((destinationAddressPrefix, index) =>
    nsgRule(`deny-${destinationAddressPrefix}`, 4000 + index, "Outbound", "Deny", {
      destinationAddressPrefix,
    }),
  ),
  nsgRule("deny-in", 4096, "Inbound", "Deny"),
  nsgRule("deny-out", 4096, "Outbound", "Deny"),
];

/** A network security group that says no zone: closed, where the inputs say nothing else. */
export function nsg(stack: Sketch, name: string, inputs: Inputs = {}): string {
  return add(stack, azure("network", "NetworkSecurityGroup"), name, {
    networkSecurityGroupName: name,
    securityRules: closed,
    ...inputs,
  });
}

/** A network that one zone has to itself, closed: `own-vnet` with its subnet `own`, `own-nsg` and `own-routes`. */
export function ownNetwork(stack: Sketch, zone: Zone, inputs: Inputs = {}): string {
  const tags = inZone(zone);
  nsg(stack, "own-nsg", { tags });
  add(stack, azure("network", "RouteTable"), "own-routes", {
    routeTableName: "own-routes",
    disableBgpRoutePropagation: true,
    routes: [route("default", "0.0.0.0/0")],
    tags,
  });
  return add(stack, azure("network", "VirtualNetwork"), "own-vnet", {
    virtualNetworkName: "own-vnet",
    addressSpace: { addressPrefixes: ["10.9.0.0/16"] },
    subnets: [
      {
        name: "own",
        addressPrefix: "10.9.3.0/24",
        defaultOutboundAccess: false,
        privateEndpointNetworkPolicies: "Enabled",
        networkSecurityGroup: { id: textId("Microsoft.Network/networkSecurityGroups", "own-nsg") },
        routeTable: { id: textId("Microsoft.Network/routeTables", "own-routes") },
      },
    ],
    tags,
    ...inputs,
  });
}

/** A network that has no part in any zone. */
export function hubNetwork(stack: Sketch): string {
  return add(stack, azure("network", "VirtualNetwork"), "hub-vnet", {
    virtualNetworkName: "hub-vnet",
    addressSpace: { addressPrefixes: ["10.8.0.0/16"] },
  });
}

/** What a part of the configuration of {@link managedGroup} says that it belongs to. */
export const managed: Inputs = { networkManagerName: "manager", configurationName: "configuration" };

/** A manager of networks with a group of them, of which a network is a member; gives the group. */
export function managedGroup(stack: Sketch, network: string): string {
  add(stack, azure("network", "NetworkManager"), "manager", {
    networkManagerName: "manager",
    networkManagerScopes: { subscriptions: [`/subscriptions/${ownSubscription}`] },
    networkManagerScopeAccesses: ["Connectivity", "SecurityAdmin", "Routing"],
  });
  const group = add(stack, azure("network", "NetworkGroup"), "networks", {
    networkManagerName: "manager",
    networkGroupName: "networks",
  });
  add(stack, azure("network", "StaticMember"), "member", {
    networkManagerName: "manager",
    networkGroupName: "networks",
    staticMemberName: "member",
    resourceId: network,
  });
  return group;
}

/** A public address. */
export function publicAddress(
  stack: Sketch,
  inputs: Inputs = {},
  type = azure("network", "PublicIPAddress"),
): string {
  return add(stack, type, "public-address", {
    publicIpAddressName: "public-address",
    publicIPAllocationMethod: "Static",
    sku: { name: "Standard" },
    ...inputs,
  });
}

/** An address of a network interface in a zone. */
export function address(stack: Sketch, zone: Zone, inputs: Inputs = {}): Inputs {
  return {
    name: "primary",
    primary: true,
    privateIPAllocationMethod: "Dynamic",
    subnet: { id: subnetId(stack, zone) },
    ...inputs,
  };
}

/** A network interface in a zone, `interface`, where it has no other name. */
export function networkInterface(
  stack: Sketch,
  zone: Zone,
  inputs: Inputs = {},
  name = "interface",
  type = azure("network", "NetworkInterface"),
): string {
  return add(stack, type, name, {
    networkInterfaceName: name,
    ipConfigurations: [address(stack, zone)],
    ...inputs,
  });
}

/** A machine with network interfaces. */
export function machine(stack: Sketch, networkProfile: Inputs): string {
  return add(stack, azure("compute", "VirtualMachine"), "machine", {
    vmName: "machine",
    hardwareProfile: { vmSize: "Standard_D4s_v5" },
    networkProfile,
  });
}

/** A machine in a zone, behind the filter of its subnet: something there runs code. */
export function runningMachine(stack: Sketch, zone: Zone): Sketch {
  machine(stack, { networkInterfaces: [{ id: networkInterface(stack, zone, {}, "own-interface") }] });
  return stack;
}

/** A case beside a machine of the PHI zone: what only code can use is a way out where code runs. */
export function besideMachine(one: CorpusCase): CorpusCase {
  return {
    ...one,
    bad: (stack) => one.bad(runningMachine(stack, "phi")),
    good: (stack) => one.good(runningMachine(stack, "phi")),
  };
}

/** A set of machines that all have the same network interfaces. */
export function scaleSet(
  stack: Sketch,
  networkInterfaceConfigurations: readonly Inputs[],
  type = azure("compute", "VirtualMachineScaleSet"),
): string {
  return add(stack, type, "scale-set", {
    vmScaleSetName: "scale-set",
    sku: { name: "Standard_D4s_v5", capacity: 1 },
    virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations } },
  });
}

/** A store of the stack's subscription that the stack does not make. */
export const ownStore = textId("Microsoft.Storage/storageAccounts", "documents");

/** A private endpoint in a zone, to {@link ownStore} where the inputs say nothing else. */
export function privateEndpoint(
  stack: Sketch,
  zone: Zone,
  inputs: Inputs = {},
  type = azure("network", "PrivateEndpoint"),
): string {
  return add(stack, type, "endpoint", {
    privateEndpointName: "endpoint",
    subnet: { id: subnetId(stack, zone) },
    privateLinkServiceConnections: [
      { name: "documents", privateLinkServiceId: ownStore, groupIds: ["blob"] },
    ],
    tags: inZone(zone),
    ...inputs,
  });
}

/** A load balancer of Standard kind, with a pool `pool`, and a frontend `front` that is private in a zone. */
export function privateBalancer(stack: Sketch, zone: Zone, inputs: Inputs = {}): string {
  return add(stack, azure("network", "LoadBalancer"), "balancer", {
    loadBalancerName: "balancer",
    sku: { name: "Standard" },
    frontendIPConfigurations: [{ name: "front", subnet: { id: subnetId(stack, zone) } }],
    backendAddressPools: [{ name: "pool" }],
    ...inputs,
  });
}

/** The same, with a public frontend. */
export function publicBalancer(stack: Sketch, inputs: Inputs = {}): string {
  return add(stack, azure("network", "LoadBalancer"), "balancer", {
    loadBalancerName: "balancer",
    sku: { name: "Standard" },
    frontendIPConfigurations: [{ name: "front", publicIPAddress: { id: publicAddress(stack) } }],
    backendAddressPools: [{ name: "pool" }],
    ...inputs,
  });
}

/** Addresses within the subnet of PHI: what goes there has not left. */
export const inside = addressesOf.phi;
export const halvesInside = ["10.0.3.0/25", "10.0.3.128/25"] as const;
/** All addresses, by two prefixes. */
export const halves = ["0.0.0.0/1", "128.0.0.0/1"] as const;
