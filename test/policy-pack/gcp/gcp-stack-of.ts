import type { GcpStack } from "../../../policy-pack/facts/gcp/gcp-stack";
import { StackGraph } from "../../../policy-pack/stack-graph";
import { zoneClaims } from "../../../policy-pack/zone-claims";
import type { ZoneRule } from "../../../policy-pack/zone-matching";
import { Zones } from "../../../policy-pack/zones";
import type { Sketch } from "../stack-sketch";

/** What a sketched stack is read as on Google Cloud. */
export function gcpStackOf(
  sketch: Sketch,
  {
    platforms = new Map(),
    rules = [],
  }: { readonly platforms?: ReadonlyMap<string, string>; readonly rules?: readonly ZoneRule[] } = {},
): GcpStack {
  const graph = new StackGraph(sketch.resources(), { dryRun: sketch.knowledge === "preview" });
  return { graph, zones: new Zones(zoneClaims(graph, rules).claims), platforms };
}

/** A fact in a few words: whether it is for certain, advice or not, and of which resource. */
export function briefly(
  facts: readonly {
    readonly urn: string;
    readonly assumption?: string | undefined;
    readonly isAdvice?: boolean;
  }[],
): readonly string[] {
  return [
    ...new Set(
      facts.map(({ urn, assumption, isAdvice }) =>
        [
          assumption === undefined ? "open" : "perhaps",
          urn.slice(urn.lastIndexOf(":") + 1),
          ...(isAdvice === true ? ["(advice)"] : []),
        ].join(" "),
      ),
    ),
  ].sort();
}
