import type { Report, ReportedChanges, ReportedConnection, ReportedWaiver } from "./report";

/** What connections in one direction between two ends let pass. */
type Extent = Pick<ReportedConnection, "protocol" | "port">;

/** Ports as a row of the matrix writes them: `443`, `1024-65535`, or none of a protocol that has none. */
function portsOf(port: string): { readonly from: number; readonly to: number } {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(port) ?? [];
  return from === undefined ? { from: 0, to: 65535 } : { from: Number(from), to: Number(to ?? from) };
}

/** Whether some extents together let pass all that another does. */
function covers(known: readonly Extent[], { protocol, port }: Extent): boolean {
  const same = known.filter((one) => one.protocol === protocol || one.protocol === "any");
  const { from, to } = portsOf(port);
  let next = from;
  for (const one of same.map(({ port: other }) => portsOf(other)).sort((a, b) => a.from - b.from)) {
    if (one.from <= next) {
      next = Math.max(next, one.to + 1);
    }
  }
  return next > to;
}

/** What of some rows others do not let pass, each row whole. */
function beyond<Row extends Extent>(
  rows: readonly Row[],
  others: readonly Row[],
  ends: (row: Row) => string,
): readonly Row[] {
  const known = new Map<string, Row[]>();
  for (const row of others) {
    const same = known.get(ends(row)) ?? [];
    same.push(row);
    known.set(ends(row), same);
  }
  return rows.filter((row) => !covers(known.get(ends(row)) ?? [], row));
}

function peersOf({ from, to }: ReportedConnection): string {
  return [from, to].join("\n");
}

/** Connections whose ends know each other in another way than before. */
function changedTransports(
  rows: readonly ReportedConnection[],
  others: readonly ReportedConnection[],
): readonly ReportedConnection[] {
  const keyOf = ({ from, to, protocol, port }: ReportedConnection): string =>
    [from, to, protocol, port].join("\n");
  const known = new Map(others.map((row) => [keyOf(row), row.transport]));
  return rows.filter((row) => (known.get(keyOf(row)) ?? row.transport) !== row.transport);
}

type ZoneConnection = ReportedChanges["zonesOpened"][number];

/** What a zone is called that an end is in. */
const noZone = "no zone";

function zoneConnections(rows: readonly ReportedConnection[]): readonly ZoneConnection[] {
  const all = rows.map(({ fromZone, toZone, protocol, port }): ZoneConnection => ({
    fromZone: fromZone ?? noZone,
    toZone: toZone ?? noZone,
    protocol,
    port,
  }));
  return [...new Map(all.map((one) => [Object.values(one).join("\n"), one])).values()];
}

function zonesOf({ fromZone, toZone }: ZoneConnection): string {
  return [fromZone, toZone].join("\n");
}

function waiverKey({ rule, resource, reason, owner, expires }: ReportedWaiver): string {
  return [rule, resource, reason, owner, expires].join("\n");
}

function without<Item>(items: readonly Item[], others: readonly Item[], key: (item: Item) => string): Item[] {
  const known = new Set(others.map(key));
  return items.filter((item) => !known.has(key(item)));
}

/**
 * What a change opens and closes: what differs between two reports of a stack.
 *
 * A connection is opened if the base did not let all of its ports pass, or if its ends know each other in another way.
 *
 * @param file where the base's report is from.
 */
export function changesBetween(file: string, base: Report, head: Report): ReportedChanges {
  const [before, after] = [zoneConnections(base.matrix), zoneConnections(head.matrix)];
  return {
    base: { file, stack: base.stack, verdict: base.verdict },
    notCompared: [base, head].flatMap(({ matrixOmitted }, index) =>
      matrixOmitted === null ? [] : [`${index === 0 ? "The base" : "The change"}: ${matrixOmitted}`],
    ),
    opened: [...beyond(head.matrix, base.matrix, peersOf), ...changedTransports(head.matrix, base.matrix)],
    closed: [...beyond(base.matrix, head.matrix, peersOf)],
    zonesOpened: [...beyond(after, before, zonesOf)],
    zonesClosed: [...beyond(before, after, zonesOf)],
    newFindings: without(head.findings, base.findings, ({ fingerprint }) => fingerprint).map(
      ({ fingerprint }) => fingerprint,
    ),
    goneFindings: without(base.findings, head.findings, ({ fingerprint }) => fingerprint),
    newWaivers: without(head.waivers, base.waivers, waiverKey),
    goneWaivers: without(base.waivers, head.waivers, waiverKey),
  };
}

/**
 * Whether a change opens something, or may: a connection, or a layer that a finding shows open by a packet. A finding that
 * is waived counts like any other. False for a report that compares nothing.
 */
export function opensSomething({ changes, findings }: Pick<Report, "changes" | "findings">): boolean {
  if (changes === null) {
    return false;
  }
  const { opened, newFindings, notCompared } = changes;
  const isNew = new Set(newFindings);
  return (
    opened.length > 0 ||
    notCompared.length > 0 ||
    findings.some(
      ({ fingerprint, packet, waiver }) => isNew.has(fingerprint) && (packet !== null || waiver !== null),
    )
  );
}
