import type * as pulumi from "@pulumi/pulumi";

import type { CertificateAuthority, CertificateAuthorityArgs } from "../certificate-authority";
import { BuiltInAuthority } from "../certificates/built-in-authority";
import { workloadHolders } from "../certificates/certificate-holder";

export type AzureWorkloadCertificatesArgs = Omit<CertificateAuthorityArgs, "holders">;

/**
 * The certificates of a platform's workloads on Azure, which has no private authority of its own that could issue them: an
 * invariant refuses platforms that ask for one.
 */
export function azureWorkloadCertificates(
  name: string,
  { spec, now }: AzureWorkloadCertificatesArgs,
  opts: pulumi.ComponentResourceOptions,
): CertificateAuthority {
  if (spec.certificates.issuer !== "built-in") {
    throw new Error("an invariant let an issuer through that Azure does not have");
  }
  return new BuiltInAuthority(name, { spec, now, holders: workloadHolders(spec) }, opts);
}
