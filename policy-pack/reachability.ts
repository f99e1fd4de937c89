import { zoneIds, type ZoneId } from "../model/zone";

import { everyAddress, type AddressRange } from "./address-range";
import {
  everyPort,
  everyProtocol,
  mayBeSame,
  type Filter,
  type Network,
  type NetworkFacts,
  type Route,
  type Rule,
  type Subnet,
} from "./facts/fact";
import { box, everyPacket, firstMatch, intersect, subtract, type PacketSet } from "./packet-set";
import { tcp } from "./protocol";

export type Direction = "egress" | "ingress";

/** Filters that are in force together on what sits in some subnets: the place from which reachability is computed. */
export interface Position {
  readonly urn: string;
  readonly label: string;
  readonly zone: ZoneId;
  readonly platform: string | undefined;
  /** The peer of the model whose place it is, where a filter says so. */
  readonly peer: string | undefined;
  readonly network: Network | undefined;
  readonly filters: readonly Filter[];
  /** Where it is; empty if the stack does not show it. */
  readonly subnets: readonly Subnet[];
}

/** What kind of subnet each kind of peer is in. */
const purposeOfPeer: Readonly<Record<string, string>> = {
  "load-balancer": "load-balancer",
  workload: "workload",
  "data-store": "private-endpoint",
  "platform-service": "private-endpoint",
};

/** The ports to which replies go: those from which clients connect (see docs/guarantees.md). */
export const replyPorts = { from: 1024, to: 65536 } as const;

const onlyTcp = { from: tcp, to: tcp + 1 } as const;

/** The packets to, or from, some addresses over TCP to some ports. */
export function tcpPackets(
  ranges: readonly AddressRange[],
  ports: { readonly from: number; readonly to: number },
): PacketSet {
  return ranges.map((range) => box(onlyTcp, ports, range, []));
}

/** Every packet to, or from, some addresses. */
export function allPackets(ranges: readonly AddressRange[]): PacketSet {
  return ranges.map((range) => box(everyProtocol, everyPort, range, []));
}

/** The same packets without regard to their remote address. */
function withoutAddress(packets: PacketSet): PacketSet {
  return packets.map((one) => ({
    ...one,
    addressFrom: everyAddress[one.family].from,
    addressTo: everyAddress[one.family].to,
  }));
}

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** The same addresses in as few ranges as possible. */
function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const inOrder = [...ranges].sort((a, b) =>
    a.family === b.family ? (a.from < b.from ? -1 : 1) : a.family < b.family ? -1 : 1,
  );
  return inOrder.reduce<AddressRange[]>((done, next) => {
    const last = done.at(-1);
    if (last?.family !== next.family || last.to < next.from) {
      return [...done, next];
    }
    return [...done.slice(0, -1), { ...last, to: last.to > next.to ? last.to : next.to }];
  }, []);
}

/** What is computed once for each pair of subnets. */
function once<T>(known: Map<Subnet, Map<Subnet, T>>, from: Subnet, to: Subnet, compute: () => T): T {
  const ofSource = known.get(from) ?? new Map<Subnet, T>();
  known.set(from, ofSource);
  const answer = ofSource.get(to) ?? compute();
  ofSource.set(to, answer);
  return answer;
}

/** What can be reached from where, over the facts of one stack. Every answer is computed once. */
export class Reachability {
  readonly #facts: NetworkFacts;
  readonly #allowed = { egress: new Map<Filter, PacketSet>(), ingress: new Map<Filter, PacketSet>() };
  readonly #placements = new Map<Filter, readonly Subnet[]>();
  readonly #subnetsByNetwork = new Map<Network, Subnet[]>();
  /** Subnets of networks that are not known. */
  readonly #subnetsSomewhere: readonly Subnet[];
  readonly #ranges = new Map<Filter, readonly AddressRange[]>();
  readonly #subnetsOfInterfaces = new Map<Filter, Set<Subnet>>();
  readonly #zoneRanges = new Map<string, readonly AddressRange[]>();
  readonly #ruleBoxes = new Map<Rule, PacketSet>();
  readonly #passing = new Map<Subnet, Map<Subnet, PacketSet>>();
  readonly #replying = new Map<Subnet, Map<Subnet, boolean>>();
  readonly positions: readonly Position[];

  constructor(facts: NetworkFacts) {
    this.#facts = facts;
    for (const { filters, subnets } of facts.interfaces) {
      for (const filter of filters) {
        const known = this.#subnetsOfInterfaces.get(filter) ?? new Set();
        subnets.forEach((subnet) => known.add(subnet));
        this.#subnetsOfInterfaces.set(filter, known);
      }
    }
    for (const subnet of facts.subnets.filter(({ network }) => network.isDetermined)) {
      const known = this.#subnetsByNetwork.get(subnet.network) ?? [];
      known.push(subnet);
      this.#subnetsByNetwork.set(subnet.network, known);
    }
    this.#subnetsSomewhere = facts.subnets.filter(({ network }) => !network.isDetermined);
    this.positions = this.#findPositions();
  }

  /** Each filter by itself, as if in force, and each set of filters that is in force together. */
  #findPositions(): readonly Position[] {
    const found = new Map<string, Position>();
    const keyOf = (filters: readonly Filter[], subnets: readonly Subnet[]): string =>
      [
        ...filters.map(({ urn, label }) => `${urn} ${label}`).sort(),
        "in",
        ...subnets.map(({ key }) => key).sort(),
      ].join(" ");
    for (const filter of this.#facts.interfaceFilters) {
      const { urn, label, zone, platform, peer, network } = filter;
      if (zone !== undefined) {
        const subnets = this.placements(filter);
        found.set(keyOf([filter], subnets), {
          urn,
          label,
          zone,
          platform,
          peer,
          network,
          filters: [filter],
          subnets,
        });
      }
    }
    for (const { urn, label, zone, platform, filters, subnets } of this.#facts.interfaces) {
      const key = keyOf(filters, subnets);
      if (zone !== undefined && filters.length > 0 && found.get(key)?.zone !== zone) {
        const peer = filters.map((filter) => filter.peer).find((name) => name !== undefined);
        const network = subnets[0]?.network ?? filters[0]?.network;
        found.set(`${key} ${zone}`, { urn, label, zone, platform, peer, network, filters, subnets });
      }
    }
    return [...found.values()];
  }

  /**
   * Whether the filter of a zone's subnets may be the only one on something there: no filter of single interfaces of the
   * zone is in its network. Where it is not known which network is its, that has to hold for one of the zone's.
   */
  standsAlone(filter: Filter): boolean {
    const beside = this.positions.filter(({ zone }) => zone === filter.zone);
    const isBeside = (own: Network): boolean =>
      beside.some(({ network }) => network === undefined || mayBeSame(network, own));
    return filter.network.isDetermined
      ? !isBeside(filter.network)
      : this.#facts.subnets
          .filter(({ zone }) => zone === filter.zone)
          .some(({ network }) => !isBeside(network));
  }

  /** The subnets in which something behind a filter is, or would be: those of its interfaces and those of its zone. */
  placements(filter: Filter): readonly Subnet[] {
    const known = this.#placements.get(filter);
    if (known !== undefined) {
      return known;
    }
    if (filter.subnets !== undefined) {
      this.#placements.set(filter, filter.subnets);
      return filter.subnets;
    }
    const used = this.#subnetsOfInterfaces.get(filter) ?? new Set();
    const purpose =
      filter.purpose ??
      (filter.peer === undefined ? undefined : purposeOfPeer[filter.peer.split("/")[0] ?? ""]);
    const ofZone = this.#subnetsIn(filter.network).filter(
      (subnet) =>
        subnet.zone !== undefined &&
        subnet.zone === filter.zone &&
        (purpose === undefined || subnet.purpose === undefined || subnet.purpose === purpose),
    );
    const placements = [...new Set([...used, ...ofZone])];
    this.#placements.set(filter, placements);
    return placements;
  }

  /** The subnets that may be in a network. */
  #subnetsIn(network: Network): readonly Subnet[] {
    return network.isDetermined
      ? [...(this.#subnetsByNetwork.get(network) ?? []), ...this.#subnetsSomewhere]
      : this.#facts.subnets;
  }

  /** The addresses of what is behind a filter; any address, where the stack does not show where it is. */
  rangesOf(filter: Filter): readonly AddressRange[] {
    const known = this.#ranges.get(filter);
    if (known !== undefined) {
      return known;
    }
    const subnets = this.placements(filter);
    const ranges = subnets.length === 0 ? everywhere : subnets.flatMap((subnet) => subnet.ranges);
    this.#ranges.set(filter, ranges);
    return ranges;
  }

  /** Addresses that are known to be of what is behind a filter: those of its zone's subnets in its network. */
  knownRangesOf(filter: Filter): readonly AddressRange[] {
    return this.placements(filter)
      .filter(({ network }) => network === filter.network && network.isDetermined)
      .flatMap((subnet) => subnet.knownRanges);
  }

  /** Addresses that are known to be of a zone's subnets, in one network or in all. */
  knownRangesOfZone(zone: ZoneId, network: Network | undefined): readonly AddressRange[] {
    const key = `${zone} ${network?.urn ?? ""}`;
    const known = this.#zoneRanges.get(key);
    if (known !== undefined) {
      return known;
    }
    const ranges = joined(
      this.#facts.subnets
        .filter(
          (subnet) =>
            subnet.zone === zone &&
            (network === undefined || (subnet.network === network && network.isDetermined)),
        )
        .flatMap((subnet) => subnet.knownRanges),
    );
    this.#zoneRanges.set(key, ranges);
    return ranges;
  }

  /** The packets that a rule speaks of. */
  rulePackets(rule: Rule): PacketSet {
    const known = this.#ruleBoxes.get(rule);
    if (known !== undefined) {
      return known;
    }
    const { remote, protocols, ports } = rule;
    const ranges =
      remote.kind === "addresses"
        ? [remote.range]
        : remote.kind === "filter"
          ? this.rangesOf(remote.filter)
          : everywhere;
    const packets = ranges.map((range) => box(protocols, ports, range, [rule]));
    this.#ruleBoxes.set(rule, packets);
    return packets;
  }

  /** What a filter lets pass by itself. */
  allowed(filter: Filter, direction: Direction): PacketSet {
    const known = this.#allowed[direction].get(filter);
    if (known !== undefined) {
      return known;
    }
    const rules = filter[direction];
    const packets =
      filter.combination === "union"
        ? rules.flatMap((rule) => this.rulePackets(rule))
        : firstMatch(rules.map((rule) => ({ rule, packets: this.rulePackets(rule) })));
    this.#allowed[direction].set(filter, packets);
    return packets;
  }

  /** What the filters of a subnet let pass. Where it is not known which is in force, what any of them lets pass. */
  allowedBySubnet(subnet: Subnet | undefined, direction: Direction): PacketSet {
    return subnet === undefined || subnet.filters.length === 0
      ? everyPacket
      : subnet.filters.flatMap((filter) => this.allowed(filter, direction));
  }

  /** The packets that a route carries out of the network. */
  routedBy(route: Route): PacketSet {
    const ranges = route.destination === "anything" ? everywhere : [route.destination];
    return ranges.map((range) => box(everyProtocol, everyPort, range, [route]));
  }

  /** The packets that leave the network of a subnet by one of its routes. */
  routed(subnet: Subnet): PacketSet {
    return subnet.routeTables.flatMap(({ routes }) => routes.flatMap((route) => this.routedBy(route)));
  }

  /** The subnets of a position, one for each way in which they differ; `undefined` where the stack shows none. */
  classes(position: Pick<Position, "subnets">): readonly (Subnet | undefined)[] {
    const byClass = new Map(
      position.subnets.map((subnet) => [
        [...subnet.filters, ...subnet.routeTables].map(({ urn, label }) => `${urn} ${label}`).join(" ") +
          (subnet.unknownRoutes ?? ""),
        subnet,
      ]),
    );
    return byClass.size === 0 ? [undefined] : [...byClass.values()];
  }

  /** The subnets of a zone and a purpose, for which a filter of a subnet speaks. */
  subnetsUnder(filter: Filter): readonly Subnet[] {
    return this.#facts.subnets.filter((subnet) => subnet.filters.includes(filter));
  }

  /** What rules of one direction say of the channel between two filters, the address of the other end put aside. */
  #towards(filter: Filter, direction: Direction, other: Filter): PacketSet {
    return filter[direction].flatMap((rule): PacketSet => {
      if (rule.remote.kind === "filter") {
        return rule.remote.filter === other
          ? withoutAddress([...everywhere.map((range) => box(rule.protocols, rule.ports, range, [rule]))])
          : [];
      }
      return withoutAddress(intersect(this.rulePackets(rule), allPackets(this.rangesOf(other))));
    });
  }

  /** What the network ACLs let pass from one subnet to another; everything within one subnet, where none is consulted. */
  #between(from: Subnet, to: Subnet): PacketSet {
    if (from === to) {
      return everyPacket;
    }
    return once(this.#passing, from, to, () => {
      const leaving = withoutAddress(intersect(this.allowedBySubnet(from, "egress"), allPackets(to.ranges)));
      const arriving = withoutAddress(
        intersect(this.allowedBySubnet(to, "ingress"), allPackets(from.ranges)),
      );
      return intersect(leaving, arriving);
    });
  }

  #repliesPass(from: Subnet, to: Subnet): boolean {
    if (from === to) {
      return true;
    }
    const replies = (ranges: readonly AddressRange[]): PacketSet => tcpPackets(ranges, replyPorts);
    return once(
      this.#replying,
      from,
      to,
      () =>
        subtract(replies(from.ranges), this.allowedBySubnet(to, "egress")).length === 0 &&
        subtract(replies(to.ranges), this.allowedBySubnet(from, "ingress")).length === 0,
    );
  }

  /**
   * The packets by which what is behind one filter opens a connection to what is behind another, whatever the addresses.
   *
   * @param established whether replies must pass too, between all their subnets, so that the connection works everywhere.
   */
  channel(from: Filter, to: Filter, established = false): PacketSet {
    const filtered = intersect(this.#towards(from, "egress", to), this.#towards(to, "ingress", from));
    if (filtered.length === 0) {
      return [];
    }
    const pairs = this.placements(from).flatMap((source) =>
      this.placements(to).map((destination) => ({ source, destination })),
    );
    if (pairs.length === 0) {
      return filtered;
    }
    const passing = pairs.map(({ source, destination }) =>
      established && !this.#repliesPass(source, destination)
        ? []
        : intersect(filtered, this.#between(source, destination)),
    );
    if (!established) {
      return passing.flat();
    }
    return passing.every((packets) => packets.length > 0) ? (passing[0] ?? []) : [];
  }

  /**
   * The packets by which the world opens a connection to what is behind a filter, or by which it opens one to the world,
   * with replies that pass, from every subnet.
   */
  openTo(filter: Filter, direction: Direction): PacketSet {
    const own = filter.network.ranges ?? [];
    const perSubnet = this.placements(filter).map((subnet) => {
      const others = subtract(allPackets(everywhere), allPackets(own));
      const passing = intersect(
        intersect(this.allowed(filter, direction), this.allowedBySubnet(subnet, direction)),
        others,
      );
      const replies = this.allowedBySubnet(subnet, direction === "egress" ? "ingress" : "egress");
      return intersect(passing, this.routed(subnet)).filter(
        ({ family, addressFrom, addressTo }) =>
          subtract(tcpPackets([{ family, from: addressFrom, to: addressTo }], replyPorts), replies).length ===
          0,
      );
    });
    return perSubnet.every((packets) => packets.length > 0) ? (perSubnet[0] ?? []) : [];
  }

  /** The packets that the filters of a position let out of, or into, its own network, whatever the other layers say. */
  filtered(position: Position, direction: Direction): PacketSet {
    const own =
      position.network?.ranges ?? zoneIds.flatMap((zone) => this.knownRangesOfZone(zone, position.network));
    return subtract(
      position.filters.flatMap((filter) =>
        filter[direction]
          .filter(({ remote }) => remote.kind !== "filter")
          .flatMap((rule) => this.rulePackets(rule)),
      ),
      allPackets(own),
    );
  }

  /** The packets of a position's filters that leave for, or come from, outside its own network and pass on the way. */
  outside(position: Position, direction: Direction): PacketSet {
    const filtered = this.filtered(position, direction);
    return filtered.length === 0
      ? []
      : this.classes(position).flatMap((subnet) => {
          const passing = intersect(filtered, this.allowedBySubnet(subnet, direction));
          return subnet === undefined || subnet.unknownRoutes !== undefined
            ? passing
            : intersect(passing, this.routed(subnet));
        });
  }
}
