import type { AzureStack } from "../../../policy-pack/facts/azure/azure-stack";
import type { SubnetZones } from "../../../policy-pack/facts/azure/subnet-zones";
import {
  serviceFacts,
  type ServiceFacts,
  type ServicePlaces,
} from "../../../policy-pack/facts/azure/service-facts";
import { textOf } from "../../../policy-pack/reading";
import { StackGraph } from "../../../policy-pack/stack-graph";
import { zoneClaims } from "../../../policy-pack/zone-claims";
import { Zones } from "../../../policy-pack/zones";
import type { Sketch } from "../stack-sketch";

/** Subnets that are known by the ends of their ids: `/subnets/phi` is of the PHI zone, and so on. */
export const subnetsByName: SubnetZones = {
  zonesAt: (_node, _key, id) => {
    const text = textOf(id);
    const name = text.kind === "known" ? text.value.split("/").at(-1) : undefined;
    return name === "gateway" || name === "processing" || name === "phi"
      ? { zones: [name], isKnown: true }
      : { zones: [], isKnown: false };
  },
};

/** What a stack is read as, for its services. */
export function azureStackOf(sketch: Sketch, platforms: ReadonlyMap<string, string> = new Map()): AzureStack {
  const graph = new StackGraph(sketch.resources(), { dryRun: sketch.knowledge === "preview" });
  return { graph, zones: new Zones(zoneClaims(graph).claims), platforms };
}

/** The facts that the services of a stack give. */
export function serviceFactsOf(
  sketch: Sketch,
  {
    platforms,
    ...places
  }: Partial<ServicePlaces> & { readonly platforms?: ReadonlyMap<string, string> } = {},
): ServiceFacts {
  return serviceFacts(azureStackOf(sketch, platforms), {
    interfaces: [],
    filters: [],
    subnets: subnetsByName,
    ...places,
  });
}

/** A fact in a few words: whether it is for certain, and of which resource. */
export function briefly(
  facts: readonly { readonly urn: string; readonly assumption?: string | undefined }[],
): readonly string[] {
  return [
    ...new Set(
      facts.map(
        ({ urn, assumption }) =>
          `${assumption === undefined ? "open" : "perhaps"} ${urn.slice(urn.lastIndexOf(":") + 1)}`,
      ),
    ),
  ].sort();
}
