import { z } from "zod";

/** Algorithms of signatures by keys of which one half is public (RFC 7518 §3.1, RFC 8037 §3.1). */
export const tokenAlgorithms = ["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const;

export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/** A public key by which tokens are verified (RFC 7517): what it holds besides is of its kind. */
export interface TokenKey {
  /** Its kind. */
  readonly kty: "EC" | "RSA" | "OKP";
  /** By what name tokens refer to it. */
  readonly kid: string;
  /** The one algorithm that it is used with. */
  readonly alg: TokenAlgorithm;
  readonly crv?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
}

/** The claims of a token by which a clinician's context is known. Each is signed by the identity provider. */
export interface TokenClaims {
  /** The one role in which the clinician asks, or a list of which one is a role of the platform. */
  readonly role: string;
  /** `compliant` or `non_compliant`, as the hospital's device management says. */
  readonly device: string;
  /** The patient whose record is open (SMART App Launch 2.2 §2.1.10, `patient`). */
  readonly patient: string;
}

/**
 * Who says who a clinician is (OpenID Connect Core 1.0). Its keys are data: no zone of the platform has a way to where it
 * publishes them.
 */
export interface IdentityProvider {
  /** Its issuer identifier. */
  readonly issuer: string;
  /** For whom tokens must be issued. */
  readonly audience: string;
  /** The keys with which it signs, now and next; one at least. */
  readonly keys: readonly TokenKey[];
  /** The names of claims. */
  readonly claims: TokenClaims;
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/, "is not base64url");

/** Strict, so that a key with its private half is refused. */
const keySchema = z
  .strictObject({
    kty: z.enum(["EC", "RSA", "OKP"]),
    kid: z.string().min(1),
    alg: z.enum(tokenAlgorithms),
    use: z.literal("sig").optional(),
    crv: z.enum(["P-256", "P-384", "Ed25519"]).optional(),
    x: base64url.optional(),
    y: base64url.optional(),
    n: base64url.optional(),
    e: base64url.optional(),
  })
  .meta({ description: "A public key, as the provider's JSON Web Key Set has it (RFC 7517)." });

export const identityProviderSchema = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https$/, error: "is not an address that begins with https://" })
      .meta({ description: "Its issuer identifier (claim `iss`)." }),
    audience: z.string().min(1).meta({ description: "For whom tokens are issued (claim `aud`)." }),
    keys: z
      .array(keySchema)
      .min(1)
      .meta({ description: "The public keys with which it signs. Before it changes them, have both here." }),
    claims: z
      .strictObject({
        role: z.string().min(1).default("roles"),
        device: z.string().min(1).default("device_compliance"),
        patient: z.string().min(1).default("patient"),
      })
      .prefault({})
      .meta({
        description:
          "The claims that say the role, the device's compliance and the patient: `roles`, `device_compliance` and `patient` when left out.",
      }),
  })
  .meta({ description: "Who says who a clinician is." });
