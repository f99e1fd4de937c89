import { addressRange, rangeText } from "../../address-range";
import { itemsOf, memberReading, recordOf, textOf, unknown, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind, Network, NextHop, Route, RouteTable } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import { NextHops } from "./next-hops";
import { prefixListBlocks } from "./prefix-lists";

interface OpenTable extends RouteTable {
  readonly routes: Route[];
  /** Whether the table itself lists its routes, or may: the provider then takes away any other. */
  readonly isListed: boolean;
}

/** The tables to which a route belongs, or may. */
interface Owners {
  readonly tables: readonly OpenTable[];
  /** Whether it belongs to each of them for certain. */
  readonly areCertain: boolean;
}

const tableReferents = [...types.routeTable, ...types.network];

/** The route tables of a stack with the routes that lead out of their network: inline, standalone, propagated or put there by endpoints. */
export class RouteTables {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #nextHops: NextHops;
  readonly #byUrn = new Map<string, OpenTable>();
  readonly #main = new Map<Network, OpenTable[]>();
  /** Main tables of networks that are not known, so that they may be any network's. */
  readonly #mainSomewhere: OpenTable[] = [];
  readonly #blind: Blind[] = [];

  constructor(stack: AwsStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    this.#nextHops = new NextHops(stack);
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
          { tables: [table], areCertain: true },
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
      this.#addRoute(
        this.#owners(node, "routeTableId"),
        node,
        labelOf(node),
        (key) => graph.read(node, key),
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
      );
    }
    for (const node of graph.ofType("aws:ec2:vpngatewayroutepropagation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId").tables,
        node,
        "routes propagated by",
        "virtual private gateway",
        graph.read(node, "vpnGatewayId"),
      );
    }
    for (const node of graph.ofType("aws:vpc:routeserverpropagation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId").tables,
        node,
        "routes propagated by",
        "route server",
        graph.read(node, "routeServerId"),
      );
    }
    for (const node of graph.ofType("aws:ec2:vpcendpointroutetableassociation")) {
      this.#addAnything(
        this.#owners(node, "routeTableId").tables,
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
      isListed: false,
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
      isListed: itemsOf(graph.read(node, "routes")).length > 0,
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

  #owners(node: Node, key: string): Owners {
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
    const tables = referents.flatMap((referent) => this.#open(referent));
    const [only] = referents;
    return {
      tables,
      areCertain:
        referents.length === 1 &&
        only?.kind === "resource" &&
        !only.assumed &&
        tables.every(({ isListed }) => !isListed),
    };
  }

  #addRoute(
    { tables, areCertain }: Owners,
    node: Node,
    name: string,
    read: (key: string) => Reading<unknown>,
    ipv4: string,
    ipv6: string,
    inline?: string,
  ): void {
    const nextHop = this.#nextHops.of(node, read, inline);
    if (nextHop === "local") {
      return;
    }
    const named = [ipv4, ipv6].map((key) => textOf(read(key))).filter(({ kind }) => kind !== "absent");
    const list = read("destinationPrefixListId");
    const listed =
      list.kind === "absent"
        ? []
        : (prefixListBlocks(this.#stack.graph, node, list, [inline ?? "destinationPrefixListId"]) ?? []);
    const blocks = named.length > 0 ? named : listed.map(textOf);
    // A prefix list that is not in the stack, or that others fill, or no destination at all, may be anywhere.
    for (const block of blocks.length > 0 ? blocks : [unknown]) {
      const range = block.kind === "known" ? addressRange(block.value) : undefined;
      const route: Route = {
        urn: node.urn,
        label: `${name}: ${range === undefined ? "any destination" : rangeText(range)} by ${nextHop.kind}${nextHop.name === undefined ? "" : ` ${nextHop.name}`}`,
        destination: range ?? "anything",
        nextHop,
        assumption:
          range === undefined ? "its destination is not known, so it is taken to be any" : undefined,
        isCertain: areCertain && named.length > 0,
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
    const text = textOf(target);
    const name = text.kind === "known" ? text.value : undefined;
    const nextHop: NextHop =
      kind === "gateway endpoint"
        ? NextHops.service(kind, name, node.urn)
        : NextHops.elsewhere(kind, name, node.urn);
    const route: Route = {
      urn: node.urn,
      label: `${labelOf(node)}: ${what} a ${kind}`,
      destination: "anything",
      nextHop,
      assumption: "where such routes lead is not in the stack, so they are taken to lead anywhere",
      isCertain: false,
    };
    tables.forEach(({ routes }) => routes.push(route));
  }
}
