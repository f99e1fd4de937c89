import type { ZoneId } from "../model/zone";

import type { NetworkFacts } from "./facts/fact";
import type { Evidence } from "./finding";

/** The zones of a stack, each with something that is in it. */
export function placedZones(facts: NetworkFacts): ReadonlyMap<ZoneId, Evidence> {
  const zones = new Map<ZoneId, Evidence>();
  const placed = [
    ...facts.subnets,
    ...facts.interfaceFilters,
    ...facts.subnetFilters,
    ...facts.routeTables,
    ...facts.interfaces,
    ...facts.hops,
  ];
  for (const { zone, urn, label } of placed) {
    if (zone !== undefined && !zones.has(zone)) {
      zones.set(zone, { urn, label });
    }
  }
  return zones;
}
