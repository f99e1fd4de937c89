import { icmp, icmpv6, tcp, udp } from "../../protocol";
import { itemsOf, textOf, type Reading } from "../../reading";
import { everyPort, everyProtocol, type Interval } from "../fact";

/** Protocols and ports of which a rule speaks together. */
export interface Extent {
  readonly protocols: Interval;
  readonly ports: Interval;
}

/** All of which a rule speaks. */
export interface Extents {
  readonly all: readonly Extent[];
  /** Why it may be narrower; `undefined` where it is exact. */
  readonly assumption: string | undefined;
}

const esp = 50;
const ah = 51;

/** The protocols that a rule may name (Azure Resource Manager, `SecurityRulePropertiesFormat`), whatever their case. */
const protocolNumbers: Readonly<Record<string, readonly number[]>> = {
  tcp: [tcp],
  udp: [udp],
  icmp: [icmp, icmpv6],
  esp: [esp],
  ah: [ah],
};

/** The protocols whose packets have ports. */
const withPorts: readonly number[] = [tcp, udp];

function one(number: number): Interval {
  return { from: number, to: number + 1 };
}

/** Ports as a rule writes them: `*`, one port, or `first-last`. */
function portsOf(text: string): Interval | undefined {
  if (text === "*") {
    return everyPort;
  }
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.replaceAll(" ", "")) ?? [];
  const from = Number(first);
  const to = Number(last ?? first);
  return first !== undefined && from <= to && to <= 65535 ? { from, to: to + 1 } : undefined;
}

/** What is written in the singular and in the plural, together. */
export function oneOrMore(singular: Reading<unknown>, plural: Reading<unknown>): readonly Reading<unknown>[] {
  return [...(singular.kind === "absent" ? [] : [singular]), ...itemsOf(plural)];
}

/** Whether ports are all that there are: a rule for some source ports does not hold for others. */
export function areEveryPort(ports: readonly Reading<unknown>[]): boolean {
  return coverEveryPort(
    ports.flatMap((read) => {
      const text = textOf(read);
      return text.kind === "known" ? (portsOf(text.value) ?? []) : [];
    }),
  );
}

/** Whether some ranges hold every port together. */
function coverEveryPort(ranges: readonly Interval[]): boolean {
  const reached = [...ranges]
    .sort((a, b) => a.from - b.from)
    .reduce((to, range) => (range.from <= to ? Math.max(to, range.to) : to), everyPort.from);
  return reached >= everyPort.to;
}

/**
 * Reads protocol and destination ports as Azure does: `*` is every protocol, and only TCP and UDP have ports. What cannot
 * be known is read as wide as it may be.
 */
export function extents(protocol: Reading<unknown>, ports: readonly Reading<unknown>[]): Extents {
  const name = textOf(protocol);
  const isAny = name.kind === "known" && name.value === "*";
  const numbers = name.kind === "known" ? protocolNumbers[name.value.toLowerCase()] : undefined;
  if (!isAny && numbers === undefined) {
    return {
      all: [{ protocols: everyProtocol, ports: everyPort }],
      assumption: "its protocol is not known, so it is taken to be any",
    };
  }
  const read = ports.map((port) => {
    const text = textOf(port);
    return text.kind === "known" ? portsOf(text.value) : undefined;
  });
  const known = read.filter((range) => range !== undefined);
  const areKnown = known.length === read.length && known.length > 0;
  const ranges = areKnown ? known : [everyPort];
  const isEvery = coverEveryPort(ranges);
  const named = numbers ?? [];
  const all = isAny
    ? isEvery
      ? [{ protocols: everyProtocol, ports: everyPort }]
      : withPorts.flatMap((number) => ranges.map((range) => ({ protocols: one(number), ports: range })))
    : named.flatMap((number) =>
        (withPorts.includes(number) ? ranges : [everyPort]).map((range) => ({
          protocols: one(number),
          ports: range,
        })),
      );
  return {
    all,
    assumption: areKnown ? undefined : "its ports are not known, so they are taken to be any",
  };
}
