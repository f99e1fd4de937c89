import type { Filter, Network, NetworkInterface, Subnet } from "./fact";

/** The networks in which an interface is, or may be: those that are known, where some are. */
export function networksOf({ subnets, filters }: NetworkInterface): readonly Network[] {
  const all = [...subnets, ...filters].map(({ network }) => network);
  const known = all.filter(({ isDetermined }) => isDetermined);
  return known.length > 0 ? known : all;
}

/**
 * The networks that hold something of the PHI zone, each once: a subnet, an interface, or a filter, which is judged as if
 * in force. In which network a filter is that nothing uses does not matter where it is not known.
 */
export function networksWithPhi(facts: {
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  readonly filters: readonly Filter[];
  readonly interfaces: readonly NetworkInterface[];
}): readonly Network[] {
  const inPhi = ({ zone }: Pick<Network, "zone">): boolean => zone === "phi";
  return [
    ...new Set([
      ...facts.networks.filter(inPhi),
      ...facts.subnets.filter(inPhi).map(({ network }) => network),
      ...facts.filters
        .filter(inPhi)
        .map(({ network }) => network)
        .filter(({ isDetermined }) => isDetermined),
      ...facts.interfaces.filter(inPhi).flatMap(networksOf),
    ]),
  ];
}
