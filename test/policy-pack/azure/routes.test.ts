import { describe, expect, it } from "vitest";

import type { Route } from "../../../policy-pack/facts/fact";
import { rangeText } from "../../../policy-pack/address-range";
import { ownGroup, Sketch, unknownText } from "../stack-sketch";

import { factsOf } from "./azure-facts";

type Inputs = Readonly<Record<string, unknown>>;

/** A network 10.0.0.0/16 with a subnet of the PHI zone, and a table with some routes. */
function stackWith(routes: readonly Inputs[], table: Inputs = {}, subnet: Inputs = {}): Sketch {
  const stack = new Sketch("deployed");
  const id = stack.add("azure-native:network:RouteTable", "routes", {
    resourceGroupName: ownGroup,
    routeTableName: "routes",
    disableBgpRoutePropagation: true,
    routes,
    tags: { "bulkhead-zone": "phi" },
    ...table,
  });
  stack.add("azure-native:network:VirtualNetwork", "vnet", {
    resourceGroupName: ownGroup,
    virtualNetworkName: "vnet",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  });
  stack.add("azure-native:network:Subnet", "subnet", {
    resourceGroupName: ownGroup,
    virtualNetworkName: "vnet",
    subnetName: "subnet",
    addressPrefix: "10.0.3.0/24",
    defaultOutboundAccess: false,
    routeTable: { id },
    ...subnet,
  });
  return stack;
}

function text({ destination, nextHop, assumption }: Route): string {
  return `${destination === "anything" ? destination : rangeText(destination)} ${nextHop.kind}${assumption === undefined ? "" : "?"}`;
}

function routesOf(stack: Sketch): readonly string[] {
  return factsOf(stack).subnets.flatMap(({ routeTables }) =>
    routeTables.flatMap(({ routes }) => routes.map(text)),
  );
}

function route(addressPrefix: string, nextHopType: string, more: Inputs = {}): Inputs {
  return { name: "route", addressPrefix, nextHopType, ...more };
}

const open = { defaultOutboundAccess: true };
const outsideOfNetwork = (kind: string): readonly string[] => [
  `0.0.0.0-9.255.255.255 ${kind}`,
  `10.1.0.0-255.255.255.255 ${kind}`,
];

describe("the routes of a subnet", () => {
  it("lead nowhere where nothing there has a public address", () => {
    expect(routesOf(stackWith([]))).toEqual([]);
  });

  it.each([
    ["it says so", { defaultOutboundAccess: true }],
    ["it says nothing", { defaultOutboundAccess: undefined }],
    ["addresses are translated", { natGateway: { id: "/subscriptions/other/natGateways/nat" } }],
  ])("lead to the Internet where %s", (_what, subnet) => {
    expect(routesOf(stackWith([], {}, subnet))).toEqual(outsideOfNetwork("the Internet"));
  });

  it("may lead to the Internet where it is not known whether", () => {
    expect(routesOf(stackWith([], {}, { defaultOutboundAccess: unknownText }))).toEqual(
      outsideOfNetwork("the Internet").map((one) => `${one}?`),
    );
  });

  it.each([
    ["by one to nowhere", [route("0.0.0.0/0", "None")], []],
    ["whatever its case", [route("0.0.0.0/0", "none")], []],
    ["in halves", [route("0.0.0.0/1", "None"), route("128.0.0.0/1", "None")], []],
    ["in part", [route("0.0.0.0/1", "None")], ["128.0.0.0/1 the Internet"]],
    [
      "but for a longer prefix",
      [route("0.0.0.0/0", "None"), route("203.0.113.0/24", "Internet")],
      ["203.0.113.0/24 the Internet"],
    ],
    [
      "but for a part of a longer prefix",
      [route("0.0.0.0/0", "None"), route("203.0.113.0/24", "Internet"), route("203.0.113.0/25", "None")],
      ["203.0.113.128/25 the Internet"],
    ],
    [
      "and lead to an appliance",
      [route("0.0.0.0/0", "VirtualAppliance", { nextHopIpAddress: "10.0.6.4" })],
      outsideOfNetwork("virtual appliance"),
    ],
    [
      "and lead to an appliance within the network",
      [
        route("0.0.0.0/0", "None"),
        route("10.0.2.0/24", "VirtualAppliance", { nextHopIpAddress: "10.0.6.4" }),
      ],
      ["10.0.2.0/24 virtual appliance"],
    ],
    [
      "and lead somewhere that is not known",
      [route("0.0.0.0/0", unknownText)],
      outsideOfNetwork("a next hop that is not known"),
    ],
    ["and stay in the network", [route("0.0.0.0/0", "None"), route("10.0.2.0/24", "VnetLocal")], []],
    [
      "and leave it all the same",
      [route("0.0.0.0/0", "VnetLocal")],
      outsideOfNetwork("the virtual network's own routes"),
    ],
    [
      "but for a service",
      [route("0.0.0.0/0", "None"), route("AzureCloud", "Internet")],
      ["anything the Internet?"],
    ],
  ])("take the place of Azure's own, %s", (_what, routes, expected) => {
    expect(routesOf(stackWith(routes, {}, open))).toEqual(expected);
  });

  it("that are not known prove nothing", () => {
    expect(routesOf(stackWith([route(unknownText, "None")], {}, open))).toEqual(
      outsideOfNetwork("the Internet"),
    );
  });

  it("are those of their own too, by the table's name", () => {
    const stack = stackWith([route("0.0.0.0/0", "None")]);
    stack.add("azure-native:network:Route", "own", {
      resourceGroupName: ownGroup,
      routeTableName: "ROUTES",
      ...route("203.0.113.0/24", "Internet"),
    });
    expect(routesOf(stack)).toEqual(["203.0.113.0/24 the Internet"]);
  });

  it("lead to a network that is peered, whatever the wider routes say", () => {
    const stack = stackWith([route("0.0.0.0/0", "None")]);
    const other = stack.add("azure-native:network:VirtualNetwork", "other", {
      resourceGroupName: ownGroup,
      virtualNetworkName: "other",
      addressSpace: { addressPrefixes: ["10.9.0.0/16"] },
    });
    stack.add("azure-native:network:VirtualNetworkPeering", "peering", {
      resourceGroupName: ownGroup,
      virtualNetworkName: "vnet",
      remoteVirtualNetwork: { id: other },
    });
    expect(routesOf(stack)).toEqual(["10.9.0.0/16 a peering"]);
  });

  it.each([
    [true, []],
    [false, ["anything a gateway?"]],
    [undefined, ["anything a gateway?"]],
    [unknownText, ["anything a gateway?"]],
  ])("are a gateway's, where disableBgpRoutePropagation is %s", (disableBgpRoutePropagation, expected) => {
    const stack = stackWith([route("0.0.0.0/0", "None")], { disableBgpRoutePropagation });
    stack.add("azure-native:network:VirtualNetworkGateway", "gateway", {
      resourceGroupName: ownGroup,
      virtualNetworkGatewayName: "gateway",
      ipConfigurations: [{ subnet: { id: `${stack.id("vnet")}/subnets/GatewaySubnet` } }],
    });
    expect(routesOf(stack)).toEqual(expected);
  });

  it("are those of service endpoints, past every other", () => {
    expect(
      routesOf(
        stackWith([route("0.0.0.0/0", "None")], {}, { serviceEndpoints: [{ service: "Microsoft.Storage" }] }),
      ),
    ).toEqual(["anything service endpoint?"]);
  });

  it("are not known where its table is not in the stack", () => {
    const [subnet] = factsOf(
      stackWith([], {}, { routeTable: { id: Sketch.idOf("azure-native:network:RouteTable", "other") } }),
    ).subnets;
    expect(subnet?.unknownRoutes).toBe("its route table is not in the stack");
  });

  it("lead to the Internet where something in the subnet has a public address", () => {
    const stack = stackWith([]);
    const address = stack.add("azure-native:network:PublicIPAddress", "address", {
      resourceGroupName: ownGroup,
      publicIpAddressName: "address",
    });
    stack.add("azure-native:network:NetworkInterface", "nic", {
      resourceGroupName: ownGroup,
      networkInterfaceName: "nic",
      ipConfigurations: [{ subnet: { id: stack.id("subnet") }, publicIPAddress: { id: address } }],
    });
    expect(routesOf(stack)).toEqual(outsideOfNetwork("the Internet"));
  });
});
