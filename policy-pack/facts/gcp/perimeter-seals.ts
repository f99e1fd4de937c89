import type { MissingSeal } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import { unsealedLevels } from "./access-levels";
import type { GcpStack } from "./gcp-stack";
import { liftedPolicies } from "./organization-policies";
import { perimetersOf } from "./perimeters";

/** Perimeters around a zone of the stack that a change of the program would take away, for a time or for good. */
function unprotected(stack: GcpStack): readonly MissingSeal[] {
  return perimetersOf(stack)
    .all.filter(
      ({ zone, isInStack, isBridge, node }) =>
        zone !== undefined && isInStack && isBridge === false && !node.protect,
    )
    .map(({ node }) => ({
      urn: node.urn,
      label: labelOf(node),
      platform: platformOf(stack, node),
      what: "nothing keeps the perimeter from being deleted, or replaced, with what it holds left open.",
      remedy: "Set the resource option protect to true.",
    }));
}

/** What is missing around perimeters that leaves nothing open by itself, and policies of the organisation that are lifted. */
export function perimeterSeals(stack: GcpStack): readonly MissingSeal[] {
  return [...unprotected(stack), ...unsealedLevels(stack), ...liftedPolicies(stack)];
}
