import { addressRange, everyAddress, rangeText, type AddressRange } from "../../address-range";
import { flagOf, itemsOf, memberReading, recordOf, textOf, unknown, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { purposeOf } from "../../zone-claims";
import { mayBeSame, type Blind, type Network, type RouteTable, type Subnet } from "../fact";
import { valuesAt, type PropertyPath } from "../property-path";

import { armKey, inAnySubscription } from "./arm-id";
import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { effectiveRoutes, type SystemRoute } from "./effective-routes";
import type { Joins } from "./joins";
import type { Networks } from "./networks";
import { elsewhere, internet, service } from "./next-hops";
import { oneOrMore } from "./extent";
import type { RouteTables, UserRouteTable } from "./route-tables";
import type { SubnetZones } from "./subnet-zones";

/** A subnet as it is written: a part of its network, or a resource of its own. */
export interface WrittenSubnet {
  readonly subnet: Subnet;
  /** The resource that holds it. */
  readonly node: Node;
  readonly isInline: boolean;
  /** Its name in Azure, where that is known. */
  readonly name: string | undefined;
  readonly read: (key: string) => Reading<unknown>;
  /** The network security groups that are in force on it, or may be; none, where it has none. */
  readonly groups: readonly Referent[];
}

/** Subnets to which ids lead. */
export interface SubnetsNamed {
  readonly subnets: readonly Subnet[];
  /** What is not in the stack, or not known. */
  readonly others: readonly string[];
  /** Whether it is not known which of these it is. */
  readonly isAmbiguous: boolean;
}

/** Where a subnet's addresses may be, and where they are known to be. */
function addresses(blocks: readonly Reading<string>[]): Pick<Subnet, "ranges" | "knownRanges"> {
  const known = blocks.flatMap((block) => (block.kind === "known" ? (addressRange(block.value) ?? []) : []));
  const isAll = known.length === blocks.length && known.length > 0;
  return { ranges: isAll ? known : [everyAddress.ipv4, everyAddress.ipv6], knownRanges: known };
}

const endpointPolicy = "azure-native:network:serviceendpointpolicy";

/** Whether policies of service endpoints bind a service: of them there are those of storage alone. */
function isBound(service: string): boolean {
  return /^microsoft\.storage(?:\.global)?$/i.test(service);
}

/** The subnets of a stack, inline and standalone, with the routes in force on each. */
export class Subnets implements SubnetZones {
  readonly #stack: AzureStack;
  readonly #networks: Networks;
  readonly #joins: Joins;
  readonly #tables: RouteTables;
  readonly #byKey = new Map<string, WrittenSubnet>();
  readonly #byId = new Map<string, WrittenSubnet>();
  readonly #blind: Blind[] = [];
  readonly #hidden: { readonly node: Node; readonly network: Network }[] = [];
  /** Route tables by the resource that holds them, as they are in force on subnets. */
  readonly #inForce = new Map<string, RouteTable[]>();
  readonly #routes = new Map<string, RouteTable["routes"]>();
  /** Whether something in a subnet has a public address, or a load balancer's outbound rule; told once that is read. */
  hasPublicAddress: (subnet: Subnet) => boolean = () => false;

  constructor(stack: AzureStack, networks: Networks, joins: Joins, tables: RouteTables) {
    this.#stack = stack;
    this.#networks = networks;
    this.#joins = joins;
    this.#tables = tables;
    const { graph } = stack;
    for (const node of graph.ofType(...types.subnet)) {
      this.#add(
        node,
        undefined,
        (key) => graph.read(node, key),
        networks.of(node),
        graph.read(node, "subnetName"),
      );
    }
    for (const node of graph.ofType(...types.network)) {
      this.#readInline(node);
    }
    this.#inherit();
    this.#reportHidden();
  }

  /** Networks of which a part is not known at all: it may be in any zone that another part is in. */
  #reportHidden(): void {
    for (const { node, network } of this.#hidden) {
      const isBesidePhi = this.all.some((subnet) => subnet.network === network && subnet.zone === "phi");
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: isBesidePhi ? "phi" : network.zone,
        what: "Which subnets it has cannot be known: a part of `subnets` is unknown.",
        remedy: "Write the subnets out, or make each a resource of its own.",
      });
    }
  }

  get all(): readonly Subnet[] {
    return this.written.map(({ subnet }) => subnet);
  }

  get written(): readonly WrittenSubnet[] {
    return [...this.#byKey.values()];
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** A subnet as it is written. */
  writtenOf(subnet: Subnet): WrittenSubnet | undefined {
    return this.#byKey.get(subnet.key);
  }

  /** Every route table: as it is in force on each subnet, and as it is written, where it is in force on none. */
  get routeTables(): readonly RouteTable[] {
    const unused = this.#tables.all
      .filter(({ node }) => !this.#inForce.has(node.urn))
      .map((table) => this.#asWritten(table));
    return [...this.all.flatMap(({ routeTables }) => routeTables), ...unused];
  }

  /** The subnets that may be in a network. */
  inNetwork(network: Network): readonly Subnet[] {
    return this.all.filter((subnet) => mayBeSame(subnet.network, network));
  }

  /**
   * Whether the PHI zone may have a network to itself: the network is only named, so that nothing shows its zone, and the
   * stack has subnets of the PHI zone in it and no others.
   */
  mayBePhiAlone(network: Network): boolean {
    const inside = this.all.filter((subnet) => subnet.network === network);
    return !network.isInStack && inside.length > 0 && inside.every(({ zone }) => zone === "phi");
  }

  /** The subnets to which the ids at a path of a resource lead. */
  at(node: Node, path: PropertyPath): SubnetsNamed {
    const found = valuesAt(this.#stack.graph, node, path).map((id) => this.to(node, path[0], id));
    return {
      subnets: [...new Set(found.flatMap(({ subnets }) => subnets))],
      others: [...new Set(found.flatMap(({ others }) => others))],
      isAmbiguous: found.some(({ isAmbiguous }) => isAmbiguous),
    };
  }

  /** The subnet to which one id leads, that the property `key` of a resource holds. */
  to(node: Node, key: string, id: Reading<unknown>): SubnetsNamed {
    const { graph } = this.#stack;
    const text = textOf(id);
    if (text.kind === "known") {
      const named = graph.bearers(text.value, types.subnet).flatMap(({ node: found }) => this.#of(found));
      const inline =
        this.#byId.get(armKey(text.value)) ?? this.#byId.get(inAnySubscription(armKey(text.value)));
      const subnets = [...new Set([...named, ...(inline === undefined ? [] : [inline.subnet])])];
      if (subnets.length > 0) {
        return { subnets, others: [], isAmbiguous: subnets.length > 1 };
      }
      const possible = this.#mayBe(text.value);
      return { subnets: possible, others: [text.value], isAmbiguous: possible.length > 0 };
    }
    const origins = (node.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
    const own = origins.flatMap((origin) => this.#of(origin));
    const parts = origins.flatMap((origin) =>
      this.written.filter(({ node: owner, isInline }) => isInline && owner === origin),
    );
    // An id that is made of a subnet's outputs may be made of its network's besides.
    const subnets = own.length > 0 ? own : parts.map(({ subnet }) => subnet);
    return {
      subnets,
      others: subnets.length === 0 ? ["a subnet that is not known"] : [],
      isAmbiguous: subnets.length !== 1,
    };
  }

  /** Parts of networks whose own name, or whose network's, is not known, and that an id may name. */
  #mayBe(id: string): readonly Subnet[] {
    const { graph } = this.#stack;
    const [, network, name] = /^(.*\/virtualnetworks\/[^/]+)\/subnets\/([^/]+)$/.exec(armKey(id)) ?? [];
    return this.written
      .filter((written) => {
        const ids = graph.armIdsOf(written.node);
        const isNamed = written.name !== undefined && ids.length > 0;
        const mayBeNetwork =
          ids.length === 0 || ids.some((one) => one === network || one === inAnySubscription(network ?? ""));
        const mayBeName = written.name === undefined || written.name.toLowerCase() === name;
        return name !== undefined && written.isInline && !isNamed && mayBeNetwork && mayBeName;
      })
      .map(({ subnet }) => subnet);
  }

  /** The zones of the subnets that an id may name. */
  zonesAt(node: Node, key: string, id: Reading<unknown>): ReturnType<SubnetZones["zonesAt"]> {
    const { subnets, others, isAmbiguous } = this.to(node, key, id);
    return {
      zones: subnets.map(({ zone }) => zone),
      isKnown: !isAmbiguous && others.every((other) => other.startsWith("/")),
    };
  }

  /** The addresses of the subnets that an id may name, as far as they are known. */
  rangesAt(node: Node, key: string, id: Reading<unknown>): readonly AddressRange[] {
    return this.to(node, key, id).subnets.flatMap(({ knownRanges }) => knownRanges);
  }

  #of(node: Node): readonly Subnet[] {
    const written = this.#byKey.get(node.urn);
    return written === undefined ? [] : [written.subnet];
  }

  #readInline(node: Node): void {
    const { graph } = this.#stack;
    const network = this.#networks.ofNode(node);
    const list = graph.read(node, "subnets");
    if (list.kind === "unknown") {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: network.zone,
        what: "Which subnets it has cannot be known: `subnets` is unknown.",
        remedy: "Write the subnets out, or make each a resource of its own.",
      });
      return;
    }
    const standalone = this.written.filter(
      ({ subnet, isInline }) => !isInline && subnet.network === network && network.isDetermined,
    );
    const isWritten = Object.hasOwn(node.inputs ?? {}, "subnets");
    if (standalone.length > 0 && isWritten) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: standalone.some(({ subnet }) => subnet.zone === "phi") ? "phi" : network.zone,
        what: "Its subnets are both parts of it and resources of their own, each of which takes away what the other says.",
        remedy: "Write all subnets of a network in one of these ways.",
      });
    }
    const items = itemsOf(list);
    if (items.some(({ kind }) => kind === "unknown")) {
      this.#hidden.push({ node, network });
    }
    items.forEach((item, index) => {
      const record = recordOf(item);
      const name = memberReading(record, "name");
      const text = textOf(name);
      // Once it is deployed, a network shows those that are resources of their own as well.
      const isOther = standalone.some(
        (other) => text.kind === "known" && other.name?.toLowerCase() === text.value.toLowerCase(),
      );
      if (!isOther) {
        this.#add(node, index, (key) => memberReading(record, key), network, name);
      }
    });
  }

  #add(
    node: Node,
    index: number | undefined,
    read: (key: string) => Reading<unknown>,
    network: Network,
    called: Reading<unknown>,
  ): void {
    const { graph, zones } = this.#stack;
    const text = textOf(called);
    const name = text.kind === "known" ? text.value : undefined;
    const isInline = index !== undefined;
    const part = name ?? String(index);
    const key = isInline ? `${node.urn}/subnets/${part.toLowerCase()}` : node.urn;
    const label = isInline ? `Subnet ${part} of ${labelOf(node)}` : labelOf(node);
    const property = (ofResource: string): string => (isInline ? "subnets" : ofResource);
    const referents = (ofResource: string, wanted: readonly string[]): readonly Referent[] => {
      const whole = read(ofResource);
      const id = memberReading(recordOf(whole), "id");
      return whole.kind === "absent"
        ? []
        : graph.referentsOf(node, property(ofResource), id.kind === "absent" ? unknown : id, wanted);
    };
    const groups = referents("networkSecurityGroup", types.securityGroup);
    const tables = referents("routeTable", types.routeTable);
    const tags = [...groups, ...tables].flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    const written = tables.flatMap((to) => (to.kind === "resource" ? (this.#tables.of(to.node) ?? []) : []));
    const blocks = oneOrMore(read("addressPrefix"), read("addressPrefixes")).map(textOf);
    const given = read("ipamPoolPrefixAllocations");
    const routeTables: RouteTable[] = [];
    const subnet: Subnet = {
      urn: node.urn,
      key,
      label,
      get zone() {
        return zones.of(key);
      },
      platform:
        tags.map((tag) => platformOf(this.#stack, tag)).find((one) => one !== undefined) ??
        platformOf(this.#stack, node),
      network,
      purpose: tags.map((tag) => purposeOf(graph, tag)).find((one) => one !== undefined),
      ...addresses(given.kind === "absent" ? blocks : [...blocks, { kind: "unknown" }]),
      filters: [],
      filteredBy: undefined,
      routeTables,
      unknownRoutes: written.length < tables.length ? "its route table is not in the stack" : undefined,
    };
    routeTables.push(
      ...(written.length > 0
        ? written.map((table) => this.#tableOf(subnet, read, table))
        : [this.#tableOf(subnet, read, undefined)]),
    );
    const entry: WrittenSubnet = { subnet, node, isInline, name, read, groups };
    for (const { node: table } of written) {
      this.#inForce.set(table.urn, [...(this.#inForce.get(table.urn) ?? []), ...routeTables]);
    }
    this.#byKey.set(key, entry);
    if (isInline && name !== undefined) {
      for (const id of graph.armIdsOf(node)) {
        this.#byId.set(`${id}/subnets/${name.toLowerCase()}`, entry);
      }
    }
    zones.inherit(key, network.zone, network.label);
    const said = new Set<string>();
    for (const tag of tags) {
      const zone = zones.of(tag.urn);
      zones.inherit(key, zone, labelOf(tag));
      if (zone !== undefined) {
        said.add(zone);
      }
    }
    if (said.size > 1) {
      this.#blind.push({
        urn: node.urn,
        label,
        zone: said.has("phi") ? "phi" : subnet.zone,
        what: `Its network security group and its route table say different zones: ${[...said].sort().join(" and ")}.`,
        remedy: "Let both name the zone that the subnet is in.",
      });
    }
  }

  /** What is in force on a subnet of a zone belongs to that zone. */
  #inherit(): void {
    const { zones } = this.#stack;
    const { graph } = this.#stack;
    for (const { subnet, groups, node, isInline, read } of this.written) {
      const policies = itemsOf(read("serviceEndpointPolicies")).flatMap((policy) =>
        graph.referentsOf(
          node,
          isInline ? "subnets" : "serviceEndpointPolicies",
          memberReading(recordOf(policy), "id"),
          [endpointPolicy],
        ),
      );
      const held = [...groups, ...policies].flatMap((to) => (to.kind === "resource" ? [to.node.urn] : []));
      for (const urn of [...held, ...subnet.routeTables.map((table) => table.urn)]) {
        if (urn !== subnet.urn) {
          zones.inherit(urn, subnet.zone, `its subnet ${subnet.label}`);
        }
      }
    }
  }

  #tableOf(
    subnet: Subnet,
    read: (key: string) => Reading<unknown>,
    table: UserRouteTable | undefined,
  ): RouteTable {
    const key = `${subnet.key} ${table?.node.urn ?? ""}`;
    const routesOf = (): RouteTable["routes"] => {
      const own = subnet.network.ranges ?? subnet.knownRanges;
      const known =
        this.#routes.get(key) ??
        effectiveRoutes(table?.routes ?? [], this.#systemRoutes(subnet, read, table, own), own);
      this.#routes.set(key, known);
      return known;
    };
    return {
      urn: table?.node.urn ?? subnet.urn,
      // The same table leads elsewhere on another subnet.
      label:
        table === undefined ? `Azure's own routes on ${subnet.label}` : `${table.label} on ${subnet.label}`,
      get zone() {
        return subnet.zone;
      },
      platform: subnet.platform,
      network: subnet.network,
      // Whether something in the subnet has a public address is read after all subnets.
      get routes() {
        return routesOf();
      },
    };
  }

  #asWritten({ node, label, routes }: UserRouteTable): RouteTable {
    const { zones } = this.#stack;
    return {
      urn: node.urn,
      label,
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      network: this.#networks.only ?? this.#networks.undetermined,
      get routes() {
        return effectiveRoutes(routes, [], []);
      },
    };
  }

  /** The routes that Azure puts on a subnet, and those that other resources put there. */
  #systemRoutes(
    subnet: Subnet,
    read: (key: string) => Reading<unknown>,
    table: UserRouteTable | undefined,
    own: readonly AddressRange[],
  ): readonly SystemRoute[] {
    const { urn, label, network } = subnet;
    const local = own.map((destination): SystemRoute => ({
      urn,
      label: `the network of ${label}`,
      destination,
      hop: "local",
      assumption: undefined,
      remedy: undefined,
    }));
    const joined = this.#joins
      .of(network)
      .filter(({ isLearned }) => !isLearned || table?.refusesLearned !== true)
      .flatMap((join): readonly SystemRoute[] => {
        const kind = join.isLearned ? "a gateway" : "a peering";
        return (join.ranges ?? (["anything"] as const)).map((destination) => ({
          urn: join.node.urn,
          label: `${join.label}: ${destination === "anything" ? "any destination" : rangeText(destination)} by ${kind}`,
          destination,
          hop: elsewhere(kind, join.label, join.node.urn),
          assumption:
            destination === "anything"
              ? `which addresses ${join.label} leads to is not known, so they are taken to be any`
              : undefined,
          remedy: join.isLearned
            ? "Take the gateway away, and set disableBgpRoutePropagation of the route table to true."
            : "Take the peering away, or put what is of other zones into a network of its own.",
        }));
      });
    const learned: readonly SystemRoute[] =
      network.isInStack || table?.refusesLearned === true
        ? []
        : [
            {
              urn: table?.node.urn ?? urn,
              label: `${table?.label ?? label}: any destination by a gateway that ${network.label} may have`,
              destination: "anything",
              hop: elsewhere("a gateway", undefined, urn),
              assumption: `${network.label} is not in the stack, and its gateways may give the subnet routes`,
              remedy: "Give the subnet a route table with disableBgpRoutePropagation set to true.",
            },
          ];
    return [
      ...local,
      ...joined,
      ...learned,
      ...this.#serviceRoutes(subnet, read),
      ...this.#wayOut(subnet, read),
    ];
  }

  /** Service endpoints lead to the public addresses of a service, past every wider route. */
  #serviceRoutes({ urn, label }: Subnet, read: (key: string) => Reading<unknown>): readonly SystemRoute[] {
    const policies = itemsOf(read("serviceEndpointPolicies"));
    return itemsOf(read("serviceEndpoints")).flatMap((item): readonly SystemRoute[] => {
      const text = textOf(memberReading(recordOf(item), "service"));
      const name = text.kind === "known" ? text.value : "that is not known";
      // Policies of the stack say to which accounts it leads, and are judged by that.
      if (isBound(name) && policies.length > 0 && policies.every((policy) => this.#isOfStack(policy))) {
        return [];
      }
      return [
        {
          urn,
          label: `${label}: the addresses of ${name} by a service endpoint`,
          destination: "anything",
          hop: service(name, urn),
          assumption: "which addresses the service has is Azure's to say, so they are taken to be any",
          remedy: "Take serviceEndpoints away, and reach the service by a private endpoint.",
        },
      ];
    });
  }

  /** Whether a service endpoint policy is in the stack, and so are the accounts that it names. */
  #isOfStack(policy: Reading<unknown>): boolean {
    const { graph } = this.#stack;
    const id = textOf(memberReading(recordOf(policy), "id"));
    const policies = graph.ofType(endpointPolicy);
    return id.kind === "known"
      ? graph.bearers(id.value, [endpointPolicy]).some(({ isCertain }) => isCertain)
      : id.kind === "unknown" && graph.dryRun && policies.length > 0;
  }

  /** Azure's own way to the Internet, which every subnet has that something there can use. */
  #wayOut(subnet: Subnet, read: (key: string) => Reading<unknown>): readonly SystemRoute[] {
    const { urn, label, ranges } = subnet;
    const byDefault = flagOf(read("defaultOutboundAccess"));
    const translated = read("natGateway");
    const isOpen =
      byDefault.kind === "absent" ||
      (byDefault.kind === "known" && byDefault.value) ||
      translated.kind === "known" ||
      this.hasPublicAddress(subnet);
    if (!isOpen && byDefault.kind !== "unknown" && translated.kind !== "unknown") {
      return [];
    }
    const families = new Set(ranges.map(({ family }) => family));
    return [everyAddress.ipv4, everyAddress.ipv6]
      .filter(({ family }) => families.has(family))
      .map((destination) => ({
        urn,
        label: `${label}: ${rangeText(destination)} by Azure's own way to the Internet`,
        destination,
        hop: internet(urn),
        assumption: isOpen ? undefined : "`defaultOutboundAccess` or `natGateway` is not known",
        remedy:
          "Set defaultOutboundAccess to false, or give the subnet a route table with a route for 0.0.0.0/0 to None.",
      }));
  }
}
