import { itemsOf, memberReading, recordOf, unknown, type Reading } from "../reading";
import type { Node, Referent, StackGraph } from "../stack-graph";

/** Where a property is: its name, and the names within it. Of a list on the way, each item counts. */
export type PropertyPath = readonly [string, ...string[]];

/** What is at a path: nothing where it is absent, and something unknown where anything on the way is. */
export function valuesAt(
  graph: StackGraph,
  node: Node,
  [first, ...rest]: PropertyPath,
): readonly Reading<unknown>[] {
  let values: readonly Reading<unknown>[] = [graph.read(node, first)].flatMap(items);
  for (const key of rest) {
    values = values.map((value) => memberReading(recordOf(value), key)).flatMap(items);
  }
  return values.filter(({ kind }) => kind !== "absent");
}

/** The items of a list; the value itself, where it is none. */
function items(value: Reading<unknown>): readonly Reading<unknown>[] {
  return value.kind === "known" && Array.isArray(value.value) ? itemsOf(value) : [value];
}

/** What the ids at a path refer to; one of each. */
export function referentsAt(
  graph: StackGraph,
  node: Node,
  path: PropertyPath,
  types: readonly string[],
): readonly Referent[] {
  const found = valuesAt(graph, node, path).flatMap((value) =>
    graph.referentsOf(node, path[0], value.kind === "absent" ? unknown : value, types),
  );
  const keyOf = (referent: Referent): string =>
    referent.kind === "resource"
      ? referent.node.urn
      : referent.kind === "external"
        ? `external ${referent.id}`
        : "undetermined";
  return [...new Map(found.map((referent) => [keyOf(referent), referent])).values()];
}

/** A path as a person reads it. */
export function pathText(path: PropertyPath): string {
  return path.join(".");
}

/** What a path leads to within the properties of a resource. */
export function readAt(graph: StackGraph, node: Node, path: string): Reading<unknown> {
  const [first = "", ...rest] = path.split(".");
  return rest.reduce<Reading<unknown>>(
    (read, key) => memberReading(recordOf(read), key),
    graph.read(node, first),
  );
}

/** The path of a property, of which the text has its parts between points. */
export function at(path: string): PropertyPath {
  const [first = "", ...rest] = path.split(".");
  return [first, ...rest];
}
