import type { AddressRange } from "../../address-range";
import { subtract, type PacketSet } from "../../packet-set";
import { allPackets } from "../../reachability";
import type { NextHop, Route } from "../fact";

import { elsewhere } from "./next-hops";
import type { UserRoute } from "./route-tables";

/** A route that nobody writes: Azure's own, or one that something else puts there. */
export interface SystemRoute {
  readonly urn: string;
  readonly label: string;
  readonly destination: AddressRange | "anything";
  readonly hop: NextHop | "local";
  readonly assumption: string | undefined;
  readonly remedy: string | undefined;
}

interface Candidate extends Omit<SystemRoute, "hop"> {
  readonly hop: NextHop | "local" | "none";
  readonly isCertain: boolean;
  readonly isOfUser: boolean;
}

function size({ from, to }: AddressRange): bigint {
  return BigInt(to) - BigInt(from);
}

function rangesOf(packets: PacketSet): readonly AddressRange[] {
  return packets.map(({ family, addressFrom, addressTo }) => ({ family, from: addressFrom, to: addressTo }));
}

/** The route that some addresses take by a candidate, if they leave the network by it. */
function routeBy(candidate: Candidate, destination: Route["destination"]): readonly Route[] {
  const { urn, label, hop, assumption, isCertain, remedy } = candidate;
  return hop === "local" || hop === "none"
    ? []
    : [
        {
          urn,
          label,
          destination,
          nextHop: hop,
          assumption,
          isCertain,
          ...(remedy === undefined ? {} : { remedy }),
        },
      ];
}

/**
 * The routes that packets take out of a network, as Azure chooses among them: the longest prefix, and of two with the
 * same one the user's before Azure's own (Azure documentation, "How Azure selects a route"). A user route without a next
 * hop, and one that stays in the network, take addresses away from wider ones.
 *
 * @param own the addresses of the network; what leads to others of them by `VnetLocal` is not known to stay in it.
 */
export function effectiveRoutes(
  users: readonly UserRoute[],
  system: readonly SystemRoute[],
  own: readonly AddressRange[],
): readonly Route[] {
  const candidates: readonly Candidate[] = [
    ...users.map(({ name, ...route }): Candidate => ({
      ...route,
      label: name,
      remedy: undefined,
      isOfUser: true,
    })),
    ...system.map((route): Candidate => ({ ...route, isCertain: true, isOfUser: false })),
  ];
  const anywhere = candidates.filter(({ destination }) => destination === "anything");
  const ranged = candidates
    .flatMap((candidate) =>
      candidate.destination === "anything" ? [] : [{ ...candidate, destination: candidate.destination }],
    )
    .sort((a, b) => {
      const [first, second] = [size(a.destination), size(b.destination)];
      return first === second ? Number(b.isOfUser) - Number(a.isOfUser) : first < second ? -1 : 1;
    });
  const routes: Route[] = anywhere.flatMap((candidate) => routeBy(candidate, "anything"));
  let taken: PacketSet = [];
  for (const candidate of ranged) {
    const rest = subtract(allPackets([candidate.destination]), taken);
    const isForeign = candidate.hop === "local" && candidate.isOfUser;
    const leaving = isForeign ? subtract(rest, allPackets(own)) : rest;
    const leads = isForeign
      ? { ...candidate, hop: elsewhere("the virtual network's own routes", undefined, candidate.urn) }
      : candidate;
    routes.push(...rangesOf(leaving).flatMap((range) => routeBy(leads, range)));
    if (candidate.isCertain) {
      taken = [...taken, ...allPackets([candidate.destination])];
    }
  }
  return routes;
}
