import type * as pulumi from "@pulumi/pulumi";

import type { CertificateAuthority, CertificateAuthorityArgs } from "../certificate-authority";
import { BuiltInAuthority } from "../certificates/built-in-authority";
import { workloadHolders } from "../certificates/certificate-holder";

import type { PhysicalNames } from "./physical-names";
import { AwsPrivateAuthority } from "./private-authority";

export interface AwsWorkloadCertificatesArgs extends Omit<CertificateAuthorityArgs, "holders"> {
  readonly names: PhysicalNames;
}

/** The certificates of a platform's workloads on AWS, by the issuer that the platform names. */
export function awsWorkloadCertificates(
  name: string,
  { spec, now, names }: AwsWorkloadCertificatesArgs,
  opts: pulumi.ComponentResourceOptions,
): CertificateAuthority {
  const holders = workloadHolders(spec);
  switch (spec.certificates.issuer) {
    case "built-in":
      return new BuiltInAuthority(name, { spec, now, holders }, opts);
    case "managed":
      return new AwsPrivateAuthority(name, { spec, now, names, holders }, opts);
  }
}
