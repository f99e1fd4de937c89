import { opensSomething } from "../policy-pack/report/changes";
import type { Report, ReportedConnection } from "../policy-pack/report/report";

type Changes = NonNullable<Report["changes"]>;

function connectionLine(sign: "+" | "-", one: ReportedConnection): string {
  const { from, to, protocol, port, transport } = one;
  return `  ${sign} ${from} -> ${to}  ${protocol} ${port}  ${transport}`;
}

function witness(one: ReportedConnection): readonly string[] {
  return one.openedBy.map(({ label }) => `      by ${label}`);
}

function zoneLines(sign: "+" | "-", rows: Changes["zonesOpened"]): readonly string[] {
  return rows.map(
    ({ fromZone, toZone, protocol, port }) => `  ${sign} ${fromZone} -> ${toZone}  ${protocol} ${port}`,
  );
}

/** What a change opens and closes, in lines for people: between zones first, then between whom, and what shows it. */
export function changesReport(report: Pick<Report, "changes" | "findings">): readonly string[] {
  const { changes, findings } = report;
  if (changes === null) {
    return [];
  }
  const { base, notCompared, opened, closed, zonesOpened, zonesClosed } = changes;
  const { newFindings, goneFindings, newWaivers, goneWaivers } = changes;
  const isNew = new Set(newFindings);
  const waiverLine = ({ rule, resource, owner, expires }: Changes["newWaivers"][number]): string =>
    `waiver of ${rule} for ${resource}, by ${owner}, until ${expires}`;
  const lines = [
    ...notCompared.map((text) => `  ! ${text}`),
    ...zoneLines("+", zonesOpened),
    ...zoneLines("-", zonesClosed),
    ...opened.flatMap((one) => [connectionLine("+", one), ...witness(one)]),
    ...closed.map((one) => connectionLine("-", one)),
    ...findings
      .filter(({ fingerprint }) => isNew.has(fingerprint))
      .map(({ id, rule, summary }) => `  + ${id} ${rule}: ${summary.split("\n")[0] ?? ""}`),
    ...goneFindings.map(({ id, rule, summary }) => `  - ${id} ${rule}: ${summary.split("\n")[0] ?? ""}`),
    ...newWaivers.map((waiver) => `  + ${waiverLine(waiver)}`),
    ...goneWaivers.map((waiver) => `  - ${waiverLine(waiver)}`),
  ];
  return [
    `  Against ${base.file}: stack ${base.stack}, ${base.verdict}.`,
    ...(opensSomething(report) ? [] : ["  The change opens nothing."]),
    ...lines,
  ];
}
