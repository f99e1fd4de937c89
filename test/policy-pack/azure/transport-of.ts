import { azureFacts } from "../../../policy-pack/facts/azure";
import type { NetworkFacts } from "../../../policy-pack/facts/fact";
import { StackGraph } from "../../../policy-pack/stack-graph";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { zoneClaims } from "../../../policy-pack/zone-claims";
import { Zones } from "../../../policy-pack/zones";
import type { Sketch } from "../stack-sketch";

/** The facts of Azure's resources by themselves. */
export function azureFactsOf(
  resources: readonly StackResource[],
  knowledge: Sketch["knowledge"],
  platforms: ReadonlyMap<string, string> = new Map(),
): NetworkFacts {
  const graph = new StackGraph(resources, { dryRun: knowledge === "preview" });
  return azureFacts(graph, new Zones(zoneClaims(graph).claims), platforms);
}

/** How the ends of each hop know each other: `mtls clients and ...`. */
export function hopsOf({ hops }: NetworkFacts): readonly string[] {
  return hops.map(({ transport, ends }) => `${transport ?? "unproved"} ${ends}`).sort();
}

/** What leaves an end of a hop unproved: how sure it is, by what it is excused, where it is refused, and what it is. */
export function faultsOf({ unprovedHops }: NetworkFacts): readonly string[] {
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
