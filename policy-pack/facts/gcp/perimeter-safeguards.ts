import type { Evidence } from "../../finding";
import type { Node } from "../../stack-graph";
import type { PerimeterOpening, ServedPeer } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import type { Safeguard } from "../safeguard";

import { apiEndpoints } from "./google-apis";
import type { GcpStack } from "./gcp-stack";
import { perimetersOf } from "./perimeters";

function evidenceOf(node: Node): Evidence {
  return { urn: node.urn, label: labelOf(node) };
}

/** Perimeters around zones of a stack through which nothing is known, or taken, to pass that should not. */
export function closedPerimeters(
  stack: GcpStack,
  openings: readonly PerimeterOpening[],
): readonly Safeguard[] {
  const certain = openings.filter(({ isAdvice }) => !isAdvice);
  const open = new Set(certain.map(({ urn }) => urn));
  // What leads past it is told of another resource.
  const openZones = new Set(certain.map(({ zone }) => zone));
  return perimetersOf(stack).regular.flatMap(
    ({ zone, isInStack, node, projects, rules }): readonly Safeguard[] => {
      const parts = [
        ...new Set([node, ...projects.map((held) => held.node), ...rules.map((rule) => rule.node)]),
      ];
      if (zone === undefined || !isInStack || openZones.has(zone) || parts.some(({ urn }) => open.has(urn))) {
        return [];
      }
      const count = rules.filter(({ direction }) => direction === "ingress").length;
      return [
        {
          zone,
          what:
            zone === "phi"
              ? `a service perimeter is enforced around the zone, restricts every service that can hold or move data, and has no egress rule; ${count === 0 ? "nobody comes in" : "its ingress rules name who comes in, from where, and for what"}`
              : "a service perimeter is enforced around the zone, and its egress rules name who calls out, from where, and what",
          evidence: parts.map(evidenceOf),
        },
      ];
    },
  );
}

/** Endpoints by which peers of a platform are reached, and that lead to services which perimeters hold. */
export function apiEndpointSafeguards(stack: GcpStack, served: readonly ServedPeer[]): readonly Safeguard[] {
  return apiEndpoints(stack).flatMap(({ node, isRestricted }): readonly Safeguard[] => {
    const zone = stack.zones.of(node.urn);
    const platform = platformOf(stack, node);
    if (zone === undefined) {
      return [];
    }
    const peers = served.filter((peer) => platform !== undefined && peer.platform === platform);
    return [
      ...peers.map(({ peer }) => ({
        zone,
        what: "a private endpoint leads to the service or store",
        evidence: [{ urn: node.urn, label: `${labelOf(node)}: ${peer}` }],
      })),
      ...(isRestricted
        ? [
            {
              zone,
              what: "a private endpoint leads to services that perimeters can hold, and to no others (vpc-sc)",
              evidence: [evidenceOf(node)],
            },
          ]
        : []),
    ];
  });
}
