import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { labelOf } from "../label";
import { placeIn, type Place } from "../place";
import type { PropertyPath } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";
import { ownersAt, ownersIn, ownersOf } from "./owners";

export const forwardingRuleTypes: readonly ResourceType[] = [
  "gcp:compute:globalforwardingrule",
  "gcp:compute:forwardingrule",
];

/** What ends connections for a load balancer, by what it ends. Global and regional ones are alike. */
export const proxyTypes = {
  http: ["gcp:compute:targethttpproxy", "gcp:compute:regiontargethttpproxy"],
  https: ["gcp:compute:targethttpsproxy", "gcp:compute:regiontargethttpsproxy"],
  ssl: ["gcp:compute:targetsslproxy"],
  tcp: ["gcp:compute:targettcpproxy", "gcp:compute:regiontargettcpproxy"],
  grpc: ["gcp:compute:targetgrpcproxy"],
} as const satisfies Record<string, readonly ResourceType[]>;

/** What a proxy ends: nothing but TCP, HTTP without TLS, HTTP within TLS, anything within TLS, or calls of a mesh. */
export type ProxyKind = keyof typeof proxyTypes;

const allProxyTypes: readonly ResourceType[] = Object.values(proxyTypes).flat();

export const urlMapTypes: readonly ResourceType[] = ["gcp:compute:urlmap", "gcp:compute:regionurlmap"];

export const backendServiceTypes: readonly ResourceType[] = [
  "gcp:compute:backendservice",
  "gcp:compute:regionbackendservice",
];

const bucketTypes: readonly ResourceType[] = ["gcp:compute:backendbucket"];

/** What packets are handed to as they are. */
const instanceTargetTypes: readonly ResourceType[] = ["gcp:compute:targetinstance", "gcp:compute:targetpool"];

/** What stands for a service of somebody else's, or for a tunnel, to which no client of ours is handed on. */
const besideTypes: readonly ResourceType[] = [
  "gcp:compute:serviceattachment",
  "gcp:compute:vpngateway",
  "gcp:networkservices:gateway",
];

/** What a backend service sends what it gets to. */
export const backendGroupTypes = {
  endpoints: ["gcp:compute:networkendpointgroup"],
  internet: ["gcp:compute:globalnetworkendpointgroup"],
  regional: ["gcp:compute:regionnetworkendpointgroup"],
  instances: ["gcp:compute:instancegroup"],
  managed: ["gcp:compute:instancegroupmanager", "gcp:compute:regioninstancegroupmanager"],
} as const satisfies Record<string, readonly ResourceType[]>;

const allGroupTypes: readonly ResourceType[] = Object.values(backendGroupTypes).flat();

export const healthCheckTypes: readonly ResourceType[] = [
  "gcp:compute:healthcheck",
  "gcp:compute:regionhealthcheck",
  "gcp:compute:httphealthcheck",
  "gcp:compute:httpshealthcheck",
];

/** Types of load balancers from which facts are drawn, besides the policies that they refer to. */
export const loadBalancerTypes: readonly ResourceType[] = [
  ...forwardingRuleTypes,
  ...allProxyTypes,
  ...urlMapTypes,
  ...backendServiceTypes,
  ...bucketTypes,
  ...instanceTargetTypes,
  ...allGroupTypes,
  ...healthCheckTypes,
  "gcp:compute:networkendpoint",
  "gcp:compute:networkendpointlist",
  "gcp:compute:globalnetworkendpoint",
  "gcp:compute:regionnetworkendpoint",
];

/** A bundle of Google's own APIs, and a service that somebody publishes: no load balancer leads there. */
const published =
  /^(?:all-apis|vpc-sc)$|\/serviceAttachments\/|\/(?:targetVpnGateways|secureWebProxies)\/|^projects\/[^/]+\/locations\/[^/]+\/gateways\//;

/** What a forwarding rule leads to. */
export interface Front {
  readonly node: Node;
  /** What ends, or passes on, what comes to it. */
  readonly targets: readonly Referent[];
  readonly scheme: Reading<string>;
  readonly place: Place | undefined;
}

/** Something that hands requests or connections to a backend service. */
export interface Use {
  readonly kind: ProxyKind | "packets";
  readonly node: Node;
}

/**
 * Whether a forwarding rule says that it has no scheme, as only an endpoint of Private Service Connect does. Where it says
 * nothing, it is an external one.
 */
function hasNoScheme({ inputs, outputs }: Node): boolean {
  return [inputs, outputs].some((of) => of?.["loadBalancingScheme"] === "");
}

function onlyResources(referents: readonly Referent[]): readonly Node[] {
  return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
}

/** The values of some keys anywhere within a value; one that is not known, where a part is not. */
function valuesWithin(read: Reading<unknown>, keys: readonly string[]): readonly Reading<unknown>[] {
  if (read.kind !== "known") {
    return read.kind === "unknown" ? [read] : [];
  }
  if (Array.isArray(read.value)) {
    return itemsOf(read).flatMap((item) => valuesWithin(item, keys));
  }
  const record = recordOf(read);
  return record.kind === "known"
    ? Object.keys(record.value).flatMap((key) => {
        const value = memberReading(record, key);
        return keys.includes(key) ? [value] : valuesWithin(value, keys);
      })
    : [];
}

/** The load balancers of a stack: what leads where, and in which zone each part is. */
export class LoadBalancers {
  readonly fronts: readonly Front[];
  readonly #stack: GcpStack;
  readonly #networks: NetworkPlaces;
  readonly #services = new Map<Node, readonly Referent[]>();
  readonly #targetsOf = new Map<Node, readonly Referent[]>();
  readonly #servicesOfMaps = new Map<Node, readonly Referent[]>();

  constructor(stack: GcpStack) {
    this.#stack = stack;
    this.#networks = new NetworkPlaces(stack);
    const { graph } = stack;
    const rules = graph
      .ofType(...forwardingRuleTypes)
      .map((node) => ({ node, targets: this.#targets(node) }));
    this.#placeParts(rules);
    this.fronts = rules
      .filter(({ node }) => !this.#isPublished(node))
      .map(({ node, targets }) => ({
        node,
        targets,
        scheme: textOf(graph.read(node, "loadBalancingScheme")),
        place: this.#networks.placeOf(node, [["subnetwork"], ["network"]]),
      }));
  }

  /** Proxies of a kind, with the rules that lead to them. */
  proxies(kind: ProxyKind): readonly Node[] {
    return this.#stack.graph.ofType(...proxyTypes[kind]);
  }

  /** The forwarding rules that lead to something, or may. */
  leadingTo(target: Node): readonly Front[] {
    return this.fronts.filter(({ targets }) => onlyResources(targets).includes(target));
  }

  /** Where a part of a load balancer is: in the zone that it says, or that of what leads to it, or of what it leads to. */
  placeOf(node: Node): Place | undefined {
    const isLost = this.fronts.some(
      ({ targets, place }) => place !== undefined && targets.some(({ kind }) => kind === "undetermined"),
    );
    return placeIn(
      this.#stack.zones.of(node.urn),
      isLost
        ? `which forwarding rule leads to ${labelOf(node)}, and so in which zone it is, is not known`
        : undefined,
    );
  }

  /** What a proxy or a forwarding rule hands on to by a URL map or by itself: backend services and buckets. */
  servicesOf(node: Node): readonly Referent[] {
    const known = this.#services.get(node);
    if (known !== undefined) {
      return known;
    }
    const { graph } = this.#stack;
    const maps = onlyResources(ownersOf(graph, node, "urlMap", urlMapTypes));
    const isShown = graph.read(node, "urlMap").kind === "absent" || maps.length > 0;
    const found: readonly Referent[] = [
      ...ownersOf(graph, node, "backendService", backendServiceTypes),
      ...maps.flatMap((map) => this.#ofMap(map)),
      ...(isShown ? [] : [{ kind: "undetermined" } as const]),
    ];
    this.#services.set(node, found);
    return found;
  }

  /** What hands on to a backend service. */
  usesOf(service: Node): readonly Use[] {
    const { graph } = this.#stack;
    const kinds = Object.keys(proxyTypes) as readonly ProxyKind[];
    return [
      ...kinds.flatMap((kind) =>
        this.proxies(kind)
          .filter((proxy) => onlyResources(this.servicesOf(proxy)).includes(service))
          .map((node): Use => ({ kind, node })),
      ),
      ...graph
        .ofType(...forwardingRuleTypes)
        .filter((rule) => onlyResources(this.#targets(rule)).includes(service))
        .map((node): Use => ({ kind: "packets", node })),
    ];
  }

  /** What a backend service sends what it gets to. */
  groupsOf(service: Node): readonly Referent[] {
    return ownersAt(this.#stack.graph, service, ["backends", "group"], allGroupTypes);
  }

  /** Backend services of which at least one thing is in a zone, or that are in one themselves. */
  get services(): readonly Node[] {
    return this.#stack.graph.ofType(...backendServiceTypes);
  }

  #isPublished(rule: Node): boolean {
    const target = textOf(this.#stack.graph.read(rule, "target"));
    return (
      // The scheme of no load balancer is that of endpoints alone (provider reference, `loadBalancingScheme`).
      (hasNoScheme(rule) && onlyResources(this.#targets(rule)).length === 0) ||
      (target.kind === "known" && published.test(target.value)) ||
      onlyResources(this.#targets(rule)).some(({ resourceType }) => besideTypes.includes(resourceType))
    );
  }

  #targets(rule: Node): readonly Referent[] {
    const { graph } = this.#stack;
    const known = this.#targetsOf.get(rule);
    if (known !== undefined) {
      return known;
    }
    const found = [
      ...ownersOf(graph, rule, "target", [...allProxyTypes, ...instanceTargetTypes, ...besideTypes]),
      ...ownersOf(graph, rule, "backendService", backendServiceTypes),
    ];
    this.#targetsOf.set(rule, found);
    return found;
  }

  #ofMap(map: Node): readonly Referent[] {
    const known = this.#servicesOfMaps.get(map) ?? this.#readMap(map);
    this.#servicesOfMaps.set(map, known);
    return known;
  }

  #readMap(map: Node): readonly Referent[] {
    const { graph } = this.#stack;
    const own = [["defaultService", graph.read(map, "defaultService")] as const];
    const inner = ["defaultRouteAction", "pathMatchers"].flatMap((key) =>
      valuesWithin(graph.read(map, key), ["service", "defaultService", "backendService"]).map(
        (value) => [key, value] as const,
      ),
    );
    return [...own, ...inner]
      .filter(([, { kind }]) => kind !== "absent")
      .flatMap(([key, value]) => ownersIn(graph, map, key, value, [...backendServiceTypes, ...bucketTypes]));
  }

  /** Gives each part the zone of what is around it: first of what it leads to, then of what leads to it. */
  #placeParts(rules: readonly { readonly node: Node; readonly targets: readonly Referent[] }[]): void {
    const { graph, zones } = this.#stack;
    const proxies = graph.ofType(...allProxyTypes);
    const links: readonly (readonly [Node, Node])[] = [
      ...rules.flatMap(({ node, targets }) => onlyResources(targets).map((to) => [node, to] as const)),
      ...proxies.flatMap((proxy) => [
        ...onlyResources(ownersOf(graph, proxy, "urlMap", urlMapTypes)).map((to) => [proxy, to] as const),
        ...onlyResources(ownersOf(graph, proxy, "backendService", backendServiceTypes)).map(
          (to) => [proxy, to] as const,
        ),
      ]),
      ...graph
        .ofType(...urlMapTypes)
        .flatMap((map) => onlyResources(this.#ofMap(map)).map((to) => [map, to] as const)),
      ...this.services.flatMap((service) =>
        onlyResources(this.groupsOf(service)).map((to) => [service, to] as const),
      ),
    ];
    for (const group of graph.ofType(...allGroupTypes)) {
      zones.inherit(group.urn, this.#networks.zoneOf(group, groupNetworks), "its network");
    }
    for (const rule of rules) {
      zones.inherit(
        rule.node.urn,
        this.#networks.zoneOf(rule.node, [["subnetwork"], ["network"]]),
        "its network",
      );
    }
    // From what is inmost outwards; what says its zone itself is not asked what it leads to.
    for (const [from, to] of [...links].reverse()) {
      if (zones.of(from.urn) === undefined) {
        zones.inherit(from.urn, zones.of(to.urn), `${labelOf(to)}, to which it leads`);
      }
    }
    for (const [from, to] of links) {
      zones.inherit(to.urn, zones.of(from.urn), `${labelOf(from)}, which leads to it`);
    }
    for (const service of this.services) {
      for (const check of onlyResources(ownersAt(graph, service, ["healthChecks"], healthCheckTypes))) {
        zones.inherit(check.urn, zones.of(service.urn), `${labelOf(service)}, for which it asks`);
      }
    }
  }
}

const groupNetworks: readonly PropertyPath[] = [["subnetwork"], ["network"]];
