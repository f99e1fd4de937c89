import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";

import { errors, jwtVerify, type JWTPayload, type JWTVerifyResult } from "jose";

import type { IdentityProvider, TokenAlgorithm, TokenKey } from "../../model/identity-provider";

import { TokenRefused } from "./token-refused";

/** How far the clock of the identity provider may be from ours, in seconds. */
const clockSeconds = 5;

/** The longest token that is looked at, in characters. */
const longestToken = 16_384;

/** What a key of each algorithm is (RFC 7518 §3.1, RFC 8037 §2): its kind and its curve. */
const keysOfAlgorithms: Readonly<Record<TokenAlgorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: "RSA" },
  PS256: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
};
const fewestBits = 2048;

/** Kinds of tokens that say who somebody is; others, such as those of logouts, are signed with the same keys (RFC 9068 §2.1). */
const kinds: readonly (string | undefined)[] = [undefined, "jwt", "at+jwt", "application/at+jwt"];

/** What an identity provider says of a clinician. What it does not say is `undefined`. */
export interface Clinician {
  /** The clinician, as the identity provider calls him (`sub`). */
  readonly user: string;
  readonly role: string | undefined;
  /** What the hospital's device management says of the device. */
  readonly device: string | undefined;
  /** The patient whose record is open. */
  readonly patient: string | undefined;
  /** Whether a second factor was shown (RFC 8176, `mfa`). */
  readonly secondFactor: boolean;
}

function importedKey(key: TokenKey): KeyObject {
  const { kty, crv } = keysOfAlgorithms[key.alg];
  if (key.kty !== kty || key.crv !== crv) {
    throw new RangeError(`is not of the kind that ${key.alg} is used with`);
  }
  const parameters = Object.entries(key).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const imported = createPublicKey({ key: Object.fromEntries(parameters) as JsonWebKey, format: "jwk" });
  const bits = imported.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < fewestBits) {
    throw new RangeError(`has ${String(bits)} bits, and needs ${String(fewestBits)}`);
  }
  return imported;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function claim(payload: JWTPayload, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) {
    return "The token has expired.";
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case "iss":
        return "The token is of another issuer.";
      case "aud":
        return "The token is for another audience.";
      case "nbf":
        return "The token is not valid yet.";
      default:
        return `The token's claim ${error.claim} is missing or wrong.`;
    }
  }
  return error instanceof errors.JWSSignatureVerificationFailed
    ? "The token is not signed by the identity provider."
    : "The token is none that the identity provider signs.";
}

/** Verifies the access tokens of the one identity provider by keys that are known beforehand (OpenID Connect Core 1.0 §2). */
export class OidcTokens {
  readonly #provider: IdentityProvider;
  readonly #roles: ReadonlySet<string>;
  readonly #keys: ReadonlyMap<string, { readonly algorithm: TokenAlgorithm; readonly key: KeyObject }>;

  /**
   * @param roles the roles of the platform.
   * @throws {RangeError} that lists every key that cannot be used.
   */
  constructor(provider: IdentityProvider, roles: readonly string[]) {
    const wrong: string[] = [];
    const keys = new Map<string, { readonly algorithm: TokenAlgorithm; readonly key: KeyObject }>();
    for (const key of provider.keys) {
      if (keys.has(key.kid)) {
        wrong.push(`There are two keys ${key.kid}.`);
      }
      try {
        keys.set(key.kid, { algorithm: key.alg, key: importedKey(key) });
      } catch (error) {
        const why = error instanceof RangeError ? error.message : "is no public key";
        wrong.push(`The key ${key.kid} ${why}.`);
      }
    }
    if (wrong.length > 0) {
      throw new RangeError(wrong.join(" "));
    }
    this.#provider = provider;
    this.#roles = new Set(roles);
    this.#keys = keys;
  }

  /**
   * Who a token is about: its key is one of the provider's, its algorithm is that key's, it is of the issuer and for the
   * audience, and it is valid now.
   *
   * @throws {TokenRefused} if it proves nothing.
   */
  async verify(token: string): Promise<Clinician> {
    if (token.length > longestToken) {
      throw new TokenRefused("The token is too long.");
    }
    let result: JWTVerifyResult;
    try {
      result = await jwtVerify(
        token,
        ({ kid, alg }) => {
          const known = kid === undefined ? undefined : this.#keys.get(kid);
          if (known?.algorithm !== alg) {
            throw new TokenRefused("The token names no key of the identity provider with its algorithm.");
          }
          return known.key;
        },
        {
          algorithms: [...new Set(this.#provider.keys.map(({ alg }) => alg))],
          issuer: this.#provider.issuer,
          audience: this.#provider.audience,
          requiredClaims: ["sub", "exp"],
          clockTolerance: clockSeconds,
        },
      );
    } catch (error) {
      throw error instanceof TokenRefused ? error : new TokenRefused(reasonOf(error));
    }
    const { payload, protectedHeader } = result;
    if (!kinds.includes(protectedHeader.typ?.toLowerCase())) {
      throw new TokenRefused("The token is of another kind than an access token.");
    }
    if (payload.iat !== undefined && payload.iat > Date.now() / 1000 + clockSeconds) {
      throw new TokenRefused("The token is not valid yet.");
    }
    // Who holds the key that such a token is bound to is not shown to us (RFC 7800 §3), so a thief might show it as well.
    if (Object.hasOwn(payload, "cnf")) {
      throw new TokenRefused("The token is bound to a key that nobody shows.");
    }
    return this.#clinician(payload);
  }

  #clinician(payload: JWTPayload): Clinician {
    const { claims } = this.#provider;
    const user = text(payload.sub);
    if (user === undefined) {
      throw new TokenRefused("The token's claim sub is missing or wrong.");
    }
    const methods = claim(payload, "amr");
    return {
      user,
      role: this.#role(claim(payload, claims.role)),
      device: text(claim(payload, claims.device)),
      patient: text(claim(payload, claims.patient)),
      secondFactor: Array.isArray(methods) && methods.includes("mfa"),
    };
  }

  /** The one role that is named, or the only one of those named that the platform has: nobody asks in two at once. */
  #role(value: unknown): string | undefined {
    if (!Array.isArray(value)) {
      return text(value);
    }
    const named: readonly unknown[] = value;
    const roles = [...this.#roles].filter((role) => named.includes(role));
    return roles.length === 1 ? roles[0] : undefined;
  }
}
