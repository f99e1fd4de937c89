import type { Report } from "../policy-pack/report/report";

import { plural } from "./plural";
import type { Paint } from "./paint";

/** The verdict of a report in one line, with how much was judged, and in what time. */
export function verdictLine(
  { verdict, resources, matrix, findings, durationMs }: Report,
  paint: Paint,
): string {
  const refusing = findings.filter(({ level }) => level === "mandatory").length;
  const waived = findings.filter(({ waiver }) => waiver !== null).length;
  const seconds = (durationMs / 1000).toFixed(1);
  return verdict === "accepted"
    ? `${paint(["green", "bold"], "ACCEPTED")}  ${plural(resources.length, "resource")}, ${plural(matrix.length, "connection")}, no violation${waived === 0 ? "" : `, ${String(waived)} waived`}, ${seconds} s`
    : `${paint(["red", "bold"], "REFUSED")}  ${plural(resources.length, "resource")}, ${plural(refusing, "violation")}, ${seconds} s`;
}
