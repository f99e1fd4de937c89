import { zoneIds, type ZoneId } from "../../../model/zone";
import { zoneTag } from "../../../model/tag";

import { memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Zones } from "../../zones";
import { placeIn, type Place } from "../place";
import type { PlatformStack } from "../platform-of";

/** A stack whose resources of Kubernetes are read. */
export interface ClusterStack extends PlatformStack {
  readonly zones: Zones;
}

const namespaceTypes = ["kubernetes:core:namespace", "kubernetes:core:namespacepatch"] as const;

type Metadata = Reading<Readonly<Record<string, unknown>>>;

export function metadataOf({ graph }: PlatformStack, node: Node): Metadata {
  return recordOf(graph.read(node, "metadata"));
}

/** The name of the namespace that a resource is in. */
export function namespaceOf(stack: PlatformStack, node: Node): Reading<string> {
  return textOf(memberReading(metadataOf(stack, node), "namespace"));
}

export function namespaces({ graph }: PlatformStack): readonly Node[] {
  return graph.ofType(...namespaceTypes);
}

/** The zone that a resource says: with its labels, or as anything else does. */
function ownZone(stack: ClusterStack, node: Node): ZoneId | undefined {
  const said = textOf(memberReading(recordOf(memberReading(metadataOf(stack, node), "labels")), zoneTag));
  return (
    stack.zones.of(node.urn) ?? (said.kind === "known" ? zoneIds.find((id) => id === said.value) : undefined)
  );
}

/** Where a namespace is: in no zone, if nothing says one. */
export function namespacePlace(stack: ClusterStack, node: Node): Place | undefined {
  return placeIn(ownZone(stack, node), undefined);
}

/** Where a resource is: in its own zone, or that of its namespace. A namespace that the stack does not have may be any. */
export function clusterPlace(stack: ClusterStack, node: Node): Place {
  const own = ownZone(stack, node);
  const name = namespaceOf(stack, node);
  const around = namespaces(stack).find((candidate) => {
    const its = textOf(memberReading(metadataOf(stack, candidate), "name"));
    return its.kind === "known" && name.kind === "known" && its.value === name.value;
  });
  const zone = own ?? (around === undefined ? undefined : ownZone(stack, around));
  return zone === undefined
    ? { zone, assumption: "which zone its namespace is in" }
    : { zone, assumption: undefined };
}
