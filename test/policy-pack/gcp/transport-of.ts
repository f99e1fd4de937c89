import type { HopFacts } from "../../../policy-pack/facts/acceptor";
import { hopFacts } from "../../../policy-pack/facts/gcp/hops";
import { LoadBalancers } from "../../../policy-pack/facts/gcp/load-balancers";
import type { Sketch } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

/** What accepts connections in a stack. */
export function gcpHopsOf(sketch: Sketch): HopFacts {
  const stack = gcpStackOf(sketch);
  return hopFacts(stack, new LoadBalancers(stack));
}

/** How the ends of each hop know each other: `mtls clients and ...`. */
export function hopsOf({ hops }: HopFacts): readonly string[] {
  return hops.map(({ transport, ends }) => `${transport ?? "unproved"} ${ends}`).sort();
}

/** What leaves an end of a hop unproved: how sure it is, by what it is excused, where it is refused, and what it is. */
export function faultsOf({ unprovedHops }: HopFacts): readonly string[] {
  return unprovedHops
    .map(({ assumption, excusedBy, refusedOn, what }) =>
      [
        assumption === undefined ? "open" : "perhaps",
        ...(excusedBy === undefined ? [] : [`(${excusedBy})`]),
        ...(refusedOn === "any stack" ? [] : [`(${refusedOn})`]),
        what,
      ].join(" "),
    )
    .sort();
}
