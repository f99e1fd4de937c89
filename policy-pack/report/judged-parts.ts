import type { Connection, Judgement } from "../judge";

import type { Position, Report, ReportedConnection } from "./report";

/** A resource, as far as reports show it. */
export interface ShownResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly position?: Position | undefined;
}

function reportedConnection({ fromZone, toZone, openedBy, ...row }: Connection): ReportedConnection {
  return {
    ...row,
    fromZone: fromZone ?? null,
    toZone: toZone ?? null,
    openedBy: openedBy.map((evidence) => ({ ...evidence })),
  };
}

/** The parts of a report that are read off the resources: what there is, who there is, and who reaches whom. */
export function judgedParts(
  resources: readonly ShownResource[],
  { connections, connectionsOmitted, ends, zoneOf }: Judgement,
): Pick<Report, "resources" | "ends" | "matrix" | "matrixOmitted"> {
  return {
    resources: resources
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ urn, type, name, parent, position }) => ({
        urn,
        type,
        name,
        parent: parent ?? null,
        zone: zoneOf(urn) ?? null,
        position: position ?? null,
      })),
    ends: ends.map(({ name, zone, urns }) => ({ name, zone: zone ?? null, urns: [...urns] })),
    matrix: connections.map(reportedConnection),
    matrixOmitted: connectionsOmitted ?? null,
  };
}
