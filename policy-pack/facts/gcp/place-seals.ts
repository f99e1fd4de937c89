import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { MissingSeal } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { pathText, valuesAt, type PropertyPath } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { at } from "../property-path";
import { oneRegion } from "./side-channel-type";

/** Where stores say in which places they keep what they hold. Where nothing is said Google Cloud takes several regions. */
const placed: ReadonlyMap<ResourceType, PropertyPath> = new Map<ResourceType, PropertyPath>([
  ["gcp:bigquery:dataset", at("location")],
  ["gcp:compute:image", at("storageLocations")],
  ["gcp:compute:snapshot", at("storageLocations")],
  ["gcp:healthcare:dataset", at("location")],
  ["gcp:pubsub:topic", at("messageStoragePolicy.allowedPersistenceRegions")],
  ["gcp:secretmanager:secret", at("replication.userManaged.replicas.location")],
  ["gcp:storage:bucket", at("location")],
]);

/**
 * Stores of the PHI zone that Google Cloud keeps in several regions, or may: nothing leaves the zone by that, and what is in
 * them is in places that nobody named.
 */
export function placeSeals(stack: GcpStack): readonly MissingSeal[] {
  const { graph, zones } = stack;
  const ofZone = (node: Node): boolean => zones.of(node.urn) === "phi";
  return graph
    .ofType(...placed.keys())
    .filter(ofZone)
    .flatMap((node): readonly MissingSeal[] => {
      const path = placed.get(node.resourceType) ?? at("location");
      const texts = valuesAt(graph, node, path).map(textOf);
      const wrong = texts.filter((text) => text.kind !== "known" || !oneRegion.test(text.value));
      const isMissing = texts.length === 0;
      if (wrong.length === 0 && !isMissing) {
        return [];
      }
      const isUnknown = !isMissing && wrong.every(({ kind }) => kind === "unknown");
      return [
        {
          urn: node.urn,
          label: labelOf(node),
          platform: platformOf(stack, node),
          what: "Google Cloud keeps what is in it in several regions, and chooses which.",
          ...(isUnknown ? { assumption: `\`${pathText(path)}\` is not known` } : {}),
          remedy: `Set ${pathText(path)} to one region.`,
        },
      ];
    });
}

/** The types of which it is read where they keep what they hold. */
export const placeSealTypes: readonly ResourceType[] = [...placed.keys()];
