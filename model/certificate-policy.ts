import { z } from "zod";

/** The longest that a workload's certificate lives: 90 days. */
export const maximumLifetimeHours = 2160;

/** How long before it expires a certificate is renewed, at the least: 30 days. */
export const minimumRenewalHours = 720;

/** The longest that a root authority's certificate lives: ten years, of which three are leap years. */
export const maximumRootLifetimeHours = (10 * 365 + 3) * 24;

/** The longest that an intermediate authority's certificate lives: a leap year. */
export const maximumIntermediateLifetimeHours = 366 * 24;

/**
 * How workloads' certificates are issued. The limits are bounds: a certificate that lives shorter, or is renewed
 * earlier, satisfies them.
 */
export interface CertificatePolicy {
  /** `built-in` issues with `@pulumi/tls`; `managed` with the cloud's private certificate authority. */
  readonly issuer: "built-in" | "managed";
  /** How long a certificate lives, in hours: 2160 at most. */
  readonly lifetimeHours: number;
  /** How long before it expires it is renewed, in hours: 720 at least. */
  readonly renewBeforeHours: number;
  /** The oldest TLS version that is spoken. */
  readonly minimumTls: "1.3";
}

export const certificatePolicySchema = z
  .strictObject({
    issuer: z
      .enum(["built-in", "managed"])
      .default("built-in")
      .meta({ description: "Who issues: built-in when left out." }),
    lifetimeHours: z.int().min(1).default(maximumLifetimeHours).meta({
      description: "How long a certificate lives, in hours: 2160 (90 days), the most, when left out.",
    }),
    renewBeforeHours: z.int().min(1).default(minimumRenewalHours).meta({
      description: "How long before expiry it is renewed, in hours: 720 (30 days), the least, when left out.",
    }),
    minimumTls: z
      .literal("1.3")
      .default("1.3")
      .meta({ description: "The oldest TLS version that is spoken." }),
  })
  .meta({ description: "How workloads' certificates are issued and renewed." });

export type CertificatePolicyDocument = z.output<typeof certificatePolicySchema>;
