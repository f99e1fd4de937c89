import type { Node, StackGraph } from "./stack-graph";
import type { StackResource } from "./stack-resource";

/**
 * Reads each resource once, however many stacks have it: while a program is written one stack after another is judged, and
 * each has most of its resources from the one before.
 *
 * @param read what follows from a resource alone, and from whether anything has been created yet; nobody changes its results.
 */
export function rememberedByResource<T>(
  read: (graph: StackGraph, node: Node) => T,
): (graph: StackGraph, node: Node) => T {
  const known = {
    preview: new WeakMap<StackResource, { readonly result: T }>(),
    deployed: new WeakMap<StackResource, { readonly result: T }>(),
  };
  return (graph, node) => {
    const results = graph.dryRun ? known.preview : known.deployed;
    // Of what has been read of a resource whose changes are ignored, each stack keeps account.
    const key = node.ignoreChanges.length > 0 ? node : node.shown;
    const before = results.get(key);
    if (before !== undefined) {
      return before.result;
    }
    const result = read(graph, node);
    results.set(key, { result });
    return result;
  };
}
