import type { Judgement } from "../judge";

import type { ReportedCertificate } from "./report";

/** Days of so many hours, to one decimal. */
function daysOf(hours: number): number {
  return Math.round((hours / 24) * 10) / 10;
}

/** The certificates of a stack as a report has them. */
export function reportedCertificates({ certificates }: Judgement): readonly ReportedCertificate[] {
  return certificates.map(
    ({ urn, peer, place, epoch, serial, ends, hoursLeft, isPlanned, isNewest, isDue, renewal }) => ({
      urn,
      peer,
      place: place ?? null,
      epoch: epoch ?? null,
      serial: serial ?? null,
      ends: ends ?? null,
      daysLeft: hoursLeft === undefined ? null : daysOf(hoursLeft),
      planned: isPlanned,
      newest: isNewest,
      due: isDue,
      renewal,
    }),
  );
}

/** How long a certificate is still of use, in words. */
export function daysLeftText({ daysLeft, planned }: ReportedCertificate): string {
  if (daysLeft === null) {
    return "not known";
  }
  return planned ? `${String(daysLeft)} once issued` : String(daysLeft);
}
