import { addressRange, addressText, everyAddress, type AddressRange } from "./address-range";
import { extentText } from "./extent-text";
import { box, intersect, subtract, type Box, type PacketSet } from "./packet-set";
import { everyPort, everyProtocol } from "./facts/fact";
import { tcp, udp } from "./protocol";

/**
 * Addresses that no Internet host has (IANA, special-purpose address registries; RFC 6890). A witness avoids them where
 * it can, since a packet to one of them convinces nobody.
 */
const specialBlocks = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
];

/** Addresses that are those of IPv4 in IPv6: a translator sends packets to them on to the IPv4 ones (RFC 6052). */
export const ipv4InIpv6 = addressRange("64:ff9b::/96") ?? everyAddress.ipv6;

const special: PacketSet = specialBlocks.flatMap((text) => {
  const range = addressRange(text);
  return range === undefined
    ? []
    : [range, inIpv6(range)].map((one) => box(everyProtocol, everyPort, one, []));
});

/** The addresses by which a range of IPv4 is reached from IPv6. */
export function inIpv6({ from, to }: Pick<AddressRange, "from" | "to">): AddressRange {
  const start = BigInt(ipv4InIpv6.from);
  return { family: "ipv6", from: start + BigInt(from), to: start + BigInt(to) };
}

/** Global unicast addresses (RFC 4291 §2.4), all that IPv6 routes on the Internet, and those of IPv4. */
const globalIpv6: PacketSet = [addressRange("2000::/3") ?? everyAddress.ipv6, ipv4InIpv6].map((range) =>
  box(everyProtocol, everyPort, range, []),
);

/** Whether packets go to, or come from, addresses that the Internet routes; the part of them that does. */
export function routable(packets: PacketSet): PacketSet {
  return packets.flatMap((one) =>
    subtract(one.family === "ipv4" ? [one] : intersect([one], globalIpv6), special),
  );
}

/** One packet of a set, chosen so that a reader believes it: routable and on TCP 443 if there is such a one. */
export interface Packet {
  readonly protocol: string;
  /** The other end's address. */
  readonly address: string;
  /** The set from which it was taken: the steps that let it pass. */
  readonly from: Box;
}

const httpsPort = 443;

function preference(one: Box): number {
  const isTcp = one.protocolFrom <= tcp && tcp < one.protocolTo;
  const isHttps = one.portFrom <= httpsPort && httpsPort < one.portTo;
  return (one.family === "ipv4" ? 4 : 0) + (isTcp ? 2 : 0) + (isHttps ? 1 : 0);
}

/** The packet of a set that shows best what passes; `undefined` if the set is empty. */
export function witnessOf(packets: PacketSet): Packet | undefined {
  const outside = routable(packets);
  const [best] = [...(outside.length > 0 ? outside : packets)].sort((a, b) => preference(b) - preference(a));
  if (best === undefined) {
    return undefined;
  }
  const protocol = best.protocolFrom <= tcp && tcp < best.protocolTo ? tcp : best.protocolFrom;
  const port = best.portFrom <= httpsPort && httpsPort < best.portTo ? httpsPort : best.portFrom;
  return {
    protocol: extentText({
      protocols: { from: protocol, to: protocol + 1 },
      ports: protocol === tcp || protocol === udp ? { from: port, to: port + 1 } : everyPort,
    }),
    address: addressText(best.family, best.addressFrom),
    from: best,
  };
}
