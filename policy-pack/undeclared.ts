import { peerName } from "../model/peer";
import { platformPort } from "../model/workload";

import { everyAddress, type AddressRange } from "./address-range";
import { declaredConnections, defaultZoneEdges } from "./declared-flows";
import type { Filter, Rule } from "./facts/fact";
import type { JudgedStack } from "./judged-stack";
import { subtract, type PacketSet } from "./packet-set";
import { allPackets, tcpPackets, type Direction, type Position } from "./reachability";

/** What a position may open, or be opened by, as its stack declares it. */
interface Permission {
  /** Whether the channel to what is behind a filter is declared: on the platform's port, wholly, or not at all. */
  readonly toFilter: (other: Filter) => "on-port" | "wholly" | "not";
  readonly packets: PacketSet;
}

/** A rule that lets more pass than is declared, with the packets that are too many. */
export interface UndeclaredRule {
  readonly rule: Rule;
  readonly packets: PacketSet;
}

const port = { from: platformPort, to: platformPort + 1 } as const;
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
  const others = new Set(
    flows.flatMap(({ from, to }) => {
      const [own, other] = direction === "egress" ? [from, to] : [to, from];
      return peerName(own) === peer ? [other] : [];
    }),
  );
  const names = new Set([...others].map(peerName));
  const filters = stack.facts.interfaceFilters.filter(
    (filter) => filter.platform === platform && filter.peer !== undefined && names.has(filter.peer),
  );
  const meetsWorld = [...others].some(({ kind }) => kind === "world" || kind === "llm-provider");
  return {
    toFilter: (other) => (filters.includes(other) ? "on-port" : "not"),
    packets: [
      ...filters.flatMap((filter) => tcpPackets(stack.reachability.knownRangesOf(filter), port)),
      ...(meetsWorld ? tcpPackets(everywhere, port) : []),
    ],
  };
}

/** What any stack may have between zones. What is inside the PHI zone does not leave it. */
function declaredByZones(stack: JudgedStack, position: Position, direction: Direction): Permission {
  const zones = defaultZoneEdges.flatMap(({ from, to }) => {
    const [own, other] = direction === "egress" ? [from, to] : [to, from];
    return own === position.zone ? [other] : [];
  });
  const inPhi = stack.reachability.knownRangesOfZone("phi", position.network);
  return {
    toFilter: (other) => {
      if (position.zone === "phi" && other.zone === "phi") {
        return "wholly";
      }
      return other.zone !== undefined && zones.includes(other.zone) ? "on-port" : "not";
    },
    packets: [
      ...zones.flatMap((zone) =>
        tcpPackets(
          zone === "world" ? everywhere : stack.reachability.knownRangesOfZone(zone, undefined),
          port,
        ),
      ),
      ...(position.zone === "phi" ? allPackets(inPhi) : []),
    ],
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
    return beyondPermission(stack, permissionOf(stack, { ...position, peer }, direction), filter[direction]);
  });
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
        : subtract(all, permission.packets);
    return packets.length === 0 ? [] : [{ rule, packets }];
  });
}

/** The packets of a channel that are not declared. */
export function beyondChannel(packets: PacketSet, declared: "on-port" | "wholly" | "not"): PacketSet {
  switch (declared) {
    case "wholly":
      return [];
    case "on-port":
      return subtract(packets, tcpPackets(everywhere, port));
    case "not":
      return packets;
  }
}
