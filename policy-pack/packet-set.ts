import type { AddressFamily } from "../model/cidr";

import { everyAddress, type Address, type AddressRange } from "./address-range";
import { everyPort, everyProtocol, type Forwarder, type Interval, type Route, type Rule } from "./facts/fact";

/** What lets a packet pass, carries it, or sends it on. */
export type Step = Rule | Route | Forwarder;

/**
 * A set of packets: the product of one address family, an interval of protocols, one of destination ports and one of
 * remote addresses; every interval is half-open. The remote address is the destination of a packet that leaves and the
 * source of one that arrives; the near end is a place in the graph, and no dimension.
 */
export interface Box {
  readonly family: AddressFamily;
  readonly protocolFrom: number;
  readonly protocolTo: number;
  readonly portFrom: number;
  readonly portTo: number;
  readonly addressFrom: Address;
  readonly addressTo: Address;
  /** What lets these packets pass, in the order in which they meet it. */
  readonly steps: readonly Step[];
}

/** A set of packets as boxes, which may overlap. */
export type PacketSet = readonly Box[];

/** The packets of one family with these protocols, ports and remote addresses. */
export function box(protocols: Interval, ports: Interval, range: AddressRange, steps: readonly Step[]): Box {
  return {
    family: range.family,
    protocolFrom: protocols.from,
    protocolTo: protocols.to,
    portFrom: ports.from,
    portTo: ports.to,
    addressFrom: range.from,
    addressTo: range.to,
    steps,
  };
}

/** Every packet that there is. */
export const everyPacket: PacketSet = [
  box(everyProtocol, everyPort, everyAddress.ipv4, []),
  box(everyProtocol, everyPort, everyAddress.ipv6, []),
];

function larger<T extends Address>(a: T, b: T): T {
  return a > b ? a : b;
}

function smaller<T extends Address>(a: T, b: T): T {
  return a < b ? a : b;
}

/** The packets in both boxes, with the steps of both. */
export function intersectBoxes(a: Box, b: Box): Box | undefined {
  if (a.family !== b.family) {
    return undefined;
  }
  const protocolFrom = Math.max(a.protocolFrom, b.protocolFrom);
  const protocolTo = Math.min(a.protocolTo, b.protocolTo);
  const portFrom = Math.max(a.portFrom, b.portFrom);
  const portTo = Math.min(a.portTo, b.portTo);
  if (protocolFrom >= protocolTo || portFrom >= portTo) {
    return undefined;
  }
  const addressFrom = larger(a.addressFrom, b.addressFrom);
  const addressTo = smaller(a.addressTo, b.addressTo);
  if (addressFrom >= addressTo) {
    return undefined;
  }
  const steps = b.steps.length === 0 ? a.steps : [...a.steps, ...b.steps];
  return { family: a.family, protocolFrom, protocolTo, portFrom, portTo, addressFrom, addressTo, steps };
}

export function intersect(a: PacketSet, b: PacketSet): PacketSet {
  // Sets are cut a hundred thousand times in a stack of some size, mostly to nothing: loops make no lists on the way.
  const common: Box[] = [];
  for (const one of a) {
    for (const other of b) {
      const both = intersectBoxes(one, other);
      if (both !== undefined) {
        common.push(both);
      }
    }
  }
  return common;
}

/** Adds the packets of `a` that are not in `b`, as at most six boxes that do not overlap. */
function subtractBox(a: Box, b: Box, rest: Box[]): void {
  const { family, steps } = a;
  const protocolFrom = Math.max(a.protocolFrom, b.protocolFrom);
  const protocolTo = Math.min(a.protocolTo, b.protocolTo);
  const portFrom = Math.max(a.portFrom, b.portFrom);
  const portTo = Math.min(a.portTo, b.portTo);
  // Most boxes have nothing in common; addresses, which may be bigints, are compared last.
  if (family !== b.family || protocolFrom >= protocolTo || portFrom >= portTo) {
    rest.push(a);
    return;
  }
  const addressFrom = larger(a.addressFrom, b.addressFrom);
  const addressTo = smaller(a.addressTo, b.addressTo);
  if (addressFrom >= addressTo) {
    rest.push(a);
    return;
  }
  if (a.protocolFrom < protocolFrom) {
    rest.push({ ...a, protocolTo: protocolFrom });
  }
  if (protocolTo < a.protocolTo) {
    rest.push({ ...a, protocolFrom: protocolTo });
  }
  const inProtocols = { family, protocolFrom, protocolTo, steps };
  const { addressFrom: first, addressTo: end } = a;
  if (a.portFrom < portFrom) {
    rest.push({ ...inProtocols, portFrom: a.portFrom, portTo: portFrom, addressFrom: first, addressTo: end });
  }
  if (portTo < a.portTo) {
    rest.push({ ...inProtocols, portFrom: portTo, portTo: a.portTo, addressFrom: first, addressTo: end });
  }
  if (first < addressFrom) {
    rest.push({ ...inProtocols, portFrom, portTo, addressFrom: first, addressTo: addressFrom });
  }
  if (addressTo < end) {
    rest.push({ ...inProtocols, portFrom, portTo, addressFrom: addressTo, addressTo: end });
  }
}

/** The packets of `a` that are in no box of `b`. */
export function subtract(a: PacketSet, b: PacketSet): PacketSet {
  let rest = a;
  for (const other of b) {
    if (rest.length === 0) {
      break;
    }
    const left: Box[] = [];
    for (const one of rest) {
      subtractBox(one, other, left);
    }
    rest = left;
  }
  return rest;
}

/**
 * A filter whose sets fall into more boxes than this is not evaluated to the end, since the time grows with their square;
 * it then counts as one that lets everything pass: nothing may be concluded from what was not looked at.
 */
export const mostBoxes = 4_000;

/**
 * What an ordered filter allows: for each packet the first rule that matches it decides, and what none matches is denied.
 *
 * @param rules the packets of each rule, in the order in which the filter tries them.
 */
export function firstMatch(
  rules: readonly { readonly rule: Rule; readonly packets: PacketSet }[],
): PacketSet {
  let undecided = everyPacket;
  const allowed: Box[] = [];
  for (const { rule, packets } of rules) {
    if (rule.action === "allow") {
      allowed.push(...intersect(undecided, packets));
    }
    undecided = subtract(undecided, packets);
    if (undecided.length + allowed.length > mostBoxes) {
      const assumption =
        "the filter has too many rules to be evaluated, so it is taken to let everything pass";
      return everyPacket.map((one) => ({ ...one, steps: [{ ...rule, assumption }] }));
    }
  }
  return allowed;
}
