import type { AddressFamily } from "../../../model/cidr";

import { everyAddress, rangeText, type AddressRange } from "../../address-range";
import { extentText } from "../../extent-text";
import { box, everyPacket, intersect, mostBoxes, subtract, type PacketSet } from "../../packet-set";
import type { Direction } from "../../reachability";
import { everyPort, everyProtocol, type Filter, type Network, type Rule } from "../fact";

import type { FirewallLayer, LayerOrders } from "./firewall-layers";
import type { FirewallRule, RuleEnd } from "./firewall-rules";
import type { Identity, Signature } from "./identities";

/** The endpoint on which rules are in force, as far as what they let pass depends on it. */
export interface Endpoint {
  readonly urn: string;
  readonly label: string;
  /** The network in which it is. */
  readonly network: Pick<Network, "urn" | "label">;
  readonly signature: Signature;
  /** Its addresses; `undefined` where they are not known. */
  readonly near: readonly AddressRange[] | undefined;
  /** The region in which it is; `undefined` where it may be in any. */
  readonly region: string | undefined;
  /** The families of addresses that it may have. */
  readonly families: ReadonlySet<AddressFamily>;
  /** What is behind an identity that rules name as a source. */
  readonly filtersOf: (identity: Identity) => readonly Filter[];
}

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** The packets of a rule: all that it may match, and all that it matches for certain. */
interface Matched {
  readonly most: PacketSet;
  readonly least: PacketSet;
}

const nothing: Matched = { most: [], least: [] };

/** Whether a rule is for an endpoint: whether it may be, and whether it is for certain. */
function isFor(
  { targets }: FirewallRule,
  { identities, perhaps, isWhole }: Signature,
): {
  readonly perhaps: boolean;
  readonly certainly: boolean;
} {
  if (targets === undefined) {
    return { perhaps: true, certainly: true };
  }
  const has = (all: readonly Identity[]): boolean =>
    targets.identities.some(({ key }) => all.some((own) => own.key === key));
  const certainly = has(identities);
  return { perhaps: certainly || targets.isUnknown || !isWhole || has(perhaps), certainly };
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.from < b.to && b.from < a.to;
}

function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && inner.from >= outer.from && inner.to <= outer.to;
}

/** Whether the near end of a rule stands for something of the endpoint, and whether for all of it. */
function nearness(
  ends: readonly RuleEnd[],
  near: readonly AddressRange[] | undefined,
): { readonly touches: boolean; readonly covers: boolean } {
  if (ends.length === 0) {
    return { touches: true, covers: true };
  }
  const ranges = ends.flatMap((end) => (end.kind === "addresses" ? [end.range] : []));
  const isWhole = ranges.length === ends.length;
  return {
    touches:
      !isWhole || near === undefined || near.some((own) => ranges.some((range) => overlaps(own, range))),
    covers: (near ?? everywhere).every((own) => ranges.some((range) => isWithin(own, range))),
  };
}

function endText(end: RuleEnd): string {
  switch (end.kind) {
    case "addresses":
      return rangeText(end.range);
    case "identity":
      return `${end.identity.kind} ${end.identity.name}`;
    case "named":
      return end.text;
    case "unknown":
      return "any address";
  }
}

/** What a rule lets pass, or does not, between an endpoint and one end, as a rule of a filter. */
function asStep(
  rule: FirewallRule,
  direction: Direction,
  extent: FirewallRule["extents"][number],
  end: RuleEnd,
  assumption: string | undefined,
): Rule {
  return {
    urn: rule.urn,
    label: `${rule.name}: ${direction} ${extentText(extent)} ${direction === "egress" ? "to" : "from"} ${endText(end)}`,
    action: "allow",
    protocols: extent.protocols,
    ports: extent.ports,
    remote: { kind: "anything" },
    assumption,
  };
}

function assumptionOf(rule: FirewallRule, layer: FirewallLayer, endpoint: Endpoint): string | undefined {
  const { perhaps, certainly } = isFor(rule, endpoint.signature);
  const isElsewhere = layer.region !== undefined && layer.region !== endpoint.region;
  return (
    rule.assumption ??
    layer.assumption ??
    (perhaps && !certainly ? "whether it is meant for this is not known" : undefined) ??
    (isElsewhere ? `whether what it is in force on is in ${layer.region} is not known` : undefined)
  );
}

/** Whether a rule can be in force on an endpoint at all. */
function mayApply(
  rule: FirewallRule,
  layer: FirewallLayer,
  direction: Direction,
  endpoint: Endpoint,
): boolean {
  return (
    rule.directions.includes(direction) &&
    isFor(rule, endpoint.signature).perhaps &&
    (layer.region === undefined || endpoint.region === undefined || layer.region === endpoint.region) &&
    nearness(rule.near(direction), endpoint.near).touches
  );
}

/** The packets of a rule by the addresses of their other end. */
function byAddress(
  rule: FirewallRule,
  layer: FirewallLayer,
  direction: Direction,
  endpoint: Endpoint,
): Matched {
  const assumption = assumptionOf(rule, layer, endpoint);
  const isCertain = assumption === undefined && nearness(rule.near(direction), endpoint.near).covers;
  const parts = rule.far(direction).flatMap((end): readonly Matched[] => {
    if (end.kind === "identity") {
      return [];
    }
    const isExact = end.kind === "addresses";
    const ranges = isExact ? [end.range] : everywhere;
    const why =
      assumption ??
      (end.kind === "named"
        ? `which addresses ${end.text} stands for is Google's to say, so they are taken to be any`
        : isExact
          ? undefined
          : "an address block of it is not known, so it is taken to be any");
    return rule.extents.map((extent) => {
      const step = asStep(rule, direction, extent, end, why);
      const packets = ranges.map((range) => box(extent.protocols, extent.ports, range, [step]));
      return { most: packets, least: isCertain && isExact ? packets : [] };
    });
  });
  return { most: parts.flatMap(({ most }) => most), least: parts.flatMap(({ least }) => least) };
}

/** The packets of a rule that come from an identity, whatever its addresses. */
function byIdentity(
  rule: FirewallRule,
  layer: FirewallLayer,
  direction: Direction,
  endpoint: Endpoint,
  identity: Identity,
): Matched {
  const assumption = assumptionOf(rule, layer, endpoint);
  const isCertain = assumption === undefined && nearness(rule.near(direction), endpoint.near).covers;
  const ends = rule.far(direction);
  const named = ends.find((end) => end.kind === "identity" && end.identity.key === identity.key);
  const families = everywhere.filter(
    (all) => named !== undefined || ends.some((end) => end.kind === "addresses" && isWithin(all, end.range)),
  );
  if (families.length === 0) {
    return nothing;
  }
  const packets = rule.extents.flatMap((extent) => {
    const step = asStep(rule, direction, extent, named ?? { kind: "unknown" }, assumption);
    return families.map((range) => box(extent.protocols, extent.ports, range, [step]));
  });
  return {
    // What a rule lets in by addresses is told of by these.
    most: named === undefined && rule.action === "allow" ? [] : packets,
    least: isCertain ? packets : [],
  };
}

/** Rules in the order in which Google Cloud tries them. Of two with one priority it says which comes first, or nothing does. */
function inOrder({ rules, deniesFirst }: FirewallLayer): readonly FirewallRule[] {
  const rank = ({ action }: FirewallRule): number => ((action === "deny") === deniesFirst ? 0 : 1);
  return [...rules].sort((a, b) =>
    a.priority === b.priority ? rank(a) - rank(b) : a.priority < b.priority ? -1 : 1,
  );
}

/** What is allowed, and what no layer decides. */
interface Decided {
  readonly allowed: PacketSet;
  readonly undecided: PacketSet;
  /** Whether there were too many rules to look at. */
  readonly isUnfinished: boolean;
}

function firstMatch(
  layers: readonly FirewallLayer[],
  matched: (rule: FirewallRule, layer: FirewallLayer) => Matched,
): Decided {
  let undecided: PacketSet = everyPacket;
  const allowed: PacketSet[number][] = [];
  for (const layer of layers) {
    const handedOn: PacketSet[number][] = [];
    for (const rule of inOrder(layer)) {
      const { most, least } = matched(rule, layer);
      if (rule.action === "allow") {
        // The parts of a rule do not add to each other's packets.
        let rest = undecided;
        for (const part of most) {
          allowed.push(...intersect(rest, [part]));
          rest = subtract(rest, [part]);
        }
      } else if (rule.action === "next") {
        handedOn.push(...intersect(undecided, most).map((one) => ({ ...one, steps: [] })));
      }
      undecided = subtract(undecided, least);
      if (undecided.length + allowed.length + handedOn.length > mostBoxes) {
        return { allowed, undecided: everyPacket, isUnfinished: true };
      }
    }
    undecided = [...undecided, ...handedOn];
  }
  return { allowed, undecided, isUnfinished: false };
}

function keyOf({ urn, label, protocols, ports, remote }: Rule): string {
  const other =
    remote.kind === "addresses"
      ? `${remote.range.family} ${String(remote.range.from)} ${String(remote.range.to)}`
      : remote.kind === "filter"
        ? `${remote.filter.urn} ${remote.filter.label}`
        : "";
  return [urn, label, protocols.from, protocols.to, ports.from, ports.to, other].join(" ");
}

function distinct(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [keyOf(rule), rule])).values()];
}

/**
 * Packets as rules of a filter that allow them, each with what opens it.
 *
 * @param filters what is at the other end, where a rule does not say it by addresses.
 */
function asRules(packets: PacketSet, filters: readonly Filter[] | undefined): readonly Rule[] {
  const found = packets.flatMap((one): readonly Rule[] => {
    const [rule] = one.steps as readonly Rule[];
    if (rule === undefined) {
      return [];
    }
    const exact: Rule = {
      ...rule,
      protocols: { from: one.protocolFrom, to: one.protocolTo },
      ports: { from: one.portFrom, to: one.portTo },
    };
    if (filters === undefined) {
      const range = { family: one.family, from: one.addressFrom, to: one.addressTo };
      return [{ ...exact, remote: { kind: "addresses", range } }];
    }
    return filters.length > 0
      ? filters.map((filter) => ({ ...exact, remote: { kind: "filter", filter } }))
      : [{ ...exact, assumption: exact.assumption ?? "who that is is not in the stack" }];
  });
  // Of an identity the packets of both families say the same.
  return filters === undefined ? found : distinct(found);
}

/** What lets everything pass where it cannot be said what does not. */
export function openRule(
  urn: string,
  label: string,
  direction: Direction,
  assumption: string | undefined,
): Rule {
  return {
    urn,
    label: `${label}: ${direction} ${direction === "egress" ? "to" : "from"} anything`,
    action: "allow",
    protocols: everyProtocol,
    ports: everyPort,
    remote: { kind: "anything" },
    assumption,
  };
}

/** The rule that Google puts behind all others, which lets everything out of a network. */
function impliedEgress({ urn, network, families }: Endpoint, undecided: PacketSet): readonly Rule[] {
  const step = openRule(
    network.urn === "" ? urn : network.urn,
    `the egress rule that Google implies for ${network.label}`,
    "egress",
    undefined,
  );
  return asRules(
    undecided.filter(({ family }) => families.has(family)).map((one) => ({ ...one, steps: [step] })),
    undefined,
  );
}

function effectiveInOrder(
  layers: readonly FirewallLayer[],
  direction: Direction,
  endpoint: Endpoint,
): readonly Rule[] {
  const applying = layers.map((layer) => ({
    ...layer,
    rules: layer.rules.filter((rule) => mayApply(rule, layer, direction, endpoint)),
  }));
  const decided = firstMatch(applying, (rule, layer) => byAddress(rule, layer, direction, endpoint));
  if (decided.isUnfinished) {
    const assumption =
      "the network has too many rules to be evaluated, so they are taken to let everything pass";
    return [openRule(endpoint.urn, endpoint.label, direction, assumption)];
  }
  const identities = new Map(
    applying.flatMap(({ rules }) =>
      rules.flatMap((rule) =>
        rule
          .far(direction)
          .flatMap((end) => (end.kind === "identity" ? [[end.identity.key, end.identity] as const] : [])),
      ),
    ),
  );
  const ofIdentities = [...identities.values()].flatMap((identity) =>
    asRules(
      firstMatch(applying, (rule, layer) => byIdentity(rule, layer, direction, endpoint, identity)).allowed,
      endpoint.filtersOf(identity),
    ),
  );
  return [
    ...asRules(decided.allowed, undefined),
    ...ofIdentities,
    ...(direction === "egress" ? impliedEgress(endpoint, decided.undecided) : []),
  ];
}

/**
 * What the firewall of a network lets pass in one direction on an endpoint, as rules that allow it and that hide none of
 * each other. The layers are tried one after the other; within each, for a packet the rule with the smallest number
 * decides, which may hand it on to the next layer. What none decides goes out and does not come in.
 *
 * Where the order of the layers is not known, what passes in any of them passes.
 */
export function effectiveRules(
  orders: LayerOrders,
  direction: Direction,
  endpoint: Endpoint,
): readonly Rule[] {
  const found = orders.map((layers) => effectiveInOrder(layers, direction, endpoint));
  return found.length === 1 ? (found[0] ?? []) : distinct(found.flat());
}
