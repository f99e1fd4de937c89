import { minimumRenewalHours } from "../model/certificate-policy";

import type { Certificate } from "./facts/certificate";
import { absent, known, unknown, type Reading } from "./reading";

const hourMs = 3_600_000;

/** A certificate that the stack gets on request, with how long it is still of use. */
export interface StandingCertificate {
  readonly certificate: Certificate;
  /** The hours that it has left as the day begins on which it is judged; all of its life, where it is not issued yet. */
  readonly hoursLeft: Reading<number>;
}

/** The certificates of one holder, of which each takes the place of the next. */
export interface Succession {
  /** Whose they are; unknown of a single one that does not show it. */
  readonly holder: Reading<string>;
  /** The newest first: that which has the most left. What does not show it is taken for the oldest. */
  readonly certificates: readonly [newest: StandingCertificate, ...older: StandingCertificate[]];
  /** The certificates that are for a key of one before them, or of which none shows for which they are. */
  readonly withOldKey: readonly Certificate[];
}

/**
 * How long a certificate is still of use; absent where it is not the stack that gets it.
 *
 * @param today the day on which it is judged, in UTC.
 */
export function hoursLeft({ issue, lifetime }: Certificate, today: string): Reading<number> {
  if (issue === undefined) {
    return absent;
  }
  const { ends } = issue;
  switch (ends.kind) {
    case "known":
      return known((ends.value - Date.parse(today)) / hourMs);
    case "unknown":
      return unknown;
    case "absent":
      return lifetime?.hours ?? unknown;
  }
}

/** The fewest hours that a certificate may have left that nothing succeeds. What lives no longer than that is watched less. */
export function leastLeft({ lifetime }: Certificate): number {
  const isShort = lifetime?.hours.kind === "known" && lifetime.hours.value <= minimumRenewalHours;
  return isShort ? 1 : minimumRenewalHours;
}

/** Whether a certificate still has what is left for one that nothing succeeds; not known to, where nothing shows it. */
export function isFresh({ certificate, hoursLeft }: StandingCertificate): boolean {
  return hoursLeft.kind === "known" && hoursLeft.value >= leastLeft(certificate);
}

/** By which of two names is the later one: made once, since it takes longer to make than to ask. */
const names = new Intl.Collator("en", { numeric: true });

function byHoursLeft(
  { hoursLeft: one, certificate: { urn: a } }: StandingCertificate,
  { hoursLeft: other, certificate: { urn: b } }: StandingCertificate,
): number {
  const hours = (left: Reading<number>): number => (left.kind === "known" ? left.value : -Infinity);
  return hours(one) === hours(other) ? names.compare(b, a) : hours(other) - hours(one);
}

/**
 * The certificates of holders, as far as the stack gets them on request: those that identify something, not those of
 * authorities. Of two that have as much left, the one with the later name is the newer.
 *
 * @param today the day on which they are judged, in UTC.
 */
export function successions(certificates: readonly Certificate[], today: string): readonly Succession[] {
  const byHolder = new Map<string, StandingCertificate[]>();
  for (const certificate of certificates) {
    const { issue, place, urn } = certificate;
    if (issue !== undefined && place.kind === "known" && place.value === "leaf") {
      const key = issue.holder.kind === "known" ? `holder ${issue.holder.value}` : `certificate ${urn}`;
      const standing = { certificate, hoursLeft: hoursLeft(certificate, today) };
      byHolder.set(key, [...(byHolder.get(key) ?? []), standing]);
    }
  }
  return [...byHolder.values()].flatMap((all) => {
    const [newest, ...older] = [...all].sort(byHoursLeft);
    if (newest === undefined) {
      return [];
    }
    const seen = new Set<string>();
    const withOldKey = [newest, ...older].reverse().flatMap(({ certificate }) => {
      const keys = certificate.issue?.keys ?? [];
      const isOld = keys.length === 0 || keys.some((key) => seen.has(key));
      keys.forEach((key) => seen.add(key));
      return isOld ? [certificate] : [];
    });
    return [
      {
        holder: newest.certificate.issue?.holder ?? unknown,
        certificates: [newest, ...older] as const,
        withOldKey,
      },
    ];
  });
}
