import type * as pulumi from "@pulumi/pulumi";

/** A certificate of one epoch, with its key. */
export interface IssuedCertificate {
  /** The number of the epoch. */
  readonly epoch: number;
  /** The certificate and then its issuer's, in PEM. */
  readonly chain: pulumi.Output<string>;
  /** Its key: PKCS #8 in PEM. Secret. */
  readonly privateKey: pulumi.Output<string>;
}

/** The certificates of a platform's workloads, whoever issues them. */
export interface IssuedCertificates {
  /** Certificates in PEM of the root authorities of the trust domain: one, and while it is replaced two. */
  readonly trustBundle: pulumi.Output<string>;
  /** The resources whose certificates those are. */
  readonly roots: readonly pulumi.Resource[];
  /** The certificates of those, one in PEM each, in the same order. */
  readonly rootCertificates: readonly pulumi.Output<string>[];
  /** The certificates of each holder, by its id, the current one first: of workloads, and of the load balancer if asked for. */
  readonly certificates: ReadonlyMap<string, readonly IssuedCertificate[]>;
  /** What each workload's secret says, by workload: the JSON of a `WorkloadCredential`. Secret. */
  readonly credentials: ReadonlyMap<string, pulumi.Output<string>>;
}
