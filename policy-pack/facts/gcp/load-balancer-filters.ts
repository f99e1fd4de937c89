import { addressRange, type AddressRange } from "../../address-range";
import { integerOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import { tcp, udp } from "../../protocol";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import {
  everyPort,
  type Filter,
  type Interval,
  type Network,
  type RouteTable,
  type Rule,
  type Subnet,
} from "../fact";
import type { PropertyPath } from "../property-path";

import { types } from "./compute-types";
import { portsOf } from "./forwarding-rules";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { backendGroupTypes, proxyTypes, type Front, type LoadBalancers } from "./load-balancers";
import type { Networks } from "./networks";
import { internet } from "./next-hops";
import type { Subnets } from "./subnets";
import { ownersAt, ownersOf } from "./owners";

/**
 * The addresses from which Google's front ends call what is behind a load balancer, and ask for its health (Cloud Load
 * Balancing, "Firewall rules").
 */
const frontEndRanges: readonly AddressRange[] = ["130.211.0.0/22", "35.191.0.0/16"].flatMap(
  (text) => addressRange(text) ?? [],
);

/** Schemes of load balancers that the Internet reaches; the first is that of which nothing says its own. */
const external: readonly string[] = ["EXTERNAL", "EXTERNAL_MANAGED"];

/** Subnets in which the proxies of a region's load balancers stand, which Envoy runs. */
const proxyPurposes: readonly string[] = [
  "REGIONAL_MANAGED_PROXY",
  "GLOBAL_MANAGED_PROXY",
  "INTERNAL_HTTPS_LOAD_BALANCER",
];

/** Kinds of endpoints that are known by a service that somebody publishes, or by an address outside of Google Cloud. */
const beyondNetworks: readonly string[] = ["PRIVATE_SERVICE_CONNECT", "NON_GCP_PRIVATE_IP_PORT"];

const bucketType = "gcp:compute:backendbucket";
const endpointTypes = ["gcp:compute:networkendpoint", "gcp:compute:networkendpointlist"] as const;
const namedPortType = "gcp:compute:instancegroupnamedport";

/** Groups of machines, which say under names on which of their ports they are called. */
const machineGroupTypes: readonly ResourceType[] = [
  ...backendGroupTypes.instances,
  ...backendGroupTypes.managed,
];

const onlyTcp: Interval = { from: tcp, to: tcp + 1 };
const onlyUdp: Interval = { from: udp, to: udp + 1 };

const groupNetworks: readonly PropertyPath[] = [["subnetwork"], ["network"]];

/** Google's front ends, which stand in no network of the customer's, and reach what is in each without leaving Google's. */
function frontEndsOf(networks: readonly Network[]): Network {
  return {
    urn: "Google front ends",
    label: "Google's front ends",
    zone: undefined,
    platform: undefined,
    isInStack: false,
    isDetermined: true,
    ranges: [...frontEndRanges, ...networks.flatMap(({ ranges }) => ranges ?? [])],
  };
}

/** Where a load balancer's proxies stand: a place with addresses, and with a way to the Internet where that reaches it. */
interface Stand {
  readonly network: Network;
  readonly ranges: readonly AddressRange[];
  readonly isPublic: boolean;
}

/** What the load balancers of a zone take, and what they send it to. They stand outside of the customer's networks. */
export class LoadBalancerFilters {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #balancers: LoadBalancers;
  readonly #behind: () => readonly Filter[];
  readonly #frontEnds: Network;
  readonly all: readonly Filter[];

  /** @param behind gives the filters of what is in networks. */
  constructor(
    stack: GcpStack,
    networks: Networks,
    subnets: Subnets,
    balancers: LoadBalancers,
    behind: () => readonly Filter[],
  ) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#balancers = balancers;
    this.#behind = behind;
    this.#frontEnds = frontEndsOf(networks.all);
    this.all = balancers.fronts.flatMap((front) => this.#filterOf(front));
  }

  #filterOf(front: Front): readonly Filter[] {
    const { graph, zones } = this.#stack;
    const { node } = front;
    const proxies = this.#proxiesOf(front);
    const zone = zones.of(node.urn);
    if (proxies.length === 0 || zone === undefined) {
      return [];
    }
    const platform = platformOf(this.#stack, node);
    const label = labelOf(node);
    const stand = this.#standOf(front);
    const table: RouteTable = {
      urn: node.urn,
      label: `the way from the Internet to ${label}`,
      zone,
      platform,
      network: stand.network,
      routes: stand.isPublic
        ? [
            {
              urn: node.urn,
              label: `the way from the Internet to ${label}`,
              destination: "anything",
              nextHop: internet(node.urn),
              assumption: undefined,
              isCertain: true,
            },
          ]
        : [],
    };
    const subnet: Subnet = {
      urn: node.urn,
      key: `${node.urn} proxies`,
      label: `the proxies of ${label}`,
      zone,
      platform,
      network: stand.network,
      purpose: "load-balancer",
      ranges: stand.ranges,
      knownRanges: stand.ranges,
      filters: [],
      filteredBy: undefined,
      routeTables: [table],
      unknownRoutes: undefined,
    };
    const egress = (): readonly Rule[] => this.#egress(front, proxies);
    let sent: readonly Rule[] | undefined;
    return [
      {
        urn: node.urn,
        label,
        zone,
        platform,
        kind: "load balancer",
        combination: "union",
        peer: peerOf(graph, node),
        network: stand.network,
        subnets: [subnet],
        ingress: this.#ingress(front, proxies),
        // What is behind it is read after it.
        get egress() {
          sent ??= egress();
          return sent;
        },
      },
    ];
  }

  /** What ends, or passes on, the connections that come to a rule. What passes packets is no filter of its own. */
  #proxiesOf({ targets }: Front): readonly Node[] {
    const ending: readonly string[] = [
      ...proxyTypes.http,
      ...proxyTypes.https,
      ...proxyTypes.ssl,
      ...proxyTypes.tcp,
    ];
    return targets.flatMap((target) =>
      target.kind === "resource" && ending.includes(target.node.resourceType) ? [target.node] : [],
    );
  }

  #standOf({ node, scheme }: Front): Stand {
    const isExternal = scheme.kind !== "known" || external.includes(scheme.value);
    const isGlobal = node.resourceType === "gcp:compute:globalforwardingrule";
    const network = this.#networkOf(node);
    if (network === undefined || (isExternal && isGlobal)) {
      return { network: this.#frontEnds, ranges: frontEndRanges, isPublic: isExternal };
    }
    const proxySubnets = this.#subnets.in(network).filter((written) => {
      const purpose = textOf(this.#stack.graph.read(written.node, "purpose"));
      return purpose.kind === "known" && proxyPurposes.includes(purpose.value);
    });
    return {
      network,
      // Where the stack shows no subnet of theirs, they stand anywhere in the network.
      ranges:
        proxySubnets.length > 0
          ? proxySubnets.flatMap(({ subnet }) => subnet.ranges)
          : (network.ranges ?? []),
      isPublic: isExternal,
    };
  }

  /** The network of a rule that stands in one: that which it names, or that of its subnet. */
  #networkOf(rule: Node): Network | undefined {
    const { graph } = this.#stack;
    const [subnet] = this.#subnets.to(
      this.#subnets.referentsIn(rule, "subnetwork", graph.read(rule, "subnetwork")),
    );
    if (subnet !== undefined) {
      return subnet.network;
    }
    return graph.read(rule, "network").kind === "absent" ? undefined : this.#networks.of(rule);
  }

  #rule(front: Front, rule: Pick<Rule, "protocols" | "ports" | "remote" | "assumption">, says: string): Rule {
    return { urn: front.node.urn, label: `${labelOf(front.node)}: ${says}`, action: "allow", ...rule };
  }

  #ingress(front: Front, proxies: readonly Node[]): readonly Rule[] {
    const { graph } = this.#stack;
    const { intervals, assumption } = portsOf(graph, front.node);
    const from = (protocols: Interval, says: string, unknown: string | undefined): readonly Rule[] =>
      intervals.map((ports) =>
        this.#rule(
          front,
          { protocols, ports, remote: { kind: "anything" }, assumption: unknown },
          `takes ${says} from anywhere`,
        ),
      );
    const quic = proxies.map((proxy) => textOf(graph.read(proxy, "quicOverride")));
    const speaksQuic = quic.some((read) => read.kind === "known" && read.value === "ENABLE");
    const maySpeakQuic = quic.some(({ kind }) => kind === "unknown");
    return [
      ...from(onlyTcp, "connections", assumption),
      ...(speaksQuic || maySpeakQuic
        ? from(onlyUdp, "QUIC", speaksQuic ? assumption : "`quicOverride` is not known")
        : []),
    ];
  }

  #egress(front: Front, proxies: readonly Node[]): readonly Rule[] {
    const services = proxies.flatMap((proxy) => this.#balancers.servicesOf(proxy));
    const groups = services.flatMap((service) =>
      service.kind === "resource" ? this.#balancers.groupsOf(service.node) : [],
    );
    const found = new Map<string, Rule>();
    for (const service of nodesOf(services)) {
      for (const group of nodesOf(this.#balancers.groupsOf(service))) {
        for (const filter of this.#filtersBehind(group)) {
          for (const ports of this.#portsOf(group, service)) {
            const rule = this.#rule(
              front,
              { protocols: onlyTcp, ports, remote: { kind: "filter", filter }, assumption: undefined },
              `sends what it takes to ${labelOf(group)}`,
            );
            found.set(`${filter.urn} ${filter.label} ${String(ports.from)} ${String(ports.to)}`, rule);
          }
        }
      }
    }
    return [...found.values(), ...this.#elsewhere(front, services, groups)];
  }

  /** What is sent to the Internet, or where the stack does not show: of what is not a platform's, others may show that. */
  #elsewhere(front: Front, services: readonly Referent[], groups: readonly Referent[]): readonly Rule[] {
    const { graph } = this.#stack;
    const isOurs = platformOf(this.#stack, front.node) !== undefined;
    const to = (says: string, assumption: string | undefined): Rule =>
      this.#rule(
        front,
        { protocols: onlyTcp, ports: everyPort, remote: { kind: "anything" }, assumption },
        says,
      );
    const outside = nodesOf(groups).flatMap((group): readonly Rule[] => {
      const type = textOf(graph.read(group, "networkEndpointType"));
      const says = `sends what it takes to ${labelOf(group)}`;
      // What is published by others, or reached by its address alone, is not in the platform's networks.
      const isBeyond =
        type.kind === "known" &&
        (type.value.startsWith("INTERNET_") || (isOurs && beyondNetworks.includes(type.value)));
      return isBeyond
        ? [to(says, undefined)]
        : type.kind === "unknown"
          ? [to(says, "`networkEndpointType` is not known")]
          : [];
    });
    const lost = [...services, ...groups].filter(({ kind }) => kind !== "resource");
    const buckets = nodesOf(services).filter(({ resourceType }) => resourceType === bucketType);
    return [
      ...outside,
      ...(isOurs ? buckets : []).map((bucket) => to(`serves what is in ${labelOf(bucket)}`, undefined)),
      ...(isOurs && lost.length > 0
        ? [to("sends what it takes to what the stack does not show", "what it leads to")]
        : []),
    ];
  }

  /** The filters of what a group of backends holds: of its subnets where some are bound to them, else of its networks. */
  #filtersBehind(group: Node): readonly Filter[] {
    const { graph } = this.#stack;
    const holders = [group, ...this.#machinesOf(group)];
    const subnets = holders.flatMap((holder) =>
      [...groupNetworks, ["networkInterfaces", "subnetwork"] as const].flatMap((path) =>
        this.#subnets.to(ownersAt(graph, holder, path, types.subnet)),
      ),
    );
    const networks = new Set([
      ...subnets.map(({ network }) => network),
      ...holders.flatMap((holder) =>
        [["network"] as const, ["networkInterfaces", "network"] as const].flatMap((path) =>
          this.#networks
            .candidates(ownersAt(graph, holder, path, types.network))
            .filter(({ isDetermined }) => isDetermined),
        ),
      ),
    ]);
    const behind = this.#behind().filter(({ kind }) => kind === "firewall");
    const bound = behind.filter(
      (filter) => filter.subnets?.some((subnet) => subnets.includes(subnet)) === true,
    );
    return bound.length > 0
      ? bound
      : behind.filter((filter) => filter.subnets === undefined && networks.has(filter.network));
  }

  /** The machines of a group, or what they are made from. */
  #machinesOf(group: Node): readonly Node[] {
    const { graph } = this.#stack;
    return nodesOf([
      ...graph.listReferents(group, "instances", types.instance),
      ...ownersAt(graph, group, ["versions", "instanceTemplate"], types.template),
    ]);
  }

  /** The ports on which a service calls a group of backends; every one, where nothing says which. */
  #portsOf(group: Node, service: Node): readonly Interval[] {
    const { graph } = this.#stack;
    if (machineGroupTypes.includes(group.resourceType)) {
      return this.#namedPortsOf(group, service);
    }
    const isOfEndpoints = (backendGroupTypes.endpoints as readonly string[]).includes(group.resourceType);
    const endpoints = isOfEndpoints
      ? graph
          .ofType(...endpointTypes)
          .filter((endpoint) =>
            ownersOf(graph, endpoint, "networkEndpointGroup", backendGroupTypes.endpoints).some(
              (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === group),
            ),
          )
      : [];
    const ports = [
      graph.read(group, "defaultPort"),
      ...endpoints.flatMap((endpoint) => [
        graph.read(endpoint, "port"),
        ...itemsOf(graph.read(endpoint, "networkEndpoints")).map((item) =>
          memberReading(recordOf(item), "port"),
        ),
      ]),
    ].map(integerOf);
    const known = ports.flatMap((port) => (port.kind === "known" ? [port.value] : []));
    const isKnown = isOfEndpoints && known.length > 0 && ports.every(({ kind }) => kind !== "unknown");
    return isKnown ? [...new Set(known)].map((port) => ({ from: port, to: port + 1 })) : [everyPort];
  }

  /** The ports of machines under the name by which a service calls them. */
  #namedPortsOf(group: Node, service: Node): readonly Interval[] {
    const { graph } = this.#stack;
    const wanted = textOf(graph.read(service, "portName"));
    const besides = graph
      .ofType(namedPortType)
      .filter((port) =>
        ownersOf(graph, port, "group", machineGroupTypes).some(
          (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === group),
        ),
      );
    const named = [
      ...["namedPort", "namedPorts"].flatMap((key) => itemsOf(graph.read(group, key)).map(recordOf)),
      ...besides.map((port): ReturnType<typeof recordOf> => ({
        kind: "known",
        value: port.inputs ?? port.outputs,
      })),
    ].map((entry) => ({
      name: textOf(memberReading(entry, "name")),
      port: integerOf(memberReading(entry, "port")),
    }));
    const meant = named.filter(
      ({ name }) => wanted.kind === "known" && name.kind === "known" && name.value === wanted.value,
    );
    const known = meant.flatMap(({ port }) => (port.kind === "known" ? [port.value] : []));
    const isKnown =
      known.length > 0 && known.length === meant.length && named.every(({ name }) => name.kind === "known");
    return isKnown ? [...new Set(known)].map((port) => ({ from: port, to: port + 1 })) : [everyPort];
  }
}

function nodesOf(referents: readonly Referent[]): readonly Node[] {
  return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
}
