import { itemsOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { placeIn, zoneWithin, type Place } from "../place";
import { readAt } from "../property-path";

import { labelOf, types, type AwsStack } from "./aws-stack";

/** Resources among which something is. */
interface Places {
  /** The property that names them, by its path: `networkConfiguration.subnets`. */
  readonly path: string;
  readonly types: readonly ResourceType[];
}

/** By which properties resources of a type name where they are. */
export interface PlaceShape {
  /** Subnets and security groups, or others that are in a zone. */
  readonly within: readonly Places[];
  /** A group of subnets, which names them itself. */
  readonly subnetGroup?: Places;
}

/** Subnets named by a property. */
export function subnetsAt(path: string): Places {
  return { path, types: types.subnet };
}

/** Security groups named by a property. */
export function groupsAt(path: string): Places {
  return { path, types: types.securityGroup };
}

/** What ids at a path refer to: one id, or a list of them. */
export function referentsAt(
  graph: StackGraph,
  node: Node,
  { path, types: wanted }: Places,
): readonly Referent[] {
  const [key = ""] = path.split(".");
  const read = readAt(graph, node, path);
  const items = read.kind === "known" && !Array.isArray(read.value) ? [read] : itemsOf(read);
  return items.flatMap((id) => graph.referentsOf(node, key, id, wanted));
}

/** Where a resource is: what it says itself, or what its subnets and filters say. */
export function placeOf(stack: AwsStack, node: Node, { within, subnetGroup }: PlaceShape): Place | undefined {
  const { graph, zones } = stack;
  const groups = subnetGroup === undefined ? [] : referentsAt(graph, node, subnetGroup);
  const around = [
    ...within.flatMap((places) => referentsAt(graph, node, places)),
    ...groups.flatMap((group) =>
      group.kind === "resource" ? referentsAt(graph, group.node, subnetsAt("subnetIds")) : [group],
    ),
  ];
  const zonesAround = [...around, ...groups].map((referent) =>
    referent.kind === "resource" ? zones.of(referent.node.urn) : undefined,
  );
  return placeIn(
    zoneWithin(zones.of(node.urn), zonesAround),
    around.some(({ kind }) => kind === "undetermined")
      ? `in which subnets and filters ${labelOf(node)} is, and so in which zone, is not known`
      : undefined,
  );
}
