import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a text in PEM, in its order.
 *
 * @throws if one of them is no certificate.
 */
export function pemCertificates(text: string): readonly X509Certificate[] {
  return [...text.matchAll(block)].map(([pem]) => new X509Certificate(pem));
}

/** The same certificates, and nothing else that stands between them in the text. */
export function normalPem(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join("");
}
