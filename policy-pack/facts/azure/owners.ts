import { reading, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { anySubscription, isArmId } from "./arm-id";
import { armTypes } from "./arm-types";

/** Every name by which parts of a resource may call it, in lower case; `undefined` where a name of it is not known. */
function namesOf(graph: StackGraph, node: Node): readonly string[] | undefined {
  const key = armTypes.get(node.resourceType)?.names.at(-1);
  const id = textOf(reading(node.outputs["id"]));
  const texts = [
    ...(key === undefined ? [] : [textOf(graph.read(node, key))]),
    textOf(reading(node.outputs["name"])),
    id.kind === "known" && isArmId(id.value)
      ? { kind: "known" as const, value: id.value.slice(id.value.lastIndexOf("/") + 1) }
      : id,
  ];
  const known = texts.flatMap((text) => (text.kind === "known" ? [text.value.toLowerCase()] : []));
  return known.length === 0 && texts.some(({ kind }) => kind === "unknown") ? undefined : known;
}

/** Whether two resources may be in one resource group. */
function mayShareGroup(graph: StackGraph, one: Node, other: Node): boolean {
  const [a, b] = [one, other].map((node) => textOf(graph.read(node, "resourceGroupName")));
  return a?.kind !== "known" || b?.kind !== "known" || a.value.toLowerCase() === b.value.toLowerCase();
}

/** The id of an owner that is not in the stack, as far as its part says it. */
function externalId(graph: StackGraph, part: Node, type: ResourceType, name: string): string {
  const [namespace = "", ...kinds] = armTypes.get(type)?.path.split("/") ?? [];
  const group = textOf(graph.read(part, "resourceGroupName"));
  const [kind, ...more] = kinds;
  return kind === undefined || more.length > 0 || group.kind !== "known"
    ? name
    : `/subscriptions/${graph.subscriptionOf(part) ?? anySubscription}/resourceGroups/${group.value}/providers/${namespace}/${kind}/${name}`;
}

/**
 * The resources of which another is a part, by the name that it gives of them: in Azure's SDK a rule names its policy or
 * its network security group, and a subnet its network, by name and resource group. All that it may be, where that name is
 * not known; nothing, where the property is not set.
 *
 * @param key the input that holds the name.
 */
export function ownersOf(
  graph: StackGraph,
  part: Node,
  key: string,
  type: ResourceType,
): readonly Referent[] {
  const name = textOf(graph.read(part, key));
  switch (name.kind) {
    case "absent":
      return [];
    case "unknown":
      return graph.origins(part, key, [type]);
    case "known": {
      const inGroup = graph.ofType(type).filter((node) => mayShareGroup(graph, part, node));
      const wanted = name.value.toLowerCase();
      const named = inGroup.filter((node) => namesOf(graph, node)?.includes(wanted) === true);
      if (named.length > 0) {
        return named.map((node) => ({ kind: "resource", node, assumed: named.length > 1 }));
      }
      const nameless = inGroup.filter((node) => namesOf(graph, node) === undefined);
      return [
        ...nameless.map((node): Referent => ({ kind: "resource", node, assumed: true })),
        { kind: "external", id: externalId(graph, part, type, name.value) },
      ];
    }
  }
}
