import type { Sketch } from "../stack-sketch";

import { addressesOf, subnetId, textId, type Inputs, type Zone } from "./azure-base";
import {
  add,
  address,
  addSubnet,
  azure,
  generated,
  giveSubnet,
  inOwnNetwork,
  inPhiOrGateway,
  networkInterface,
  onBoth,
  onSubnets,
  ownNetwork,
  pair,
  publicAddress,
  respell,
  route,
  secondSubnet,
  setting,
  versioned,
} from "./azure-network-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

const implicit: readonly CorpusCase[] = [
  ...[
    setting(
      "ZE-01",
      "the Internet without being asked: on, or off",
      (stack, defaultOutboundAccess) => giveSubnet(stack, "phi", { defaultOutboundAccess }),
      true,
      false,
    ),
    setting(
      "ZE-01",
      "the Internet without being asked: not said, or off",
      (stack, defaultOutboundAccess: boolean | undefined) =>
        giveSubnet(stack, "phi", { defaultOutboundAccess }),
      undefined,
      false,
    ),
    inPhiOrGateway("ZE-01", "the Internet without being asked: on in which zone", (stack, zone) =>
      giveSubnet(stack, zone, { defaultOutboundAccess: true }),
    ),
    inPhiOrGateway("ZE-01", "the Internet without being asked: not said in which zone", (stack, zone) =>
      giveSubnet(stack, zone, { defaultOutboundAccess: undefined }),
    ),
  ].flatMap(onBoth),
  setting(
    "ZE-01",
    "the Internet without being asked: in a second subnet of PHI",
    (stack, inputs: Inputs) => addSubnet(stack, "vnet", { ...secondSubnet("phi"), ...inputs }),
    { defaultOutboundAccess: true },
    {},
  ),
  ...[
    versioned("network", "v20240301", "VirtualNetwork"),
    generated("network", "v20240501", "VirtualNetwork"),
  ].map((type) =>
    setting(
      "ZE-01",
      `the Internet without being asked: not said, or off, by ${type}`,
      (stack, defaultOutboundAccess: boolean | undefined) =>
        respell(giveSubnet(stack, "phi", { defaultOutboundAccess }), "vnet", type),
      undefined,
      false,
    ),
  ),
  ...[versioned("network", "v20240301", "Subnet"), generated("network", "v20240501", "Subnet")].map((type) =>
    onSubnets(
      setting(
        "ZE-01",
        `the Internet without being asked: not said, or off, by ${type}`,
        (stack, defaultOutboundAccess: boolean | undefined) =>
          respell(giveSubnet(stack, "phi", { defaultOutboundAccess }), "phi-subnet", type),
        undefined,
        false,
      ),
    ),
  ),
];

/** A gateway that gives addresses of the Internet to what has none. */
function nat(stack: Sketch, inputs: Inputs = {}, type = azure("network", "NatGateway")): string {
  return add(stack, type, "nat", {
    natGatewayName: "nat",
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: publicAddress(stack) }],
    ...inputs,
  });
}

function prefix(stack: Sketch, inputs: Inputs = {}): string {
  return add(stack, azure("network", "PublicIPPrefix"), "public-prefix", {
    publicIpPrefixName: "public-prefix",
    prefixLength: 30,
    sku: { name: "Standard" },
    ...inputs,
  });
}

const natGateways: readonly CorpusCase[] = [
  ...onBoth(
    inPhiOrGateway("ZE-11", "NAT gateway with an address, on the subnet of which zone", (stack, zone) =>
      giveSubnet(stack, zone, { natGateway: { id: nat(stack) } }),
    ),
  ),
  ...onBoth(
    inPhiOrGateway("ZE-11", "NAT gateway with a prefix, on the subnet of which zone", (stack, zone) =>
      giveSubnet(stack, zone, {
        natGateway: {
          id: nat(stack, { publicIpAddresses: undefined, publicIpPrefixes: [{ id: prefix(stack) }] }),
        },
      }),
    ),
  ),
  inPhiOrGateway(
    "ZE-11",
    "NAT gateway that the stack does not show, on the subnet of which zone",
    (stack, zone) =>
      giveSubnet(stack, zone, { natGateway: { id: textId("Microsoft.Network/natGateways", "elsewhere") } }),
  ),
  onSubnets(
    inPhiOrGateway(
      "ZE-11",
      "NAT gateway by a token with its version, on the subnet of which zone",
      (stack, zone) =>
        giveSubnet(stack, zone, {
          natGateway: { id: nat(stack, {}, versioned("network", "v20230901", "NatGateway")) },
        }),
    ),
  ),
  pair(
    "ZE-11",
    "NAT gateway on a second subnet of PHI, or on none",
    (stack) => addSubnet(stack, "vnet", { ...secondSubnet("phi"), natGateway: { id: nat(stack) } }),
    (stack) => {
      nat(stack);
      return addSubnet(stack, "vnet", secondSubnet("phi"));
    },
  ),
];

const publicAddresses: readonly CorpusCase[] = [
  inPhiOrGateway("ZE-11", "public address that calls itself part of which zone", (stack, zone) =>
    publicAddress(stack, { tags: inZone(zone) }),
  ),
  inPhiOrGateway(
    "ZE-11",
    "public address of a generated package that calls itself part of which zone",
    (stack, zone) =>
      publicAddress(stack, { tags: inZone(zone) }, generated("network", "v20240501", "PublicIPAddress")),
  ),
  inPhiOrGateway("ZE-11", "prefix of public addresses that calls itself part of which zone", (stack, zone) =>
    prefix(stack, { tags: inZone(zone) }),
  ),
  ...onBoth(
    inPhiOrGateway("ZE-11", "public address of a prefix, on an interface in which zone", (stack, zone) =>
      networkInterface(stack, zone, {
        ipConfigurations: [
          address(stack, zone, {
            publicIPAddress: { id: publicAddress(stack, { publicIPPrefix: { id: prefix(stack) } }) },
          }),
        ],
      }),
    ),
  ),
  inPhiOrGateway(
    "ZE-11",
    "public address that the stack does not show, on the interface of which zone",
    (stack, zone) =>
      networkInterface(stack, zone, {
        ipConfigurations: [
          address(stack, zone, {
            publicIPAddress: {
              id: textId("Microsoft.Network/publicIPAddresses", "made-by-hand"),
            },
          }),
        ],
      }),
  ),
];

/** A gateway of Azure's by which what runs in a network reaches services. */
function serviceGateway(stack: Sketch, network: string, type = azure("network", "ServiceGateway")): string {
  return add(stack, type, "service-gateway", {
    serviceGatewayName: "service-gateway",
    sku: { name: "Standard", tier: "Regional" },
    virtualNetwork: { id: network },
  });
}

const serviceGateways: readonly CorpusCase[] = [
  inOwnNetwork("ZE-11", "service gateway of a network of which zone", (stack, network) =>
    serviceGateway(stack, network),
  ),
  inOwnNetwork(
    "ZE-11",
    "service gateway by a token with its version, of a network of which zone",
    (stack, network) => serviceGateway(stack, network, versioned("network", "v20250101", "ServiceGateway")),
  ),
  inPhiOrGateway("ZE-11", "service gateway on the subnet of which zone", (stack, zone) =>
    giveSubnet(stack, zone, {
      serviceGateway: { id: textId("Microsoft.Network/serviceGateways", "elsewhere") },
    }),
  ),
];

const networkV6 = "fd00:db8:deca::/48";
const subnetV6 = "fd00:db8:deca:3::/64";

/** The network of all zones with IPv6, and the subnet of one zone with a part of it. */
function dualStack(stack: Sketch, zone: Zone, addressPrefixes: readonly string[]): unknown {
  amend(stack, "vnet", { addressSpace: { addressPrefixes: ["10.0.0.0/16", networkV6] } });
  return giveSubnet(stack, zone, { addressPrefix: undefined, addressPrefixes });
}

const ipv6: readonly CorpusCase[] = [
  pair(
    "ZE-14",
    "network: IPv6, in PHI's own or in the gateway's",
    (stack) => ownNetwork(stack, "phi", { addressSpace: { addressPrefixes: ["10.9.0.0/16", networkV6] } }),
    (stack) =>
      ownNetwork(stack, "gateway", { addressSpace: { addressPrefixes: ["10.9.0.0/16", networkV6] } }),
  ),
  pair(
    "ZE-14",
    "network: IPv6 of the Internet, in PHI's own, or more of IPv4",
    (stack) =>
      ownNetwork(stack, "phi", {
        addressSpace: { addressPrefixes: ["2001:DB8:1234::/48", "10.9.0.0/16"] },
      }),
    (stack) =>
      ownNetwork(stack, "phi", { addressSpace: { addressPrefixes: ["10.10.0.0/16", "10.9.0.0/16"] } }),
  ),
  ...[
    inPhiOrGateway("ZE-14", "subnet: IPv6 besides IPv4, in which zone", (stack, zone) =>
      dualStack(stack, zone, [addressesOf[zone], subnetV6]),
    ),
    inPhiOrGateway("ZE-14", "subnet: IPv6 before IPv4, in which zone", (stack, zone) =>
      dualStack(stack, zone, [subnetV6.toUpperCase(), addressesOf[zone]]),
    ),
    pair(
      "ZE-14",
      "subnet: IPv6 and IPv4 in PHI, or IPv4 in a list",
      (stack) => dualStack(stack, "phi", [addressesOf.phi, subnetV6]),
      (stack) => giveSubnet(stack, "phi", { addressPrefix: undefined, addressPrefixes: [addressesOf.phi] }),
    ),
    inPhiOrGateway("ZE-14", "interface: an address of IPv6, in which zone", (stack, zone) => {
      dualStack(stack, zone, [addressesOf[zone], subnetV6]);
      return networkInterface(stack, zone, {
        ipConfigurations: [
          address(stack, zone),
          address(stack, zone, { name: "six", primary: false, privateIPAddressVersion: "IPv6" }),
        ],
      });
    }),
    pair(
      "ZE-14",
      "table: no route of IPv6 to nowhere where there is IPv6, or one where there is none",
      (stack) => dualStack(stack, "phi", [addressesOf.phi, subnetV6]),
      (stack) =>
        amend(stack, "phi-routes", { routes: [route("default", "0.0.0.0/0"), route("default-6", "::/0")] }),
    ),
    setting(
      "ZE-14",
      "table: all of IPv6 to the Internet, or to nowhere",
      (stack, nextHopType) =>
        amend(stack, "phi-routes", {
          routes: [route("default", "0.0.0.0/0"), route("default-6", "::/0", nextHopType)],
        }),
      "Internet",
      "None",
    ),
  ].flatMap(onBoth),
  onSubnets(
    inPhiOrGateway("ZE-14", "subnet: IPv6 by a token with its version, in which zone", (stack, zone) => {
      dualStack(stack, zone, [addressesOf[zone], subnetV6]);
      return respell(stack, `${zone}-subnet`, versioned("network", "v20240501", "Subnet"));
    }),
  ),
  inPhiOrGateway(
    "ZE-14",
    "interface: an address of IPv6 alone, in the known subnet of which zone",
    (stack, zone) => {
      dualStack(stack, zone, [addressesOf[zone], subnetV6]);
      return networkInterface(stack, zone, {
        ipConfigurations: [
          { name: "six", privateIPAddressVersion: "IPv6", subnet: { id: subnetId(stack, zone) } },
        ],
      });
    },
  ),
];

/** ZE-01, ZE-11 and ZE-14: addresses that the Internet knows. */
export const azureWaysOutOfAddresses: readonly CorpusCase[] = [
  ...implicit,
  ...natGateways,
  ...publicAddresses,
  ...serviceGateways,
  ...ipv6,
];
