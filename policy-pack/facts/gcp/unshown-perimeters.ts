import { itemsOf, member, reading, recordOf, textOf } from "../../reading";
import { resourceType } from "../../resource-type";
import type { Blind } from "../fact";
import { labelOf } from "../label";

import type { GcpStack } from "./gcp-stack";

/** The type of a resource, by its URN. */
function typeOf(urn: string): string {
  return resourceType(urn.split("::")[2]?.split("$").at(-1) ?? "");
}

/**
 * Service perimeters that a component puts into the PHI zone and that the stack does not show, since the program only reads
 * them: which projects are PHI, and what is held back around them, is then not known.
 */
export function unshownPerimeters({ graph }: GcpStack): readonly Blind[] {
  return graph.nodes.flatMap((node) => {
    const members = recordOf(reading(node.outputs["zoneMembers"]));
    const named = members.kind === "known" ? itemsOf(member(members.value, "phi")) : [];
    return named.flatMap((item): readonly Blind[] => {
      const urn = textOf(item);
      return urn.kind === "known" &&
        typeOf(urn.value) === "gcp:accesscontextmanager:serviceperimeter" &&
        graph.node(urn.value) === undefined
        ? [
            {
              urn: node.urn,
              label: labelOf(node),
              zone: "phi",
              what: `Its output zoneMembers puts ${urn.value} into the PHI zone, a service perimeter that the stack does not show: which projects it holds, and against what, is not known.`,
              remedy: "Create the perimeter in this stack, so that what it enforces is judged.",
            },
          ]
        : [];
    });
  });
}
