import type { CloudKind } from "../model/cloud-target";

import type { CloudReport, ComparedClouds, ComparedConnection } from "./compared-clouds";
import { paintWith } from "./paint";
import { plural } from "./plural";
import { textTable } from "./text-table";
import { verdictLine } from "./verdict-line";

function tableOf(clouds: readonly CloudKind[], rows: readonly ComparedConnection[]): readonly string[] {
  return rows.length === 0
    ? ["  None."]
    : textTable([
        ["FROM", "TO", "PROTOCOL", "PORT", ...clouds.map((cloud) => cloud.toUpperCase())],
        ...rows.map(({ from, to, protocol, port, transports }) => [
          from,
          to,
          protocol,
          port,
          ...clouds.map((cloud) => transports[cloud] ?? "-"),
        ]),
      ]);
}

/** Names in a sentence. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** The reports on several clouds for people: each verdict, and one matrix for all. */
export function cloudsReport(
  reports: readonly CloudReport[],
  { isEqual, notCompared, connections, differences, controlPlane }: ComparedClouds,
  withColour: boolean,
): string {
  const paint = paintWith(withColour);
  const clouds = reports.map(({ cloud }) => cloud);
  const heading = (text: string): string => `\n${paint(["bold", "underline"], text)}`;
  const table = (rows: readonly ComparedConnection[]): readonly string[] =>
    tableOf(clouds, rows).map((line, index) => (index === 0 && rows.length > 0 ? paint("dim", line) : line));
  const all = listed(clouds);
  return [
    `${paint("bold", "Bulkhead offline preview")}  one platform on ${all}; nothing is created, no cloud is asked`,
    heading("Who can open a connection to whom"),
    ...table(connections),
    heading("What each cloud's own load balancer needs besides"),
    ...table(controlPlane),
    heading("Verdicts"),
    ...reports.flatMap(({ cloud, report }) => [
      `  ${cloud.padEnd(5)}  ${verdictLine(report, paint)}`,
      ...report.findings
        .filter(({ level }) => level === "mandatory")
        .map(({ rule, summary }) => `         ${paint("red", rule)}: ${summary}`),
    ]),
    ...(differences.length === 0 ? [] : [heading("Where the clouds differ"), ...table(differences)]),
    ...(notCompared.length === 0
      ? []
      : [heading("What could not be compared"), ...notCompared.map((text) => `  ${text}`)]),
    "",
    isEqual
      ? `${paint(["green", "bold"], "EQUAL")}  ${plural(connections.length, "connection")} on ${all}`
      : `${paint(["red", "bold"], "DIFFERENT")}  ${plural(differences.length, "connection")} of ${String(connections.length)} on ${all}`,
    "",
  ].join("\n");
}
