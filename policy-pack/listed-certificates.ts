import { hoursLeft, isFresh, leastLeft, successions } from "./certificate-succession";
import type { Certificate, ChainPlace, PublicKeyInfrastructure } from "./facts/certificate";

const hourMs = 3_600_000;

/** A certificate of a stack, with how long it is still of use and what renews it. */
export interface ListedCertificate {
  readonly urn: string;
  readonly label: string;
  /** Whom it identifies: a SPIFFE ID, or in the place of one its names or the name of its resource. */
  readonly peer: string;
  /** Where it stands in a chain; `undefined` where that is not known. */
  readonly place: ChainPlace | undefined;
  /** The number of its epoch, where a platform of ours issues it. */
  readonly epoch: number | undefined;
  /** In hexadecimal digits, where it is known. */
  readonly serial: string | undefined;
  /** When it ends, where that is known. */
  readonly ends: string | undefined;
  /** The hours that it has left as the day begins; of what is not issued yet, all of its life; `undefined` if not known. */
  readonly hoursLeft: number | undefined;
  /** Whether it is not issued yet, or nothing shows that it is. */
  readonly isPlanned: boolean;
  /** Whether it has the most left of those of its peer. */
  readonly isNewest: boolean;
  /** Whether it is the newest of its peer and inside the window in which it has to be renewed, or may be. */
  readonly isDue: boolean;
  /** What renews it, and when. */
  readonly renewal: string;
}

/** In which order certificates are listed: what identifies a peer before what has signed that. */
const places: readonly ChainPlace[] = ["leaf", "intermediate", "root"];

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function isAuthority({ place }: Certificate): boolean {
  return place.kind === "known" && place.value !== "leaf";
}

/** What renews a certificate, and when. */
function renewalText(certificate: Certificate): string {
  const { renewal, issue } = certificate;
  const epoch = issue?.epoch;
  if (epoch !== undefined) {
    const next = String(epoch.number + 1);
    return epoch.number === epoch.current
      ? `the first deployment from ${day(Date.parse(epoch.ends))} on, by that of epoch ${next}, with a new key`
      : `that of epoch ${next} has taken its place`;
  }
  if (isAuthority(certificate)) {
    return "another authority takes its place before it ends";
  }
  switch (renewal.kind) {
    case "by-issuer":
      return "its issuer";
    case "before-expiry": {
      const { hours } = renewal;
      if (hours.kind !== "known") {
        return "what issued it, at a time that is not known";
      }
      return issue?.ends.kind === "known"
        ? `the first deployment from ${day(issue.ends.value - hours.value * hourMs)} on`
        : `what issues it, ${String(hours.value)} hours before it ends`;
    }
    case "not-shown":
      return "nothing that the stack shows";
    case "never":
      return `nothing: ${renewal.why}`;
  }
}

function peerOf(certificate: Certificate): string {
  const { issue, urn } = certificate;
  // The identity of an authority is that of the whole trust domain.
  return !isAuthority(certificate) && issue?.holder.kind === "known"
    ? issue.holder.value
    : urn.slice(urn.lastIndexOf("::") + "::".length);
}

/**
 * Every certificate of a stack that it has issued or asks for: those that identify peers, by peer, the newest of each first,
 * and then those of authorities.
 *
 * @param today the day from which it is counted, in UTC.
 */
export function listedCertificates(
  { certificates }: Pick<PublicKeyInfrastructure, "certificates">,
  today: string,
): readonly ListedCertificate[] {
  const standings = new Map(
    successions(certificates, today).flatMap((succession) =>
      succession.certificates.map((standing, index) => [standing.certificate, { standing, index }] as const),
    ),
  );
  const listed = certificates.map((certificate): ListedCertificate => {
    const { urn, label, place, lifetime, issue } = certificate;
    const found = standings.get(certificate);
    const own = hoursLeft(certificate, today);
    const planned = lifetime?.hours.kind === "known" ? lifetime.hours.value : undefined;
    const left = own.kind === "known" ? own.value : own.kind === "absent" ? planned : undefined;
    const isNewest = found === undefined || found.index === 0;
    return {
      urn,
      label,
      peer: peerOf(certificate),
      place: place.kind === "known" ? place.value : undefined,
      epoch: issue?.epoch?.number,
      serial: issue?.serial,
      ends: issue?.ends.kind === "known" ? new Date(issue.ends.value).toISOString() : undefined,
      hoursLeft: left,
      isPlanned: issue?.isPlanned ?? true,
      isNewest,
      isDue:
        found === undefined
          ? issue !== undefined && (left === undefined || left < leastLeft(certificate))
          : isNewest && !isFresh(found.standing),
      renewal: renewalText(certificate),
    };
  });
  return listed.sort(
    (a, b) =>
      places.indexOf(a.place ?? "leaf") - places.indexOf(b.place ?? "leaf") ||
      (a.peer === b.peer ? (b.hoursLeft ?? 0) - (a.hoursLeft ?? 0) : a.peer < b.peer ? -1 : 1) ||
      b.urn.localeCompare(a.urn, "en", { numeric: true }),
  );
}
