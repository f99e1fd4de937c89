import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

import { ownersOf } from "./owners";

/** The resources of the stack of which another certainly is a part, or may be. */
export function ownersInStack(
  graph: StackGraph,
  part: Node,
  key: string,
  type: ResourceType,
): readonly Node[] {
  return ownersOf(graph, part, key, type).flatMap((referent) =>
    referent.kind === "resource" ? [referent.node] : [],
  );
}

/** Whether a resource may be a part of another: it names it, or names something that is not known. */
export function mayBePartOf(
  graph: StackGraph,
  part: Node,
  key: string,
  owner: Node,
  type: ResourceType,
): boolean {
  return ownersOf(graph, part, key, type).some(
    (referent) =>
      referent.kind === "undetermined" || (referent.kind === "resource" && referent.node === owner),
  );
}

/** Whether a resource certainly is a part of another, and of no other. */
export function isPartOf(
  graph: StackGraph,
  part: Node,
  key: string,
  owner: Node,
  type: ResourceType,
): boolean {
  const [only, ...others] = ownersOf(graph, part, key, type);
  return others.length === 0 && only?.kind === "resource" && only.node === owner && !only.assumed;
}
