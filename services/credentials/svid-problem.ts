import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";

import { uriNames } from "./alternative-names";

/** What a certificate's use must name: both ends of a connection (RFC 5280 §4.2.1.12). */
const requiredUsages: ReadonlyMap<string, string> = new Map([
  ["1.3.6.1.5.5.7.3.1", "servers"],
  ["1.3.6.1.5.5.7.3.2", "clients"],
]);

/** A certificate with its issuers, and whom it is trusted by. */
export interface ShownCertificate {
  /** The certificate and then its issuers, each issued by the next. */
  readonly chain: readonly X509Certificate[];
  /** The root authorities of the trust domain. */
  readonly roots: readonly X509Certificate[];
}

/** A certificate with its key. */
export interface HeldCertificate extends ShownCertificate {
  /** Its key, in PEM. */
  readonly privateKey: string;
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // What cannot be read is not shown either, since it may be most of a key.
    return undefined;
  }
}

/** What is wrong with when a certificate is valid. */
export function validityProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now.getTime() < Date.parse(certificate.validFrom)) {
    return `is not valid before ${certificate.validFrom}`;
  }
  return now.getTime() > Date.parse(certificate.validTo) ? `expired on ${certificate.validTo}` : undefined;
}

/** Whether an authority issued a certificate: its name, its key and its signature say so. */
function issued(authority: X509Certificate, certificate: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function chainProblem(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: Date,
): string | undefined {
  for (const [place, certificate] of chain.entries()) {
    const which = place === 0 ? "it" : `the authority ${certificate.subject}`;
    const problem = validityProblem(certificate, now);
    if (problem !== undefined) {
      return `${which} ${problem}`;
    }
    const issuer = chain[place + 1];
    if (issuer !== undefined && !issued(issuer, certificate)) {
      return `${which} is not issued by ${issuer.subject}, which follows it in the chain`;
    }
  }
  const last = chain.at(-1);
  const trusted = roots.filter((root) => validityProblem(root, now) === undefined);
  return last !== undefined && trusted.some((root) => root.raw.equals(last.raw) || issued(root, last))
    ? undefined
    : "no valid authority of the trust bundle issued it";
}

function identityProblem(leaf: X509Certificate, spiffeId: string): string | undefined {
  if (leaf.ca) {
    return "it is an authority's, and no workload's";
  }
  const uris = uriNames(leaf.subjectAltName);
  return uris.length === 1 && uris[0] === spiffeId
    ? undefined
    : `its identity is ${uris.length === 0 ? "none" : uris.join(" and ")}, and not ${spiffeId}`;
}

/** What is wrong with what a certificate may be used for. */
function usageProblem(leaf: X509Certificate): string | undefined {
  // Node.js calls "extended key usage" what the standard calls so, and nothing where there is none.
  const usages = leaf.keyUsage as readonly string[] | undefined;
  const missing = [...requiredUsages].filter(([usage]) => usages?.includes(usage) !== true);
  return missing.length === 0
    ? undefined
    : `it is not for ${missing.map(([, whose]) => whose).join(" and not for ")}`;
}

/**
 * Says why a certificate that somebody shows is not a workload's at a time, or `undefined` if it is (X509-SVID standard §5):
 * its one URI is the workload's SPIFFE ID, it is for both ends of a connection, an authority of the trust bundle issued
 * it, and all are valid. Whoever asks has to verify that its key is used.
 */
export function certificateProblem(
  { chain, roots }: ShownCertificate,
  spiffeId: string,
  now: Date,
): string | undefined {
  const [leaf] = chain;
  return leaf === undefined
    ? "there is none"
    : (identityProblem(leaf, spiffeId) ?? usageProblem(leaf) ?? chainProblem(chain, roots, now));
}

/**
 * Says why a workload cannot use a certificate at a time, or `undefined` if it can (X509-SVID standard §5): its one URI is
 * the workload's SPIFFE ID, it is for both ends of a connection, an authority of the trust bundle issued it, all are
 * valid, and the key is its own.
 */
export function svidProblem(
  { chain, privateKey, roots }: HeldCertificate,
  spiffeId: string,
  now: Date,
): string | undefined {
  const [leaf] = chain;
  if (leaf === undefined) {
    return "there is none";
  }
  const key = keyOf(privateKey);
  return (
    identityProblem(leaf, spiffeId) ??
    usageProblem(leaf) ??
    (key === undefined ? "its key cannot be read" : undefined) ??
    (key !== undefined && leaf.checkPrivateKey(key) ? undefined : "the key is another certificate's") ??
    chainProblem(chain, roots, now)
  );
}
