import type { CloudKind } from "../model/cloud-target";
import { controlPlaneFlows } from "../model/control-plane-flow";
import { peerName } from "../model/peer";
import type { Report } from "../policy-pack/report/report";

/** A connection, and on which of several clouds it can be opened. */
export interface ComparedConnection {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: string;
  /** How its ends know each other on each cloud; `null` where nobody can open it. */
  readonly transports: Readonly<Partial<Record<CloudKind, string | null>>>;
}

/** The connections of one platform on several clouds, side by side. */
export interface ComparedClouds {
  /** Whether each cloud lets exactly the same connections be opened, but for its own control plane's. */
  readonly isEqual: boolean;
  /** Why the clouds cannot be compared; empty where they can. */
  readonly notCompared: readonly string[];
  /** What the clouds have in common, or should have. */
  readonly connections: readonly ComparedConnection[];
  /** Those of them in which the clouds differ. */
  readonly differences: readonly ComparedConnection[];
  /** What the load balancer of each cloud needs besides: a table of the model's, which differs by cloud. */
  readonly controlPlane: readonly ComparedConnection[];
}

/** The report on one cloud of several. */
export interface CloudReport {
  readonly cloud: CloudKind;
  readonly report: Report;
}

type Row = Report["matrix"][number];

function keyOf({ from, to, protocol, port }: Pick<Row, "from" | "to" | "protocol" | "port">): string {
  return [from, to, protocol, port].join("\n");
}

/** The connections that the model's table gives the load balancer of a cloud, each with how its ends know each other. */
function controlPlaneKeys(cloud: CloudKind): ReadonlySet<string> {
  return new Set(
    controlPlaneFlows
      .filter((flow) => flow.cloud === cloud)
      .map(({ from, to, protocol, ports, transport }) =>
        [
          keyOf({
            from: peerName(from),
            to: peerName(to),
            protocol,
            port:
              ports.first === ports.last
                ? String(ports.first)
                : `${String(ports.first)}-${String(ports.last)}`,
          }),
          transport,
        ].join("\n"),
      ),
  );
}

/** Rows of several clouds, each once, in the order in which they are first named. */
function joined(
  clouds: readonly CloudKind[],
  rowsOf: ReadonlyMap<CloudKind, readonly Row[]>,
): readonly ComparedConnection[] {
  const keys = new Map<string, Row>();
  for (const rows of rowsOf.values()) {
    for (const row of rows) {
      if (!keys.has(keyOf(row))) {
        keys.set(keyOf(row), row);
      }
    }
  }
  return [...keys].map(([key, { from, to, protocol, port }]) => ({
    from,
    to,
    protocol,
    port,
    transports: Object.fromEntries(
      clouds.map((cloud) => [
        cloud,
        (rowsOf.get(cloud) ?? [])
          .filter((row) => keyOf(row) === key)
          .map(({ transport }) => transport)
          .join(", ") || null,
      ]),
    ),
  }));
}

/**
 * Compares the connections that can be opened on each of several clouds.
 *
 * A cloud of which the connections were not all reported is equal to none.
 */
export function comparedClouds(reports: readonly CloudReport[]): ComparedClouds {
  const clouds = reports.map(({ cloud }) => cloud);
  const isOfControlPlane = (cloud: CloudKind): ((row: Row) => boolean) => {
    const known = controlPlaneKeys(cloud);
    return (row) => known.has([keyOf(row), row.transport].join("\n"));
  };
  const rowsOf = (
    take: (cloud: CloudKind) => (row: Row) => boolean,
  ): ReadonlyMap<CloudKind, readonly Row[]> =>
    new Map(reports.map(({ cloud, report }) => [cloud, report.matrix.filter(take(cloud))]));
  const connections = joined(
    clouds,
    rowsOf((cloud) => {
      const isOther = isOfControlPlane(cloud);
      return (row) => !isOther(row);
    }),
  );
  const differences = connections.filter(
    ({ transports }) => new Set(clouds.map((cloud) => transports[cloud])).size > 1,
  );
  const notCompared = reports.flatMap(({ cloud, report: { matrixOmitted } }) =>
    matrixOmitted === null ? [] : [`${cloud}: ${matrixOmitted}`],
  );
  return {
    isEqual: differences.length === 0 && notCompared.length === 0,
    notCompared,
    connections,
    differences,
    controlPlane: joined(clouds, rowsOf(isOfControlPlane)),
  };
}
