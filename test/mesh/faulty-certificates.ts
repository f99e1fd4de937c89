import { TestAuthority, type CertificateText, type IssuedCertificate } from "./test-authority";

const hour = 3_600_000;

/** An authority that nobody trusts here. */
const stranger = new TestAuthority("Stranger's Root");

/** A certificate that is refused, and what Envoy says of it. */
export interface FaultyCertificate {
  readonly fault: string;
  readonly make: (authority: TestAuthority, says: CertificateText) => IssuedCertificate;
  readonly reason: RegExp;
}

/** Of what a certificate says, another trust domain. */
function inDomain(says: CertificateText, change: (domain: string) => string): CertificateText {
  const { spiffeId } = says;
  return {
    ...says,
    spiffeId: spiffeId.replace(/^spiffe:\/\/([^/]+)/, (_, domain: string) => `spiffe://${change(domain)}`),
  };
}

const unknownAuthority = /_X509_verify_cert:.*unable_to_get_(?:local_)?issuer_certificate/;
const otherNames = /verify_cert_failed:_SAN_matcher/;

/** Certificates that are right but in one thing. */
export const faultyCertificates: readonly FaultyCertificate[] = [
  {
    fault: "of an authority that nobody trusts",
    make: (_, says) => stranger.issue(says),
    reason: unknownAuthority,
  },
  {
    fault: "that its holder signed",
    make: (authority, says) => authority.selfSigned(says),
    reason: unknownAuthority,
  },
  {
    fault: "that is over",
    make: (authority, says) =>
      authority.issue({
        ...says,
        notBefore: new Date(Date.now() - 2 * hour),
        notAfter: new Date(Date.now() - hour),
      }),
    reason: /_X509_verify_cert:.*certificate_has_expired/,
  },
  {
    fault: "that is not valid yet",
    make: (authority, says) => authority.issue({ ...says, notBefore: new Date(Date.now() + hour) }),
    reason: /_X509_verify_cert:.*certificate_is_not_yet_valid/,
  },
  {
    fault: "of another trust domain",
    make: (authority, says) => authority.issue(inDomain(says, () => "other.example")),
    reason: otherNames,
  },
  {
    fault: "of a trust domain whose name begins alike, after a dot",
    make: (authority, says) => authority.issue(inDomain(says, (domain) => `${domain}.evil`)),
    reason: otherNames,
  },
  {
    fault: "of a trust domain whose name begins alike",
    make: (authority, says) => authority.issue(inDomain(says, (domain) => `${domain}x`)),
    reason: otherNames,
  },
  {
    fault: "with the identity among its DNS names only",
    make: (authority, says) =>
      authority.issue({ spiffeId: "https://other.example/", dnsNames: [says.spiffeId] }),
    reason: otherNames,
  },
];
