import type { NetworkFacts, Route, RouteTable, Subnet } from "./facts/fact";
import type { Evidence } from "./finding";
import { everyPacket, intersect, subtract, type Box, type PacketSet, type Step } from "./packet-set";
import { allPackets, type Reachability } from "./reachability";
import { inIpv6, ipv4InIpv6, routable } from "./witness";

/** Packets that get from a subnet to the Internet, or may, and that nothing on their way looks at. */
export interface UninspectedPath {
  /** The packets as they leave the subnet, with all that lets them pass, carries them, or sends them on. */
  readonly packets: Box;
  /** What has to change: what lets them by without a look, or else the route by which they leave the subnet. */
  readonly fault: Evidence;
}

/** Packets on their way. */
interface Journey {
  readonly subnet: Subnet;
  readonly packets: PacketSet;
  /** Whether they were IPv6 packets when they left. */
  readonly isTranslated: boolean;
  readonly fault: Evidence | undefined;
}

interface Arrival {
  readonly packets: PacketSet;
  readonly isTranslated: boolean;
  readonly fault: Evidence;
}

const toIpv4: PacketSet = allPackets([ipv4InIpv6]);

/** Packets to addresses of IPv4 in IPv6 as a translator sends them on. */
function translated(packets: PacketSet): PacketSet {
  const start = BigInt(ipv4InIpv6.from);
  return intersect(packets, toIpv4).map((one) => ({
    ...one,
    family: "ipv4",
    addressFrom: Number(BigInt(one.addressFrom) - start),
    addressTo: Number(BigInt(one.addressTo) - start),
  }));
}

/** The same packets as they were before a translator sent them on. */
function untranslated(packets: PacketSet): PacketSet {
  return packets.map((one) => {
    const { family, from, to } = inIpv6({ from: one.addressFrom, to: one.addressTo });
    return { ...one, family, addressFrom: from, addressTo: to };
  });
}

function withStep(packets: PacketSet, step: Step): PacketSet {
  return packets.map((one) => ({ ...one, steps: [...one.steps, step] }));
}

function size({ destination }: Route): bigint {
  return destination === "anything" ? -1n : BigInt(destination.to) - BigInt(destination.from);
}

/** The ways by which what is in subnets reaches the Internet past every inspection, over the facts of one stack. */
export class UninspectedPaths {
  readonly #facts: NetworkFacts;
  readonly #reachability: Reachability;
  readonly #isRead: boolean;
  readonly #subnets: ReadonlyMap<string, Subnet>;
  readonly #carried = new Map<RouteTable, readonly (readonly [Route, PacketSet])[]>();
  readonly #from = new Map<Subnet, readonly UninspectedPath[]>();

  /**
   * @param isRead whether what lets packets by has to have read them: to have ended TLS, and to know the host for one that a
   *   platform declares.
   */
  constructor(facts: NetworkFacts, reachability: Reachability, isRead: boolean) {
    this.#facts = facts;
    this.#isRead = isRead;
    this.#reachability = reachability;
    this.#subnets = new Map(facts.subnets.map((subnet) => [subnet.key, subnet]));
  }

  /** The ways from one subnet, whatever the filters of what is in it let out. */
  from(subnet: Subnet): readonly UninspectedPath[] {
    const known = this.#from.get(subnet);
    if (known !== undefined) {
      return known;
    }
    const paths = this.#follow(subnet).flatMap(({ packets, isTranslated, fault }) =>
      routable(isTranslated ? untranslated(packets) : packets).map((one) => ({ packets: one, fault })),
    );
    this.#from.set(subnet, paths);
    return paths;
  }

  /** Breadth first over next hops, so that the way that is shown is a shortest one. */
  #follow(start: Subnet): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    const journeys: Journey[] = [
      { subnet: start, packets: everyPacket, isTranslated: false, fault: undefined },
    ];
    const seen = new Map<string, PacketSet>();
    for (let journey = journeys.shift(); journey !== undefined; journey = journeys.shift()) {
      const { subnet, isTranslated } = journey;
      const place = `${subnet.key} ${String(isTranslated)}`;
      const before = seen.get(place) ?? [];
      const packets = subtract(journey.packets, before);
      seen.set(place, [...before, ...packets]);
      const leaving = subtract(
        intersect(packets, this.#reachability.allowedBySubnet(subnet, "egress")),
        this.#ownPackets(subnet),
      );
      for (const { sent, route } of this.#sent(subnet, leaving)) {
        this.#forward(sent, route, { ...journey, fault: journey.fault ?? route }, start, arrivals, journeys);
      }
      if (subnet.unknownRoutes !== undefined && leaving.length > 0) {
        const step = undeterminedStep(
          subnet.urn,
          `${subnet.label}: a route table that is not in the stack`,
          `where packets go from ${subnet.label}, since ${subnet.unknownRoutes}`,
        );
        arrivals.push({ packets: withStep(leaving, step), isTranslated, fault: journey.fault ?? step });
      }
    }
    return arrivals;
  }

  /** What each next hop of a route does with packets. */
  #forward(
    sent: PacketSet,
    route: Route,
    { isTranslated, fault }: Journey,
    start: Subnet,
    arrivals: Arrival[],
    journeys: Journey[],
  ): void {
    for (const forwarder of route.nextHop.forwarders) {
      const by =
        forwarder.uninspected === undefined
          ? undefined
          : [...forwarder.uninspected, ...(this.#isRead ? (forwarder.unread?.(start.ranges) ?? []) : [])];
      const parts =
        by === undefined
          ? [{ packets: sent, fault: fault ?? route }]
          : by.map((rule) => ({
              packets: intersect(sent, this.#reachability.rulePackets(rule)),
              fault: rule,
            }));
      for (const part of parts) {
        if (part.packets.length === 0) {
          continue;
        }
        const { onward } = forwarder;
        switch (onward.kind) {
          case "nowhere":
            break;
          case "internet":
          case "undetermined":
            arrivals.push({ packets: withStep(part.packets, forwarder), isTranslated, fault: part.fault });
            break;
          case "subnets":
            for (const key of onward.keys) {
              const subnet = this.#subnets.get(key);
              if (subnet === undefined) {
                const step = undeterminedStep(key, key, `where packets go from ${key}`);
                arrivals.push({ packets: withStep(part.packets, step), isTranslated, fault: part.fault });
                continue;
              }
              const step = { ...forwarder, label: `${forwarder.label} sends it on from ${subnet.label}` };
              const going = withStep(part.packets, step);
              journeys.push({ subnet, packets: going, isTranslated, fault: part.fault });
              if (forwarder.translatesToIpv4 && !isTranslated) {
                journeys.push({
                  subnet,
                  packets: translated(going),
                  isTranslated: true,
                  fault: part.fault,
                });
              }
            }
            break;
        }
      }
    }
  }

  /** The packets that each route in force on a subnet carries, what is known for certain first. */
  #sent(subnet: Subnet, leaving: PacketSet): readonly { readonly route: Route; readonly sent: PacketSet }[] {
    return subnet.routeTables
      .flatMap((table) => this.#carriedBy(table))
      .map(([route, carried]) => ({ route, sent: intersect(leaving, carried) }))
      .filter(({ sent }) => sent.length > 0)
      .sort((a, b) => Number(isAssumed(a.route)) - Number(isAssumed(b.route)));
  }

  /** The packets that each route of a table carries: the longest prefix that holds a packet's address decides. */
  #carriedBy(table: RouteTable): readonly (readonly [Route, PacketSet])[] {
    const known = this.#carried.get(table);
    if (known !== undefined) {
      return known;
    }
    const certain = table.routes.filter(
      ({ isCertain, destination }) => isCertain && destination !== "anything",
    );
    const carried = table.routes.map((route): readonly [Route, PacketSet] => {
      const narrower = certain.filter((other) => size(other) < size(route));
      const packets = this.#reachability.routedBy(route);
      return [
        route,
        subtract(
          packets,
          narrower.flatMap((other) => this.#reachability.routedBy(other)),
        ),
      ];
    });
    this.#carried.set(table, carried);
    return carried;
  }

  /** Packets that do not leave the network of a subnet. */
  #ownPackets({ network }: Subnet): PacketSet {
    return allPackets(
      network.ranges ??
        this.#facts.subnets
          .filter((subnet) => subnet.network === network && network.isDetermined)
          .flatMap(({ knownRanges }) => knownRanges),
    );
  }
}

function isAssumed({ assumption, nextHop }: Route): boolean {
  return assumption !== undefined || nextHop.forwarders.some((one) => one.assumption !== undefined);
}

function undeterminedStep(urn: string, label: string, assumption: string): Step {
  return {
    urn,
    label,
    onward: { kind: "undetermined" },
    uninspected: undefined,
    translatesToIpv4: false,
    assumption,
  };
}
