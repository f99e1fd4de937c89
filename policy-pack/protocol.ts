/** Numbers of the protocols that the judge knows by name (IANA, "Assigned Internet Protocol Numbers"). */
export const icmp = 1;
export const tcp = 6;
export const udp = 17;
export const icmpv6 = 58;

/** The names of protocols, by number. */
export const protocolNames: ReadonlyMap<number, string> = new Map([
  [icmp, "icmp"],
  [tcp, "tcp"],
  [udp, "udp"],
  [icmpv6, "icmpv6"],
]);
