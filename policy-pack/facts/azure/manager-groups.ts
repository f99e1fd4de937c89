import { textOf } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { valuesAt, type PropertyPath } from "../property-path";

import { types } from "./azure-stack";

const member = "azure-native:network:staticmember";
const group = "azure-native:network:networkgroup";

/** The last name in an id, or the name itself, in lower case. */
function lastName(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1).toLowerCase();
}

/** The members of one group of a network manager that the stack makes. */
function membersOf(graph: StackGraph, name: string | undefined): readonly Node[] {
  return graph.ofType(member).filter((one) => {
    const own = textOf(graph.read(one, "networkGroupName"));
    return name === undefined || own.kind !== "known" || own.value.toLowerCase() === name;
  });
}

/**
 * The networks in the groups of a network manager that the ids at a path name. A group of which the stack shows no member
 * has members all the same, which a policy finds, or somebody else puts there.
 */
export function membersOfGroups(graph: StackGraph, node: Node, path: PropertyPath): readonly Referent[] {
  const named = valuesAt(graph, node, path).flatMap((value): readonly (string | undefined)[] => {
    const text = textOf(value);
    if (text.kind === "known") {
      return [lastName(text.value)];
    }
    const names = graph.origins(node, path[0], [group]).map((to) => {
      const name = to.kind === "resource" ? textOf(graph.read(to.node, "networkGroupName")) : undefined;
      return name?.kind === "known" ? name.value.toLowerCase() : undefined;
    });
    return names;
  });
  const groups = named.length === 0 ? [undefined] : named;
  return groups.flatMap((name): readonly Referent[] => {
    const members = membersOf(graph, name);
    return members.length === 0
      ? [{ kind: "undetermined" }]
      : members.flatMap((one) => graph.referents(one, "resourceId", [...types.network, ...types.subnet]));
  });
}
