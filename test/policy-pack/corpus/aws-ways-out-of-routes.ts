import type { Sketch } from "../stack-sketch";
import {
  aws,
  give,
  inPhiOrGateway,
  instance,
  native,
  networkInterface,
  pair,
  prefixList,
  type Inputs,
  type Zone,
} from "./aws-network-pieces";
import { inZone, type CorpusCase } from "./corpus-case";

/** Where a route leads: a target to name in it, made in the gateway where it is made in the stack. */
type Target = (stack: Sketch) => Inputs;

const internet: Target = (stack) => ({ gatewayId: stack.id("internet-gateway") });

const egressOnly: Target = (stack) => ({
  egressOnlyGatewayId: stack.add(aws("ec2", "EgressOnlyInternetGateway"), "egress-only", {
    vpcId: stack.id("vpc"),
  }),
});

const transit: Target = () => ({ transitGatewayId: "tgw-0123456789abcdef0" });

function virtualGateway(stack: Sketch): string {
  return stack.add(aws("ec2", "VpnGateway"), "virtual-gateway", { vpcId: stack.id("vpc") });
}

function nat(stack: Sketch, inputs: Inputs = { allocationId: "eipalloc-0123456789abcdef0" }): Inputs {
  const subnetId = stack.id("gateway-subnet");
  return { natGatewayId: stack.add(aws("ec2", "NatGateway"), "nat", { subnetId, ...inputs }) };
}

function peering(stack: Sketch): string {
  return stack.add(aws("ec2", "VpcPeeringConnection"), "peering", {
    vpcId: stack.id("vpc"),
    peerVpcId: "vpc-0123456789abcdef0",
    peerOwnerId: "444455556666",
  });
}

/** An endpoint of a gateway load balancer's, where an appliance stands. */
function appliance(stack: Sketch): string {
  return stack.add(aws("ec2", "VpcEndpoint"), "appliance", {
    vpcId: stack.id("vpc"),
    vpcEndpointType: "GatewayLoadBalancer",
    serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
    subnetIds: [stack.id("gateway-subnet")],
  });
}

function firewall(stack: Sketch): string {
  return stack.add(aws("networkfirewall", "Firewall"), "firewall", {
    vpcId: stack.id("vpc"),
    firewallPolicyArn: "arn:aws:network-firewall:us-east-1:111122223333:firewall-policy/stranger",
    subnetMappings: [{ subnetId: stack.id("gateway-subnet") }],
  });
}

/** The same routes in the table of PHI, and in the table of the gateway in place of its own. */
function routes(
  id: string,
  name: string,
  said: (stack: Sketch) => readonly Inputs[],
  type = aws("ec2", "Route"),
): CorpusCase {
  return inPhiOrGateway(id, name, (stack, zone) => {
    stack.remove("gateway-default-route");
    const routeTableId = stack.id(`${zone}-routes`);
    said(stack).forEach((inputs, index) =>
      stack.add(type, `route-${String(index)}`, { routeTableId, ...inputs }),
    );
  });
}

const everywhere: Inputs = { destinationCidrBlock: "0.0.0.0/0" };
const everywhereV6: Inputs = { destinationIpv6CidrBlock: "::/0" };
const branch: Inputs = { destinationCidrBlock: "192.168.0.0/16" };
const nativeRoute = native("ec2", "Route");

const destinations: readonly CorpusCase[] = [
  routes("AE-08", "default route", (stack) => [{ ...everywhere, ...internet(stack) }]),
  routes("AE-08", "both halves of the Internet", (stack) =>
    ["0.0.0.0/1", "128.0.0.0/1"].map((destinationCidrBlock) => ({
      destinationCidrBlock,
      ...internet(stack),
    })),
  ),
  routes("AE-08", "one half of the Internet", (stack) => [
    { destinationCidrBlock: "128.0.0.0/1", ...internet(stack) },
  ]),
  routes("AE-08", "default route of IPv6", (stack) => [{ ...everywhereV6, ...egressOnly(stack) }]),
  routes("AE-08", "the IPv6 Internet as 2000::/3", (stack) => [
    { destinationIpv6CidrBlock: "2000::/3", ...internet(stack) },
  ]),
  routes("AE-08", "both halves of IPv6", (stack) => {
    const target = egressOnly(stack);
    return ["::/1", "8000::/1"].map((destinationIpv6CidrBlock) => ({ destinationIpv6CidrBlock, ...target }));
  }),
  routes("AE-08", "one host on the Internet", (stack) => [
    { destinationCidrBlock: "203.0.113.10/32", ...internet(stack) },
  ]),
  routes("AE-08", "the private network of a branch", (stack) => [{ ...branch, ...transit(stack) }]),
  routes("AE-08", "a prefix list that holds everything", (stack) => [
    { destinationPrefixListId: prefixList(stack, ["0.0.0.0/0"]), ...internet(stack) },
  ]),
  routes("AE-08", "a prefix list of one public network", (stack) => [
    { destinationPrefixListId: prefixList(stack, ["198.51.100.0/24"]), ...internet(stack) },
  ]),
  routes("AE-08", "a prefix list that nobody knows", (stack) => [
    { destinationPrefixListId: "pl-0123456789abcdef0", ...internet(stack) },
  ]),
  routes("AE-08", "native: default route", (stack) => [{ ...everywhere, ...internet(stack) }], nativeRoute),
  routes(
    "AE-08",
    "native: default route of IPv6",
    (stack) => [{ ...everywhereV6, ...internet(stack) }],
    nativeRoute,
  ),
  routes(
    "AE-08",
    "native: a prefix list that holds everything",
    (stack) => [{ destinationPrefixListId: prefixList(stack, ["0.0.0.0/0"]), ...internet(stack) }],
    nativeRoute,
  ),
  pair(
    "AE-08",
    "to more than the VPC by a transit gateway, or to the VPC itself",
    (stack) =>
      stack.add(aws("ec2", "Route"), "route", {
        routeTableId: stack.id("phi-routes"),
        destinationCidrBlock: "10.0.0.0/8",
        ...transit(stack),
      }),
    (stack) =>
      stack.add(aws("ec2", "Route"), "route", {
        routeTableId: stack.id("phi-routes"),
        destinationCidrBlock: "10.0.0.0/16",
        gatewayId: "local",
      }),
  ),
  pair(
    "AE-08",
    "default route in a table without a zone that a PHI subnet has, or does not have",
    (stack) => {
      const routeTableId = stack.add(aws("ec2", "RouteTable"), "more-routes", { vpcId: stack.id("vpc") });
      give(stack, "phi-association", { routeTableId });
      return stack.add(aws("ec2", "Route"), "route", { routeTableId, ...everywhere, ...internet(stack) });
    },
    (stack) => {
      const routeTableId = stack.add(aws("ec2", "RouteTable"), "more-routes", { vpcId: stack.id("vpc") });
      give(stack, "gateway-association", { routeTableId });
      return stack.add(aws("ec2", "Route"), "route", { routeTableId, ...everywhere, ...internet(stack) });
    },
  ),
  pair(
    "AE-08",
    "default route in a native table with a native association",
    (stack) => nativeTable(stack, "phi"),
    (stack) => nativeTable(stack, "gateway"),
  ),
];

/** Gives the subnet of a zone a table without a zone that leads to the Internet, all in `aws-native`. */
function nativeTable(stack: Sketch, zone: Zone): unknown {
  const routeTableId = stack.add(native("ec2", "RouteTable"), "more-routes", { vpcId: stack.id("vpc") });
  stack.remove(`${zone}-association`);
  stack.add(native("ec2", "SubnetRouteTableAssociation"), "more-association", {
    routeTableId,
    subnetId: stack.id(`${zone}-subnet`),
  });
  return stack.add(nativeRoute, "route", { routeTableId, ...everywhere, ...internet(stack) });
}

const targets: readonly CorpusCase[] = [
  ...(
    [
      ["virtual private gateway", branch, (stack) => ({ gatewayId: virtualGateway(stack) })],
      ["NAT gateway", everywhere, (stack) => nat(stack)],
      ["NAT gateway from IPv6 to IPv4", { destinationIpv6CidrBlock: "64:ff9b::/96" }, (stack) => nat(stack)],
      ["private NAT gateway", branch, (stack) => nat(stack, { connectivityType: "private" })],
      ["transit gateway", branch, transit],
      [
        "transit gateway of the stack's",
        everywhere,
        (stack) => ({
          transitGatewayId: stack.add(aws("ec2transitgateway", "TransitGateway"), "transit", {}),
        }),
      ],
      [
        "peering",
        { destinationCidrBlock: "10.20.0.0/16" },
        (stack) => ({ vpcPeeringConnectionId: peering(stack) }),
      ],
      ["endpoint of a gateway load balancer", everywhere, (stack) => ({ vpcEndpointId: appliance(stack) })],
      [
        "endpoint of an inspecting firewall",
        everywhere,
        (stack) => ({ vpcEndpointId: `${firewall(stack)}.firewallStatuses` }),
      ],
      [
        "interface in the gateway",
        everywhere,
        (stack) => ({ networkInterfaceId: networkInterface(stack, "gateway", { sourceDestCheck: false }) }),
      ],
      [
        "core network",
        branch,
        () => ({
          coreNetworkArn: "arn:aws:networkmanager::111122223333:core-network/core-network-0123456789abcdef0",
        }),
      ],
      [
        "carrier gateway",
        everywhere,
        (stack) => ({
          carrierGatewayId: stack.add(aws("ec2", "CarrierGateway"), "carrier", { vpcId: stack.id("vpc") }),
        }),
      ],
      ["local gateway", branch, () => ({ localGatewayId: "lgw-0123456789abcdef0" })],
      [
        "network of Oracle Database",
        branch,
        () => ({ odbNetworkArn: "arn:aws:odb:us-east-1:111122223333:odb-network/odbnet_0123456789" }),
      ],
    ] satisfies readonly (readonly [string, Inputs, Target])[]
  ).map(([name, destination, target]) =>
    routes("AE-09", `target: ${name}`, (stack) => [{ ...destination, ...target(stack) }]),
  ),
  ...(
    [
      ["NAT gateway", everywhere, (stack) => nat(stack)],
      [
        "egress-only gateway",
        everywhereV6,
        (stack) => ({
          egressOnlyInternetGatewayId: stack.add(native("ec2", "EgressOnlyInternetGateway"), "egress-only", {
            vpcId: stack.id("vpc"),
          }),
        }),
      ],
      ["transit gateway", branch, transit],
      ["instance in the gateway", everywhere, (stack) => ({ instanceId: instance(stack, "gateway") })],
      [
        "peering",
        { destinationCidrBlock: "10.20.0.0/16" },
        (stack) => ({ vpcPeeringConnectionId: peering(stack) }),
      ],
    ] satisfies readonly (readonly [string, Inputs, Target])[]
  ).map(([name, destination, target]) =>
    routes("AE-09", `native target: ${name}`, (stack) => [{ ...destination, ...target(stack) }], nativeRoute),
  ),
];

/** The main table of the base's network. */
function main(stack: Sketch): string {
  return `${stack.id("vpc")}.mainRouteTableId`;
}

/** Adopts the main table of the base's network, with the routes given, and no others. */
function adoptMain(stack: Sketch, inputs: Inputs): unknown {
  return stack.add(aws("ec2", "DefaultRouteTable"), "main-routes", {
    defaultRouteTableId: `${stack.id("vpc")}.defaultRouteTableId`,
    routes: [],
    ...inputs,
  });
}

const inlineEverywhere = (stack: Sketch): Inputs => ({
  routes: [{ cidrBlock: "0.0.0.0/0", ...internet(stack) }],
});

function inline(name: string, bad: Target, good: Target): CorpusCase {
  return pair(
    "AE-10",
    `inline: ${name}`,
    (stack) => give(stack, "phi-routes", bad(stack)),
    (stack) => give(stack, "phi-routes", good(stack)),
  );
}

const tables: readonly CorpusCase[] = [
  inline("default route, or none", inlineEverywhere, () => ({ routes: [] })),
  inline(
    "both halves of the Internet, or the VPC itself",
    (stack) => ({
      routes: ["0.0.0.0/1", "128.0.0.0/1"].map((cidrBlock) => ({ cidrBlock, ...internet(stack) })),
    }),
    () => ({ routes: [{ cidrBlock: "10.0.0.0/16", gatewayId: "local" }] }),
  ),
  inline(
    "default route of IPv6, or none",
    (stack) => ({ routes: [{ ipv6CidrBlock: "::/0", ...egressOnly(stack) }] }),
    () => ({ routes: [] }),
  ),
  inline(
    "a prefix list that holds everything, or none",
    (stack) => ({
      routes: [{ destinationPrefixListId: prefixList(stack, ["0.0.0.0/0"]), ...internet(stack) }],
    }),
    () => ({ routes: [] }),
  ),
  inline(
    "a branch by a transit gateway beside the VPC, or the VPC alone",
    (stack) => ({
      routes: [
        { cidrBlock: "10.0.0.0/16", gatewayId: "local" },
        { cidrBlock: "192.168.0.0/16", ...transit(stack) },
      ],
    }),
    () => ({ routes: [{ cidrBlock: "10.0.0.0/16", gatewayId: "local" }] }),
  ),
  pair(
    "AE-10",
    "inline: default route in the table of PHI, or of the gateway",
    (stack) => give(stack.remove("gateway-default-route"), "phi-routes", inlineEverywhere(stack)),
    (stack) => give(stack.remove("gateway-default-route"), "gateway-routes", inlineEverywhere(stack)),
  ),
  inPhiOrGateway("AE-10", "inline: routes from a virtual private gateway", (stack, zone) =>
    give(stack, `${zone}-routes`, { propagatingVgws: [virtualGateway(stack)] }),
  ),
  inPhiOrGateway("AE-10", "propagation of a virtual private gateway's routes", (stack, zone) =>
    stack.add(aws("ec2", "VpnGatewayRoutePropagation"), "propagation", {
      vpnGatewayId: virtualGateway(stack),
      routeTableId: stack.id(`${zone}-routes`),
    }),
  ),
  inPhiOrGateway("AE-10", "propagation of a route server's routes", (stack, zone) =>
    stack.add(aws("vpc", "RouteServerPropagation"), "propagation", {
      routeServerId: "rs-0123456789abcdef0",
      routeTableId: stack.id(`${zone}-routes`),
    }),
  ),
  inPhiOrGateway("AE-10", "native propagation of a route server's routes", (stack, zone) =>
    stack.add(native("ec2", "RouteServerPropagation"), "propagation", {
      routeServerId: "rs-0123456789abcdef0",
      routeTableId: stack.id(`${zone}-routes`),
    }),
  ),
  pair(
    "AE-10",
    "main table with a default route, and PHI's subnet without a table of its own, or with it",
    (stack) => adoptMain(stack.remove("phi-association"), inlineEverywhere(stack)),
    (stack) => adoptMain(stack, inlineEverywhere(stack)),
  ),
  pair(
    "AE-10",
    "PHI's subnet without a table of its own, and a main table that leads out, or nowhere",
    (stack) => adoptMain(stack.remove("phi-association"), inlineEverywhere(stack)),
    (stack) => adoptMain(stack.remove("phi-association"), { routes: [] }),
  ),
  pair(
    "AE-10",
    "main table with propagated routes, and PHI's subnet without a table of its own, or with it",
    (stack) => adoptMain(stack.remove("phi-association"), { propagatingVgws: [virtualGateway(stack)] }),
    (stack) => adoptMain(stack, { propagatingVgws: [virtualGateway(stack)] }),
  ),
  pair(
    "AE-10",
    "main table marked as PHI's with a default route, or none",
    (stack) => adoptMain(stack, { tags: inZone("phi"), ...inlineEverywhere(stack) }),
    (stack) => adoptMain(stack, { tags: inZone("phi") }),
  ),
  pair(
    "AE-10",
    "default route added to the main table by the network's output",
    (stack) =>
      stack.remove("phi-association").add(aws("ec2", "Route"), "route", {
        routeTableId: main(stack),
        ...everywhere,
        ...internet(stack),
      }),
    (stack) =>
      stack.add(aws("ec2", "Route"), "route", {
        routeTableId: main(stack),
        ...everywhere,
        ...internet(stack),
      }),
  ),
];

/** Makes a table the main one of the base's network. */
function makeMain(stack: Sketch, table: string): unknown {
  return stack.add(aws("ec2", "MainRouteTableAssociation"), "main", {
    vpcId: stack.id("vpc"),
    routeTableId: stack.id(table),
  });
}

/** A table of a zone that leads nowhere. */
function secondTable(stack: Sketch, zone: Zone): string {
  return stack.add(aws("ec2", "RouteTable"), "second-routes", {
    vpcId: stack.id("vpc"),
    tags: inZone(zone),
  });
}

/** Has what comes in by the Internet gateway routed by a table that leads to an interface in its zone. */
function edgeTable(stack: Sketch, zone: Zone, type: string): unknown {
  const routeTableId = secondTable(stack, zone);
  stack.add(aws("ec2", "Route"), "route", {
    routeTableId,
    destinationCidrBlock: zone === "phi" ? "10.0.3.0/24" : "10.0.1.0/24",
    networkInterfaceId: networkInterface(stack, zone),
  });
  return stack.add(type, "edge", { routeTableId, ...internet(stack) });
}

const associations: readonly CorpusCase[] = [
  pair(
    "AE-11",
    "the gateway's table becomes the main one, and PHI's subnet has none of its own, or has",
    (stack) => makeMain(stack.remove("phi-association"), "gateway-routes"),
    (stack) => makeMain(stack, "gateway-routes"),
  ),
  pair(
    "AE-11",
    "PHI's subnet without a table of its own, and the main one becomes the gateway's, or PHI's",
    (stack) => makeMain(stack.remove("phi-association"), "gateway-routes"),
    (stack) => makeMain(stack.remove("phi-association"), "phi-routes"),
  ),
  pair(
    "AE-11",
    "PHI's subnet moved to the gateway's table, or to another of PHI's",
    (stack) => give(stack, "phi-association", { routeTableId: stack.id("gateway-routes") }),
    (stack) => give(stack, "phi-association", { routeTableId: secondTable(stack, "phi") }),
  ),
  pair(
    "AE-11",
    "PHI's subnet moved to a table that nobody knows, or to another of PHI's",
    (stack) => give(stack, "phi-association", { routeTableId: "rtb-0123456789abcdef0" }),
    (stack) => give(stack, "phi-association", { routeTableId: secondTable(stack, "phi") }),
  ),
  pair(
    "AE-11",
    "second PHI subnet on the gateway's table, or on PHI's",
    (stack) => secondSubnet(stack, "gateway-routes"),
    (stack) => secondSubnet(stack, "phi-routes"),
  ),
  pair(
    "AE-11",
    "native association of PHI's subnet with the gateway's table, or PHI's",
    (stack) =>
      stack.remove("phi-association").add(native("ec2", "SubnetRouteTableAssociation"), "association", {
        subnetId: stack.id("phi-subnet"),
        routeTableId: stack.id("gateway-routes"),
      }),
    (stack) =>
      stack.remove("phi-association").add(native("ec2", "SubnetRouteTableAssociation"), "association", {
        subnetId: stack.id("phi-subnet"),
        routeTableId: stack.id("phi-routes"),
      }),
  ),
  inPhiOrGateway("AE-11", "table on the Internet gateway", (stack, zone) =>
    edgeTable(stack, zone, aws("ec2", "RouteTableAssociation")),
  ),
  inPhiOrGateway("AE-11", "native: table on the Internet gateway", (stack, zone) =>
    edgeTable(stack, zone, native("ec2", "GatewayRouteTableAssociation")),
  ),
];

/** A second subnet of PHI, on a table. */
function secondSubnet(stack: Sketch, table: string): unknown {
  return stack.add(aws("ec2", "RouteTableAssociation"), "second-association", {
    subnetId: stack.add(aws("ec2", "Subnet"), "second-subnet", {
      vpcId: stack.id("vpc"),
      cidrBlock: "10.0.4.0/24",
      tags: inZone("phi"),
    }),
    routeTableId: stack.id(table),
  });
}

/** AE-08 to AE-11: routes, and which tables are in force. */
export const waysOutOfRoutes: readonly CorpusCase[] = [
  ...destinations,
  ...targets,
  ...tables,
  ...associations,
];
