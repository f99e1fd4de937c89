import { icmp, icmpv6, tcp, udp } from "../../protocol";
import { integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
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

const sctp = 132;

/** The protocols that a rule may name, besides by their numbers (Compute Engine API, `firewalls`). */
const protocolNumbers: Readonly<Record<string, number>> = {
  tcp,
  udp,
  icmp,
  icmpv6,
  "ipv6-icmp": icmpv6,
  esp: 50,
  ah: 51,
  ipip: 94,
  sctp,
};

/** The protocols whose packets have ports. */
const withPorts: readonly number[] = [tcp, udp, sctp];

function one(number: number): Interval {
  return { from: number, to: number + 1 };
}

/** Ports as a rule writes them: one port, or `first-last`. */
function portsOf(read: Reading<unknown>): Interval | undefined {
  const number = integerOf(read);
  const text = textOf(read);
  const said = number.kind === "known" ? String(number.value) : text.kind === "known" ? text.value : "";
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(said.replaceAll(" ", "")) ?? [];
  const from = Number(first);
  const to = Number(last ?? first);
  return first !== undefined && from <= to && to <= 65535 ? { from, to: to + 1 } : undefined;
}

function protocolsOf(read: Reading<unknown>): Interval | undefined {
  const text = textOf(read);
  if (text.kind !== "known") {
    return undefined;
  }
  const name = text.value.trim().toLowerCase();
  if (name === "all") {
    return everyProtocol;
  }
  const number = /^\d{1,3}$/.test(name) ? Number(name) : protocolNumbers[name];
  return number !== undefined && number < everyProtocol.to ? one(number) : undefined;
}

const everything: Extent = { protocols: everyProtocol, ports: everyPort };

/** What one item of `allows`, `denies` or `layer4Configs` speaks of. */
function extentsOf(item: Reading<unknown>, key: string): Extents {
  const record = recordOf(item);
  const protocols = protocolsOf(memberReading(record, key));
  if (protocols === undefined) {
    return { all: [everything], assumption: "its protocol is not known, so it is taken to be any" };
  }
  const items = itemsOf(memberReading(record, "ports"));
  if (items.length === 0 || (protocols.to === protocols.from + 1 && !withPorts.includes(protocols.from))) {
    return { all: [{ protocols, ports: everyPort }], assumption: undefined };
  }
  const known = items.map(portsOf).filter((ports) => ports !== undefined);
  return known.length === items.length
    ? { all: known.map((ports) => ({ protocols, ports })), assumption: undefined }
    : {
        all: [{ protocols, ports: everyPort }],
        assumption: "its ports are not known, so they are taken to be any",
      };
}

/**
 * Reads protocols and destination ports as Google Cloud does: `all` is every protocol, and no ports are every port. What
 * cannot be known is read as wide as it may be.
 *
 * @param key the property of an item that holds its protocol.
 */
export function extents(items: readonly Reading<unknown>[], key: "protocol" | "ipProtocol"): Extents {
  if (items.length === 0) {
    return { all: [everything], assumption: "its protocols are not known, so they are taken to be any" };
  }
  const read = items.map((item) => extentsOf(item, key));
  return {
    all: read.flatMap(({ all }) => all),
    assumption: read.map(({ assumption }) => assumption).find((text) => text !== undefined),
  };
}
