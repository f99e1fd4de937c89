import type { X509Certificate } from "node:crypto";

import { workloadCredentialSchema, type WorkloadCredential } from "../../model/workload-credential";

import { normalPem, pemCertificates } from "./pem-certificates";
import { svidProblem, validityProblem } from "./svid-problem";

/** What was found is not the credential of this workload, or nothing in it can be used. It says why, and no secret. */
export class CredentialRefused extends Error {
  override readonly name = "CredentialRefused";
  /** Why, each reason in a sentence of its own. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join(" "), options);
    this.problems = problems;
  }
}

/** A certificate that a workload can use now, and whom it trusts. */
export interface VerifiedCredential {
  readonly spiffeId: string;
  /** The root authorities of the trust domain, in PEM. */
  readonly trustBundle: string;
  /** The certificate and then its issuers, in PEM. */
  readonly certificateChain: string;
  /** Its key, in PEM. */
  readonly privateKey: string;
  /** The epoch of the certificate. */
  readonly epoch: number;
  /** Its serial number, in hexadecimal digits. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Why certificates of newer epochs are not used. */
  readonly passedOver: readonly string[];
}

/** Reads JSON without ever showing it: errors of the parser quote the text, which holds keys. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CredentialRefused(["It is no JSON."]);
  }
}

function credentialIn(text: string): WorkloadCredential {
  const { data, error } = workloadCredentialSchema.safeParse(parsed(text));
  if (data === undefined) {
    throw new CredentialRefused(
      error.issues.map(({ path, message }) => `${path.join(".") || "It"}: ${message}.`),
    );
  }
  return data;
}

/** The certificates of a text; `undefined` if one of them is none. */
function certificatesIn(text: string): readonly X509Certificate[] | undefined {
  try {
    return pemCertificates(text);
  } catch {
    return undefined;
  }
}

/** The authorities of a trust bundle. Each is a root: it issued itself. */
function rootsIn(text: string, now: Date): readonly X509Certificate[] {
  const roots = certificatesIn(text);
  if (roots === undefined) {
    throw new CredentialRefused(["The trust bundle holds what is no certificate."]);
  }
  const other = roots.find((root) => !root.ca || !root.checkIssued(root) || !root.verify(root.publicKey));
  if (other !== undefined) {
    throw new CredentialRefused([`The trust bundle holds ${other.subject}, which is no root authority.`]);
  }
  if (roots.every((root) => validityProblem(root, now) !== undefined)) {
    throw new CredentialRefused(["No authority of the trust bundle is valid."]);
  }
  return roots;
}

/**
 * The newest certificate of a credential that its workload can use at a time.
 *
 * @param text the JSON of a `WorkloadCredential`, as a source gave it.
 * @param spiffeId whose it must be.
 * @throws {CredentialRefused} if it is another's or malformed, or if none of its certificates can be used.
 */
export function verifiedCredential(text: string, spiffeId: string, now: Date): VerifiedCredential {
  const credential = credentialIn(text);
  if (credential.spiffeId !== spiffeId) {
    throw new CredentialRefused([`It is the credential of ${credential.spiffeId}, and not of ${spiffeId}.`]);
  }
  const roots = rootsIn(credential.trustBundle, now);
  const passedOver: string[] = [];
  for (const { epoch, certificateChain, privateKey } of credential.certificates.toSorted(
    (a, b) => b.epoch - a.epoch,
  )) {
    const chain = certificatesIn(certificateChain);
    const problem =
      chain === undefined
        ? "its chain holds what is no certificate"
        : svidProblem({ chain, privateKey, roots }, spiffeId, now);
    const [leaf] = chain ?? [];
    if (chain !== undefined && leaf !== undefined && problem === undefined) {
      return {
        spiffeId,
        trustBundle: normalPem(roots),
        certificateChain: normalPem(chain),
        privateKey,
        epoch,
        serial: leaf.serialNumber,
        notBefore: new Date(leaf.validFrom),
        notAfter: new Date(leaf.validTo),
        passedOver,
      };
    }
    passedOver.push(`The certificate of epoch ${String(epoch)} cannot be used: ${String(problem)}.`);
  }
  throw new CredentialRefused(passedOver);
}
