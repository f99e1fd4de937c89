import { ownGroup, type Sketch } from "../stack-sketch";

import { textId, type Inputs } from "./azure-base";
import {
  add,
  addSubnet,
  azure,
  generated,
  giveSubnet,
  halves,
  inPhiOrGateway,
  onBoth,
  pair,
  publicAddress,
  respell,
  route,
  setting,
  versioned,
  type Change,
} from "./azure-network-pieces";
import { amend } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const nothing: Change = () => undefined;

const toNowhere = route("default", "0.0.0.0/0");
const appliance: Inputs = { nextHopIpAddress: "10.0.1.4" };

/** The routes of PHI's table: those that are wrong, and those that are right. */
function routes(name: string, bad: readonly Inputs[], good: readonly Inputs[]): CorpusCase {
  return setting(
    "ZE-10",
    `table: ${name}`,
    (stack, list) => amend(stack, "phi-routes", { routes: list }),
    bad,
    good,
  );
}

/** What opens no layer where nothing in the subnet has a public address, and no gateway is there: it is missed all the same. */
function missed(one: CorpusCase): CorpusCase {
  return { ...one, expected: "advised" };
}

/** A route of its own, in the table of a zone. */
function ownRoute(
  stack: Sketch,
  inputs: Inputs,
  routeTableName = "phi-routes",
  type = azure("network", "Route"),
): string {
  return add(stack, type, "route", {
    routeTableName,
    routeName: "route",
    addressPrefix: "198.51.100.0/24",
    nextHopType: "None",
    ...inputs,
  });
}

/** A gateway to networks elsewhere, whose routes the tables take over unless they say that they do not. */
function vpn(stack: Sketch): string {
  const subnet = addSubnet(stack, "vnet", { name: "GatewaySubnet", addressPrefix: "10.0.255.0/27" });
  return add(stack, azure("network", "VirtualNetworkGateway"), "vpn", {
    virtualNetworkGatewayName: "vpn",
    gatewayType: "Vpn",
    vpnType: "RouteBased",
    sku: { name: "VpnGw1AZ", tier: "VpnGw1AZ" },
    ipConfigurations: [
      { name: "default", subnet: { id: subnet }, publicIPAddress: { id: publicAddress(stack) } },
    ],
  });
}

const tables: readonly CorpusCase[] = [
  ...(
    [
      ["Internet", {}],
      ["internet", {}],
      ["VirtualNetworkGateway", {}],
      ["VirtualAppliance", appliance],
      ["VnetLocal", {}],
      ["SomethingNewOfAzures", {}],
    ] satisfies readonly (readonly [string, Inputs])[]
  ).map(([nextHopType, inputs]) =>
    routes(
      `everything to ${nextHopType}, or to nowhere`,
      [route("default", "0.0.0.0/0", nextHopType, inputs)],
      [toNowhere],
    ),
  ),
  ...onBoth(missed(routes("no route, so that Azure's own is left, or one to nowhere", [], [toNowhere]))),
  ...onBoth(
    pair(
      "ZE-10",
      "table: no route, so that Azure's leads to the Internet by its addresses, or one to nowhere",
      (stack) => {
        amend(stack, "phi-routes", { routes: [] });
        return giveSubnet(stack, "phi", { defaultOutboundAccess: true });
      },
      (stack) => amend(stack, "phi-routes", { routes: [toNowhere] }),
    ),
  ),
  routes(
    "some addresses of the Internet, or none",
    [toNowhere, route("some", "203.0.113.0/24", "Internet")],
    [toNowhere, route("some", "203.0.113.0/24")],
  ),
  routes(
    "one address by the gateway's appliance, or none",
    [toNowhere, route("some", "203.0.113.7/32", "VirtualAppliance", appliance)],
    [toNowhere, route("some", "203.0.113.7/32", "none")],
  ),
  routes(
    "a network elsewhere by a gateway, or not",
    [route("elsewhere", "172.16.0.0/12", "VirtualNetworkGateway"), toNowhere],
    [route("elsewhere", "172.16.0.0/12", "None"), toNowhere],
  ),
  routes(
    "a service by its tag, or not",
    [toNowhere, route("storage", "Storage.EastUS2", "Internet")],
    [toNowhere, route("storage", "Storage.EastUS2")],
  ),
  missed(
    routes(
      "half of all addresses to nowhere, or both halves",
      [route("low", halves[0])],
      [route("low", halves[0]), route("high", halves[1])],
    ),
  ),
  routes(
    "everything to the Internet, but a quarter of it, or all in two halves",
    [route("default", "0.0.0.0/0", "Internet"), route("quarter", "0.0.0.0/2")],
    [route("default", "0.0.0.0/0", "Internet"), ...halves.map((half) => route(half, half))],
  ),
  routes(
    "both halves of all addresses to the Internet, or to nowhere",
    [...halves.map((half) => route(half, half, "Internet")), toNowhere],
    [...halves.map((half) => route(half, half)), toNowhere],
  ),
  missed(
    pair(
      "ZE-10",
      "table: no list of routes, or one",
      (stack) => amend(stack, "phi-routes", { routes: undefined }),
      nothing,
    ),
  ),
  ...[versioned("network", "v20230201", "RouteTable"), generated("network", "v20240501", "RouteTable")].map(
    (type) =>
      setting(
        "ZE-10",
        `table: everything to the Internet, or to nowhere, by ${type}`,
        (stack, nextHopType) =>
          respell(
            amend(stack, "phi-routes", { routes: [route("default", "0.0.0.0/0", nextHopType)] }),
            "phi-routes",
            type,
          ),
        "Internet",
        "None",
      ),
  ),
  missed(
    setting(
      "ZE-10",
      "propagation: on, or off",
      (stack, disableBgpRoutePropagation) => amend(stack, "phi-routes", { disableBgpRoutePropagation }),
      false,
      true,
    ),
  ),
  missed(
    setting(
      "ZE-10",
      "propagation: not said, or off",
      (stack, disableBgpRoutePropagation: boolean | undefined) =>
        amend(stack, "phi-routes", { disableBgpRoutePropagation }),
      undefined,
      true,
    ),
  ),
  setting(
    "ZE-10",
    "propagation: on beside a gateway, or off",
    (stack, disableBgpRoutePropagation) => {
      vpn(stack);
      return amend(stack, "phi-routes", { disableBgpRoutePropagation });
    },
    false,
    true,
  ),
  setting(
    "ZE-10",
    "propagation: not said beside a gateway, or off",
    (stack, disableBgpRoutePropagation: boolean | undefined) => {
      vpn(stack);
      return amend(stack, "phi-routes", { disableBgpRoutePropagation });
    },
    undefined,
    true,
  ),
];

const ownRoutes: readonly CorpusCase[] = [
  ...(
    [
      ["Internet", {}],
      ["VirtualNetworkGateway", {}],
      ["VirtualAppliance", appliance],
    ] satisfies readonly (readonly [string, Inputs])[]
  ).map(([nextHopType, inputs]) =>
    setting(
      "ZE-10",
      `route of its own: to ${nextHopType}, or to nowhere`,
      (stack, said: Inputs) => ownRoute(stack, said),
      { nextHopType, ...inputs },
      { nextHopType: "None" },
    ),
  ),
  inPhiOrGateway("ZE-10", "route of its own: to the Internet, in the table of which zone", (stack, zone) =>
    ownRoute(stack, { nextHopType: "Internet" }, `${zone}-routes`),
  ),
  setting(
    "ZE-10",
    "route of its own: the table's name in capitals, to the Internet or to nowhere",
    (stack, nextHopType) => ownRoute(stack, { nextHopType }, "PHI-Routes"),
    "Internet",
    "None",
  ),
  setting(
    "ZE-10",
    "route of its own: in a table of that name in the resource group, or in another",
    (stack, resourceGroupName) => ownRoute(stack, { nextHopType: "Internet", resourceGroupName }),
    ownGroup,
    "laboratory",
  ),
  ...[versioned("network", "v20230201", "Route"), generated("network", "v20240501", "Route")].map((type) =>
    setting(
      "ZE-10",
      `route of its own: to the Internet, or to nowhere, by ${type}`,
      (stack, nextHopType) => ownRoute(stack, { nextHopType }, "phi-routes", type),
      "Internet",
      "None",
    ),
  ),
];

const tableOf = (name: string): Inputs => ({
  routeTable: { id: textId("Microsoft.Network/routeTables", name) },
});

const subnets: readonly CorpusCase[] = [
  missed(
    pair(
      "ZE-10",
      "no table on PHI's subnet, or PHI's",
      (stack) => giveSubnet(stack, "phi", { routeTable: undefined }),
      nothing,
    ),
  ),
  pair(
    "ZE-10",
    "a table that the stack does not show on PHI's subnet, or PHI's",
    (stack) => giveSubnet(stack, "phi", tableOf("somebody-elses")),
    (stack) => giveSubnet(stack, "phi", tableOf("PHI-ROUTES")),
  ),
  pair(
    "ZE-10",
    "the gateway's table on PHI's subnet, or PHI's",
    (stack) => giveSubnet(stack, "phi", tableOf("gateway-routes")),
    (stack) => giveSubnet(stack, "phi", tableOf("phi-routes")),
  ),
].flatMap(onBoth);

/** ZE-10: routes. */
export const azureWaysOutOfRoutes: readonly CorpusCase[] = [...tables, ...ownRoutes, ...subnets];
