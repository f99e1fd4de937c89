import type * as pulumi from "@pulumi/pulumi";

import type { CertificateAuthority, CertificateAuthorityArgs } from "../certificate-authority";
import { BuiltInAuthority } from "../certificates/built-in-authority";
import { loadBalancerHolder, workloadHolders } from "../certificates/certificate-holder";

import type { PhysicalNames } from "./physical-names";
import { GcpPrivateAuthority } from "./private-authority";

export interface GcpWorkloadCertificatesArgs extends Omit<CertificateAuthorityArgs, "holders"> {
  readonly names: PhysicalNames;
  /** What must stand before an authority is made: the project's services, and the perimeter. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The certificates of a platform's workloads on Google Cloud, by the issuer that the platform names, and where the load
 * balancer ends TLS those that it presents to the workloads behind it.
 */
export function gcpWorkloadCertificates(
  name: string,
  { spec, now, names, dependsOn }: GcpWorkloadCertificatesArgs,
  opts: pulumi.ComponentResourceOptions,
): CertificateAuthority {
  const holders = [
    ...workloadHolders(spec),
    ...(spec.edge.mode === "l7-terminate" ? [loadBalancerHolder(spec)] : []),
  ];
  switch (spec.certificates.issuer) {
    case "built-in":
      return new BuiltInAuthority(name, { spec, now, holders }, opts);
    case "managed":
      return new GcpPrivateAuthority(name, { spec, now, names, dependsOn, holders }, opts);
  }
}
