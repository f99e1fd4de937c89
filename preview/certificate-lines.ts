import type { ReportedCertificate } from "../policy-pack/report/report";
import { daysLeftText } from "../policy-pack/report/reported-certificates";

import type { Paint } from "./paint";
import { textTable } from "./text-table";

/** Certificates as a table for people; what is due stands out. */
export function certificateLines(
  certificates: readonly ReportedCertificate[],
  paint: Paint,
): readonly string[] {
  const [head = "", ...rows] = textTable([
    ["PEER", "EPOCH", "SERIAL", "DAYS LEFT", "RENEWED BY"],
    ...certificates.map((certificate) => [
      certificate.peer,
      certificate.epoch === null ? "-" : String(certificate.epoch),
      certificate.serial === null ? "-" : certificate.serial.slice(0, 16),
      `${daysLeftText(certificate)}${certificate.due ? ", due" : ""}`,
      certificate.renewal,
    ]),
  ]);
  return [
    paint("dim", head),
    ...rows.map((row, index) => (certificates[index]?.due === true ? paint("red", row) : row)),
  ];
}
