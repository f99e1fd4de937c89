import type { AddressFamily } from "../../../model/cidr";

import { everyAddress, rangeText, type AddressRange } from "../../address-range";
import { extentText } from "../../extent-text";
import { box, everyPacket, intersect, mostBoxes, subtract, type PacketSet } from "../../packet-set";
import { allPackets } from "../../reachability";
import type { Referent } from "../../stack-graph";
import { everyPort, everyProtocol, type Rule } from "../fact";

import { platformTags } from "./platform-tags";
import { blockOf, type Direction, type RuleEnd, type SecurityRule } from "./security-rules";

/** Where a network security group is in force, as far as the addresses of its rules depend on it. */
export interface Surroundings {
  /** Addresses that the virtual network has for certain. */
  readonly own: readonly AddressRange[];
  /** Addresses besides that the tag `VirtualNetwork` may stand for: those of peers, of gateways and of user routes. */
  readonly joined: readonly AddressRange[];
  /** The addresses of what the group is in force on; `undefined` where they are not known. */
  readonly near: readonly AddressRange[] | undefined;
  /** The addresses of the members of an application security group; `undefined` where they are not known. */
  readonly membersOf: (group: Referent) => readonly AddressRange[] | undefined;
}

/** One reading of the tags whose addresses depend on the network: what is in `VirtualNetwork` is not in `Internet`. */
interface Tags {
  readonly virtualNetwork: PacketSet;
  readonly internet: PacketSet;
}

/** Addresses, and what is assumed of them. */
interface Addresses {
  readonly ranges: readonly AddressRange[];
  readonly assumption: string | undefined;
  /** Whether all of them are meant for certain. */
  readonly isExact: boolean;
}

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/**
 * The addresses of Azure's own host, of which no rule decides but one for their tag (Azure documentation, "Virtual network
 * service tags", `AzurePlatformDNS`).
 */
const hostPackets: PacketSet = allPackets(
  platformTags.flatMap(({ address }) => (address === undefined ? [] : (blockOf(address) ?? []))),
);

/** The packets of which the rules of a group decide. */
const decided: PacketSet = subtract(everyPacket, hostPackets);

function rangesOf(packets: PacketSet): readonly AddressRange[] {
  return packets.map(({ family, addressFrom, addressTo }) => ({ family, from: addressFrom, to: addressTo }));
}

function tagsWith(virtualNetwork: readonly AddressRange[]): Tags {
  const packets = allPackets(virtualNetwork);
  return { virtualNetwork: packets, internet: subtract(everyPacket, packets) };
}

function exact(ranges: readonly AddressRange[]): Addresses {
  return { ranges, assumption: undefined, isExact: true };
}

/** The addresses for which the far end of a rule stands. */
function addressesOf(end: RuleEnd, tags: Tags, { own, membersOf }: Surroundings): Addresses {
  switch (end.kind) {
    case "anything":
      return exact(everywhere);
    case "addresses":
      return exact([end.range]);
    case "group": {
      const members = membersOf(end.referent);
      // What is in the same subnets may be no member, so that a denial says nothing of it.
      return members === undefined
        ? {
            ranges: everywhere,
            assumption: "who is in its application security group is not known, so it is taken to be anyone",
            isExact: false,
          }
        : { ranges: members, assumption: undefined, isExact: false };
    }
    case "unknown":
      return {
        ranges: everywhere,
        assumption: "an address block of it is not known, so it is taken to be any",
        isExact: false,
      };
    case "tag":
      break;
  }
  if (end.tag === "virtualnetwork") {
    return exact(rangesOf(tags.virtualNetwork));
  }
  if (end.tag === "internet") {
    return exact(rangesOf(tags.internet));
  }
  // The probes of load balancers come from the host, and open no connection of anybody's.
  const isOfHost = end.tag === "azureloadbalancer" || platformTags.some(({ tag }) => tag === end.tag);
  return isOfHost
    ? exact([])
    : {
        ranges: rangesOf(subtract(everyPacket, allPackets(own))),
        assumption: `which addresses the service tag ${end.text} stands for is Azure's to say, so it is taken to be any outside of the network`,
        isExact: false,
      };
}

function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && inner.from >= outer.from && inner.to <= outer.to;
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.from < b.to && b.from < a.to;
}

/** Whether the near end of a rule stands for something behind the filter in a family, and whether for all of it. */
function nearness(
  ends: readonly RuleEnd[],
  family: AddressFamily,
  { near, membersOf }: Surroundings,
): { readonly touches: boolean; readonly covers: boolean } {
  const own = near?.filter((range) => range.family === family);
  const said = ends.map((end) => {
    switch (end.kind) {
      case "anything":
        return { touches: true, covers: true };
      case "addresses": {
        const covers =
          isWithin(everyAddress[family], end.range) ||
          (own !== undefined && own.length > 0 && own.every((range) => isWithin(range, end.range)));
        const touches =
          end.range.family === family &&
          (own === undefined || own.some((range) => overlaps(range, end.range)));
        return { touches: covers || touches, covers };
      }
      case "tag":
        // What the group is in force on is in its network.
        return end.tag === "virtualnetwork"
          ? { touches: true, covers: true }
          : { touches: own === undefined, covers: false };
      case "group": {
        const members = membersOf(end.referent);
        const touches =
          members === undefined ||
          own === undefined ||
          members.some((member) => own.some((range) => overlaps(range, member)));
        return { touches, covers: false };
      }
      case "unknown":
        return { touches: true, covers: false };
    }
  });
  return { touches: said.some(({ touches }) => touches), covers: said.some(({ covers }) => covers) };
}

function endText(end: RuleEnd): string {
  switch (end.kind) {
    case "anything":
    case "unknown":
      return "any address";
    case "addresses":
      return rangeText(end.range);
    case "tag":
      return end.text;
    case "group":
      return end.referent.kind === "resource"
        ? `application security group ${end.referent.node.name}`
        : "an application security group that is not in the stack";
  }
}

/** The packets of a rule: all that it may match, and all that it matches for certain. */
function packetsOf(
  rule: SecurityRule,
  direction: Direction,
  tags: Tags,
  around: Surroundings,
): { readonly most: PacketSet; readonly least: PacketSet } {
  const ends = rule.far(direction);
  const isCertain = rule.assumption === undefined && rule.isForEverySourcePort;
  const near = rule.near(direction);
  const nearnesses = { ipv4: nearness(near, "ipv4", around), ipv6: nearness(near, "ipv6", around) };
  const unknownNear = near.some(({ kind }) => kind === "unknown");
  const parts = ends.flatMap((end) => {
    const addresses = addressesOf(end, tags, around);
    const assumption =
      rule.assumption ??
      addresses.assumption ??
      (unknownNear ? "for which of its own addresses it is meant is not known" : undefined);
    return rule.extents.map((extent) => {
      const step: Rule = {
        urn: rule.urn,
        label: `${rule.name}: ${direction} ${extentText(extent)} ${direction === "egress" ? "to" : "from"} ${endText(end)}`,
        action: rule.action,
        protocols: extent.protocols,
        ports: extent.ports,
        remote: { kind: "anything" },
        ...(end.kind === "tag" ? { serviceTag: end.tag } : {}),
        assumption,
      };
      const packets = (covered: "touches" | "covers"): PacketSet =>
        addresses.ranges
          .filter(({ family }) => nearnesses[family][covered])
          .map((range) => box(extent.protocols, extent.ports, range, [step]));
      return {
        most: packets("touches"),
        least: isCertain && addresses.isExact ? packets("covers") : [],
      };
    });
  });
  return { most: parts.flatMap(({ most }) => most), least: parts.flatMap(({ least }) => least) };
}

/** What Azure puts behind the rules of every network security group (Azure documentation, "Default security rules"). */
function defaultRules(urn: string, label: string, { near }: Surroundings): readonly SecurityRule[] {
  const tag = (text: string): RuleEnd => ({ kind: "tag", tag: text.toLowerCase(), text });
  const implied = (name: string, direction: Direction, priority: number, far: RuleEnd): SecurityRule => ({
    urn,
    name: `the rule ${name} that Azure puts into ${label}`,
    directions: [direction],
    priority,
    action: "allow",
    extents: [{ protocols: everyProtocol, ports: everyPort }],
    // An implied rule opens only a family that is there.
    near: () => near?.map((range) => ({ kind: "addresses", range })) ?? [{ kind: "anything" }],
    far: () => [far],
    assumption: undefined,
    isForEverySourcePort: true,
  });
  return [
    implied("AllowVnetOutBound", "egress", 65000, tag("VirtualNetwork")),
    implied("AllowInternetOutBound", "egress", 65001, tag("Internet")),
    implied("AllowVnetInBound", "ingress", 65000, tag("VirtualNetwork")),
  ];
}

/** Rules in the order in which Azure tries them. Of two with one priority the one that lets more pass comes first. */
export function inOrder(rules: readonly SecurityRule[]): readonly SecurityRule[] {
  return [...rules].sort(
    (a, b) => a.priority - b.priority || (a.action < b.action ? -1 : a.action > b.action ? 1 : 0),
  );
}

function firstMatch(
  rules: readonly SecurityRule[],
  direction: Direction,
  tags: Tags,
  around: Surroundings,
): PacketSet {
  let undecided = decided;
  const allowed: PacketSet[number][] = [];
  for (const rule of rules) {
    const { most, least } = packetsOf(rule, direction, tags, around);
    if (rule.action === "allow") {
      // The parts of a rule do not add to each other's packets.
      let rest = undecided;
      most.forEach((part, index) => {
        allowed.push(...intersect(rest, [part]));
        rest = index < most.length - 1 ? subtract(rest, [part]) : rest;
      });
    }
    undecided = subtract(undecided, least);
    if (undecided.length + allowed.length > mostBoxes) {
      const step: Rule = {
        urn: rule.urn,
        label: `${rule.name}: anything`,
        action: "allow",
        protocols: everyProtocol,
        ports: everyPort,
        remote: { kind: "anything" },
        assumption: "the group has too many rules to be evaluated, so it is taken to let everything pass",
      };
      return everyPacket.map((one) => ({ ...one, steps: [step] }));
    }
  }
  return allowed;
}

/** Packets as rules of a filter that allow them, each with what opens it. */
function asRules(packets: PacketSet): readonly Rule[] {
  return packets.flatMap(
    ({ steps, family, addressFrom, addressTo, protocolFrom, protocolTo, portFrom, portTo }) => {
      const [rule] = steps as readonly Rule[];
      return rule === undefined
        ? []
        : [
            {
              ...rule,
              protocols: { from: protocolFrom, to: protocolTo },
              ports: { from: portFrom, to: portTo },
              remote: {
                kind: "addresses",
                range: { family, from: addressFrom, to: addressTo },
              },
            } as const,
          ];
    },
  );
}

/**
 * What a network security group lets pass in one direction, as rules that allow it and that hide none of each other. For
 * each packet the rule with the smallest number decides, Azure's own last.
 *
 * Which addresses besides the network's own `VirtualNetwork` stands for is not known, so that what passes with or without
 * them passes.
 */
export function effectiveRules(
  group: { readonly urn: string; readonly label: string; readonly rules: readonly SecurityRule[] },
  direction: Direction,
  around: Surroundings,
): readonly Rule[] {
  const rules = inOrder([...group.rules, ...defaultRules(group.urn, group.label, around)]).filter(
    ({ directions }) => directions.includes(direction),
  );
  const narrow = firstMatch(rules, direction, tagsWith(around.own), around);
  if (around.joined.length === 0) {
    return asRules(narrow);
  }
  const wide = firstMatch(rules, direction, tagsWith([...around.own, ...around.joined]), around);
  return asRules([...narrow, ...subtract(wide, narrow)]);
}

/** The packets that rules of two filters let pass together, which are in force on one interface. */
export function together(one: readonly Rule[], other: readonly Rule[]): readonly Rule[] {
  const packets = (rules: readonly Rule[]): PacketSet =>
    rules.flatMap((rule) => {
      const ranges =
        rule.remote.kind === "addresses"
          ? [rule.remote.range]
          : rule.remote.kind === "anything"
            ? everywhere
            : [];
      return ranges.map((range) => box(rule.protocols, rule.ports, range, [rule]));
    });
  return intersect(packets(one), packets(other)).map(
    ({ steps, family, addressFrom, addressTo, protocolFrom, protocolTo, portFrom, portTo }): Rule => {
      const [first, second] = steps as readonly Rule[];
      return {
        urn: first?.urn ?? "",
        label: [first?.label, second?.label].join(", and "),
        action: "allow",
        protocols: { from: protocolFrom, to: protocolTo },
        ports: { from: portFrom, to: portTo },
        remote: { kind: "addresses", range: { family, from: addressFrom, to: addressTo } },
        assumption: first?.assumption ?? second?.assumption,
      };
    },
  );
}
