import { connect } from "node:net";

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { AccessDocument } from "../../../model/access-document";
import { identityProviderSchema } from "../../../model/identity-provider";
import { AuditUnavailable } from "../../../services/audit/audit-event";
import type { VerifiedCredential } from "../../../services/credentials/verified-credential";
import { ContextTokens } from "../../../services/decision-point/context-tokens";
import type { GrantedContext } from "../../../services/decision-point/granted-context";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";
import { TestAuthority } from "../test-authority";

import { documentWith } from "./access-documents";
import { credentialOf, TestDecisionPoint } from "./test-decision-point";

const issuer = "https://sign-in.hospital.example";

let document: AccessDocument;
let credential: VerifiedCredential;
let accessToken: string;
let contexts: ContextTokens;
let engine: DecisionEngine;
let point: TestDecisionPoint;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" };
  document = documentWith({
    identityProvider: identityProviderSchema.parse({ issuer, audience: "bulkhead", keys: [jwk] }),
  });
  credential = await credentialOf(await TestAuthority.create(), document.decisionPoint);
  contexts = new ContextTokens({ current: credential }, document.trustDomain, document.decisionPoint);
  accessToken = await new SignJWT({ roles: ["nurse"], device_compliance: "compliant", amr: ["mfa"] })
    .setProtectedHeader({ alg: "ES256", kid: "1" })
    .setIssuer(issuer)
    .setAudience("bulkhead")
    .setSubject("anna")
    .setExpirationTime("1h")
    .sign(privateKey);
  engine = DecisionEngine.open(document);
});
beforeEach(async () => {
  point = await TestDecisionPoint.start(document, credential, { engine });
});
afterEach(() => point.stop());

const inMinutes = (minutes: number): number => Math.floor(Date.now() / 1000) + minutes * 60;

function granted(changes: Partial<GrantedContext> = {}): Promise<string> {
  return contexts.sign(
    {
      user: "anna",
      role: "attending_physician",
      device: "compliant",
      location: "corporate_network",
      secondFactor: true,
      patient: "patient-1",
      resource: "phi_discharge_summary",
      agents: [],
      expires: inMinutes(20),
      ...changes,
    },
    "decision-1",
  );
}

const subject = { type: "user", id: "anna" };
const rag = { type: "resource", id: "phi_clinical_rag" };
const use = { name: "use" };

interface Said {
  readonly decision: boolean;
  readonly context: Readonly<Record<string, unknown>>;
}

async function evaluation(workload: string, body: object): Promise<Said> {
  const response = await point.post(workload, "/access/v1/evaluation", body);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  return (await response.json()) as Said;
}

async function evaluations(body: object): Promise<readonly Said[]> {
  const response = await point.post("agent-tools", "/access/v1/evaluations", body);
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly evaluations: readonly Said[] }).evaluations;
}

describe("an evaluation (AuthZEN §6)", () => {
  it("says what is decided for who shows a clinician's token at an entrance, and grants it", async () => {
    const context = { token: accessToken, source_address: "192.0.2.1" };
    const said = await evaluation("ai-gateway", { subject, action: use, resource: rag, context });
    expect(said).toEqual({
      decision: true,
      context: {
        allowed: true,
        trustLevel: "VERIFIED",
        component: "phi_clinical_rag",
        action: "use",
        reason: expect.any(String) as string,
        requiresMfa: false,
        sessionMinutes: 60,
        policies: ["role.nurse"],
        token: expect.any(String) as string,
      },
    });
    expect(await contexts.verify(said.context["token"] as string)).toMatchObject({
      user: "anna",
      resource: "phi_clinical_rag",
      location: "corporate_network",
    });
  });

  it("knows no place of a request but where requests come in, whatever who asks says of it", async () => {
    const context = { token: accessToken, source_address: "192.0.2.1" };
    for (const workload of ["rag-service", "fhir-proxy", "agent-tools"]) {
      const said = await evaluation(workload, { subject, action: use, resource: rag, context });
      expect(said).toMatchObject({ decision: false, context: { trustLevel: "AUTHENTICATED" } });
    }
    const location = { location: "corporate_network", device: "compliant", role: "attending_physician" };
    const said = await evaluation("ai-gateway", {
      subject: { ...subject, properties: location },
      action: { ...use, properties: location },
      resource: { ...rag, properties: location },
      context: { token: accessToken, ...location },
    });
    expect(said).toMatchObject({ decision: false, context: { trustLevel: "AUTHENTICATED" } });
    expect(point.records.at(-1)).toMatchObject({ role: "nurse", location: undefined });
  });

  it("takes what was granted from whoever is no entrance, for as long as it lasts", async () => {
    const ask = async (workload: string): Promise<Said> => {
      const body = { subject, action: use, resource: rag, context: { token: await granted() } };
      return evaluation(workload, body);
    };
    expect(await ask("rag-service")).toMatchObject({ decision: true, context: { sessionMinutes: 20 } });
    expect((await ask("rag-service")).context).not.toHaveProperty("token");
    expect(await ask("ai-gateway")).toMatchObject({ decision: false, context: { trustLevel: "NONE" } });
  });

  it.each([
    ["another subject than the token's", { subject: { type: "user", id: "bert" } }, "NONE"],
    ["no token", { context: {} }, "NONE"],
    ["no context", { context: undefined }, "NONE"],
    ["a token that is none", { context: { token: "x" } }, "NONE"],
    ["an unknown resource", { resource: { type: "resource", id: "phi_x" } }, "AUTHENTICATED"],
    ["an action that there is not", { action: { name: "delete" } }, "AUTHENTICATED"],
  ])("denies %s", async (_what, changes, trustLevel) => {
    const body = { subject, action: use, resource: rag, context: { token: await granted() }, ...changes };
    expect(await evaluation("rag-service", body)).toMatchObject({ decision: false, context: { trustLevel } });
    expect(point.records).toMatchObject([{ allowed: false, trustLevel }]);
  });

  it("asks for a second factor with what would be allowed then", async () => {
    const token = await granted({ secondFactor: false });
    const resource = { type: "resource", id: "as-granted" };
    expect(
      await evaluation("fhir-proxy", { subject, action: use, resource, context: { token } }),
    ).toMatchObject({
      decision: false,
      context: {
        trustLevel: "AUTHORIZED",
        requiresMfa: true,
        component: "phi_discharge_summary",
        sessionMinutes: 0,
      },
    });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", []],
    ["no subject", { action: use, resource: rag }],
    ["no action", { subject, resource: rag }],
    ["no resource", { subject, action: use }],
    ["a subject without an id", { subject: { type: "user" }, action: use, resource: rag }],
    ["a number for an id", { subject: { type: "user", id: 7 }, action: use, resource: rag }],
    ["a subject of another type", { subject: { type: "robot", id: "anna" }, action: use, resource: rag }],
    ["a resource of another type", { subject, action: use, resource: { type: "file", id: "x" } }],
    [
      "another action than a tool has",
      { subject, action: use, resource: { type: "tool", id: "fhir_search" } },
    ],
    ["arguments that are none", { subject, action: use, resource: rag, context: { arguments: [1] } }],
  ])("is refused as malformed with %s", async (_what, body) => {
    const response = await point.post("rag-service", "/access/v1/evaluation", body);
    expect(response.status).toBe(400);
    expect(typeof (await response.json())).toBe("string");
    expect(point.records).toEqual([]);
  });
});

describe("a tool call", () => {
  const call = (context: object, tool = "fhir_search", name = "call"): object => ({
    subject,
    action: { name },
    resource: { type: "tool", id: tool },
    context,
  });
  const values = { patient: "patient-1", count: 10 };

  it("is allowed for an agent that the gateway of tools vouches for, which acts from then on", async () => {
    const agent = point.identity("async-ai-workers");
    const token = await granted();
    const said = await evaluation("agent-tools", call({ token, agent, arguments: values }));
    expect(said).toMatchObject({ decision: true, context: { component: "fhir_search", action: "call" } });
    expect(await contexts.verify(said.context["token"] as string)).toEqual({
      ...(await contexts.verify(token)),
      agents: [agent],
    });
    expect(point.records).toMatchObject([
      { kind: "access-decision", tool: "fhir_search", agents: [agent], resource: "phi_discharge_summary" },
    ]);
    expect(JSON.stringify(point.records)).not.toContain("patient-1");
  });

  it("is recorded as what it is when it is only asked whether it might be made", async () => {
    const agent = point.identity("async-ai-workers");
    const context = { token: await granted(), agent, arguments: values };
    const said = await evaluation("agent-tools", call(context, "fhir_search", "list"));
    expect(said).toMatchObject({ decision: true, context: { action: "list" } });
    expect(await contexts.verify(said.context["token"] as string)).toMatchObject({ agents: [agent] });
    expect(point.records).toMatchObject([{ tool: "fhir_search", action: "list" }]);
  });

  it.each([
    ["another patient than the one in context", { arguments: { patient: "patient-2", count: 10 } }],
    ["no patient", { arguments: { count: 10 } }],
    ["more rows than are granted", { arguments: { patient: "patient-1", count: 201 } }],
    ["no number of rows", { arguments: { patient: "patient-1" } }],
    ["no agent", { agent: undefined }],
    ["an agent that is none", { agent: "spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy" }],
  ])("is denied with %s", async (_what, changes) => {
    const agent = point.identity("async-ai-workers");
    const context = { token: await granted(), agent, arguments: values, ...changes };
    expect(await evaluation("agent-tools", call(context))).toMatchObject({
      decision: false,
      context: { trustLevel: "AUTHENTICATED", sessionMinutes: 0 },
    });
  });

  it("is denied when the user may not, though the agent may", async () => {
    const agent = point.identity("async-ai-workers");
    for (const changes of [{ role: "nurse" }, { location: "external" }, { device: "non_compliant" }]) {
      const context = { token: await granted(changes), agent, arguments: values };
      expect(await evaluation("agent-tools", call(context))).toMatchObject({ decision: false });
    }
  });

  it("gains nothing by another agent: each one of the chain has to be allowed", async () => {
    const [workers, rag] = [point.identity("async-ai-workers"), point.identity("rag-service")];
    const context = { token: await granted({ agents: [rag] }), agent: workers };
    const drafted = call({ ...context, arguments: { patient: "patient-1" } }, "draft_summary");
    expect(await evaluation("agent-tools", drafted)).toMatchObject({ decision: false });
    const alone = { token: await granted(), agent: workers, arguments: { patient: "patient-1" } };
    expect(await evaluation("agent-tools", call(alone, "draft_summary"))).toMatchObject({ decision: true });
  });

  it("is denied when anybody but the gateway of tools says which agent calls", async () => {
    const agent = point.identity("async-ai-workers");
    const context = { token: await granted(), agent, arguments: values };
    for (const workload of ["async-ai-workers", "fhir-proxy", "rag-service"]) {
      expect(await evaluation(workload, call(context))).toMatchObject({
        decision: false,
        context: { reason: "Only the gateway of tools says which agent calls." },
      });
    }
  });

  it("is denied with a clinician's own token", async () => {
    const context = { token: accessToken, agent: point.identity("async-ai-workers"), arguments: values };
    expect(await evaluation("agent-tools", call(context))).toMatchObject({
      decision: false,
      context: { reason: "A tool call needs what was granted to the user." },
    });
  });
});

describe("several evaluations (AuthZEN §7)", () => {
  const resource = (id: string): object => ({ resource: { type: "resource", id } });
  const three = [resource("phi_clinical_rag"), resource("phi_x"), resource("knowledge_base_query")];
  const defaults = async (): Promise<object> => ({
    subject,
    action: use,
    context: { token: await granted() },
  });

  it.each([
    [undefined, [true, false, true]],
    ["execute_all", [true, false, true]],
    ["deny_on_first_deny", [true, false]],
    ["permit_on_first_permit", [true]],
  ])("are answered in their order, with %s", async (semantic, decisions) => {
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    const said = await evaluations({ ...(await defaults()), ...options, evaluations: three });
    expect(said.map(({ decision }) => decision)).toEqual(decisions);
    expect(point.records).toHaveLength(decisions.length);
  });

  it("may each say what is otherwise the same for all", async () => {
    const said = await evaluations({
      ...(await defaults()),
      ...rag,
      evaluations: [
        { ...resource("phi_clinical_rag"), subject: { type: "user", id: "bert" } },
        { ...resource("phi_clinical_rag"), context: { token: "x" } },
        { ...resource("phi_clinical_rag"), context: {} },
        resource("phi_clinical_rag"),
      ],
    });
    expect(said.map(({ decision }) => decision)).toEqual([false, false, false, true]);
  });

  it("say what is wrong with one in its own place", async () => {
    const said = await evaluations({ ...(await defaults()), evaluations: [{}, ...three] });
    expect(said[0]).toEqual({
      decision: false,
      context: { error: { status: 400, message: expect.stringContaining("resource") as string } },
    });
    expect(said.slice(1).map(({ decision }) => decision)).toEqual([true, false, true]);
  });

  it.each([[{}], [{ evaluations: [] }]])("are one, if there is no list: %j", async (list) => {
    const body = { ...(await defaults()), resource: rag, ...list };
    const response = await point.post("agent-tools", "/access/v1/evaluations", body);
    expect(await response.json()).toMatchObject({ decision: true });
  });

  it("are refused when there are too many, or when nobody knows how to end them", async () => {
    for (const changes of [
      { evaluations: Array.from({ length: 257 }, () => three[0]) },
      { evaluations: three, options: { evaluations_semantic: "permit_all" } },
      { evaluations: "all" },
    ]) {
      const body = { ...(await defaults()), ...changes };
      expect((await point.post("agent-tools", "/access/v1/evaluations", body)).status).toBe(400);
    }
  });
});

describe("the interface by HTTP", () => {
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${String(point.port)}${path}`);

  it("says where what is (AuthZEN §9)", async () => {
    const response = await get("/.well-known/authzen-configuration");
    expect(response.status).toBe(200);
    const origin = "https://decision-point.processing.ai.hospital.example";
    expect(await response.json()).toEqual({
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
    });
  });

  it("gives a request's number back (AuthZEN §10.1.4)", async () => {
    for (const number of ["bfe9eb29-ab87-4ca3-be83-a1d5d8305716", "any words, also these"]) {
      const headers = { "x-request-id": number };
      const response = await point.post("agent-tools", "/access/v1/evaluation", {}, headers);
      expect(response.headers.get("x-request-id")).toBe(number);
    }
  });

  it("records a request under its number, or under a new one where it could be a person's", async () => {
    const number = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    const body = { subject, action: use, resource: rag };
    for (const given of [number, "patient-4711", "00412345"]) {
      await point.post("rag-service", "/access/v1/evaluation", body, { "x-request-id": given });
    }
    expect(point.records.map(({ requestId }) => requestId)).toEqual([
      number,
      expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    ]);
  });

  it.each([
    ["nobody", {}],
    ["somebody else", { "x-forwarded-client-cert": "URI=spiffe://evil.example/workload/agent-tools" }],
  ])("answers %s with 401", async (_who, headers) => {
    const response = await fetch(`http://127.0.0.1:${String(point.port)}/access/v1/evaluation`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: "{}",
    });
    expect(response.status).toBe(401);
  });

  it("refuses other methods, other media, other paths and what is too long", async () => {
    expect((await get("/access/v1/evaluation")).status).toBe(405);
    expect((await get("/access/v1/search/subject")).status).toBe(404);
    const text = { "content-type": "text/plain" };
    expect((await point.post("agent-tools", "/access/v1/evaluation", {}, text)).status).toBe(415);
    const long = JSON.stringify({ subject, filler: "x".repeat(1_100_000) });
    const refused = await point.post("agent-tools", "/access/v1/evaluation", long).then(
      ({ status }) => status,
      () => 413,
    );
    expect(refused).toBe(413);
  });

  it("is well while its certificate is, and not after that", async () => {
    expect((await get("/healthz")).status).toBe(200);
    await point.stop();
    point = await TestDecisionPoint.start(
      document,
      { ...credential, notAfter: new Date(Date.now() - 1) },
      { engine },
    );
    expect((await get("/healthz")).status).toBe(503);
  });

  it("is ill when policies cannot be evaluated, or what is granted cannot be signed", async () => {
    const fail = (): never => {
      throw new Error("unreachable");
    };
    for (const [certificate, parts, illness] of [
      [credential, { engine: { decide: fail, decideToolCall: fail } }, "Policies cannot be evaluated."],
      [
        { ...credential, privateKey: "no key" },
        { engine },
        "Nothing can be signed with the key of the certificate.",
      ],
    ] as const) {
      await point.stop();
      point = await TestDecisionPoint.start(document, certificate, parts);
      const ill = await get("/healthz");
      expect([ill.status, await ill.json()]).toEqual([503, illness]);
    }
  });

  it("says no when the decision cannot be written down", async () => {
    await point.stop();
    const append = (): never => {
      throw new AuditUnavailable("the disk is full");
    };
    point = await TestDecisionPoint.start(document, credential, { engine, trail: { append } });
    const body = { subject, action: use, resource: rag, context: { token: await granted() } };
    expect(await evaluation("rag-service", body)).toMatchObject({
      decision: false,
      context: { trustLevel: "NONE", reason: "The record of the decision could not be written." },
    });
  });

  it("is ill for as long as decisions cannot be written down", async () => {
    await point.stop();
    let isFull = true;
    const append = (): void => {
      if (isFull) {
        throw new AuditUnavailable("the disk is full");
      }
    };
    point = await TestDecisionPoint.start(document, credential, { engine, trail: { append } });
    const body = { subject, action: use, resource: rag };
    await evaluation("rag-service", body);
    const ill = await get("/healthz");
    expect([ill.status, await ill.json()]).toEqual([503, "Records cannot be written."]);
    isFull = false;
    await evaluation("rag-service", body);
    expect((await get("/healthz")).status).toBe(200);
  });

  it("takes requests whose first bytes come one by one", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(point.port, "127.0.0.1");
      socket.setNoDelay(true);
      socket.on("error", reject);
      socket.on("data", (data: Buffer) => {
        text += data.toString();
      });
      socket.on("close", () => {
        resolve(text);
      });
      const request = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      const next = (place: number): void => {
        if (place < request.length) {
          socket.write(request.charAt(place), () => setImmediate(next, place + 1));
        }
      };
      next(0);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});
