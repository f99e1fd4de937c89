import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { accessDocument, type AccessDocument } from "../../../model/access-document";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import type { WorkloadCredential } from "../../../model/workload-credential";
import { toolGatewayServer } from "../../../services/agent-tools/gateway-server";
import { ToolDecisions } from "../../../services/agent-tools/tool-decisions";
import { ToolGateway } from "../../../services/agent-tools/tool-gateway";
import { ToolServers } from "../../../services/agent-tools/tool-servers";
import {
  verifiedCredential,
  type VerifiedCredential,
} from "../../../services/credentials/verified-credential";
import { ContextTokens } from "../../../services/decision-point/context-tokens";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";
import { runDecisionPoint } from "../../../services/decision-point/running-decision-point";
import { TestAuthority } from "../test-authority";

import { grantedToPhysician } from "./granted-to-physician";
import { KeptTrail } from "./kept-trail";
import { ListeningServer } from "./listening-server";
import { peerOf } from "./peer-of";
import { ToolServer } from "./tool-server";
import { withDraftAtRag } from "./with-draft-at-rag";

const agents = { discharge: "async-ai-workers", medication: "rag-service" } as const;
const patient = "Patient/4711";

let document: AccessDocument;
let clinicianKey: CryptoKey;
let credential: VerifiedCredential;
/** The same authority's certificate of another workload. */
let anothers: VerifiedCredential;
let gateway: ListeningServer;
let entrance: ListeningServer;
let fhirProxy: ToolServer;
let ragService: ToolServer;
const trail = new KeptTrail();
const decisions = new KeptTrail();
const cleanUp: (() => unknown)[] = [];
const clients: Client[] = [];

async function credentialOf(authority: TestAuthority, spiffeId: string): Promise<VerifiedCredential> {
  const { chain, key } = await authority.issue(spiffeId);
  const text: WorkloadCredential = {
    spiffeId,
    trustBundle: authority.bundle,
    certificates: [{ epoch: 1, certificateChain: chain, privateKey: key }],
  };
  return verifiedCredential(JSON.stringify(text), spiffeId, new Date());
}

const id = (workload: string): string => document.workloads[workload] ?? "";

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  clinicianKey = privateKey;
  const { x = "", y = "" } = await exportJWK(publicKey);
  const { access } = referencePlatform;
  if (access.identityProvider === undefined) {
    throw new Error("the reference platform has no identity provider");
  }
  const spec = platformSpec({
    ...referencePlatform,
    access: {
      ...access,
      identityProvider: {
        ...access.identityProvider,
        keys: [{ kty: "EC", kid: "test", alg: "ES256", crv: "P-256", x, y }],
      },
    },
  });
  document = withDraftAtRag(accessDocument(spec));

  const authority = await TestAuthority.create();
  credential = await credentialOf(authority, document.decisionPoint);
  anothers = await credentialOf(authority, id("rag-service"));
  const decisionPoint = await runDecisionPoint({
    document,
    engine: DecisionEngine.open(document),
    trail: decisions,
    credential: { current: credential },
    host: "127.0.0.1",
    port: 0,
    onFault: () => undefined,
  });
  cleanUp.push(() => decisionPoint.close());
  const origin = `http://127.0.0.1:${String(decisionPoint.port)}`;
  entrance = await peerOf(id("ai-gateway"), origin);
  const ofGateway = await peerOf(id("agent-tools"), origin);

  const result = { content: [{ type: "text", text: "Done." }] };
  const definition = (name: string): object => ({ name, inputSchema: { type: "object" } });
  fhirProxy = new ToolServer(["fhir_search", "document_search", "fhir_delete"].map(definition), () =>
    Promise.resolve(result),
  );
  ragService = new ToolServer([definition("draft_summary")], () => Promise.resolve(result));
  await Promise.all([fhirProxy.start(), ragService.start()]);
  gateway = await ListeningServer.of(
    toolGatewayServer(
      new ToolGateway({
        document,
        decisions: new ToolDecisions(ofGateway.origin),
        servers: new ToolServers({ "fhir-proxy": fhirProxy.origin, "rag-service": ragService.origin }),
        trail,
        onFault: () => undefined,
      }),
      () => undefined,
    ),
  );
  cleanUp.push(
    ...[entrance, ofGateway, fhirProxy, ragService, gateway].map((server) => () => server.close()),
  );
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const kept of [trail.events, decisions.events, fhirProxy.calls, ragService.calls]) {
    kept.length = 0;
  }
});

afterAll(async () => {
  for (const end of cleanUp.reverse()) {
    await end();
  }
});

/** What a clinician is granted at the entrance, or why nothing is. */
async function granted(role: string, resource: string, mfa = true): Promise<string> {
  const token = await new SignJWT({
    roles: [role],
    device_compliance: "compliant",
    patient,
    ...(mfa ? { amr: ["pwd", "mfa"] } : {}),
  })
    .setProtectedHeader({ alg: "ES256", kid: "test" })
    .setIssuer("https://sign-in.hospital.example")
    .setAudience("bulkhead")
    .setSubject("dr-grey")
    .setIssuedAt()
    .setExpirationTime("5 min")
    .sign(clinicianKey);
  const response = await fetch(`${entrance.origin}/access/v1/evaluation`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      subject: { type: "user", id: "dr-grey" },
      action: { name: "use" },
      resource: { type: "resource", id: resource },
      context: { token, source_address: "198.51.100.7" },
    }),
  });
  const answer = z
    .object({ context: z.object({ token: z.string().optional(), reason: z.string() }) })
    .parse(await response.json());
  return answer.context.token ?? answer.context.reason;
}

async function agent(workload: string, token: string): Promise<Client> {
  const client = new Client({ name: workload, version: "1" });
  clients.push(client);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${gateway.origin}/mcp`), {
      requestInit: {
        headers: { "x-forwarded-client-cert": `Hash=00;URI=${id(workload)}`, "x-bulkhead-context": token },
      },
    }),
  );
  return client;
}

async function listed(workload: string, token: string): Promise<readonly string[]> {
  return (await (await agent(workload, token)).listTools()).tools.map(({ name }) => name).sort();
}

const callResult = z.object({
  content: z.tuple([z.object({ text: z.string() })]),
  isError: z.boolean().default(false),
});

/** What came of a call: that it was made, or why not. */
async function called(
  workload: string,
  token: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { content, isError } = callResult.parse(
    await (await agent(workload, token)).callTool({ name, arguments: args }),
  );
  const [{ text }] = content;
  return isError ? text.replace(/ \(request [\w-]+\)$/, "") : text;
}

const handedOn = (server: ToolServer): string => String(server.calls[0]?.headers["x-bulkhead-context"]);

describe("what an agent is shown", () => {
  const all = ["document_search", "draft_summary", "fhir_search"];
  it.each([
    [agents.discharge, "attending_physician", "phi_discharge_summary", all],
    [agents.discharge, "attending_physician", "knowledge_base_query", []],
    [agents.discharge, "pharmacist", "phi_medication_review", []],
    [agents.discharge, "nurse", "phi_clinical_rag", []],
    [agents.medication, "attending_physician", "phi_medication_review", ["fhir_search"]],
    [agents.medication, "pharmacist", "phi_medication_review", ["fhir_search"]],
    [agents.medication, "nurse", "phi_clinical_rag", []],
    [agents.medication, "administrative", "knowledge_base_query", []],
    ["ai-gateway", "attending_physician", "phi_discharge_summary", []],
    ["embedding-service", "attending_physician", "phi_discharge_summary", []],
  ])("%s, acting for %s with %s", async (workload, role, resource, tools) => {
    expect(await listed(workload, await granted(role, resource))).toEqual(tools);
    expect(decisions.events.filter(({ action }) => action === "list")).toHaveLength(3);
  });

  it("is nothing of what the user may not do himself", async () => {
    expect(await granted("nurse", "phi_discharge_summary")).toBe(
      "Role nurse may not use phi_discharge_summary.",
    );
    expect(await granted("attending_physician", "phi_discharge_summary", false)).toBe(
      "Role attending_physician may use phi_discharge_summary after a second factor.",
    );
  });
});

describe("what an agent may do", () => {
  let token: string;
  beforeAll(async () => {
    token = await granted("attending_physician", "phi_discharge_summary");
  });

  it("is done by the server, which is told who acts for whom", async () => {
    expect(await called(agents.discharge, token, "fhir_search", { patient, count: 200 })).toBe("Done.");
    const claims = decodeJwt(handedOn(fhirProxy));
    expect(claims).toMatchObject({
      iss: document.decisionPoint,
      aud: "ai.hospital.example",
      sub: "dr-grey",
      patient,
      resource: "phi_discharge_summary",
      act: { sub: id(agents.discharge) },
      exp: decodeJwt(token).exp,
    });
    expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "succeeded"]);
    expect(trail.events[0]).toMatchObject({
      user: "dr-grey",
      role: "attending_physician",
      agents: [id(agents.discharge)],
      allowed: true,
      trustLevel: "VERIFIED",
      policyIds: expect.arrayContaining([
        "agent.discharge_summary_agent.fhir_search",
        "role.attending_physician",
      ]) as unknown,
    });
    // One decision and two records of the call have the same number.
    const [recorded] = trail.events;
    expect(
      [...trail.events, ...decisions.events]
        .filter(({ action }) => action === "call")
        .map(({ requestId }) => requestId),
    ).toEqual(Array(3).fill(recorded?.requestId));
  });

  const patientOnly = (tool: string): string =>
    `Refused: discharge_summary_agent may call ${tool} for the patient in context only.`;
  const rowsOnly = (most: number, tool: string): string =>
    `Refused: discharge_summary_agent may ask ${tool} for ${String(most)} rows at most, and has to say how many.`;
  it.each([
    ["fhir_search", { patient: "Patient/1", count: 1 }, patientOnly("fhir_search")],
    ["fhir_search", { count: 1 }, patientOnly("fhir_search")],
    ["fhir_search", { patient: [patient], count: 1 }, patientOnly("fhir_search")],
    ["fhir_search", { patient: "", count: 1 }, patientOnly("fhir_search")],
    ["fhir_search", { Patient: patient, count: 1 }, patientOnly("fhir_search")],
    ["fhir_search", { patient, count: 201 }, rowsOnly(200, "fhir_search")],
    ["fhir_search", { patient }, rowsOnly(200, "fhir_search")],
    ["fhir_search", { patient, count: "1" }, rowsOnly(200, "fhir_search")],
    ["fhir_search", { patient, count: 0 }, rowsOnly(200, "fhir_search")],
    ["fhir_search", { patient, count: -1 }, rowsOnly(200, "fhir_search")],
    ["fhir_search", { patient, count: 1.5 }, rowsOnly(200, "fhir_search")],
    ["document_search", { patient, count: 51 }, rowsOnly(50, "document_search")],
    ["draft_summary", { patient: "Patient/1", text: "x" }, patientOnly("draft_summary")],
  ])("is not %s with %j", async (tool, args, said) => {
    expect(await called(agents.discharge, token, tool, args)).toBe(said);
    expect([...fhirProxy.calls, ...ragService.calls]).toEqual([]);
    expect(trail.events).toEqual([expect.objectContaining({ allowed: false, tool })]);
    expect(JSON.stringify([...trail.events, ...decisions.events])).not.toContain("Patient/");
  });

  it("is not what only another agent may", async () => {
    expect(await called(agents.medication, token, "document_search", { patient, count: 1 })).toBe(
      "Refused: medication_review_agent may not call document_search.",
    );
    expect(await called("embedding-service", token, "fhir_search", { patient, count: 1 })).toBe(
      "Refused: The caller is none of the platform's agents.",
    );
  });
});

describe("an agent that is called by another", () => {
  /** What a tool is handed by the first agent, with which it calls further. */
  async function fromTheFirst(): Promise<string> {
    const token = await granted("attending_physician", "phi_discharge_summary");
    expect(await called(agents.discharge, token, "draft_summary", { patient, text: "x" })).toBe("Done.");
    return handedOn(ragService);
  }

  it("may do what both may, and the server is told of both", async () => {
    const token = await fromTheFirst();
    expect(await listed(agents.medication, token)).toEqual(["fhir_search"]);
    expect(await called(agents.medication, token, "fhir_search", { patient, count: 100 })).toBe("Done.");
    expect(decodeJwt(handedOn(fhirProxy))).toMatchObject({
      act: { sub: id(agents.medication), act: { sub: id(agents.discharge) } },
    });
    expect(trail.events.at(-1)?.agents).toEqual([id(agents.discharge), id(agents.medication)]);
  });

  it("gains nothing by the other, nor the other by it", async () => {
    const token = await fromTheFirst();
    // 200 rows are the first agent's to ask for, and 100 the second's.
    expect(await called(agents.medication, token, "fhir_search", { patient, count: 101 })).toMatch(
      /^Refused: medication_review_agent may ask fhir_search for 100 rows/,
    );
    expect(await called(agents.medication, token, "document_search", { patient, count: 1 })).toBe(
      "Refused: medication_review_agent may not call document_search.",
    );
    // What the second may do for a pharmacist, the first may not.
    const review = await granted("pharmacist", "phi_medication_review");
    expect(await called(agents.medication, review, "fhir_search", { patient, count: 1 })).toBe("Done.");
    expect(await called(agents.discharge, handedOn(fhirProxy), "fhir_search", { patient, count: 1 })).toBe(
      "Refused: discharge_summary_agent does not act for role pharmacist.",
    );
  });
});

describe("a token that is none", () => {
  const signed = (by: VerifiedCredential, said = grantedToPhysician(patient)): Promise<string> =>
    new ContextTokens({ current: by }, "ai.hospital.example", document.decisionPoint).sign(
      said,
      "a-decision",
    );

  async function changed(): Promise<string> {
    const [header = "", payload = "", signature = ""] = (await signed(credential)).split(".");
    const claims = { ...decodeJwt(`${header}.${payload}.`), patient: "Patient/1" };
    return [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
  }

  it("is told from one that is", async () => {
    expect(await listed(agents.discharge, await signed(credential))).toHaveLength(3);
  });

  it.each([
    ["signed by another workload", () => signed(anothers)],
    ["of a time that is over", () => signed(credential, { ...grantedToPhysician(patient), expires: 1000 })],
    ["of another patient", changed],
    ["signed by nobody", async () => (await signed(credential)).replace(/[^.]+$/, "")],
  ])("is %s", async (_name, token) => {
    const forged = await token();
    expect(await listed(agents.discharge, forged)).toEqual([]);
    expect(await called(agents.discharge, forged, "fhir_search", { patient: "Patient/1", count: 1 })).toMatch(
      /^Refused: /,
    );
    expect(fhirProxy.calls).toEqual([]);
    expect(trail.events).toEqual([
      expect.objectContaining({ allowed: false, trustLevel: "NONE", user: undefined, role: undefined }),
    ]);
  });
});
