import type { AddressFamily } from "../../../model/cidr";
import { zoneIds, type ZoneId } from "../../../model/zone";

import type { Direction } from "../../reachability";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { Filter, Network, Rule, Subnet } from "../fact";

import { effectiveRules, openRule, type Endpoint } from "./effective-rules";
import type { FirewallLayers, FirewallPolicy, LayerOrders } from "./firewall-layers";
import type { FirewallRule } from "./firewall-rules";
import { platformOf, type GcpStack } from "./gcp-stack";
import { anybody, type Identity, type Signature } from "./identities";
import type { Networks } from "./networks";
import type { Subnets, WrittenSubnet } from "./subnets";

/** Endpoints of a network that are the same to its firewall. */
interface EndpointClass {
  readonly network: Network;
  readonly signature: Signature;
  /** The region in which they are, where rules of one region make a difference; `undefined` otherwise. */
  readonly region: string | undefined;
  /** The zone of whose subnets they are, where the network has subnets of several zones; `undefined` otherwise. */
  readonly zone: ZoneId | undefined;
  readonly filter: Filter;
}

function keyOf({ network, signature, region, zone }: Omit<EndpointClass, "filter">): string {
  const { identities, perhaps, isWhole } = signature;
  const keys = (all: readonly Identity[]): string => [...new Set(all.map(({ key }) => key))].sort().join(" ");
  return [
    network.urn,
    keys(identities),
    keys(perhaps),
    isWhole ? "" : "and more",
    region ?? "",
    zone ?? "",
  ].join("|");
}

function nameOf({ identities, perhaps, isWhole }: Signature): string {
  const names = [
    ...identities.map(({ kind, name }) => `${kind} ${name}`),
    ...perhaps.map(({ kind, name }) => `perhaps ${kind} ${name}`),
  ].sort();
  return names.length === 0
    ? isWhole
      ? "whatever else is"
      : "what nobody knows the service account or the tags of"
    : names.join(" and ");
}

/** The identities of which rules speak: for whom they are, and from whom they let something in. */
function identitiesIn(rules: readonly FirewallRule[]): readonly Identity[] {
  const ends = rules.flatMap((rule) => [
    ...(rule.targets?.identities ?? []),
    ...rule.far("ingress").flatMap((end) => (end.kind === "identity" ? [end.identity] : [])),
  ]);
  return [...new Map(ends.map((identity) => [identity.key, identity])).values()];
}

/**
 * The packet filters of Google Cloud: for each network, what its firewall lets pass for each service account or tag of
 * which a rule speaks, for whatever else is in it, and for each combination that something in the stack has.
 */
export class EndpointClasses {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #layers: FirewallLayers;
  readonly #classes = new Map<string, EndpointClass>();
  readonly #unattached: Filter[] = [];
  readonly #orders = new Map<Network, LayerOrders>();
  /** Filters that are in force on something in the stack. */
  readonly #used = new Set<Filter>();

  constructor(stack: GcpStack, networks: Networks, subnets: Subnets, layers: FirewallLayers) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#layers = layers;
    const all = new Set([
      ...networks.all,
      ...layers.networks,
      ...subnets.all.map(({ network }) => network).filter(({ isDetermined }) => isDetermined),
    ]);
    for (const network of all) {
      this.#readNetwork(network);
    }
    for (const policy of layers.unattached) {
      this.#readUnattached(policy);
    }
  }

  /**
   * Every filter, but for those of a platform's networks that are in force on nothing, and let nothing pass: behind them is
   * nobody.
   */
  get all(): readonly Filter[] {
    return [...[...this.#classes.values()].map(({ filter }) => filter), ...this.#unattached].filter(
      (filter) =>
        filter.platform === undefined ||
        filter.zone === "phi" ||
        filter.peer !== undefined ||
        this.#used.has(filter) ||
        filter.egress.length + filter.ingress.length > 0,
    );
  }

  /** The filters in force on what runs, or may, as a service account of the stack, in every network. */
  ofAccount(account: Node): readonly Filter[] {
    return [...this.#classes.values()]
      .filter(({ signature: { identities, perhaps } }) =>
        [...identities, ...perhaps].some(({ node }) => node === account),
      )
      .map(({ filter }) => filter);
  }

  /** The filters in force on something in subnets of a network. */
  inForce(network: Network, signature: Signature, subnets: readonly Subnet[]): readonly Filter[] {
    const written = subnets.flatMap((subnet) => this.#subnets.writtenOf(subnet) ?? []);
    const regions = this.#isRegional(network) ? [...new Set(written.map(({ region }) => region))] : [];
    // What is in no zone of its own is in that of its subnet, where a network has several.
    const ofSubnets =
      this.#zonesIn(network).length > 0 && signature.identities.length === 0
        ? [...new Set(subnets.map(({ zone }) => zone))]
        : [];
    const places = (regions.length === 0 ? [undefined] : regions).flatMap((region) =>
      (ofSubnets.length === 0 ? [undefined] : ofSubnets).map((zone) => ({ region, zone })),
    );
    const found = places.map((place) => this.#classOf(network, signature, place.region, place.zone).filter);
    found.forEach((filter) => this.#used.add(filter));
    return found;
  }

  #isRegional(network: Network): boolean {
    return this.#ordersOf(network).some((layers) => layers.some(({ region }) => region !== undefined));
  }

  #ordersOf(network: Network): LayerOrders {
    const known = this.#orders.get(network) ?? this.#layers.ordersOf(network);
    this.#orders.set(network, known);
    return known;
  }

  /** The zones of the subnets of a network, where they are not all in that of the network. */
  #zonesIn(network: Network): readonly ZoneId[] {
    const found = new Set(this.#subnets.in(network).map(({ subnet }) => subnet.zone));
    const zones = zoneIds.filter((zone) => found.has(zone));
    return zones.every((zone) => zone === network.zone) ? [] : zones;
  }

  #readNetwork(network: Network): void {
    const rules = this.#ordersOf(network).flatMap((layers) => layers.flatMap((layer) => layer.rules));
    const regions = this.#isRegional(network)
      ? [...new Set(this.#subnets.in(network).map(({ region }) => region))]
      : [];
    const zones = this.#zonesIn(network);
    for (const region of regions.length === 0 ? [undefined] : regions) {
      for (const zone of zones.length > 0 ? zones : [undefined]) {
        this.#classOf(network, anybody, region, zone);
      }
      for (const identity of identitiesIn(rules)) {
        this.#classOf(network, { ...anybody, identities: [identity] }, region, undefined);
      }
    }
  }

  #readUnattached(policy: FirewallPolicy): void {
    const { zones } = this.#stack;
    const { node, label, rules } = policy;
    if (zones.of(node.urn) === undefined) {
      return;
    }
    const network = this.#networks.only ?? this.#networks.undetermined;
    for (const signature of [
      anybody,
      ...identitiesIn(rules).map((identity) => ({ ...anybody, identities: [identity] })),
    ]) {
      const name = signature === anybody ? "" : ` for ${nameOf(signature)}`;
      const identity = signature.identities[0]?.node;
      this.#unattached.push(
        this.#filter({
          urn: node.urn,
          label: `${label}${name}, which is associated with nothing`,
          zone: () => zones.of(node.urn),
          peer: identity === undefined ? undefined : peerOf(this.#stack.graph, identity),
          platform: platformOf(this.#stack, node),
          network,
          subnets: undefined,
          near: undefined,
          signature,
          region: undefined,
          implied: { urn: node.urn, label },
          orders: () => this.#layers.asIfInForce(policy),
        }),
      );
    }
  }

  #classOf(
    network: Network,
    signature: Signature,
    region: string | undefined,
    zone: ZoneId | undefined,
  ): EndpointClass {
    const key = keyOf({ network, signature, region, zone });
    const known = this.#classes.get(key);
    if (known !== undefined) {
      return known;
    }
    const made: EndpointClass = {
      network,
      signature,
      region,
      zone,
      filter: this.#filterOf(network, signature, region, zone),
    };
    this.#classes.set(key, made);
    return made;
  }

  #filterOf(
    network: Network,
    signature: Signature,
    region: string | undefined,
    zone: ZoneId | undefined,
  ): Filter {
    const { graph, zones } = this.#stack;
    const owners = signature.identities.flatMap(({ node }) => node ?? []);
    const owner = owners.find((node) => peerOf(graph, node) !== undefined) ?? owners[0];
    const peer = owner === undefined ? undefined : peerOf(graph, owner);
    const inNetwork = this.#subnets.in(network);
    const isHere = (one: WrittenSubnet): boolean =>
      (region === undefined || one.region === undefined || one.region === region) &&
      (zone === undefined || one.subnet.zone === zone);
    const ofPeer = peer === undefined ? [] : inNetwork.filter((one) => one.peer === peer);
    const placed = (ofPeer.length > 0 ? ofPeer : inNetwork).filter(isHere).map(({ subnet }) => subnet);
    const isPlaced = ofPeer.length > 0 || region !== undefined || zone !== undefined;
    const regions = new Set(inNetwork.map((one) => one.region));
    const place = [
      region === undefined ? "" : ` in ${region}`,
      zone === undefined ? "" : ` in subnets of zone ${zone}`,
    ].join("");
    return this.#filter({
      urn: owner?.urn ?? this.#placeOf(network),
      label: `${nameOf(signature)} in ${network.label}${place}`,
      zone: () =>
        owners.map(({ urn }) => zones.of(urn)).find((one) => one !== undefined) ?? zone ?? network.zone,
      peer,
      platform: owner === undefined ? network.platform : platformOf(this.#stack, owner),
      network,
      subnets: isPlaced && placed.length > 0 ? placed : undefined,
      near: placed.length > 0 ? placed : undefined,
      signature,
      region: region ?? (regions.size === 1 ? [...regions][0] : undefined),
      implied: { urn: this.#placeOf(network), label: network.label },
      orders: () => this.#ordersOf(network),
    });
  }

  /** The resource to which belongs what is said of a network: itself, or what names it. */
  #placeOf(network: Network): string {
    return network.isInStack
      ? network.urn
      : (this.#subnets.in(network)[0]?.node.urn ?? this.#stack.graph.root);
  }

  #filter(from: {
    readonly urn: string;
    readonly label: string;
    readonly zone: () => ZoneId | undefined;
    readonly peer: string | undefined;
    readonly platform: string | undefined;
    readonly network: Network;
    readonly subnets: readonly Subnet[] | undefined;
    readonly near: readonly Subnet[] | undefined;
    readonly signature: Signature;
    readonly region: string | undefined;
    readonly implied: Pick<Network, "urn" | "label">;
    readonly orders: () => LayerOrders;
  }): Filter {
    const { urn, label, peer, platform, network, subnets } = from;
    const read = new Map<Direction, readonly Rule[]>();
    const near = from.near?.flatMap(({ ranges }) => ranges);
    const families: ReadonlySet<AddressFamily> = new Set(
      near === undefined ? ["ipv4", "ipv6"] : near.map(({ family }) => family),
    );
    const endpoint: Endpoint = {
      urn,
      label,
      network: from.implied,
      signature: from.signature,
      near,
      region: from.region,
      families,
      filtersOf: (identity) => this.#sources(network, identity),
    };
    const rulesOf = (direction: Direction): readonly Rule[] => {
      const known = read.get(direction);
      if (known !== undefined) {
        return known;
      }
      const rules = [
        ...effectiveRules(from.orders(), direction, endpoint),
        ...(network.isInStack || !network.isDetermined
          ? []
          : [
              openRule(
                urn,
                `the rules of ${network.label} that the stack does not show`,
                direction,
                `which other rules ${network.label} has is not in the stack`,
              ),
            ]),
      ];
      read.set(direction, rules);
      return rules;
    };
    return {
      urn,
      label,
      get zone() {
        return from.zone();
      },
      platform,
      kind: "firewall",
      combination: "union",
      peer,
      network,
      subnets,
      // What is behind an identity is known only once all that has one is read.
      get egress() {
        return rulesOf("egress");
      },
      get ingress() {
        return rulesOf("ingress");
      },
    };
  }

  /**
   * The filters of what a rule of a network names as a source: of a secure tag, in every network that may be joined to it.
   * A tag says nothing of a zone, so that where something of the stack carries it, only what does counts.
   */
  #sources(network: Network, { key, kind, node }: Identity): readonly Filter[] {
    const found = [...this.#classes.values()].filter(
      ({ network: other, signature }) =>
        signature.identities.some((identity) => identity.key === key) &&
        (kind === "secure tag" || other === network || !network.isDetermined || !other.isDetermined),
    );
    const carried = kind === "service account" ? [] : found.filter(({ filter }) => this.#used.has(filter));
    const isPlaced = node !== undefined && this.#stack.zones.of(node.urn) !== undefined;
    return (carried.length > 0 && !isPlaced ? carried : found).map(({ filter }) => filter);
  }
}
