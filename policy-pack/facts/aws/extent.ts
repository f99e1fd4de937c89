import { icmp, icmpv6, tcp, udp } from "../../protocol";
import { integerOf, textOf, type Reading } from "../../reading";
import { everyPort, everyProtocol, type Interval } from "../fact";

/** The protocols and ports of which a rule speaks. */
export interface Extent {
  readonly protocols: Interval;
  readonly ports: Interval;
  /** Why it may be narrower; `undefined` where it is exact. */
  readonly assumption: string | undefined;
}

/** Names of protocols that AWS understands (EC2 API, `IpPermission`). */
const protocolNumbers: Readonly<Record<string, number>> = { icmp, tcp, udp, icmpv6 };

/** The protocols whose packets have ports. */
const withPorts: readonly number[] = [tcp, udp];

function one(number: number): Interval {
  return { from: number, to: number + 1 };
}

/**
 * Reads protocol and ports as AWS does: `-1` or `all` is every protocol on every port, whatever the ports say, and only
 * TCP and UDP have ports. What cannot be known is read as wide as it may be.
 */
export function extent(
  protocol: Reading<unknown>,
  fromPort: Reading<unknown>,
  toPort: Reading<unknown>,
): Extent {
  const everything = { protocols: everyProtocol, ports: everyPort };
  const number = integerOf(protocol);
  const name = textOf(protocol);
  const value =
    number.kind === "known"
      ? number.value
      : name.kind === "known"
        ? name.value.toLowerCase() === "all"
          ? -1
          : protocolNumbers[name.value.toLowerCase()]
        : undefined;
  if (value === undefined || value < -1 || value > 255) {
    return { ...everything, assumption: "its protocol is not known, so it is taken to be any" };
  }
  if (value === -1) {
    return { ...everything, assumption: undefined };
  }
  const protocols = one(value);
  if (!withPorts.includes(value)) {
    return { protocols, ports: everyPort, assumption: undefined };
  }
  const from = integerOf(fromPort);
  const to = integerOf(toPort);
  if (
    from.kind !== "known" ||
    to.kind !== "known" ||
    from.value < 0 ||
    to.value > 65535 ||
    from.value > to.value
  ) {
    return {
      protocols,
      ports: everyPort,
      assumption: "its ports are not known, so they are taken to be any",
    };
  }
  return { protocols, ports: { from: from.value, to: to.value + 1 }, assumption: undefined };
}
