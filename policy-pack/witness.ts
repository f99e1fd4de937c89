import { addressRange, addressText, everyAddress } from "./address-range";
import { extentText } from "./extent-text";
import { box, intersectBoxes, subtract, type Box, type PacketSet } from "./packet-set";
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

const special: PacketSet = specialBlocks.flatMap((text) => {
  const range = addressRange(text);
  return range === undefined ? [] : [box(everyProtocol, everyPort, range, [])];
});

/** Global unicast addresses (RFC 4291 §2.4): all that IPv6 routes on the Internet. */
const globalIpv6 = addressRange("2000::/3") ?? everyAddress.ipv6;

/** Whether packets go to, or come from, addresses that the Internet routes; the part of them that does. */
export function routable(packets: PacketSet): PacketSet {
  return packets.flatMap((one) =>
    one.family === "ipv4"
      ? subtract([one], special)
      : (intersectBoxes(one, box(everyProtocol, everyPort, globalIpv6, [])) ?? []),
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
