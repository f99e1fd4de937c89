import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import Provider from "oidc-provider";
import { Agent, fetch, type RequestInit, type Response } from "undici";

import { identityProviderSchema, type IdentityProvider } from "../../../model/identity-provider";
import { TestAuthority } from "../test-authority";

/** For whom the platform's tokens are. */
export const audience = "https://bulkhead.hospital.example";

const client = { id: "clinical-app", redirect: "https://app.hospital.example/signed-in" } as const;

/** A clinician who signs in. */
export interface SigningIn {
  readonly user: string;
  /** What the provider says besides, in the access token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The tokens of one sign-in. */
export interface SignedIn {
  readonly accessToken: string;
  readonly idToken: string;
}

/** An OpenID provider that runs on this machine, over TLS: `oidc-provider`, with people who sign in without a form. */
export class TestIdentityProvider {
  readonly issuer: string;
  /** The private half of its key, for tokens that are nearly its own. */
  readonly key: CryptoKey;
  readonly kid = "of-the-test";
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #people = new Map<string, SigningIn>();

  private constructor(issuer: string, server: Server, agent: Agent, key: CryptoKey) {
    this.issuer = issuer;
    this.#server = server;
    this.#agent = agent;
    this.key = key;
  }

  static async start(): Promise<TestIdentityProvider> {
    const authority = await TestAuthority.create("identity provider");
    const certificate = await authority.issue("spiffe://test/identity-provider", { dnsNames: ["localhost"] });
    const server = createServer({ cert: certificate.chain, key: certificate.key });
    // On a busy machine it would end a connection just as something is asked on it.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const agent = new Agent({ connect: { ca: authority.bundle } });
    const made = new TestIdentityProvider(`https://localhost:${String(port)}`, server, agent, privateKey);
    const answer = await made.#provider();
    server.on("request", (request, response) => void answer(request, response));
    return made;
  }

  /** What the model says of it, with the keys that it publishes. */
  async published(): Promise<IdentityProvider> {
    const response = await this.#fetch("/jwks");
    const { keys } = (await response.json()) as { readonly keys: readonly JWK[] };
    return identityProviderSchema.parse({
      issuer: this.issuer,
      audience,
      keys: keys.map(({ kty, kid, alg, crv, x, y }) => ({ kty, kid, alg, crv, x, y })),
    });
  }

  /** Signs somebody in by the authorization code flow (OpenID Connect Core 1.0 §3.1, RFC 7636). */
  async signIn(person: SigningIn): Promise<SignedIn> {
    this.#people.set(person.user, person);
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: client.id,
      redirect_uri: client.redirect,
      response_type: "code",
      scope: "openid",
      resource: audience,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      login_hint: person.user,
    });
    const cookies = new Map<string, string>();
    let next = `/auth?${query.toString()}`;
    while (!next.startsWith(client.redirect)) {
      const response = await this.#fetch(next, {
        redirect: "manual",
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (location === null) {
        throw new Error(`the provider answered ${String(response.status)}: ${await response.text()}`);
      }
      next = location.replace(this.issuer, "");
    }
    const response = await this.#fetch("/token", {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: new URL(next).searchParams.get("code") ?? "",
        redirect_uri: client.redirect,
        client_id: client.id,
        code_verifier: verifier,
        resource: audience,
      }),
    });
    const tokens = (await response.json()) as { access_token?: string; id_token?: string };
    if (tokens.access_token === undefined || tokens.id_token === undefined) {
      throw new Error(`the provider gave no tokens: ${JSON.stringify(tokens)}`);
    }
    return { accessToken: tokens.access_token, idToken: tokens.id_token };
  }

  async stop(): Promise<void> {
    await this.#agent.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.issuer}${path}`, { ...init, dispatcher: this.#agent });
  }

  async #provider(): Promise<ReturnType<Provider["callback"]>> {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: client.id,
          redirect_uris: [client.redirect],
          token_endpoint_auth_method: "none",
          id_token_signed_response_alg: "ES256",
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(this.key)), kid: this.kid, alg: "ES256", use: "sig" }] },
      cookies: { keys: ["only-for-the-test"] },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      extraTokenClaims: (_context, token) =>
        "accountId" in token ? { ...this.#people.get(token.accountId)?.claims } : undefined,
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: "",
            audience,
            accessTokenFormat: "jwt",
            accessTokenTTL: 300,
            jwt: { sign: { alg: "ES256" } },
          }),
        },
      },
      ttl: {
        AccessToken: 300,
        Grant: 300,
        IdToken: 300,
        Interaction: 300,
        Session: 300,
        AuthorizationCode: 60,
      },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    });
    const answer = provider.callback();
    return async (request, response) => {
      if (request.url?.startsWith("/interaction/") !== true) {
        return answer(request, response);
      }
      const { params, grantId } = await provider.interactionDetails(request, response);
      const accountId = String(params["login_hint"]);
      const grant =
        (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
        new provider.Grant({ accountId, clientId: client.id });
      grant.addOIDCScope("openid");
      grant.addResourceScope(audience, "");
      return provider.interactionFinished(
        request,
        response,
        { login: { accountId }, consent: { grantId: await grant.save() } },
        { mergeWithLastSubmission: true },
      );
    };
  }
}
