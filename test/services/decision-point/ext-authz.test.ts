import { connect } from "node:net";

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { AccessDocument } from "../../../model/access-document";
import { identityProviderSchema } from "../../../model/identity-provider";
import { AuditUnavailable } from "../../../services/audit/audit-event";
import type { VerifiedCredential } from "../../../services/credentials/verified-credential";
import { ContextTokens } from "../../../services/decision-point/context-tokens";
import type { CheckResponse } from "../../../services/decision-point/ext-authz-protocol";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";
import { TestAuthority } from "../test-authority";

import { documentWith } from "./access-documents";
import {
  credentialOf,
  denialOf,
  grantedContext,
  TestDecisionPoint,
  type HeldRequest,
} from "./test-decision-point";

const issuer = "https://sign-in.hospital.example";
const audience = "bulkhead";
const inside = "192.0.2.44";
const outside = "203.0.113.9";

let key: CryptoKey;
let document: AccessDocument;
let authority: TestAuthority;
let credential: VerifiedCredential;
let engine: DecisionEngine;
let point: TestDecisionPoint;

beforeAll(async () => {
  const pair = await generateKeyPair("ES256", { extractable: true });
  key = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "1", alg: "ES256" };
  document = documentWith({
    identityProvider: identityProviderSchema.parse({ issuer, audience, keys: [jwk] }),
  });
  authority = await TestAuthority.create();
  credential = await credentialOf(authority, document.decisionPoint);
  engine = DecisionEngine.open(document);
});
beforeEach(async () => {
  point = await TestDecisionPoint.start(document, credential, { engine });
});
afterEach(() => point.stop());

function accessToken(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return new SignJWT({
    roles: ["attending_physician"],
    device_compliance: "compliant",
    patient: "patient-1",
    amr: ["mfa"],
    ...claims,
  })
    .setProtectedHeader({ alg: "ES256", kid: "1", typ: "at+jwt" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject("anna")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(key);
}

/** A request of a clinician's, as the proxy of the entrance describes it. */
async function atEntrance(
  path: string,
  claims: Readonly<Record<string, unknown>> = {},
  address: string | null = inside,
): Promise<CheckResponse> {
  const headers = {
    authorization: `Bearer ${await accessToken(claims)}`,
    "x-request-id": "0b1f2a5c-7d52-4d6f-a0a6-1f0a37bb5a10",
    ...(address === null ? {} : { "x-bulkhead-source-address": address }),
  };
  return point.checkAt("ai-gateway", { path, headers });
}

function atProxy(context: string, request: HeldRequest = {}): Promise<CheckResponse> {
  return point.checkAt("fhir-proxy", {
    path: "/fhir/Patient/patient-1",
    ...request,
    headers: { "x-bulkhead-context": context, ...request.headers },
  });
}

const verifier = (): ContextTokens =>
  new ContextTokens({ current: credential }, document.trustDomain, document.decisionPoint);

describe("at an entrance", () => {
  it("lets a request go on with what was granted, and writes that down", async () => {
    const response = await atEntrance("/v1/discharge-summary/drafts?patient=patient-1");
    const before = Math.floor(Date.now() / 1000);
    expect(response).toEqual({
      status: { code: 0, message: "" },
      ok_response: {
        headers: [
          {
            header: { key: "x-bulkhead-context", value: expect.any(String) as string },
            append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
          },
        ],
      },
    });
    const granted = await verifier().verify(grantedContext(response));
    expect(granted).toEqual({
      user: "anna",
      role: "attending_physician",
      device: "compliant",
      location: "corporate_network",
      secondFactor: true,
      patient: "patient-1",
      resource: "phi_discharge_summary",
      agents: [],
      expires: expect.any(Number) as number,
    });
    expect(Math.abs(granted.expires - before - 3600)).toBeLessThan(60);
    expect(point.records).toEqual([
      {
        kind: "access-decision",
        time: expect.any(Date) as Date,
        requestId: "0b1f2a5c-7d52-4d6f-a0a6-1f0a37bb5a10",
        user: "anna",
        role: "attending_physician",
        agents: [],
        enforcementPoint: point.identity("ai-gateway"),
        resource: "phi_discharge_summary",
        action: "use",
        tool: undefined,
        device: "compliant",
        location: "corporate_network",
        allowed: true,
        trustLevel: "VERIFIED",
        reason: expect.any(String) as string,
        policyIds: ["role.attending_physician"],
        outcome: undefined,
      },
    ]);
    // Nothing that is recorded says which patient it is about.
    expect(JSON.stringify(point.records)).not.toContain("patient-1");
  });

  it.each([
    ["a device that does not comply", { device_compliance: "non_compliant" }, inside, 403, "NONE"],
    ["a device of which nothing is said", { device_compliance: undefined }, inside, 403, "NONE"],
    ["an address outside", {}, outside, 403, "AUTHENTICATED"],
    ["no address", {}, null, 403, "AUTHENTICATED"],
    ["what is no address", {}, "corporate_network", 403, "AUTHENTICATED"],
    ["a role without the permission", { roles: ["nurse"] }, inside, 403, "AUTHENTICATED"],
    ["a role that there is not", { roles: "intern" }, inside, 403, "AUTHENTICATED"],
    ["no role", { roles: undefined }, inside, 403, "AUTHENTICATED"],
    ["no second factor", { amr: ["pwd"] }, inside, 401, "AUTHORIZED"],
  ])("denies %s", async (_what, claims, address, code, trustLevel) => {
    const response = await atEntrance("/v1/discharge-summary", claims, address);
    expect(denialOf(response)).toMatchObject({ code });
    expect(point.records).toMatchObject([{ allowed: false, trustLevel, user: "anna" }]);
  });

  it("says how a second factor is asked for (RFC 9470)", async () => {
    const response = await atEntrance("/v1/discharge-summary", { amr: [] });
    const denied = "denied_response" in response ? response.denied_response : undefined;
    expect(denied?.headers.map(({ header }) => [header.key, header.value])).toEqual([
      ["content-type", "application/json"],
      ["cache-control", "no-store"],
      ["www-authenticate", 'Bearer error="insufficient_user_authentication"'],
    ]);
    expect(JSON.parse(denied?.body ?? "")).toEqual({
      allowed: false,
      trustLevel: "AUTHORIZED",
      reason: expect.any(String) as string,
      requiresMfa: true,
    });
  });

  it.each(["/v1/other", "/", "", "/v1/clinical-rag/%2e%2e/discharge-summary"])(
    "denies what no route names: %j",
    async (path) => {
      expect(denialOf(await atEntrance(path))).toEqual({
        code: 403,
        reason: "No route says what the request is about.",
      });
    },
  );

  it("takes a token that AWS's load balancer hands on, and the name of the scheme in any letters", async () => {
    const token = await accessToken();
    const address = { "x-bulkhead-source-address": inside };
    for (const headers of [
      { "x-amzn-oidc-accesstoken": token },
      { authorization: `bearer ${token}` },
      { authorization: `Bearer ${token}`, "x-amzn-oidc-accesstoken": token },
    ]) {
      const request = { path: "/v1/clinical-rag", headers: { ...headers, ...address } };
      expect(denialOf(await point.checkAt("ai-gateway", request))).toBe("allowed");
    }
  });

  it("denies two tokens, another scheme, and no token", async () => {
    const [token, other] = [await accessToken(), await accessToken({ patient: "patient-2" })];
    const address = { "x-bulkhead-source-address": inside };
    const several: readonly Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${token}`, "x-amzn-oidc-accesstoken": other },
      { authorization: `Bearer ${token},Bearer ${other}` },
      { authorization: `Basic ${token}`, "x-amzn-oidc-accesstoken": token },
      { authorization: token },
      { authorization: "Bearer " },
      {},
    ];
    for (const headers of several) {
      const request = { path: "/v1/clinical-rag", headers: { ...headers, ...address } };
      expect(denialOf(await point.checkAt("ai-gateway", request))).toEqual({
        code: 401,
        reason: "No token is shown.",
      });
    }
  });

  it("takes nothing that was granted before: neither as a token nor in its own header", async () => {
    const context = grantedContext(await atEntrance("/v1/clinical-rag"));
    const replayed = await point.checkAt("ai-gateway", {
      path: "/v1/clinical-rag",
      headers: { authorization: `Bearer ${context}`, "x-bulkhead-source-address": inside },
    });
    expect(denialOf(replayed)).toMatchObject({ code: 401 });
    const carried = await point.checkAt("ai-gateway", {
      path: "/v1/clinical-rag",
      headers: { "x-bulkhead-context": context, "x-bulkhead-source-address": inside },
    });
    expect(denialOf(carried)).toEqual({ code: 401, reason: "No token is shown." });
  });
});

describe("behind the entrance", () => {
  it("lets a request go on with what it carries, decided anew", async () => {
    const context = grantedContext(await atEntrance("/v1/clinical-rag"));
    expect(await atProxy(context)).toEqual({
      status: { code: 0, message: "" },
      ok_response: { headers: [] },
    });
    expect(point.records.at(-1)).toMatchObject({
      enforcementPoint: point.identity("fhir-proxy"),
      resource: "phi_clinical_rag",
      location: "corporate_network",
      allowed: true,
    });
  });

  it("denies what was granted once the policies say otherwise", async () => {
    const context = grantedContext(await atEntrance("/v1/clinical-rag"));
    const roles = document.access.roles.map(({ id }) => ({ id, resources: ["knowledge_base_query"] }));
    await point.stop();
    point = await TestDecisionPoint.start(documentWith({ roles, mfaResources: [] }), credential);
    expect(denialOf(await atProxy(context))).toMatchObject({ code: 403 });
    expect(point.records).toMatchObject([{ trustLevel: "AUTHENTICATED", user: "anna" }]);
  });

  it("denies a clinician's own token, and no token", async () => {
    const token = await accessToken();
    expect(denialOf(await atProxy(token))).toMatchObject({ code: 403 });
    const bearer = { path: "/fhir/Patient", headers: { authorization: `Bearer ${token}` } };
    expect(denialOf(await point.checkAt("fhir-proxy", bearer))).toEqual({
      code: 403,
      reason: "No token is shown.",
    });
  });

  it("denies a context that another workload signed, or that has expired", async () => {
    const context = {
      user: "anna",
      role: "attending_physician",
      device: "compliant",
      location: "corporate_network",
      secondFactor: true,
      patient: "patient-1",
      resource: "phi_clinical_rag",
      agents: [],
      expires: Math.floor(Date.now() / 1000) + 60,
    };
    const rag = await credentialOf(authority, point.identity("rag-service"));
    const forger = new ContextTokens({ current: rag }, document.trustDomain, document.decisionPoint);
    expect(denialOf(await atProxy(await forger.sign(context, "1")))).toMatchObject({ code: 403 });
    expect(denialOf(await atProxy(await verifier().sign(context, "1")))).toBe("allowed");
    const over = { ...context, expires: context.expires - 61 };
    expect(denialOf(await atProxy(await verifier().sign(over, "1")))).toMatchObject({ code: 403 });
  });

  it("denies two contexts in one header", async () => {
    const context = grantedContext(await atEntrance("/v1/clinical-rag"));
    expect(denialOf(await atProxy(`${context},${context}`))).toMatchObject({ code: 403 });
  });

  it("opens no record for what was granted from anywhere, whatever address and token a caller writes", async () => {
    const reason = "What was granted discloses no PHI, which the workload does.";
    for (const address of [outside, inside]) {
      const context = grantedContext(await atEntrance("/v1/knowledge-base", {}, address));
      const headers = { "x-bulkhead-source-address": inside, authorization: `Bearer ${await accessToken()}` };
      expect(denialOf(await atProxy(context, { headers }))).toEqual({ code: 403, reason });
      expect(point.records.at(-1)).toMatchObject({
        user: "anna",
        location: address === outside ? "external" : "corporate_network",
        allowed: false,
      });
    }
  });

  it("lets nobody call tools but the gateway of tools, for an agent", async () => {
    const context = grantedContext(await atEntrance("/v1/clinical-rag"));
    const granted = await verifier().verify(context);
    const acting = await verifier().sign({ ...granted, agents: [point.identity("async-ai-workers")] }, "1");
    const gateway = point.identity("agent-tools");
    const allowed = [];
    for (const [token, principal] of [
      [acting, gateway],
      [context, gateway],
      [acting, point.identity("rag-service")],
      [acting, undefined],
    ] as const) {
      for (const path of ["/mcp", "/mcp?x=1"]) {
        const response = await atProxy(token, { path, ...(principal === undefined ? {} : { principal }) });
        allowed.push(denialOf(response) === "allowed");
      }
    }
    expect(allowed).toEqual([true, true, false, false, false, false, false, false]);
  });
});

describe("who asks", () => {
  it.each([
    ["nobody", undefined],
    ["somebody without a name", ""],
    ["a workload that is none", "URI=spiffe://ai.hospital.example/zone/gateway/workload/other"],
    ["somebody of another trust domain", "URI=spiffe://evil.example/zone/gateway/workload/ai-gateway"],
    ["two at once", "URI=spiffe://ai.hospital.example/zone/gateway/workload/ai-gateway;URI=spiffe://x/y"],
    [
      "a chain of proxies",
      "URI=spiffe://ai.hospital.example/zone/gateway/workload/ai-gateway,URI=spiffe://x/y",
    ],
    ["a workload without routes", "URI=spiffe://ai.hospital.example/zone/processing/workload/rag-service"],
  ])("is denied when it is %s", async (_what, forwarded) => {
    const headers = { authorization: `Bearer ${await accessToken()}`, "x-bulkhead-source-address": inside };
    const response = await point.check(forwarded, { path: "/v1/clinical-rag", headers });
    expect(denialOf(response)).toMatchObject({ code: 403 });
    expect(point.records).toMatchObject([{ allowed: false, trustLevel: "NONE" }]);
  });
});

describe("whatever goes wrong", () => {
  it("denies when the decision cannot be written down", async () => {
    await point.stop();
    const append = (): never => {
      throw new AuditUnavailable("the disk is full");
    };
    point = await TestDecisionPoint.start(document, credential, { engine, trail: { append } });
    const response = await atEntrance("/v1/clinical-rag");
    expect(denialOf(response)).toEqual({
      code: 403,
      reason: "The record of the decision could not be written.",
    });
    expect(grantedContext(response)).toBe("");
    expect(point.faults).toHaveLength(1);
  });

  it("denies when the engine throws, and writes that down", async () => {
    await point.stop();
    const fail = (): never => {
      throw new Error("out of memory");
    };
    point = await TestDecisionPoint.start(document, credential, {
      engine: { decide: fail, decideToolCall: fail },
    });
    expect(denialOf(await atEntrance("/v1/clinical-rag"))).toEqual({
      code: 403,
      reason: "The request could not be decided.",
    });
    expect(point.records).toMatchObject([{ allowed: false, trustLevel: "NONE" }]);
    expect(point.faults).toHaveLength(1);
  });

  it("denies when what is granted cannot be signed, and does not write down that it was allowed", async () => {
    await point.stop();
    point = await TestDecisionPoint.start(document, { ...credential, privateKey: "no key" }, { engine });
    expect(denialOf(await atEntrance("/v1/clinical-rag"))).toMatchObject({ code: 403 });
    expect(point.records.map(({ allowed }) => allowed)).toEqual([false]);
  });

  it("denies an empty question", async () => {
    expect(denialOf(await point.checkAt("ai-gateway", {}))).toMatchObject({ code: 401 });
  });

  it("goes on after bytes that are no question", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(point.port, "127.0.0.1", () => {
        socket.end("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense nonsense nonsense");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        resolve();
      });
      socket.resume();
    });
    expect(denialOf(await atEntrance("/v1/clinical-rag"))).toBe("allowed");
  });
});
