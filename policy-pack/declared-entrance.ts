import type { Edge } from "../model/edge";
import { flowAlong, legalEdge, type Transport } from "../model/flow";

import { flowName, type DeclaredFlow, type DeclaredPlatform } from "./declared-flows";

/** Every entrance that a platform may have, as far as transports tell one from another. */
const entrances: readonly Edge[] = [
  { mode: "l7-terminate", clients: ["machine"] },
  { mode: "l7-terminate", clients: ["machine", "clinician"] },
  { mode: "l4-passthrough", clients: ["machine"] },
];

function transportWith({ from, to }: DeclaredFlow, entrance: Edge): Transport | undefined {
  const edge = legalEdge(from, to);
  return edge === undefined ? undefined : flowAlong(edge, entrance).transport;
}

const known = new WeakMap<DeclaredPlatform, readonly Edge[]>();

/**
 * The entrances with which a platform's flows would have the transports that it declares: one, or none, where it declares
 * what no platform has; several where no flow of it tells. Each of a platform's proxies asks for them, and they are worked
 * out once.
 */
export function declaredEntrances(platform: DeclaredPlatform): readonly Edge[] {
  const found =
    known.get(platform) ??
    entrances.filter((entrance) =>
      platform.flows.every((flow) => transportWith(flow, entrance) === flow.transport),
    );
  known.set(platform, found);
  return found;
}

/** Flows that a platform declares with a transport that they have with no entrance, in words. */
export function impossibleTransports({ flows }: DeclaredPlatform): readonly string[] {
  return flows.flatMap((flow) => {
    const possible = new Set<string | undefined>(entrances.map((entrance) => transportWith(flow, entrance)));
    return possible.has(flow.transport)
      ? []
      : [`${flowName(flow)} with transport ${flow.transport}, and not ${[...possible].join(" or ")}`];
  });
}
