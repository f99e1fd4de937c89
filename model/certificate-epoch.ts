import type { CertificatePolicy } from "./certificate-policy";

/**
 * How long one intermediate authority issues, in hours: 180 days. It lives a year, so that it outlives what it issues, and
 * what is issued of the epochs that begin while it does.
 */
const intermediateEpochHours = 4320;

/** How many intermediate authorities one root signs: those of five years. It lives ten, so that it outlives them. */
const intermediatesOfRoot = 10;

const millisecondsPerHour = 3_600_000;

/**
 * A stretch of time in which one key of a workload is current. Its certificates are issued in it, so that its end, and not
 * that of the certificates, says when the next are issued, and with a new key.
 */
export interface CertificateEpoch {
  /** Which it is, counted from 1970. */
  readonly number: number;
  /** When it begins. */
  readonly begins: Date;
  /** When the next begins: the day on which the certificate is renewed. */
  readonly ends: Date;
  /** Which intermediate authority issues in it. It follows from the epoch, so that no certificate changes its issuer. */
  readonly intermediate: number;
  /** Which root authority signed that one. */
  readonly root: number;
}

/**
 * How long an epoch is, in hours: half of what a certificate lives before it has to be renewed.
 *
 * Two epochs live together, so that no certificate is asked for any more when its renewal is due: it is never issued again
 * for the same key. And as a deployment may be a whole epoch late before the newest certificate is due, none ever is that is
 * deployed in time (ADR 29).
 */
export function epochHours({ lifetimeHours, renewBeforeHours }: CertificatePolicy): number {
  return Math.max(1, Math.floor((lifetimeHours - renewBeforeHours) / 2));
}

/** Which root authority signs an intermediate one. */
export function rootOf(intermediate: number): number {
  return Math.floor(intermediate / intermediatesOfRoot);
}

/** The epoch with a number. */
export function certificateEpoch(policy: CertificatePolicy, number: number): CertificateEpoch {
  const hours = epochHours(policy);
  const intermediate = Math.floor((number * hours) / intermediateEpochHours);
  return {
    number,
    begins: new Date(number * hours * millisecondsPerHour),
    ends: new Date((number + 1) * hours * millisecondsPerHour),
    intermediate,
    root: rootOf(intermediate),
  };
}

/** The epoch in which a time is. */
function epochAt(policy: CertificatePolicy, time: Date): CertificateEpoch {
  return certificateEpoch(policy, Math.floor(time.getTime() / millisecondsPerHour / epochHours(policy)));
}

/**
 * The epochs whose certificates are there at a time: the current one, and before it the one whose certificates whoever has
 * not fetched the new ones still presents.
 */
export function livingEpochs(
  policy: CertificatePolicy,
  now: Date,
): readonly [current: CertificateEpoch, previous: CertificateEpoch] {
  const current = epochAt(policy, now);
  return [current, certificateEpoch(policy, current.number - 1)];
}

/** The intermediate authorities that are there at a time: those that issue in the living epochs, the newest first. */
export function livingIntermediates(policy: CertificatePolicy, now: Date): readonly number[] {
  return [...new Set(livingEpochs(policy, now).map(({ intermediate }) => intermediate))];
}

/** The current epoch, the next, and the one before. */
function epochsAround(policy: CertificatePolicy, now: Date): readonly CertificateEpoch[] {
  const [current, previous] = livingEpochs(policy, now);
  return [certificateEpoch(policy, current.number + 1), current, previous];
}

/**
 * The root authorities that are trusted at a time, the newest first: those of the living epochs, and that of the next one
 * already, so that whoever verifies a certificate trusts its root before anybody presents it.
 */
export function trustedRoots(policy: CertificatePolicy, now: Date): readonly number[] {
  return [...new Set(epochsAround(policy, now).map(({ root }) => root))];
}

/**
 * Authorities that are trusted by themselves and as short-lived as intermediate ones, the newest first: those of the living
 * epochs, and that of the next one already.
 */
export function trustedIntermediates(policy: CertificatePolicy, now: Date): readonly number[] {
  return [...new Set(epochsAround(policy, now).map(({ intermediate }) => intermediate))];
}
