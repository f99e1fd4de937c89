import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

import { programPort, upstreamsOf } from "../../components/mesh/ports";
import { accessDocument } from "../../model/access-document";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { WorkloadCredential } from "../../model/workload-credential";
import { toolGatewayServer } from "../../services/agent-tools/gateway-server";
import { ToolDecisions } from "../../services/agent-tools/tool-decisions";
import { ToolGateway } from "../../services/agent-tools/tool-gateway";
import { ToolServers } from "../../services/agent-tools/tool-servers";
import { verifiedCredential } from "../../services/credentials/verified-credential";
import { ContextTokens } from "../../services/decision-point/context-tokens";
import { DecisionEngine } from "../../services/decision-point/decision-engine";
import { runDecisionPoint } from "../../services/decision-point/running-decision-point";
import { grantedToPhysician } from "../services/agent-tools/granted-to-physician";
import { KeptTrail } from "../services/agent-tools/kept-trail";
import { ListeningServer, type ListeningPlace } from "../services/agent-tools/listening-server";
import { ToolServer } from "../services/agent-tools/tool-server";

import { RunningEnvoy } from "./running-envoy";
import { TestMesh } from "./test-mesh";
import { testPort, type TestPlace } from "./test-place";

const spec = platformSpec(referencePlatform);
const document = accessDocument(spec);
const patient = "Patient/4711";
/** The agent, and the workloads behind it. */
const ids = ["async-ai-workers", "agent-tools", "decision-point", "fhir-proxy"] as const;

let mesh: TestMesh;
let token: string;
let decisionPoint: { close(): unknown };
const places = new Map<string, TestPlace>();
const cleanUp: (() => unknown)[] = [];
const trail = new KeptTrail();
const decisions = new KeptTrail();
const fhirProxy = new ToolServer(
  ["fhir_search", "document_search", "fhir_delete"].map((name) => ({
    name,
    inputSchema: { type: "object" },
  })),
  async (_call, progress) => {
    await progress({ progress: 1, message: "half" });
    return { content: [{ type: "text", text: "Done." }] };
  },
);

/** Where a workload's program is reached by its proxy. */
function programPlace(id: string): ListeningPlace {
  return { host: mesh.addressOf(mesh.workload(id)), port: programPort };
}

/** Where a workload's program calls another, by its own proxy. */
function upstream(from: string, to: string): string {
  const found = upstreamsOf(spec, mesh.workload(from)).find(({ workload }) => workload.id === to);
  if (found === undefined) {
    throw new Error(`no flow leads from ${from} to ${to}`);
  }
  return `http://${programPlace(from).host}:${String(found.port)}`;
}

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  cleanUp.push(() => mesh.stop());
  for (const id of ids) {
    const workload = mesh.workload(id);
    const address = mesh.addressOf(workload);
    const { place, issued } = mesh.newPlace(workload, address);
    places.set(id, place);
    if (id === "decision-point") {
      const text: WorkloadCredential = {
        spiffeId: workload.spiffeId,
        trustBundle: mesh.authority.root,
        certificates: [{ epoch: 1, certificateChain: issued.chain, privateKey: issued.key }],
      };
      const current = verifiedCredential(JSON.stringify(text), workload.spiffeId, new Date());
      decisionPoint = await runDecisionPoint({
        document,
        engine: DecisionEngine.open(document),
        trail: decisions,
        credential: { current },
        ...programPlace(id),
        onFault: () => undefined,
      });
      token = await new ContextTokens({ current }, spec.trustDomain, workload.spiffeId).sign(
        grantedToPhysician(patient),
        "a-decision",
      );
    }
    const { args } = mesh.command(workload, place, { certificate: "none", addresses: [] });
    const envoy = await RunningEnvoy.start(mesh.program, args, { address, port: testPort });
    cleanUp.push(() => envoy.stop());
  }
  await fhirProxy.start(programPlace("fhir-proxy"));
  const gateway = await ListeningServer.of(
    toolGatewayServer(
      new ToolGateway({
        document,
        decisions: new ToolDecisions(upstream("agent-tools", "decision-point")),
        servers: new ToolServers({ "fhir-proxy": upstream("agent-tools", "fhir-proxy") }),
        trail,
        onFault: () => undefined,
      }),
      () => undefined,
    ),
    programPlace("agent-tools"),
  );
  cleanUp.push(
    () => gateway.close(),
    () => fhirProxy.close(),
    () => decisionPoint.close(),
  );
});

afterEach(() => {
  for (const kept of [trail.events, decisions.events, fhirProxy.calls, fhirProxy.requests]) {
    kept.length = 0;
  }
});

afterAll(async () => {
  for (const end of cleanUp.reverse()) {
    await end();
  }
});

/** A client of the protocol as it is, which the agent points to a peer by its own proxy. */
async function client(peer: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
  const made = new Client({ name: "an-agent", version: "1" });
  await made.connect(
    new StreamableHTTPClientTransport(new URL(`${upstream("async-ai-workers", peer)}/mcp`), {
      requestInit: { headers: { "x-bulkhead-context": token, ...headers } },
    }),
  );
  return made;
}

const search = { name: "fhir_search", arguments: { patient, count: 5 } };

it("an agent sees and calls its tools through the proxies, each of which asks who may", async () => {
  const agent = await client("agent-tools");
  const { tools } = await agent.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["fhir_search", "document_search"]);
  const progress: unknown[] = [];
  const answer = await agent.callTool(search, undefined, { onprogress: (said) => progress.push(said) });
  expect(answer).toEqual({ content: [{ type: "text", text: "Done." }] });
  expect(progress).toEqual([{ progress: 1, message: "half" }]);
  await agent.close();

  const [{ headers }] = fhirProxy.calls as [(typeof fhirProxy.calls)[number]];
  expect(headers["x-forwarded-client-cert"]).toContain(`URI=${document.workloads["agent-tools"] ?? ""}`);
  expect(decodeJwt(String(headers["x-bulkhead-context"]))).toMatchObject({
    sub: "dr-grey",
    act: { sub: document.workloads["async-ai-workers"] },
  });
  expect(trail.events.map(({ outcome }) => outcome)).toEqual([undefined, "succeeded"]);
  const asked = decisions.events.map(({ enforcementPoint, action, allowed, agents }) => ({
    enforcementPoint,
    action,
    allowed,
    agents,
  }));
  const acting = [document.workloads["async-ai-workers"]];
  expect(asked).toContainEqual({
    enforcementPoint: document.workloads["agent-tools"],
    action: "call",
    allowed: true,
    agents: acting,
  });
  // To begin, to say so, and to list or to call.
  expect(
    asked.filter(({ enforcementPoint }) => enforcementPoint === document.workloads["fhir-proxy"]),
  ).toEqual(
    Array(6).fill({
      enforcementPoint: document.workloads["fhir-proxy"],
      action: "call",
      allowed: true,
      agents: acting,
    }),
  );
});

it("an agent is who its certificate says, whatever it says itself", async () => {
  const agent = await client("agent-tools", {
    "x-forwarded-client-cert": `Hash=00;URI=${document.workloads["rag-service"] ?? ""}`,
  });
  await agent.callTool(search);
  await agent.close();
  expect(trail.events.map(({ agents }) => agents)).toEqual(
    Array(2).fill([document.workloads["async-ai-workers"]]),
  );
});

it("an agent calls no tool around the gateway, though it may call the workload", async () => {
  await expect(client("fhir-proxy")).rejects.toMatchObject({ code: 403 });
  expect(fhirProxy.requests).toEqual([]);
  expect(decisions.events).toEqual([
    expect.objectContaining({
      allowed: false,
      enforcementPoint: document.workloads["fhir-proxy"],
      reason: "Tools are called through the gateway of tools alone.",
    }),
  ]);
});

it("an agent does nothing while nobody decides", async () => {
  const agent = await client("agent-tools");
  await decisionPoint.close();
  await expect(agent.listTools()).rejects.toThrow("The tools cannot be reached.");
  expect(await agent.callTool(search)).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^Refused: There was no decision\./) as string }],
  });
  expect(fhirProxy.requests).toEqual([]);
  expect(trail.events).toEqual([expect.objectContaining({ allowed: false, trustLevel: "NONE" })]);
  await agent.close();
});
