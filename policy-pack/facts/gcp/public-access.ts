import type { PublicName } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { pathText, valuesAt } from "../property-path";
import { broken } from "../setting";

import type { GcpStack } from "./gcp-stack";
import { publicAccessTypes } from "./public-access-types";

/**
 * Services in zones that answer on the Internet by an address of their own, or may. Stores that are APIs of Google's answer
 * by their public names whatever they say; what holds their callers back is the perimeter.
 */
export function publicAccess(stack: GcpStack): readonly PublicName[] {
  const { graph, zones } = stack;
  return graph.ofType(...publicAccessTypes.keys()).flatMap((node): readonly PublicName[] => {
    const shape = publicAccessTypes.get(node.resourceType);
    const zone = zones.of(node.urn);
    const isConcerned = shape?.onlyWith === undefined || valuesAt(graph, node, shape.onlyWith).length > 0;
    const isPrivate = shape?.privately !== undefined && broken(graph, node, [shape.privately]).length === 0;
    if (shape === undefined || zone === undefined || !isConcerned || isPrivate) {
      return [];
    }
    const settings = [...shape.settings, ...(zone === "phi" ? (shape.inPhi ?? []) : [])];
    return broken(graph, node, settings).map(({ setting: { path, what, remedy }, isUnknown }) => ({
      urn: node.urn,
      label: labelOf(node),
      zone,
      platform: platformOf(stack, node),
      // Whatever is in the PHI zone holds PHI, or is told it.
      isStore: zone === "phi",
      what: `${labelOf(node)} ${what} (${pathText(path)}).`,
      assumption: isUnknown ? `\`${pathText(path)}\` is not known` : undefined,
      remedy,
    }));
  });
}
