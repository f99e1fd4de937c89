import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";

import { jwtVerify, SignJWT, type JWTPayload } from "jose";

import type { VerifiedCredential } from "../credentials/verified-credential";
import { pemCertificates } from "../credentials/pem-certificates";
import { certificateProblem } from "../credentials/svid-problem";

import { actorOf, grantedContext, type GrantedContext } from "./granted-context";
import { TokenRefused } from "./token-refused";

/** What tokens of this kind say that they are (RFC 8725 §3.11). */
export const contextTokenKind = "bulkhead-context+jwt";

/** The longest token that is looked at, in characters. */
const longestToken = 16_384;
const mostCertificates = 5;

/** How long a chain of certificates that was found to be good counts as good, in milliseconds, and how many are kept. */
const chainMilliseconds = 60_000;
const mostChains = 64;

/** The one algorithm that keys of each kind, and of each curve, sign with (RFC 7518 §3.1, RFC 8037 §3.1). */
const algorithms: ReadonlyMap<string, string> = new Map([
  ["ec prime256v1", "ES256"],
  ["ec secp384r1", "ES384"],
  ["ed25519", "EdDSA"],
  ["rsa", "PS256"],
]);

/** @throws {RangeError} if no token is signed with such a key. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const curve = asymmetricKeyDetails?.namedCurve;
  const kind = [asymmetricKeyType, ...(curve === undefined ? [] : [curve])].join(" ");
  const algorithm = algorithms.get(kind);
  if (algorithm === undefined) {
    throw new RangeError(`No token is signed with a key of the kind ${kind}.`);
  }
  return algorithm;
}

/** A key that signs, or whose signatures are verified. */
interface TokenKey {
  readonly key: KeyObject;
  readonly algorithm: string;
}

interface Signer extends TokenKey {
  readonly credential: VerifiedCredential;
  /** The certificate and its issuers, in DER and base64 (RFC 7515 §4.1.6). */
  readonly x5c: string[];
}

interface KnownChain extends TokenKey {
  /** Until when it is not looked at again, in milliseconds since 1970. */
  readonly until: number;
}

/** What is needed of a certificate feed: the certificate of now. */
export interface CurrentCredential {
  readonly current: VerifiedCredential;
}

/**
 * Signs what is granted with the decision point's own X509-SVID, and verifies what any replica of it signed: the
 * certificate is in the token (RFC 7515 §4.1.6) and is held to the trust bundle and to the decision point's SPIFFE ID.
 */
export class ContextTokens {
  readonly #credential: CurrentCredential;
  readonly #trustDomain: string;
  readonly #decisionPoint: string;
  readonly #chains = new Map<string, KnownChain>();
  #signer: Signer | undefined;
  #trustBundle = "";

  /**
   * @param credential our certificate, which changes by and by.
   * @param trustDomain for whom tokens are.
   * @param decisionPoint the SPIFFE ID of all replicas.
   */
  constructor(credential: CurrentCredential, trustDomain: string, decisionPoint: string) {
    this.#credential = credential;
    this.#trustDomain = trustDomain;
    this.#decisionPoint = decisionPoint;
  }

  /** Whether tokens can be signed with our key. */
  get canSign(): boolean {
    try {
      this.#signerNow();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * @param id the number of the decision.
   * @throws {RangeError} if our key signs no tokens.
   */
  async sign(granted: GrantedContext, id: string): Promise<string> {
    const { key, algorithm, x5c } = this.#signerNow();
    const { user, role, device, location, secondFactor, patient, resource, agents, expires } = granted;
    const act = actorOf(agents);
    const claims: JWTPayload = {
      iss: this.#decisionPoint,
      aud: this.#trustDomain,
      sub: user,
      iat: Math.floor(Date.now() / 1000),
      exp: expires,
      jti: id,
      role,
      device,
      location,
      mfa: secondFactor,
      patient,
      resource,
      act,
    };
    return new SignJWT(claims).setProtectedHeader({ typ: contextTokenKind, alg: algorithm, x5c }).sign(key);
  }

  /** @throws {TokenRefused} if a token is not what a decision point signed for now. */
  async verify(token: string): Promise<GrantedContext> {
    if (token.length > longestToken) {
      throw new TokenRefused("The context token is too long.");
    }
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(
        token,
        ({ alg, x5c }) => {
          const known = this.#verified(x5c);
          if (known.algorithm !== alg) {
            throw new TokenRefused("The context token is signed with another algorithm than its key's.");
          }
          return known.key;
        },
        {
          typ: contextTokenKind,
          algorithms: [...algorithms.values()],
          issuer: this.#decisionPoint,
          audience: this.#trustDomain,
          requiredClaims: ["sub", "exp", "iat", "jti"],
        },
      ));
    } catch (error) {
      throw error instanceof TokenRefused
        ? error
        : new TokenRefused("The context token is none that is valid now.", { cause: error });
    }
    const granted = grantedContext(payload);
    if (granted === undefined) {
      throw new TokenRefused("The context token does not say what was granted.");
    }
    return granted;
  }

  #signerNow(): Signer {
    const { current } = this.#credential;
    if (this.#signer?.credential !== current) {
      const key = createPrivateKey(current.privateKey);
      this.#signer = {
        credential: current,
        key,
        algorithm: algorithmOf(key),
        x5c: pemCertificates(current.certificateChain).map(({ raw }) => raw.toString("base64")),
      };
    }
    return this.#signer;
  }

  /** The key of a chain of certificates, which is the decision point's own. A chain is looked at once a minute. */
  #verified(x5c: readonly string[] | undefined): TokenKey {
    if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > mostCertificates) {
      throw new TokenRefused("The context token has no certificate of who signed it.");
    }
    const { trustBundle } = this.#credential.current;
    if (this.#trustBundle !== trustBundle) {
      this.#chains.clear();
      this.#trustBundle = trustBundle;
    }
    const name = x5c.join();
    const now = Date.now();
    const known = this.#chains.get(name);
    if (known !== undefined && now < known.until) {
      return known;
    }
    this.#chains.delete(name);
    const found = this.#chainNow(x5c, trustBundle, now);
    if (this.#chains.size >= mostChains) {
      this.#chains.clear();
    }
    this.#chains.set(name, found);
    return found;
  }

  #chainNow(x5c: readonly string[], trustBundle: string, now: number): KnownChain {
    let chain: readonly X509Certificate[];
    try {
      chain = x5c.map((certificate) => new X509Certificate(Buffer.from(certificate, "base64")));
    } catch {
      throw new TokenRefused("The context token has no certificate of who signed it.");
    }
    const [leaf] = chain;
    const roots = pemCertificates(trustBundle);
    const problem = certificateProblem({ chain, roots }, this.#decisionPoint, new Date(now));
    if (leaf === undefined || problem !== undefined) {
      throw new TokenRefused("The context token is not signed by a decision point of the platform.", {
        cause: problem,
      });
    }
    const key = leaf.publicKey;
    const ends = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
    return { key, algorithm: algorithmOf(key), until: Math.min(now + chainMilliseconds, ends) };
  }
}
