import type { Sketch } from "../stack-sketch";

import { nsgRule, subnetId, textId, type Inputs, type Zone } from "./azure-base";
import {
  add,
  addRules,
  address,
  allowOut,
  azure,
  generated,
  inPhiOrGateway,
  machine,
  networkInterface,
  nsg,
  onBoth,
  onSubnets,
  pair,
  publicAddress,
  publicBalancer,
  removeRules,
  scaleSet,
  setting,
  versioned,
} from "./azure-network-pieces";
import type { CorpusCase } from "./corpus-case";

/** A machine in a zone with one interface. */
function machineIn(stack: Sketch, zone: Zone, inputs: Inputs = {}, type?: string): string {
  return machine(stack, {
    networkInterfaces: [{ id: networkInterface(stack, zone, inputs, "interface", type) }],
  });
}

/** An interface whose second address, or only one, is public. */
function publicInterface(stack: Sketch, zone: Zone, isSecond: boolean): string {
  const publicIPAddress = { id: publicAddress(stack) };
  return machineIn(stack, zone, {
    ipConfigurations: isSecond
      ? [address(stack, zone), address(stack, zone, { name: "second", primary: false, publicIPAddress })]
      : [address(stack, zone, { publicIPAddress })],
  });
}

/** PHI admits a group of interfaces; a member is in a zone. */
function admittedMember(stack: Sketch, zone: Zone): string {
  const members = add(stack, azure("network", "ApplicationSecurityGroup"), "clients", {
    applicationSecurityGroupName: "clients",
  });
  addRules(
    stack,
    nsgRule("clients-in", 300, "Inbound", "Allow", {
      protocol: "Tcp",
      destinationPortRange: "443",
      sourceAddressPrefix: undefined,
      sourceApplicationSecurityGroups: [
        { id: textId("Microsoft.Network/applicationSecurityGroups", "clients") },
      ],
    }),
  );
  return machineIn(stack, zone, {
    ipConfigurations: [address(stack, zone, { applicationSecurityGroups: [{ id: members }] })],
  });
}

/** A machine with an interface in PHI and one in another zone. */
function secondInterface(stack: Sketch, zone: Zone): string {
  return machine(stack, {
    networkInterfaces: [
      { id: networkInterface(stack, "phi"), primary: true },
      { id: networkInterface(stack, zone, {}, "second-interface"), primary: false },
    ],
  });
}

/** What a machine makes of its own: an interface in PHI. */
function madeInterface(stack: Sketch, inputs: Inputs): string {
  return machine(stack, {
    networkApiVersion: "2022-11-01",
    networkInterfaceConfigurations: [
      {
        name: "made",
        primary: true,
        ipConfigurations: [{ name: "primary", subnet: { id: subnetId(stack, "phi") }, ...inputs }],
      },
    ],
  });
}

const openGroup = (stack: Sketch): string =>
  nsg(stack, "open-nsg", { securityRules: [allowOut({ protocol: "*", destinationPortRange: "*" })] });

const interfaces: readonly CorpusCase[] = [
  ...[
    inPhiOrGateway("ZE-08", "interface: a public address, in which zone", (stack, zone) =>
      publicInterface(stack, zone, false),
    ),
    inPhiOrGateway("ZE-08", "interface: a public second address, in which zone", (stack, zone) =>
      publicInterface(stack, zone, true),
    ),
    setting(
      "ZE-08",
      "interface: passes on what is not its own, or not",
      (stack, enableIPForwarding) => machineIn(stack, "phi", { enableIPForwarding }),
      true,
      false,
    ),
    inPhiOrGateway("ZE-08", "interface: passes on what is not its own, in which zone", (stack, zone) =>
      machineIn(stack, zone, { enableIPForwarding: true }),
    ),
    setting(
      "ZE-08",
      "interface: a public server of names, or none of its own",
      (stack, dnsServers: readonly string[]) => machineIn(stack, "phi", { dnsSettings: { dnsServers } }),
      ["8.8.8.8"],
      [],
    ),
    setting(
      "ZE-08",
      "interface: a server of names in processing, or Azure's",
      (stack, dnsServers: readonly string[]) => machineIn(stack, "phi", { dnsSettings: { dnsServers } }),
      ["10.0.2.53"],
      ["AzureProvidedDNS"],
    ),
    pair(
      "ZE-08",
      "machine: a second interface in the gateway, or in PHI",
      (stack) => secondInterface(stack, "gateway"),
      (stack) => secondInterface(stack, "phi"),
    ),
    pair(
      "ZE-08",
      "machine: a second interface in processing, or in PHI",
      (stack) => secondInterface(stack, "processing"),
      (stack) => secondInterface(stack, "phi"),
    ),
    setting(
      "ZE-08",
      "interface: a second address in another zone's subnet, or in PHI's",
      (stack, zone: Zone) =>
        machineIn(stack, "phi", {
          ipConfigurations: [address(stack, "phi"), address(stack, zone, { name: "second", primary: false })],
        }),
      "gateway",
      "phi",
    ),
    pair(
      "ZE-08",
      "interface: in a group that PHI admits, in the gateway or in processing",
      (stack) => admittedMember(stack, "gateway"),
      (stack) => admittedMember(stack, "processing"),
    ),
    pair(
      "ZE-08",
      "interface: an open group behind an open one of the subnet, or behind the closed one",
      (stack) => {
        const id = openGroup(stack);
        addRules(stack, allowOut());
        return machineIn(stack, "phi", { networkSecurityGroup: { id } });
      },
      (stack) => machineIn(stack, "phi", { networkSecurityGroup: { id: openGroup(stack) } }),
    ),
    pair(
      "ZE-08",
      "interface: no group behind a subnet that lets out, or behind one that does not",
      (stack) => machineIn(removeRules(stack, "deny-out"), "phi"),
      (stack) => machineIn(stack, "phi"),
    ),
  ].flatMap(onBoth),
  ...[
    versioned("network", "v20230601", "NetworkInterface"),
    generated("network", "v20240501", "NetworkInterface"),
  ].map((type) =>
    onSubnets(
      setting(
        "ZE-08",
        `interface: passes on what is not its own, or not, by ${type}`,
        (stack, enableIPForwarding) => machineIn(stack, "phi", { enableIPForwarding }, type),
        true,
        false,
      ),
    ),
  ),
  setting(
    "ZE-08",
    "machine: an interface of its making with a public address, or without",
    (stack, inputs: Inputs) => madeInterface(stack, inputs),
    { publicIPAddressConfiguration: { name: "public", sku: { name: "Standard" } } },
    {},
  ),
];

/** What the interfaces of a set of machines say, in a zone. */
function configured(stack: Sketch, zone: Zone, inputs: Inputs = {}, ofAddress: Inputs = {}): Inputs {
  return {
    name: `interface-${zone}`,
    primary: true,
    ipConfigurations: [{ name: "primary", subnet: { id: subnetId(stack, zone) }, ...ofAddress }],
    ...inputs,
  };
}

const publicConfiguration: Inputs = {
  publicIPAddressConfiguration: { name: "public", idleTimeoutInMinutes: 4, sku: { name: "Standard" } },
};

const scaleSets: readonly CorpusCase[] = [
  ...[
    inPhiOrGateway("ZE-13", "scale set: public addresses, in which zone", (stack, zone) =>
      scaleSet(stack, [configured(stack, zone, {}, publicConfiguration)]),
    ),
    setting(
      "ZE-13",
      "scale set: public addresses in PHI, or none",
      (stack, ofAddress: Inputs) => scaleSet(stack, [configured(stack, "phi", {}, ofAddress)]),
      publicConfiguration,
      {},
    ),
    setting(
      "ZE-13",
      "scale set: a public second address, or a private one",
      (stack, ofAddress: Inputs) =>
        scaleSet(stack, [
          configured(stack, "phi", {
            ipConfigurations: [
              { name: "primary", primary: true, subnet: { id: subnetId(stack, "phi") } },
              { name: "second", primary: false, subnet: { id: subnetId(stack, "phi") }, ...ofAddress },
            ],
          }),
        ]),
      publicConfiguration,
      {},
    ),
    setting(
      "ZE-13",
      "scale set: second interfaces in the gateway, or in PHI",
      (stack, zone: Zone) =>
        scaleSet(stack, [
          configured(stack, "phi"),
          configured(stack, zone, { name: "second", primary: false }),
        ]),
      "gateway",
      "phi",
    ),
    setting(
      "ZE-13",
      "scale set: passes on what is not its own, or not",
      (stack, enableIPForwarding) => scaleSet(stack, [configured(stack, "phi", { enableIPForwarding })]),
      true,
      false,
    ),
    setting(
      "ZE-13",
      "scale set: a public server of names, or none of its own",
      (stack, inputs: Inputs) => scaleSet(stack, [configured(stack, "phi", inputs)]),
      { dnsSettings: { dnsServers: ["1.1.1.1"] } },
      {},
    ),
    inPhiOrGateway("ZE-13", "scale set: behind a public load balancer, in which zone", (stack, zone) => {
      const balancer = publicBalancer(stack);
      return scaleSet(stack, [
        configured(
          stack,
          zone,
          {},
          { loadBalancerBackendAddressPools: [{ id: `${balancer}/backendAddressPools/pool` }] },
        ),
      ]);
    }),
  ].flatMap(onBoth),
  ...[
    versioned("compute", "v20240701", "VirtualMachineScaleSet"),
    generated("compute", "v20241101", "VirtualMachineScaleSet"),
  ].map((type) =>
    onSubnets(
      inPhiOrGateway("ZE-13", `scale set: public addresses by ${type}, in which zone`, (stack, zone) =>
        scaleSet(stack, [configured(stack, zone, {}, publicConfiguration)], type),
      ),
    ),
  ),
];

/** ZE-08 and ZE-13: network interfaces, and machines that have them. */
export const azureWaysOutOfInterfaces: readonly CorpusCase[] = [...interfaces, ...scaleSets];
