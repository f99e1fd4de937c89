import { X509Certificate } from "node:crypto";

import type * as certificatemanager from "@pulumi/gcp/certificatemanager";

/** Whether a block is the certificate of an authority that another has issued; one that cannot be read is none. */
function isIntermediate(block: string): boolean {
  try {
    const { subject, issuer } = new X509Certificate(block);
    return subject !== issuer;
  } catch {
    return false;
  }
}

/**
 * The one store of a trust configuration for some authorities: those that have issued themselves are anchors, and the
 * others lead up to them. A certificate that cannot be read is an anchor, which Google Cloud refuses.
 *
 * Certificates that are on no list are trusted by their chain alone: nothing is let by without validation
 * (Certificate Manager documentation, "Trust configs", allowlisted certificates).
 *
 * @param certificates the certificates in PEM, in any order.
 */
export function trustedAuthorities(
  certificates: string,
): NonNullable<certificatemanager.TrustConfigArgs["trustStores"]> {
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const pem = (block: string): { readonly pemCertificate: string } => ({ pemCertificate: `${block}\n` });
  return [
    {
      trustAnchors: blocks.filter((block) => !isIntermediate(block)).map(pem),
      intermediateCas: blocks.filter(isIntermediate).map(pem),
    },
  ];
}
