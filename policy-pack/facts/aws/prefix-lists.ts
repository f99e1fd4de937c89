import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

import { types } from "./aws-stack";

/** The properties by which rules and routes name prefix lists. */
const listKeys = ["prefixListId", "prefixListIds", "destinationPrefixListId"] as const;

/**
 * The blocks of a prefix list that a resource names.
 *
 * @param keys the properties of the resource that hold the list's id, or a part that does.
 * @returns `undefined` where the list, or what is in it, is not in the stack, so that it may hold any address.
 */
export function prefixListBlocks(
  graph: StackGraph,
  node: Node,
  id: Reading<unknown>,
  keys: readonly string[] = listKeys,
): readonly Reading<unknown>[] | undefined {
  const lists = keys
    .flatMap((key) => graph.referentsOf(node, key, id, types.prefixList))
    .flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
  const text = textOf(id);
  const matching = text.kind === "known" ? lists.filter((list) => graph.knownId(list) === text.value) : lists;
  const blocks = matching.flatMap((list) => {
    const inline = itemsOf(graph.read(list, "entries")).map((item) => memberReading(recordOf(item), "cidr"));
    const standalone = graph
      .ofType("aws:ec2:managedprefixlistentry")
      .filter((entry) =>
        graph
          .referents(entry, "prefixListId", types.prefixList)
          .some((to) => to.kind !== "resource" || to.node === list),
      );
    return [...inline, ...standalone.map((entry) => graph.read(entry, "cidr"))];
  });
  return blocks.length === 0 ? undefined : blocks;
}
