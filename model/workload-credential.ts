import { z } from "zod";

const pem = (label: string): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`^-----BEGIN (?:[A-Z ]+ )?${label}-----\\n`), `is not a ${label.toLowerCase()} in PEM`);

/**
 * What the cloud's secret store holds for one workload: its certificates with their keys, the newest first, and whom it
 * trusts. The program writes it; the certificate agent of that workload alone reads it.
 */
export const workloadCredentialSchema = z.strictObject({
  /** Whose it is. */
  spiffeId: z.string().startsWith("spiffe://"),
  /** Certificates in PEM of the root authorities of the trust domain. */
  trustBundle: pem("CERTIFICATE"),
  /** The certificates of the living epochs, the current one first. */
  certificates: z
    .array(
      z.strictObject({
        /** The epoch of the certificate. */
        epoch: z.int(),
        /** The workload's certificate and then its issuer's, in PEM. */
        certificateChain: pem("CERTIFICATE"),
        /** Its key, in PEM. */
        privateKey: pem("PRIVATE KEY"),
      }),
    )
    .min(1),
});

/** A workload's certificates with their keys, and whom it trusts. */
export type WorkloadCredential = z.output<typeof workloadCredentialSchema>;
