import type { Network } from "../fact";

import type { Networks } from "./networks";
import type { Subnets } from "./subnets";

/** The networks that are in a zone or hold a subnet of one, each once, where it is known which they are. */
export function zonedNetworks(networks: Networks, subnets: Subnets): readonly Network[] {
  return [
    ...new Set([
      ...networks.all.filter(({ zone }) => zone !== undefined),
      ...subnets.all.filter(({ zone }) => zone !== undefined).map(({ network }) => network),
    ]),
  ].filter(({ isDetermined }) => isDetermined);
}
