import { itemsOf, listOf, memberReading, recordOf, unknown, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";

import type { ClusterStack } from "./cluster-place";

/** A part of a resource. */
export type Part = Reading<Readonly<Record<string, unknown>>>;

/** A kind of Istio's and its patch, in whatever version. */
export function typesOf(group: "security" | "networking" | "extensions", kind: string): readonly string[] {
  return [`kubernetes:${group}.istio.io:${kind}`, `kubernetes:${group}.istio.io:${kind}patch`];
}

/** What a resource does not set has Istio's default; what a patch does not set, whatever the patched resource says. */
export function setOn<T>(node: Node, read: Reading<T>): Reading<T> {
  return read.kind === "absent" && node.resourceType.endsWith("patch") ? unknown : read;
}

/** Where Istio itself runs, if it is installed as its documentation says: what is there holds for the whole mesh. */
export const rootNamespace = "istio-system";

/** What a resource is to be. */
export function specOf({ graph }: ClusterStack, node: Node): Part {
  return recordOf(graph.read(node, "spec"));
}

/** A mapping within another. */
export function part(record: Part, key: string): Part {
  return recordOf(memberReading(record, key));
}

/** The mappings of a list. */
export function parts(record: Part, key: string): readonly Part[] {
  return itemsOf(listOf(memberReading(record, key))).map(recordOf);
}

/** Every value of a mapping; one that is unknown, where the mapping is. */
export function valuesOf(record: Part): readonly Part[] {
  return record.kind === "known"
    ? Object.keys(record.value).map((key) => part(record, key))
    : record.kind === "unknown"
      ? [unknown]
      : [];
}
