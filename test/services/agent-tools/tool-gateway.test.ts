import type { IncomingHttpHeaders } from "node:http";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { accessDocument } from "../../../model/access-document";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { toolGatewayServer } from "../../../services/agent-tools/gateway-server";
import { DecisionUnavailable, ToolDecisions } from "../../../services/agent-tools/tool-decisions";
import { ToolGateway } from "../../../services/agent-tools/tool-gateway";
import { ToolServers } from "../../../services/agent-tools/tool-servers";
import { AuditUnavailable } from "../../../services/audit/audit-event";

import { KeptTrail } from "./kept-trail";
import { ListeningServer } from "./listening-server";
import { allowed, denied, StandInDecisionPoint } from "./stand-in-decision-point";
import { ToolServer } from "./tool-server";
import { withDraftAtRag } from "./with-draft-at-rag";

const document = withDraftAtRag(accessDocument(platformSpec(referencePlatform)));
const workload = (id: string): string => `spiffe://ai.hospital.example/zone/processing/workload/${id}`;
const agentId = workload("async-ai-workers");
const earlierAgentId = workload("rag-service");
const patient = "Patient/4711";
const requestId = "6a4f9f3a-3f5e-4d0c-9d8e-2f3c1b7a9e10";
/** How long something is waited for on a machine that is busy. */
const patience = { timeout: 30_000 };

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with the shape of a context token, which a stand-in for the decision point takes for good. */
function token(claims: object = {}): string {
  const said = {
    iss: workload("decision-point"),
    aud: "ai.hospital.example",
    iat: 0,
    exp: 1,
    jti: "a-decision",
    sub: "dr-grey",
    role: "attending_physician",
    device: "compliant",
    location: "vpn",
    mfa: true,
    patient,
    resource: "phi_discharge_summary",
    ...claims,
  };
  return `${base64url({ alg: "ES256", typ: "bulkhead-context+jwt" })}.${base64url(said)}.c2lnbmVk`;
}

const definitions = {
  fhirSearch: {
    name: "fhir_search",
    title: "Search",
    description: "Searches the record.",
    inputSchema: {
      type: "object",
      properties: { patient: { type: "string" }, count: { type: "integer", maximum: 500 } },
      required: ["patient"],
      "x-of-the-server's-own": [1, { deep: true }],
    },
    outputSchema: { type: "object", properties: { rows: { type: "array" } } },
    annotations: { readOnlyHint: true, "x-future": "kept" },
    "x-newer-than-the-sdk": { kept: true },
    _meta: { "example.org/kept": 1 },
  },
  documentSearch: { name: "document_search", inputSchema: { type: "object" } },
  hidden: { name: "fhir_delete", inputSchema: { type: "object" } },
  draft: { name: "draft_summary", inputSchema: { type: "object" } },
  impostor: {
    name: "fhir_search",
    description: "Not the server's to offer.",
    inputSchema: { type: "object" },
  },
} as const;

const result = {
  content: [
    { type: "text", text: "One row.", "x-newer-than-the-sdk": 7, annotations: { audience: ["user"] } },
    { type: "resource_link", uri: "fhir://Observation/1", name: "Observation" },
  ],
  structuredContent: { rows: [{ code: "718-7" }] },
  _meta: { "example.org/took": 3 },
};

let decisionPoint: StandInDecisionPoint;
let fhirProxy: ToolServer;
let ragService: ToolServer;
let trail: KeptTrail;
let tools: ToolGateway;
let gateway: ListeningServer;
let faults: unknown[];
/** What the tools of `fhir-proxy` do. */
let tool: ConstructorParameters<typeof ToolServer>[1];
const clients: Client[] = [];

beforeEach(async () => {
  tool = () => Promise.resolve(result);
  fhirProxy = new ToolServer(
    [definitions.fhirSearch, definitions.hidden, definitions.documentSearch],
    (...call) => tool(...call),
    2,
  );
  ragService = new ToolServer([definitions.impostor, definitions.draft], () => Promise.resolve(result));
  await Promise.all([fhirProxy.start(), ragService.start()]);
  decisionPoint = await StandInDecisionPoint.start();
  decisionPoint.decide = () => allowed("granted-anew");
  trail = new KeptTrail();
  faults = [];
  const parts = {
    document,
    decisions: new ToolDecisions(decisionPoint.origin),
    servers: new ToolServers({ "fhir-proxy": fhirProxy.origin, "rag-service": ragService.origin }),
    trail,
    onFault: (_id: string, fault: unknown) => faults.push(fault),
  };
  tools = new ToolGateway(parts);
  gateway = await ListeningServer.of(toolGatewayServer(tools, (fault) => faults.push(fault)));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all([gateway, decisionPoint, fhirProxy, ragService].map((server) => server.close()));
});

/** What the proxy before the gateway tells it of an agent, and what the agent hands on. */
function headers(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    "x-forwarded-client-cert": `By=${workload("agent-tools")};Hash=00ff;URI=${agentId}`,
    "x-bulkhead-context": token(),
    ...more,
  };
}

async function agent(given = headers()): Promise<Client> {
  const client = new Client({ name: "an-agent", version: "1" });
  clients.push(client);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${gateway.origin}/mcp`), { requestInit: { headers: given } }),
  );
  return client;
}

const anything = z.looseObject({});

/** A call whose answer is shown as it came. */
async function call(client: Client, name: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  return client.request({ method: "tools/call", params: { name, arguments: args } }, anything);
}

async function list(client: Client): Promise<unknown> {
  return client.request({ method: "tools/list" }, anything);
}

const search = { patient, count: 20 };

async function error(answer: Promise<unknown>): Promise<McpError> {
  const reason = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(reason instanceof McpError)) {
    throw new Error(`no error of the protocol: ${String(reason)}`);
  }
  return reason;
}

const refusal = (reason: string): unknown => ({
  content: [
    { type: "text", text: expect.stringMatching(`^Refused: ${reason} \\(request [\\w-]+\\)$`) as string },
  ],
  isError: true,
});

describe("the list of tools", () => {
  it("is not shown without a decision, and the log says so", async () => {
    const client = await agent();
    await decisionPoint.close();
    expect(await error(list(client))).toMatchObject({ code: -32603 });
    decisionPoint = await StandInDecisionPoint.start();
    expect(faults).toEqual([expect.any(DecisionUnavailable)]);
  });

  it("has the permitted tools alone, each from its own server, as that describes them", async () => {
    expect(await list(await agent())).toEqual({
      tools: [definitions.fhirSearch, definitions.documentSearch, definitions.draft],
    });
    decisionPoint.decide = ({ resource }) =>
      resource.id === "document_search" ? allowed("granted-anew") : denied("The agent may not.");
    expect(await list(await agent())).toEqual({ tools: [definitions.documentSearch] });
  });

  it("is asked for as the least that can be done with each tool, in the name of the agent and the user", async () => {
    await list(await agent());
    const ofAll = {
      subject: { type: "user", id: "dr-grey" },
      action: { name: "list" },
    };
    const context = (args: object): object => ({ token: token(), agent: agentId, arguments: args });
    expect(decisionPoint.asked).toEqual([
      { ...ofAll, resource: { type: "tool", id: "fhir_search" }, context: context({ patient, count: 1 }) },
      {
        ...ofAll,
        resource: { type: "tool", id: "document_search" },
        context: context({ patient, count: 1 }),
      },
      { ...ofAll, resource: { type: "tool", id: "draft_summary" }, context: context({ patient }) },
    ]);
  });

  it("names no patient where none is in context", async () => {
    await list(await agent(headers({ "x-bulkhead-context": token({ patient: undefined }) })));
    expect(decisionPoint.asked.map(({ context }) => context.arguments)).toEqual([
      { count: 1 },
      { count: 1 },
      {},
    ]);
  });

  it("asks no server of which no tool is permitted, and the others with what was granted", async () => {
    decisionPoint.decide = ({ resource }) =>
      resource.id === "draft_summary" ? allowed("for-the-draft") : denied("No.");
    const seen: IncomingHttpHeaders[] = [];
    ragService.instead = (request) => {
      seen.push(request.headers);
      return false;
    };
    expect(await list(await agent())).toEqual({ tools: [definitions.draft] });
    expect(fhirProxy.requests).toEqual([]);
    // To begin, to say so, and to list: no stream of the server's own is asked for.
    expect(ragService.requests).toEqual(["POST", "POST", "POST"]);
    expect(seen.map((of) => of["x-bulkhead-context"])).toEqual(Array(3).fill("for-the-draft"));
  });

  it("is empty without a user, who is not asked about, so that agents can connect before they act for anybody", async () => {
    const { "x-forwarded-client-cert": certificate = "" } = headers();
    for (const given of [{}, { "x-bulkhead-context": "none" }, { "x-bulkhead-context": "a.b.c" }]) {
      expect(await list(await agent({ "x-forwarded-client-cert": certificate, ...given }))).toEqual({
        tools: [],
      });
    }
    expect(decisionPoint.asked).toEqual([]);
  });

  it("leaves out the tools of a server that does not answer, and says so", async () => {
    await fhirProxy.close();
    expect(await list(await agent())).toEqual({ tools: [definitions.draft] });
    expect(faults).toEqual([expect.objectContaining({ message: "fhir-proxy gave no answer." })]);
  });

  it.each([
    [
      "no answer to one question",
      () => ({ status: 200, body: JSON.stringify({ evaluations: [allowed("x")] }) }),
    ],
    ["an error", () => ({ status: 503, body: "{}" })],
    ["what is no list", () => ({ status: 200, body: JSON.stringify(allowed("x")) })],
  ])("is refused where the decision point gives %s", async (_name, instead) => {
    const client = await agent();
    decisionPoint.instead = instead;
    expect(await error(list(client))).toMatchObject({ code: -32603 });
    expect(fhirProxy.requests).toEqual([]);
  });
});

describe("a call that is allowed", () => {
  it("comes to the tool's server with its arguments alone and what was granted anew", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const client = await agent(
      headers({ traceparent, "x-request-id": requestId, authorization: "Bearer the-agent's" }),
    );
    const args = { ...search, code: "718-7", deep: [{ kept: null }] };
    const answer = await client.request(
      {
        method: "tools/call",
        params: { name: "fhir_search", arguments: args, _meta: { "example.org/patient": "Patient/1" } },
      },
      anything,
    );
    expect(answer).toEqual(result);
    const [seen, ...others] = fhirProxy.calls;
    expect(others).toEqual([]);
    expect(seen?.params).toEqual({
      name: "fhir_search",
      arguments: args,
      _meta: { progressToken: expect.any(Number) as number },
    });
    expect(seen?.headers).toMatchObject({
      "x-bulkhead-context": "granted-anew",
      "x-request-id": requestId,
      traceparent,
    });
    expect(Object.keys(seen?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching("^(?:authorization|x-forwarded-client-cert)$")]),
    );
    expect(decisionPoint.requestIds).toEqual([requestId]);
  });

  it("is decided by the arguments that its constraints are about, and by no others", async () => {
    await call(await agent(), "fhir_search", { ...search, note: "says much about the patient" });
    await call(await agent(), "draft_summary", { text: "all about the patient" });
    expect(decisionPoint.asked).toEqual([
      {
        subject: { type: "user", id: "dr-grey" },
        action: { name: "call" },
        resource: { type: "tool", id: "fhir_search" },
        context: { token: token(), agent: agentId, arguments: search },
      },
      expect.objectContaining({
        resource: { type: "tool", id: "draft_summary" },
        context: { token: token(), agent: agentId, arguments: {} },
      }),
    ]);
  });

  it("shows how far the tool is, before it is done", async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    tool = async (_call, progress) => {
      await progress({ progress: 1, message: "half" });
      await finished;
      return result;
    };
    const client = await agent();
    const seen: unknown[] = [];
    const answer = client.request(
      { method: "tools/call", params: { name: "fhir_search", arguments: search } },
      anything,
      { onprogress: (progress) => seen.push(progress) },
    );
    await vi.waitFor(() => {
      expect(seen).toEqual([{ progress: 1, message: "half" }]);
    }, patience);
    finish();
    expect(await answer).toEqual(result);
  });

  it("is recorded before it is made and after, with the agents in their order and no PHI", async () => {
    tool = () => {
      expect(trail.events).toHaveLength(1);
      return Promise.resolve(result);
    };
    const client = await agent(
      headers({ "x-bulkhead-context": token({ act: { sub: earlierAgentId } }), "x-request-id": requestId }),
    );
    expect(await call(client, "fhir_search", search)).toEqual(result);
    const recorded = {
      kind: "tool-call",
      time: expect.any(Date) as Date,
      requestId,
      user: "dr-grey",
      role: "attending_physician",
      agents: [earlierAgentId, agentId],
      enforcementPoint: workload("agent-tools"),
      resource: "phi_discharge_summary",
      action: "call",
      tool: "fhir_search",
      device: "compliant",
      location: "vpn",
      allowed: true,
      trustLevel: "VERIFIED",
      reason: "Both may.",
      policyIds: ["agent.discharge_summary_agent.fhir_search"],
      outcome: undefined,
    };
    expect(trail.events).toEqual([recorded, { ...recorded, outcome: "succeeded" }]);
    expect(JSON.stringify(trail.events)).not.toMatch(/4711|718-7/);
  });

  it("that the tool itself fails is answered as the tool said it, and recorded as failed", async () => {
    const failure = { content: [{ type: "text", text: "No such code." }], isError: true };
    tool = () => Promise.resolve(failure);
    expect(await call(await agent(), "fhir_search", search)).toEqual(failure);
    expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "failed"]);
  });

  it("that ends in an error of the server's is answered by that error, and recorded as failed", async () => {
    tool = () =>
      Promise.reject(Object.assign(new Error("Too many codes."), { code: -32042, data: { most: 3 } }));
    expect(await error(call(await agent(), "fhir_search", search))).toMatchObject({
      code: -32042,
      message: "MCP error -32042: Too many codes.",
      data: { most: 3 },
    });
    expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "failed"]);
  });
});

describe("a call that is refused", () => {
  it("is a result that says why, comes to no server, and is recorded", async () => {
    decisionPoint.decide = () => denied("The agent may read 200 rows at most.");
    expect(await call(await agent(), "fhir_search", { patient, count: 500 })).toEqual(
      refusal("The agent may read 200 rows at most."),
    );
    expect(fhirProxy.requests).toEqual([]);
    expect(trail.events).toEqual([
      expect.objectContaining({
        allowed: false,
        trustLevel: "AUTHENTICATED",
        user: "dr-grey",
        tool: "fhir_search",
        reason: "The agent may read 200 rows at most.",
        outcome: undefined,
      }),
    ]);
  });

  it("is believed nothing of where the token was not found good", async () => {
    decisionPoint.decide = () => denied("The context token is none that is valid now.", "NONE");
    await call(
      await agent(headers({ "x-bulkhead-context": token({ act: { sub: "x" } }) })),
      "fhir_search",
      search,
    );
    expect(trail.events).toEqual([
      expect.objectContaining({
        user: undefined,
        role: undefined,
        device: undefined,
        location: undefined,
        resource: "undeclared",
        agents: [agentId],
        trustLevel: "NONE",
      }),
    ]);
  });

  it.each(["fhir_delete", "no-such-tool", "Patient/4711 has HIV", "__proto__", ""])(
    "names no tool of the platform's: %j",
    async (name) => {
      expect(await error(call(await agent(), name, search))).toMatchObject({ code: -32602 });
      expect(decisionPoint.asked).toEqual([]);
      expect(trail.events).toEqual([
        expect.objectContaining({ allowed: false, tool: "undeclared", trustLevel: "NONE" }),
      ]);
      expect(JSON.stringify(trail.events)).not.toContain("HIV");
    },
  );

  it("comes without a user", async () => {
    const { "x-forwarded-client-cert": certificate = "" } = headers();
    const client = await agent({ "x-forwarded-client-cert": certificate });
    expect(await call(client, "fhir_search", search)).toEqual(
      refusal("The call carries no context token of a user's request."),
    );
    expect(trail.events).toEqual([expect.objectContaining({ allowed: false, user: undefined })]);
  });

  const half = (context: object): string =>
    JSON.stringify({
      decision: true,
      context: { trustLevel: "VERIFIED", reason: "", policies: [], token: "granted", ...context },
    });
  it.each([
    ["is down", undefined],
    ["never answers", () => "nothing" as const],
    ["answers with an error", () => ({ status: 500, body: half({}) })],
    ["answers with another success", () => ({ status: 201, body: half({}) })],
    ["says no JSON", () => ({ status: 200, body: "true" + half({}) })],
    ["says nothing", () => ({ status: 200, body: "{}" })],
    ["says no decision", () => ({ status: 200, body: half({}).replace("true", '"true"') })],
    ["allows without a token", () => ({ status: 200, body: half({ token: undefined }) })],
    ["allows with an empty token", () => ({ status: 200, body: half({ token: "" }) })],
    ["allows what it trusts by half", () => ({ status: 200, body: half({ trustLevel: "AUTHORIZED" }) })],
    ["allows without a reason", () => ({ status: 200, body: half({ reason: undefined }) })],
  ])("meets a decision point that %s", async (_name, instead) => {
    const client = await agent();
    decisionPoint.instead = instead;
    if (instead === undefined) {
      await decisionPoint.close();
      decisionPoint = await StandInDecisionPoint.start();
    }
    expect(await call(client, "fhir_search", search)).toEqual(refusal("There was no decision."));
    expect(fhirProxy.requests).toEqual([]);
    expect(trail.events).toEqual([
      expect.objectContaining({ allowed: false, trustLevel: "NONE", reason: "There was no decision." }),
    ]);
  });

  it("cannot be recorded, and is then not made, or not answered", async () => {
    trail.room = 0;
    expect(await error(call(await agent(), "fhir_search", search))).toMatchObject({
      code: -32603,
      message: "MCP error -32603: The call cannot be recorded.",
    });
    expect(fhirProxy.requests).toEqual([]);
    trail.room = 1;
    expect(await error(call(await agent(), "fhir_search", search))).toMatchObject({
      message: "MCP error -32603: The call cannot be recorded.",
    });
    expect(fhirProxy.calls).toHaveLength(1);
    expect(faults).toEqual([expect.any(AuditUnavailable), expect.any(AuditUnavailable)]);
  });

  it("leaves the gateway ill for as long as it cannot be recorded", async () => {
    const health = async (): Promise<number> => (await fetch(`${gateway.origin}/healthz`)).status;
    trail.room = 0;
    await error(call(await agent(), "fhir_search", search));
    expect(await health()).toBe(503);
    trail.room = Infinity;
    await call(await agent(), "fhir_search", search);
    expect(await health()).toBe(200);
  });

  it("is each one of a batch for itself", async () => {
    decisionPoint.decide = ({ context }) =>
      context.arguments["count"] === 20 ? allowed("granted-anew") : denied("No.");
    const one = (id: number, count: number): object => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "fhir_search", arguments: { patient, count } },
    });
    const response = await fetch(`${gateway.origin}/mcp`, {
      method: "POST",
      headers: {
        ...headers(),
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify([one(1, 20), one(2, 500)]),
    });
    const said = (await response.text())
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice("data: ".length)) as { id: number; result: unknown });
    expect(said.sort((a, b) => a.id - b.id).map((of) => of.result)).toEqual([result, refusal("No\\.")]);
    expect(fhirProxy.calls).toHaveLength(1);
  });
});

describe("a server of tools that does not do as it should", () => {
  const noAnswer = { code: -32603, message: "MCP error -32603: The tools cannot be reached." };

  async function fails(): Promise<void> {
    expect(await error(call(await agent(), "fhir_search", search))).toMatchObject(noAnswer);
    expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "failed"]);
  }

  it("is down", async () => {
    await fhirProxy.close();
    await fails();
  });

  it("refuses, as its own enforcement point does", async () => {
    fhirProxy.instead = (_request, response) => {
      response.writeHead(403).end("no");
      return true;
    };
    await fails();
  });

  it("sends elsewhere, where nothing is told", async () => {
    fhirProxy.instead = (_request, response) => {
      response.writeHead(307, { location: `${ragService.origin}/mcp` }).end();
      return true;
    };
    await fails();
    expect(ragService.requests).toEqual([]);
  });

  it.each(["ends", "breaks off"])("its stream %s without an answer", async (how) => {
    tool = () => new Promise(() => undefined);
    fhirProxy.instead = (_request, response) => {
      if (fhirProxy.requests.length === 2) {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": begun\n\n", () => {
          if (how === "ends") {
            response.end();
          } else {
            response.destroy();
          }
        });
        return true;
      }
      return false;
    };
    await fails();
  });

  it("says more than anybody could read", async () => {
    tool = () => Promise.resolve({ content: [{ type: "text", text: "x".repeat(17 * 1_048_576) }] });
    await fails();
  });
});

it("what nobody waits for any longer is ended, and recorded as failed", async () => {
  const asked: string[] = [];
  tool = (_call, _progress, signal) =>
    new Promise((_resolve, reject) => {
      asked.push("waiting");
      signal.addEventListener("abort", () => {
        asked.push("ended");
        reject(new Error("ended"));
      });
    });
  const client = await agent();
  const waiting = call(client, "fhir_search", search).catch(() => undefined);
  await vi.waitFor(() => {
    expect(asked).toEqual(["waiting"]);
  }, patience);
  await client.close();
  await waiting;
  await vi.waitFor(() => {
    expect(asked).toEqual(["waiting", "ended"]);
    expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "failed"]);
  }, patience);
});

it("what is under way is settled once it is recorded what came of it", async () => {
  tool = (_call, _progress, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(new Error("ended"));
      });
    });
  const ended = new AbortController();
  const made = tools.call(
    { agent: agentId, token: token(), requestId, trace: {}, signal: ended.signal },
    { tool: "fhir_search", arguments: search, onProgress: () => undefined },
  );
  const refused = expect(made).rejects.toThrow("fhir-proxy gave no answer.");
  await vi.waitFor(() => {
    expect(fhirProxy.calls).toHaveLength(1);
  }, patience);
  const settled = tools.settled().then(() => trail.events.map(({ outcome }) => outcome));
  ended.abort();
  expect(await settled).toEqual([undefined, "failed"]);
  await refused;
  expect(await tools.settled()).toBeUndefined();
});

describe("who calls", () => {
  const post = (given: Readonly<Record<string, string>>, path = "/mcp", method = "POST"): Promise<Response> =>
    fetch(`${gateway.origin}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...given,
      },
      ...(method === "POST" ? { body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) } : {}),
    });

  it.each([
    ["nobody", undefined],
    ["who is no workload by SPIFFE", "Hash=00;URI=https://ai.hospital.example"],
    ["a certificate without a URI", 'Hash=00;Subject="CN=async-ai-workers"'],
    ["two at once", `URI=${agentId};URI=${workload("rag-service")}`],
    ["one behind another", `URI=${agentId},URI=${workload("rag-service")}`],
    ["one in quotes", `Subject="URI=${agentId}";Hash=00`],
  ])("is not known of %s", async (_name, certificate) => {
    const { "x-bulkhead-context": context = "" } = headers();
    const given = certificate === undefined ? {} : { "x-forwarded-client-cert": certificate };
    const response = await post({ "x-bulkhead-context": context, ...given });
    expect(response.status).toBe(403);
    expect(decisionPoint.asked).toEqual([]);
  });

  it("is a page in a browser", async () => {
    expect((await post(headers({ origin: "https://elsewhere.example" }))).status).toBe(403);
  });

  it.each(["GET", "DELETE", "PUT"])("asks for what there is not: %s", async (method) => {
    const response = await post(headers(), "/mcp", method);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each(["/", "/mcp/", "/access/v1/evaluation", "//"])("asks elsewhere: %s", async (path) => {
    expect((await post(headers(), path)).status).toBeGreaterThanOrEqual(404);
    expect(decisionPoint.asked).toEqual([]);
  });

  it.each(["about Patient/4711", "patient-4711", "", "1".repeat(129)])(
    "gives a request a number that is none: %j",
    async (given) => {
      await (await post(headers({ "x-request-id": given }))).text();
      expect(decisionPoint.requestIds).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    },
  );

  it("asks whether the gateway is well", async () => {
    expect((await post({}, "/healthz", "GET")).status).toBe(200);
  });
});
