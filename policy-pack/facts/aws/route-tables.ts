import { addressRange, rangeText } from "../../address-range";
import { itemsOf, memberReading, recordOf, textOf, unknown, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind, Network, NextHop, Route, RouteTable } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";

interface OpenTable extends RouteTable {
  readonly routes: Route[];
}

const tableReferents = [...types.routeTable, ...types.network];

/** The properties by which a route names its next hop, with what each leads to (EC2 API, `CreateRoute`). */
const nextHops: Readonly<Record<string, string>> = {
  gatewayId: "gateway",
  natGatewayId: "NAT gateway",
  egressOnlyGatewayId: "egress-only internet gateway",
  transitGatewayId: "transit gateway",
  vpcPeeringConnectionId: "VPC peering connection",
  vpcEndpointId: "VPC endpoint",
  networkInterfaceId: "network interface",
  coreNetworkArn: "core network",
  carrierGatewayId: "carrier gateway",
  localGatewayId: "local gateway",
  odbNetworkArn: "ODB network",
  instanceId: "instance",
};

/** The kinds of gateway that `gatewayId` may name. */
const gatewayKinds: Readonly<Record<string, string>> = {
  "aws:ec2:internetgateway": "internet gateway",
  "aws:ec2:egressonlyinternetgateway": "egress-only internet gateway",
  "aws:ec2:vpngateway": "virtual private gateway",
};

const nextHopTypes = [
  ...Object.keys(gatewayKinds),
  "aws:ec2:natgateway",
  "aws:ec2transitgateway:transitgateway",
  "aws:ec2:vpcpeeringconnection",
  "aws:ec2:vpcendpoint",
  "aws:ec2:networkinterface",
  "aws:ec2:instance",
  "aws:ec2:carriergateway",
];

/** The route tables of a stack with the routes that lead out of their network: inline, standalone, propagated or put there by endpoints. */
export class RouteTables {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #byUrn = new Map<string, OpenTable>();
  readonly #main = new Map<Network, OpenTable[]>();
  /** Main tables of networks that are not known, so that they may be any network's. */
  readonly #mainSomewhere: OpenTable[] = [];
  readonly #blind: Blind[] = [];

  constructor(stack: AwsStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    for (const node of graph.ofType(...types.routeTable)) {
      const table = this.#table(node);
      this.#byUrn.set(node.urn, table);
      if (node.resourceType === "aws:ec2:defaultroutetable") {
        this.#makeMain(table.network, table);
      }
      itemsOf(graph.read(node, "routes")).forEach((item, index) => {
        const route = recordOf(item);
        this.#addRoute(
          [table],
          node,
          `${labelOf(node)} routes[${String(index)}]`,
          (key) => memberReading(route, key),
          "cidrBlock",
          "ipv6CidrBlock",
          "routes",
        );
      });
      for (const gateway of itemsOf(graph.read(node, "propagatingVgws"))) {
        this.#addAnything([table], node, "routes propagated by", "virtual private gateway", gateway);
      }
    }
    for (const node of graph.ofType("aws:ec2:mainroutetableassociation")) {
      const network = networks.of(node);
      for (const table of this.tables(graph.referents(node, "routeTableId", tableReferents))) {
        this.#makeMain(network, this.#byUrn.get(table.urn) ?? this.#mainOf(network));
      }
    }
    for (const node of graph.ofType("aws:ec2:route")) {
      const tables = this.#owners(node, "routeTableId");
      this.#addRoute(
        tables,
        node,
        labelOf(node),
        (key) => graph.read(node, key),
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
      );
    }
    for (const node of graph.ofType("aws:ec2:vpngatewayroutepropagation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId"),
        node,
        "routes propagated by",
        "virtual private gateway",
        graph.read(node, "vpnGatewayId"),
      );
    }
    for (const node of graph.ofType("aws:vpc:routeserverpropagation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId"),
        node,
        "routes propagated by",
        "route server",
        graph.read(node, "routeServerId"),
      );
    }
    for (const node of graph.ofType("aws:ec2:vpcendpointroutetableassociation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId"),
        node,
        "the route to",
        "gateway endpoint",
        graph.read(node, "vpcEndpointId"),
      );
    }
    for (const node of graph.ofType("aws:ec2:vpcendpoint")) {
      const tables = graph
        .listReferents(node, "routeTableIds", tableReferents)
        .flatMap((referent) => this.#open(referent));
      this.#addAnything(tables, node, "the route to", "gateway endpoint", graph.read(node, "serviceName"));
    }
  }

  get all(): readonly RouteTable[] {
    return [...this.#byUrn.values()];
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** The tables to which referents lead that are in the stack. */
  tables(referents: readonly Referent[]): readonly RouteTable[] {
    return referents.flatMap((referent) => this.#open(referent));
  }

  /** The tables that may be that of subnets associated with none; `undefined` where the stack cannot show it. */
  mainOf(network: Network): readonly RouteTable[] | undefined {
    const own = this.#main.get(network) ?? (network.isInStack ? [this.#mainOf(network)] : undefined);
    return own === undefined ? undefined : [...own, ...this.#mainSomewhere];
  }

  #makeMain(network: Network, table: OpenTable): void {
    if (!network.isDetermined) {
      this.#mainSomewhere.push(table);
      return;
    }
    const tables = this.#main.get(network) ?? [];
    this.#main.set(network, [...tables.filter(({ urn }) => urn !== table.urn), table]);
  }

  /** The main table that AWS puts into a VPC of the stack: it leads nowhere until something of the stack adds a route. */
  #mainOf(network: Network): OpenTable {
    const [existing] = this.#main.get(network) ?? [];
    if (existing !== undefined) {
      return existing;
    }
    const { urn, zone, platform } = network;
    const table: OpenTable = {
      urn,
      label: `main route table of ${network.label}`,
      zone,
      platform,
      network,
      routes: [],
    };
    this.#makeMain(network, table);
    return table;
  }

  #table(node: Node): OpenTable {
    const { zones, graph } = this.#stack;
    const isDefault = node.resourceType === "aws:ec2:defaultroutetable";
    const vpcs = isDefault
      ? graph
          .referents(node, "defaultRouteTableId", types.network)
          .flatMap((referent) => this.#networks.defaultPart(referent, "routeTable") ?? [])
      : [];
    const [vpc, ...others] = vpcs;
    const network = !isDefault
      ? this.#networks.of(node)
      : vpc !== undefined && others.length === 0
        ? this.#networks.ofNode(vpc)
        : this.#networks.undetermined;
    zones.inherit(node.urn, network.zone, network.label);
    return {
      urn: node.urn,
      label: labelOf(node),
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      network,
      routes: [],
    };
  }

  #open(referent: Referent): readonly OpenTable[] {
    const vpc = this.#networks.defaultPart(referent, "routeTable");
    if (vpc !== undefined) {
      return [this.#mainOf(this.#networks.ofNode(vpc))];
    }
    const table = referent.kind === "resource" ? this.#byUrn.get(referent.node.urn) : undefined;
    return table === undefined ? [] : [table];
  }

  #owners(node: Node, key: string): readonly OpenTable[] {
    const { graph, zones } = this.#stack;
    const referents = graph.referents(node, key, tableReferents);
    if (referents.length === 0 || referents.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: `To which route table it belongs cannot be known: \`${key}\` is unknown, and derives from no route table of the stack.`,
        remedy: `Set ${key} to the id of a route table of this stack, without computing it.`,
      });
    }
    return referents.flatMap((referent) => this.#open(referent));
  }

  #nextHop(
    node: Node,
    read: (key: string) => Reading<unknown>,
    inline: string | undefined,
  ): NextHop | "local" {
    for (const [key, kind] of Object.entries(nextHops)) {
      const target = textOf(read(key));
      if (target.kind === "absent") {
        continue;
      }
      if (target.kind === "known" && target.value === "local") {
        return "local";
      }
      const [first] = this.#stack.graph.referentsOf(node, inline ?? key, target, nextHopTypes);
      if (first?.kind === "resource") {
        return { kind: gatewayKinds[first.node.resourceType] ?? kind, name: first.node.urn };
      }
      return { kind, name: target.kind === "known" ? target.value : undefined };
    }
    return { kind: "next hop that is not known", name: undefined };
  }

  #addRoute(
    tables: readonly OpenTable[],
    node: Node,
    name: string,
    read: (key: string) => Reading<unknown>,
    ipv4: string,
    ipv6: string,
    inline?: string,
  ): void {
    const nextHop = this.#nextHop(node, read, inline);
    if (nextHop === "local") {
      return;
    }
    const blocks = [ipv4, ipv6].map((key) => textOf(read(key))).filter(({ kind }) => kind !== "absent");
    // A prefix list, or no destination at all, may be anywhere.
    for (const block of blocks.length > 0 ? blocks : [unknown]) {
      const range = block.kind === "known" ? addressRange(block.value) : undefined;
      const route: Route = {
        urn: node.urn,
        label: `${name}: ${range === undefined ? "any destination" : rangeText(range)} by ${nextHop.kind}${nextHop.name === undefined ? "" : ` ${nextHop.name}`}`,
        destination: range ?? "anything",
        nextHop,
        assumption:
          range === undefined ? "its destination is not known, so it is taken to be any" : undefined,
      };
      tables.forEach(({ routes }) => routes.push(route));
    }
    for (const { urn } of tables) {
      this.#stack.zones.inherit(
        urn,
        this.#stack.zones.of(node.urn) === "phi" ? "phi" : undefined,
        `its route ${node.name}`,
      );
    }
  }

  #addAnything(
    tables: readonly OpenTable[],
    node: Node,
    what: string,
    kind: string,
    target: Reading<unknown>,
  ): void {
    const name = textOf(target);
    const nextHop: NextHop = { kind, name: name.kind === "known" ? name.value : undefined };
    const route: Route = {
      urn: node.urn,
      label: `${labelOf(node)}: ${what} a ${kind}`,
      destination: "anything",
      nextHop,
      assumption: "where such routes lead is not in the stack, so they are taken to lead anywhere",
    };
    tables.forEach(({ routes }) => routes.push(route));
  }
}
