import type * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";

import { livingEpochs, trustedIntermediates } from "../../model/certificate-epoch";
import { maximumIntermediateLifetimeHours } from "../../model/certificate-policy";
import type { CertificateAuthorityArgs } from "../certificate-authority";
import type { ZoneRegister } from "../zone-facts";

import { joinedPem } from "./pem";

/** An authority in whose name a firewall answers for providers. */
export interface InspectionAuthority {
  /** Which it is: that of an intermediate authority's time. */
  readonly number: number;
  readonly key: PrivateKey;
  readonly certificate: SelfSignedCert;
}

/** The authorities of a firewall that ends TLS. */
export interface InspectionAuthorities {
  /** With which the firewall signs now. */
  readonly current: InspectionAuthority;
  /** The certificates that whoever calls through the firewall trusts, in PEM: of all that sign, did, or are next to. */
  readonly trusted: pulumi.Output<string>;
}

export interface InspectionAuthoritiesArgs extends Omit<CertificateAuthorityArgs, "holders"> {
  /** What firewalls of the cloud take. */
  readonly key: { readonly algorithm: "RSA"; readonly rsaBits: 2048 | 3072 | 4096 };
  readonly register: ZoneRegister;
}

/**
 * The authorities of a firewall that ends TLS, made for that alone: of the trust domain's they are no part, so that no
 * workload takes what they sign, and the egress guard takes nothing else. Each signs for as long as an intermediate
 * authority of the trust domain does; the next is there, and trusted, an epoch before it signs.
 */
export function inspectionAuthorities(
  { spec, now, key, register }: InspectionAuthoritiesArgs,
  opts: pulumi.CustomResourceOptions,
): InspectionAuthorities {
  const name = `${spec.name}-inspection-authority`;
  const authorities = trustedIntermediates(spec.certificates, now).map((number): InspectionAuthority => {
    const made = register.add("egress", new PrivateKey(`${name}-key-${String(number)}`, key, opts));
    const certificate = register.add(
      "egress",
      new SelfSignedCert(
        `${name}-${String(number)}`,
        {
          privateKeyPem: made.privateKeyPem,
          subject: {
            organization: spec.name,
            commonName: `${spec.name} egress inspection ${String(number)}`,
          },
          isCaCertificate: true,
          maxPathLength: 0,
          validityPeriodHours: maximumIntermediateLifetimeHours,
          allowedUses: ["cert_signing", "crl_signing"],
          setSubjectKeyId: true,
          setAuthorityKeyId: true,
        },
        opts,
      ),
    );
    return { number, key: made, certificate };
  });
  const [{ intermediate }] = livingEpochs(spec.certificates, now);
  const current = authorities.find(({ number }) => number === intermediate);
  if (current === undefined) {
    throw new Error(`the authority of inspection ${String(intermediate)} is not there`);
  }
  return { current, trusted: joinedPem(authorities.map(({ certificate }) => certificate.certPem)) };
}
