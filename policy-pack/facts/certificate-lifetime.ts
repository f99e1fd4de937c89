import { X509Certificate } from "node:crypto";

import { absent, known, reading, textOf, unknown, type Reading } from "../reading";
import type { Node, StackGraph } from "../stack-graph";

const hour = 3_600_000;

/** A point in time, in milliseconds since 1970; unknown if it cannot be read. */
export function timeOf(text: string): Reading<number> {
  const time = Date.parse(text);
  return Number.isFinite(time) ? known(time) : unknown;
}

/** The hours between two points in time; unknown if one of them cannot be read. */
function hoursBetween(from: string, to: string): Reading<number> {
  const hours = (Date.parse(to) - Date.parse(from)) / hour;
  return Number.isFinite(hours) ? known(hours) : unknown;
}

/**
 * How long a certificate lives by the two times that its provider puts out once it is issued; absent where they are not
 * there, or in a preview not yet.
 */
export function issuedLifetime(graph: StackGraph, node: Node, start: string, end: string): Reading<number> {
  const from = textOf(reading(node.outputs[start]));
  const to = textOf(reading(node.outputs[end]));
  if (from.kind === "known" && to.kind === "known") {
    return hoursBetween(from.value, to.value);
  }
  const isHidden = !graph.dryRun && (from.kind === "unknown" || to.kind === "unknown");
  return isHidden ? unknown : absent;
}

/**
 * The lifetime that is asked for and the one that was issued, taken together: the longer. What was issued stands in for
 * what is not known once nothing can change it any more.
 */
export function longer(graph: StackGraph, asked: Reading<number>, issued: Reading<number>): Reading<number> {
  if (issued.kind === "absent") {
    return asked.kind === "absent" ? unknown : asked;
  }
  if (asked.kind === "known" && issued.kind === "known") {
    return known(Math.max(asked.value, issued.value));
  }
  return graph.dryRun ? unknown : issued;
}

/** What a certificate in PEM says of itself. */
export interface PemCertificate {
  readonly hours: Reading<number>;
  /** When it ends, in milliseconds since 1970. */
  readonly ends: Reading<number>;
  /** Its serial number, in hexadecimal digits. */
  readonly serial: string;
  /** The URIs that it names. */
  readonly uris: readonly string[];
  readonly isAuthority: boolean;
  /** Whether it was signed by itself, as roots are. */
  readonly isSelfIssued: boolean;
  /** Object identifiers of its extended usages. */
  readonly extendedUsages: readonly string[];
}

/** Reads a certificate in PEM; `undefined` if it is none. */
export function pemCertificate(pem: string): PemCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    // The declared type leaves out that a certificate may have none.
    const usages = certificate.keyUsage as readonly string[] | undefined;
    const alternativeNames = (certificate.subjectAltName ?? "").split(", ");
    return {
      hours: hoursBetween(certificate.validFrom, certificate.validTo),
      ends: timeOf(certificate.validTo),
      serial: certificate.serialNumber.toLowerCase(),
      uris: alternativeNames
        .filter((name) => name.startsWith("URI:"))
        .map((name) => name.slice("URI:".length)),
      isAuthority: certificate.ca,
      isSelfIssued: certificate.issuer === certificate.subject,
      extendedUsages: usages ?? [],
    };
  } catch {
    return undefined;
  }
}
