import { zoneIds, type ZoneId } from "../../../model/zone";

import { itemsOf, memberReading, recordOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { labelOf, types, type AwsStack } from "./aws-stack";

/** Where something is: in a zone, or perhaps in one. What is in none has no place. */
export type Place =
  | { readonly zone: ZoneId; readonly assumption: undefined }
  | {
      readonly zone: undefined;
      /** Why it may be in any zone. */
      readonly assumption: string;
    };

/** The place of something whose zone is known, or why it may be any; `undefined` for what is in none. */
export function placeIn(zone: ZoneId | undefined, assumption: string | undefined): Place | undefined {
  if (zone !== undefined) {
    return { zone, assumption: undefined };
  }
  return assumption === undefined ? undefined : { zone, assumption };
}

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

/** What a path leads to within the properties of a resource. */
export function readAt(graph: StackGraph, node: Node, path: string): Reading<unknown> {
  const [first = "", ...rest] = path.split(".");
  return rest.reduce<Reading<unknown>>(
    (read, key) => memberReading(recordOf(read), key),
    graph.read(node, first),
  );
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

/** The zone of something: PHI if anything says so, else what it says itself, else what is around it. */
export function zoneWithin(
  own: ZoneId | undefined,
  around: readonly (ZoneId | undefined)[],
): ZoneId | undefined {
  return around.includes("phi") ? "phi" : (own ?? zoneIds.find((id) => around.includes(id)));
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
