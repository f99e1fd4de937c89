import { peerName } from "../model/peer";
import { platformPort } from "../model/workload";
import type { ZoneId } from "../model/zone";

import { addressRange, everyAddress, type AddressRange } from "./address-range";
import { declaredConnections, defaultZoneEdges } from "./declared-flows";
import type { Filter, Interval, Rule } from "./facts/fact";
import type { JudgedStack } from "./judged-stack";
import { subtract, type PacketSet } from "./packet-set";
import { allPackets, tcpPackets, type Direction, type Position } from "./reachability";

/** What a position may open, or be opened by, as its stack declares it. */
interface Permission {
  /** On which TCP ports the channel to what is behind a filter is declared: on some, wholly, or on none. */
  readonly toFilter: (other: Filter) => DeclaredPorts;
  readonly packets: PacketSet;
  /** What is declared by the cloud's own name for its addresses, for rules that are written with that name. */
  readonly named: readonly { readonly serviceTag: string; readonly packets: PacketSet }[];
}

/** The TCP ports on which something is declared; `wholly` is any packet. */
export type DeclaredPorts = "wholly" | readonly Interval[];

/** A rule that lets more pass than is declared, with the packets that are too many. */
export interface UndeclaredRule {
  readonly rule: Rule;
  readonly packets: PacketSet;
}

const port = { from: platformPort, to: platformPort + 1 } as const;
/**
 * Addresses to which no packet leaves its host, or is delivered (RFC 6890, RFC 919; a VPC has no broadcast). Rules of
 * Cloud Control that mean "nothing" name them, since AWS puts its own rule where there is none.
 */
const nowhere: readonly AddressRange[] = ["127.0.0.0/8", "255.255.255.255/32", "::1/128"].flatMap(
  (text) => addressRange(text) ?? [],
);

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** The platform of ours whose declared flows bind a position or a filter, if the stack declares it. */
export function bindingPlatform(
  { declarations }: JudgedStack,
  platform: string | undefined,
): string | undefined {
  return platform !== undefined && declarations.platforms.has(platform) ? platform : undefined;
}

/** The peers that a platform declares for one of its own, and the addresses of what is behind their filters. */
function declaredByPlatform(
  stack: JudgedStack,
  platform: string,
  peer: string | undefined,
  direction: Direction,
): Permission {
  const declared = stack.declarations.platforms.get(platform);
  const flows = declared === undefined ? [] : declaredConnections(declared);
  const others = flows.flatMap(({ from, to, ports, serviceTag }) => {
    const [own, other] = direction === "egress" ? [from, to] : [to, from];
    return peerName(own) === peer ? [{ name: peerName(other), kind: other.kind, ports, serviceTag }] : [];
  });
  const filters = stack.facts.interfaceFilters.flatMap((filter) =>
    filter.platform === platform
      ? others.filter(({ name }) => name === filter.peer).map(({ ports }) => ({ filter, ports }))
      : [],
  );
  const ofWorld = others.filter(({ kind }) => kind === "world" || kind === "llm-provider");
  return {
    toFilter: (other) => filters.flatMap(({ filter, ports }) => (filter === other ? [ports] : [])),
    packets: [
      ...filters.flatMap(({ filter, ports }) => tcpPackets(stack.reachability.knownRangesOf(filter), ports)),
      ...ofWorld.flatMap(({ ports, serviceTag }) =>
        serviceTag === undefined ? tcpPackets(everywhere, ports) : [],
      ),
    ],
    named: ofWorld.flatMap(({ ports, serviceTag }) =>
      serviceTag === undefined ? [] : [{ serviceTag, packets: tcpPackets(everywhere, ports) }],
    ),
  };
}

/** Whether a filter is the PHI zone's, or in force on nothing but what is in it. */
function isOnlyInPhi({ facts }: JudgedStack, filter: Filter): boolean {
  if (filter.zone !== undefined) {
    return filter.zone === "phi";
  }
  const users = facts.interfaces.filter(({ filters }) => filters.includes(filter));
  return users.length > 0 && users.every(({ zone }) => zone === "phi");
}

/** What a stack without a platform of ours may have: the edges between zones, and what the pack's user has configured. */
function declaredByZones(stack: JudgedStack, position: Position, direction: Direction): Permission {
  const ends = <End>({ from, to }: { readonly from: End; readonly to: End }): readonly [End, End] =>
    direction === "egress" ? [from, to] : [to, from];
  const edges = defaultZoneEdges.flatMap((edge) => {
    const [own, other] = ends<ZoneId | "world">(edge);
    return own === position.zone ? [other] : [];
  });
  // Nothing is configured out of the PHI zone, or into it: its schema has no such flow.
  const configured = stack.settings.flows.flatMap((flow) => {
    const [own, other] = ends(flow);
    return own.kind === "zone" && own.zone === position.zone
      ? [{ other, ports: { from: flow.port, to: flow.port + 1 } }]
      : [];
  });
  const inPhi = stack.reachability.knownRangesOfZone("phi", position.network);
  const zonePackets = (zone: ZoneId | "world", ports: Interval): PacketSet =>
    tcpPackets(zone === "world" ? everywhere : stack.reachability.knownRangesOfZone(zone, undefined), ports);
  return {
    toFilter: (other) => {
      if (position.zone === "phi" && isOnlyInPhi(stack, other)) {
        return "wholly";
      }
      const byEdges = other.zone !== undefined && edges.includes(other.zone) ? [port] : [];
      return [
        ...byEdges,
        ...configured.flatMap(({ other: end, ports }) =>
          end.kind === "zone" && end.zone === other.zone ? [ports] : [],
        ),
      ];
    },
    packets: [
      ...edges.flatMap((zone) => zonePackets(zone, port)),
      ...configured.flatMap(({ other, ports }) =>
        other.kind === "zone" ? zonePackets(other.zone, ports) : tcpPackets([other.range], ports),
      ),
      ...(position.zone === "phi" ? allPackets([...inPhi, ...nowhere]) : []),
    ],
    named: [],
  };
}

const permissions = new WeakMap<JudgedStack, Map<string, Permission>>();

/** What a position's stack declares for it; the same for all positions of one peer, or of one zone and network. */
function permissionOf(stack: JudgedStack, position: Position, direction: Direction): Permission {
  const platform = bindingPlatform(stack, position.platform);
  const key = [
    direction,
    platform ?? "",
    platform === undefined ? position.zone : (position.peer ?? ""),
    position.network?.urn ?? "",
  ].join(" ");
  const ofStack = permissions.get(stack) ?? new Map<string, Permission>();
  permissions.set(stack, ofStack);
  const known = ofStack.get(key);
  if (known !== undefined) {
    return known;
  }
  const permission =
    platform === undefined
      ? declaredByZones(stack, position, direction)
      : declaredByPlatform(stack, platform, position.peer, direction);
  ofStack.set(key, permission);
  return permission;
}

/** The rules of a position's filters that let more pass than is declared; each layer but these filters put aside. */
export function undeclaredRules(
  stack: JudgedStack,
  position: Position,
  direction: Direction,
): readonly UndeclaredRule[] {
  return position.filters.flatMap((filter) => {
    if (filter[direction].length === 0) {
      return [];
    }
    // Several peers may share one place, such as stores behind one endpoint; each filter holds to the flows of its own.
    const isOfOnePlace = filter.zone === position.zone && filter.platform === position.platform;
    const peer = isOfOnePlace ? (filter.peer ?? position.peer) : position.peer;
    const permission = permissionOf(stack, { ...position, peer }, direction);
    return beyondPermission(stack, alongPassages(stack, filter, direction, permission), filter[direction]);
  });
}

/**
 * What a filter may let pass on a platform of ours where a passage is: what leads to a workload admits the workload's
 * callers, and opens connections to what comes next and to nothing else; and that admits it.
 */
function alongPassages(
  stack: JudgedStack,
  filter: Filter,
  direction: Direction,
  permission: Permission,
): Permission {
  const ours = stack.facts.passages.filter(
    ({ platform, peer }) => bindingPlatform(stack, platform) !== undefined && peer === filter.peer,
  );
  const own = ours.filter(({ filters }) => filters.includes(filter));
  if (own.length > 0 && direction === "egress") {
    const behind = new Set(own.flatMap((passage) => passage.behind));
    return { toFilter: (other) => (behind.has(other) ? [port] : []), packets: [], named: [] };
  }
  const before = new Set(
    direction === "ingress"
      ? ours.filter(({ behind }) => behind.includes(filter)).flatMap(({ filters }) => filters)
      : [],
  );
  return before.size === 0
    ? permission
    : {
        ...permission,
        toFilter: (other) => (before.has(other) ? [port] : permission.toFilter(other)),
      };
}

function beyondPermission(
  stack: JudgedStack,
  permission: Permission,
  rules: readonly Rule[],
): readonly UndeclaredRule[] {
  return rules.flatMap((rule): readonly UndeclaredRule[] => {
    const all = stack.reachability.rulePackets(rule);
    const packets =
      rule.remote.kind === "filter"
        ? beyondChannel(all, permission.toFilter(rule.remote.filter))
        : subtract(all, [...permission.packets, ...permittedByName(permission, rule)]);
    return packets.length === 0 ? [] : [{ rule, packets }];
  });
}

/** What is declared by the name with which a rule is written, for one region where the declared name has a star for it. */
function permittedByName({ named }: Permission, { serviceTag }: Rule): PacketSet {
  return named.flatMap(({ serviceTag: declared, packets }) => {
    const isMeant = declared.endsWith(".*")
      ? serviceTag?.startsWith(declared.slice(0, -1)) === true
      : serviceTag === declared;
    return isMeant ? packets : [];
  });
}

/** The packets of a channel that are not declared. */
function beyondChannel(packets: PacketSet, declared: DeclaredPorts): PacketSet {
  return declared === "wholly"
    ? []
    : declared.reduce((rest, ports) => subtract(rest, tcpPackets(everywhere, ports)), packets);
}
