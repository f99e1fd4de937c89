import { createPrivateKey } from "node:crypto";

import { base64url, decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";

import type { VerifiedCredential } from "../../../services/credentials/verified-credential";
import { ContextTokens } from "../../../services/decision-point/context-tokens";
import type { GrantedContext } from "../../../services/decision-point/granted-context";
import { TestAuthority } from "../test-authority";

import { credentialOf } from "./test-decision-point";

const trustDomain = "ai.hospital.example";
const decisionPoint = `spiffe://${trustDomain}/zone/processing/workload/decision-point`;
const ragService = `spiffe://${trustDomain}/zone/processing/workload/rag-service`;
const workers = `spiffe://${trustDomain}/zone/processing/workload/async-ai-workers`;

let authority: TestAuthority;
let credential: VerifiedCredential;
let replica: ContextTokens;

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

function granted(changes: Partial<GrantedContext> = {}): GrantedContext {
  return {
    user: "anna",
    role: "nurse",
    device: "compliant",
    location: "vpn",
    secondFactor: true,
    patient: "patient-1",
    resource: "phi_clinical_rag",
    agents: [],
    expires: inAnHour(),
    ...changes,
  };
}

/** A replica of the decision point, or of whoever else has that certificate. */
function tokensOf(current: VerifiedCredential): ContextTokens {
  return new ContextTokens({ current }, trustDomain, decisionPoint);
}

beforeAll(async () => {
  authority = await TestAuthority.create();
  credential = await credentialOf(authority, decisionPoint);
  replica = tokensOf(await credentialOf(authority, decisionPoint));
});

const notOurs = "The context token is not signed by a decision point of the platform.";
const notNow = "The context token is none that is valid now.";

describe("a context token", () => {
  it("says to every replica what one of them granted", async () => {
    const context = granted({ agents: [ragService, workers] });
    const token = await tokensOf(credential).sign(context, "decision-1");
    expect(await replica.verify(token)).toEqual(context);
    expect(decodeJwt(token)).toEqual({
      iss: decisionPoint,
      aud: trustDomain,
      sub: "anna",
      iat: expect.any(Number) as number,
      exp: context.expires,
      jti: "decision-1",
      role: "nurse",
      device: "compliant",
      location: "vpn",
      mfa: true,
      patient: "patient-1",
      resource: "phi_clinical_rag",
      act: { sub: workers, act: { sub: ragService } },
    });
    const { typ, alg, x5c } = decodeProtectedHeader(token);
    expect([typ, alg, x5c?.length]).toEqual(["bulkhead-context+jwt", "ES256", 2]);
  });

  it("leaves out what is not known", async () => {
    const context = granted({ role: undefined, device: undefined, location: undefined, patient: undefined });
    const token = await tokensOf(credential).sign(context, "decision-1");
    expect(await replica.verify(token)).toEqual(context);
    expect(Object.keys(decodeJwt(token))).not.toEqual(expect.arrayContaining(["role"]));
  });

  it("is refused when it has expired", async () => {
    const token = await tokensOf(credential).sign(granted({ expires: inAnHour() - 3601 }), "decision-1");
    await expect(replica.verify(token)).rejects.toThrow(notNow);
  });

  it("is refused when another workload of the platform signed it", async () => {
    const thief = tokensOf(await credentialOf(authority, ragService));
    await expect(replica.verify(await thief.sign(granted(), "decision-1"))).rejects.toThrow(notOurs);
  });

  it("is refused when another authority calls somebody the decision point", async () => {
    const stranger = tokensOf(await credentialOf(await TestAuthority.create("stranger"), decisionPoint));
    await expect(replica.verify(await stranger.sign(granted(), "decision-1"))).rejects.toThrow(notOurs);
  });

  it("is refused when its authority is no longer trusted, though it was just now", async () => {
    const mine = { current: credential };
    const tokens = new ContextTokens(mine, trustDomain, decisionPoint);
    const token = await tokens.sign(granted(), "decision-1");
    expect(await tokens.verify(token)).toMatchObject({ user: "anna" });
    mine.current = await credentialOf(await TestAuthority.create("next"), decisionPoint);
    await expect(tokens.verify(token)).rejects.toThrow(notOurs);
  });

  it.each([
    ["expired", { from: -48, until: -24 }],
    ["is not valid yet", { from: 24, until: 48 }],
    ["has another identity besides", { uris: [decisionPoint, ragService] }],
    ["is for no servers and no clients", { usages: [] }],
    ["is an authority's", { isAuthority: true }],
  ])("is refused when the certificate in it %s", async (_what, wishes) => {
    const { chain, key } = await authority.issue(decisionPoint, wishes);
    const bad = tokensOf({ ...credential, certificateChain: chain, privateKey: key });
    await expect(replica.verify(await bad.sign(granted(), "decision-1"))).rejects.toThrow(notOurs);
  });

  it("is refused when the certificate in it is self-signed", async () => {
    const { chain, key } = await authority.selfSigned(decisionPoint);
    const bad = tokensOf({ ...credential, certificateChain: chain, privateKey: key });
    await expect(replica.verify(await bad.sign(granted(), "decision-1"))).rejects.toThrow(notOurs);
  });

  it("is refused when its certificate is the decision point's, and its key somebody else's", async () => {
    const thief = await credentialOf(authority, ragService);
    const bad = tokensOf({ ...credential, privateKey: thief.privateKey });
    await expect(replica.verify(await bad.sign(granted(), "decision-1"))).rejects.toThrow(notNow);
  });

  describe("that the decision point's own key signed", () => {
    const signed = async (
      changes: Readonly<Record<string, unknown>>,
      header: Readonly<Record<string, unknown>> = {},
    ): Promise<string> => {
      const token = await tokensOf(credential).sign(granted(), "decision-1");
      const said = { ...decodeJwt(token), ...changes };
      return new SignJWT(said)
        .setProtectedHeader({ ...(decodeProtectedHeader(token) as { alg: string }), ...header })
        .sign(createPrivateKey(credential.privateKey));
    };

    it("is taken as long as nothing differs", async () => {
      expect(await replica.verify(await signed({}))).toMatchObject({ user: "anna" });
    });

    it.each([
      ["for another trust domain", { aud: "another.example" }, {}],
      ["of another issuer", { iss: ragService }, {}],
      ["of another kind", {}, { typ: "JWT" }],
      ["of no kind", {}, { typ: undefined }],
      ["that never expires", { exp: undefined }, {}],
      ["that grants more than there is", { admin: true }, {}],
      ["with something in the place of the second factor", { mfa: "yes" }, {}],
      ["with something in the place of who acts", { act: ragService }, {}],
      ["about nobody", { sub: "" }, {}],
      ["without a certificate", {}, { x5c: undefined }],
      ["with certificates that are none", {}, { x5c: ["AAAA"] }],
      ["with an empty list of certificates", {}, { x5c: [] }],
      ["with text in the place of the list", {}, { x5c: "AAAA" }],
    ])("is refused %s", async (_what, changes, header) => {
      await expect(replica.verify(await signed(changes, header))).rejects.toThrow(
        expect.objectContaining({ name: "TokenRefused" }),
      );
    });
  });

  it("is refused without a signature, and when a shared secret is in its place", async () => {
    const token = await tokensOf(credential).sign(granted(), "decision-1");
    const [, body = "", signature = ""] = token.split(".");
    const header = decodeProtectedHeader(token);
    for (const alg of ["none", "HS256", "ES384", "RS256"]) {
      const other = base64url.encode(JSON.stringify({ ...header, alg }));
      for (const end of ["", signature]) {
        await expect(replica.verify(`${other}.${body}.${end}`)).rejects.toThrow(
          expect.objectContaining({ name: "TokenRefused" }),
        );
      }
    }
  });

  it.each(["", "x", "e30.e30.e30", "a".repeat(20_000)])(
    "is refused when it is none: %.10s",
    async (token) => {
      await expect(replica.verify(token)).rejects.toThrow(expect.objectContaining({ name: "TokenRefused" }));
    },
  );
});
