import { everyPort, type Interval } from "./facts/fact";
import { protocolNames, tcp, udp } from "./protocol";

/** Protocols and ports in a few words: `tcp 443`, `udp 1000-2000`, `any protocol`. */
export function extentText({
  protocols,
  ports,
}: {
  readonly protocols: Interval;
  readonly ports: Interval;
}): string {
  if (protocols.to - protocols.from > 1) {
    return "any protocol";
  }
  const name = protocolNames.get(protocols.from) ?? `protocol ${String(protocols.from)}`;
  if (ports.from === everyPort.from && ports.to === everyPort.to) {
    return protocols.from === tcp || protocols.from === udp ? `${name} any port` : name;
  }
  return ports.to - ports.from === 1
    ? `${name} ${String(ports.from)}`
    : `${name} ${String(ports.from)}-${String(ports.to - 1)}`;
}
