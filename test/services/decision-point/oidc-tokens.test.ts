import { generateKeyPairSync } from "node:crypto";

import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { IdentityProvider, TokenKey } from "../../../model/identity-provider";
import { OidcTokens } from "../../../services/decision-point/oidc-tokens";

import { audience, TestIdentityProvider, type SignedIn } from "./test-identity-provider";

const roles = ["attending_physician", "nurse", "administrative"];
const claims = {
  roles: ["nurse", "staff"],
  device_compliance: "compliant",
  patient: "patient-1",
  amr: ["pwd", "mfa"],
};

let provider: TestIdentityProvider;
let published: IdentityProvider;
let tokens: OidcTokens;
let signedIn: SignedIn;

beforeAll(async () => {
  provider = await TestIdentityProvider.start();
  published = await provider.published();
  tokens = new OidcTokens(published, roles);
  signedIn = await provider.signIn({ user: "anna", claims });
});
afterAll(() => provider.stop());

const now = (): number => Math.floor(Date.now() / 1000);

/** What the provider could say, and how it would sign that: each test changes one thing. */
function payload(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const good: Readonly<Record<string, unknown>> = {
    iss: provider.issuer,
    aud: audience,
    sub: "anna",
    iat: now(),
    exp: now() + 300,
    ...claims,
  };
  return Object.fromEntries(
    Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined),
  );
}

function signed(
  changes: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const said = { alg: "ES256", kid: provider.kid, typ: "at+jwt", ...header };
  return new SignJWT(payload(changes)).setProtectedHeader(said).sign(provider.key);
}

async function refusal(token: string): Promise<string> {
  return tokens.verify(token).then(
    () => "none",
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );
}

describe("a token of a provider that runs", () => {
  it("says who signed in, by which claims", async () => {
    expect(await tokens.verify(signedIn.accessToken)).toEqual({
      user: "anna",
      role: "nurse",
      device: "compliant",
      patient: "patient-1",
      secondFactor: true,
    });
    expect(decodeProtectedHeader(signedIn.accessToken)).toEqual({
      alg: "ES256",
      kid: provider.kid,
      typ: "at+jwt",
    });
  });

  it("is refused when it is for the application that signed in, and not for the platform", async () => {
    expect(decodeJwt(signedIn.idToken).aud).toBe("clinical-app");
    expect(await refusal(signedIn.idToken)).toBe("TokenRefused: The token is for another audience.");
  });

  it("is refused when one character of what it says is another", async () => {
    const [header = "", body = "", signature = ""] = signedIn.accessToken.split(".");
    const said = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
    const other = base64url.encode(JSON.stringify({ ...said, sub: "anne" }));
    expect(await refusal([header, other, signature].join("."))).toBe(
      "TokenRefused: The token is not signed by the identity provider.",
    );
  });
});

describe("a token that is nearly one of the provider's", () => {
  it("is taken as long as nothing differs", async () => {
    expect(await refusal(await signed({}))).toBe("none");
    expect(await refusal(await signed({}, { typ: undefined }))).toBe("none");
    expect(await refusal(await signed({ aud: ["another", audience] }))).toBe("none");
  });

  it.each([
    ["has expired", { exp: -60 }, "The token has expired."],
    ["never expires", { exp: undefined }, "The token's claim exp is missing or wrong."],
    ["is not valid yet", { nbf: 60 }, "The token is not valid yet."],
    ["is issued later than now", { iat: 60 }, "The token is not valid yet."],
    ["is for another audience", { aud: "another" }, "The token is for another audience."],
    ["is for nobody", { aud: undefined }, "The token is for another audience."],
    ["is of another issuer", { iss: "https://sign-in.example" }, "The token is of another issuer."],
    ["is of no issuer", { iss: undefined }, "The token is of another issuer."],
    ["is about nobody", { sub: undefined }, "The token's claim sub is missing or wrong."],
    ["is about an empty name", { sub: "" }, "The token's claim sub is missing or wrong."],
    ["is about a number", { sub: 7 }, "The token's claim sub is missing or wrong."],
    ["is bound to a key", { cnf: { jkt: "x" } }, "The token is bound to a key that nobody shows."],
  ])("is refused when it %s", async (_what, changes, reason) => {
    const inTime = Object.entries<unknown>(changes).map(([name, value]) => [
      name,
      ["exp", "nbf", "iat"].includes(name) && typeof value === "number" ? now() + value : value,
    ]);
    const token = await signed(Object.fromEntries(inTime) as Readonly<Record<string, unknown>>);
    expect(await refusal(token)).toBe(`TokenRefused: ${reason}`);
  });

  it.each(["logout+jwt", "secevent+jwt", "bulkhead-context+jwt", "dpop+jwt"])(
    "is refused when it is of the kind %s",
    async (typ) => {
      expect(await refusal(await signed({}, { typ }))).toBe(
        "TokenRefused: The token is of another kind than an access token.",
      );
    },
  );

  it("is refused when it asks for what is not known (crit)", async () => {
    const token = await new SignJWT(payload())
      .setProtectedHeader({ alg: "ES256", kid: provider.kid, crit: ["b64"], b64: true })
      .sign(provider.key);
    expect(await refusal(token)).toBe("none");
    const [header = "", ...rest] = token.split(".");
    const said = JSON.parse(Buffer.from(header, "base64url").toString()) as Record<string, unknown>;
    const other = base64url.encode(JSON.stringify({ ...said, crit: ["exp"], exp: 1 }));
    expect(await refusal([other, ...rest].join("."))).toMatch(/^TokenRefused: /);
  });
});

describe("a forged token", () => {
  const noKey = "TokenRefused: The token names no key of the identity provider with its algorithm.";

  it("is refused without a signature (alg: none)", async () => {
    const token = new UnsecuredJWT(payload()).encode();
    expect(decodeProtectedHeader(token)).toEqual({ alg: "none" });
    expect(await refusal(token)).toMatch(/^TokenRefused: /);
    const [, body = ""] = token.split(".");
    for (const alg of ["none", "None", "NONE"]) {
      const header = base64url.encode(JSON.stringify({ alg, kid: provider.kid }));
      expect(await refusal(`${header}.${body}.`)).toMatch(/^TokenRefused: /);
    }
  });

  it("is refused when the public key is taken for a shared secret (HS256)", async () => {
    const [key] = published.keys;
    const secrets = [JSON.stringify(key), key?.x ?? "", await importPem(key)];
    for (const secret of secrets) {
      const token = await new SignJWT(payload())
        .setProtectedHeader({ alg: "HS256", kid: provider.kid })
        .sign(Buffer.from(secret));
      expect(await refusal(token)).toMatch(/^TokenRefused: /);
    }
  });

  it("is refused when another key signed it, under the provider's name for its own", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    const token = await new SignJWT(payload())
      .setProtectedHeader({ alg: "ES256", kid: provider.kid })
      .sign(privateKey);
    expect(await refusal(token)).toBe("TokenRefused: The token is not signed by the identity provider.");
  });

  it("is refused when it brings its own key", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const token = await new SignJWT(payload())
      .setProtectedHeader({ alg: "ES256", kid: provider.kid, jwk, jku: "https://evil.example/jwks" })
      .sign(privateKey);
    expect(await refusal(token)).toBe("TokenRefused: The token is not signed by the identity provider.");
  });

  it("is refused when it names a key that is not known, or none, or another algorithm than the key's", async () => {
    expect(await refusal(await signed({}, { kid: "another" }))).toBe(noKey);
    expect(await refusal(await signed({}, { kid: undefined }))).toBe(noKey);
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const rsa = { ...(await exportJWK(publicKey)), kid: "rsa", alg: "PS256" } as TokenKey;
    const both = new OidcTokens({ ...published, keys: [...published.keys, rsa] }, roles);
    const token = await new SignJWT(payload())
      .setProtectedHeader({ alg: "RS256", kid: "rsa" })
      .sign(privateKey);
    await expect(both.verify(token)).rejects.toThrow("The token is none that the identity provider signs.");
    const known = await new SignJWT(payload())
      .setProtectedHeader({ alg: "ES256", kid: "rsa" })
      .sign(provider.key);
    await expect(both.verify(known)).rejects.toThrow("names no key of the identity provider");
  });

  it.each(["", "x", "a.b.c", "e30.e30.", `${"a".repeat(20_000)}.b.c`, "eyJhbGciOiJFUzI1NiJ9..", "\u0000"])(
    "is refused when it is none: %.20s",
    async (token) => {
      expect(await refusal(token)).toMatch(/^TokenRefused: /);
    },
  );
});

describe("what is read of a token", () => {
  const read = async (changes: Readonly<Record<string, unknown>>): Promise<unknown> =>
    tokens.verify(await signed(changes));

  it.each([
    ["one name", "visitor", "visitor"],
    ["a list with one role of the platform", ["staff", "nurse"], "nurse"],
    ["a list with the same role twice", ["nurse", "nurse"], "nurse"],
    ["a list with two roles of the platform", ["nurse", "attending_physician"], undefined],
    ["a list with none", ["staff"], undefined],
    ["something else", { nurse: true }, undefined],
    ["an empty name", "", undefined],
    ["nothing", undefined, undefined],
  ])("the role, from %s", async (_what, said, role) => {
    expect(await read({ roles: said })).toMatchObject({ role });
  });

  it.each([
    ["device_compliance", true, "device"],
    ["device_compliance", undefined, "device"],
    ["patient", ["patient-1"], "patient"],
    ["patient", "", "patient"],
  ])("nothing from %s: %j", async (claim, said, name) => {
    expect(await read({ [claim]: said })).toMatchObject({ [name]: undefined });
  });

  it.each([[["pwd"]], ["mfa"], [undefined], [{ mfa: true }]])("no second factor from %j", async (amr) => {
    expect(await read({ amr })).toMatchObject({ secondFactor: false });
  });

  it("nothing that every object has", async () => {
    const named = new OidcTokens(
      { ...published, claims: { role: "constructor", device: "toString", patient: "__proto__" } },
      roles,
    );
    expect(await named.verify(signedIn.accessToken)).toMatchObject({
      role: undefined,
      device: undefined,
      patient: undefined,
    });
  });
});

describe("keys that cannot be used", () => {
  const [ec] = [{ kty: "EC", kid: "a", alg: "ES256", crv: "P-256" }] as const;
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });

  it.each([
    ["of another curve", { ...ec, alg: "ES384" }, "The key a is not of the kind that ES384 is used with."],
    ["without its coordinates", ec, "The key a is no public key."],
    ["that are too short", { ...short, kid: "a", alg: "RS256" }, "The key a has 1024 bits, and needs 2048."],
  ])("%s are refused before anything is asked", (_what, key, problem) => {
    expect(() => new OidcTokens({ ...published, keys: [key as TokenKey] }, roles)).toThrow(problem);
  });

  it("are refused when two have one name", () => {
    const keys = [...published.keys, ...published.keys];
    expect(() => new OidcTokens({ ...published, keys }, roles)).toThrow(
      `There are two keys ${provider.kid}.`,
    );
  });
});

async function importPem(key: TokenKey | undefined): Promise<string> {
  const { KeyObject } = await import("node:crypto");
  const imported = await importJWK({ ...key } as Parameters<typeof importJWK>[0], "ES256");
  if (imported instanceof Uint8Array) {
    throw new Error("the key is a secret");
  }
  return KeyObject.from(imported).export({ type: "spki", format: "pem" }).toString();
}
