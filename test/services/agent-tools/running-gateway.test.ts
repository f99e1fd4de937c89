import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { accessDocument } from "../../../model/access-document";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { faultText } from "../../../services/agent-tools/fault-text";
import { gatewaySettings } from "../../../services/agent-tools/gateway-settings";
import { ProtocolError } from "../../../services/agent-tools/protocol-error";
import { ToolServerFailed } from "../../../services/agent-tools/tool-servers";
import { RunningService } from "../running-service";

import { allowed, StandInDecisionPoint } from "./stand-in-decision-point";
import { ToolServer } from "./tool-server";
import { withDraftAtRag } from "./with-draft-at-rag";

const main = "services/agent-tools/main.ts";
const document = withDraftAtRag(accessDocument(platformSpec(referencePlatform)));
const ownId = "spiffe://ai.hospital.example/zone/processing/workload/agent-tools";
const agentId = "spiffe://ai.hospital.example/zone/processing/workload/async-ai-workers";
const patience = { timeout: 60_000 };

const environment = {
  HOST: "127.0.0.1",
  PORT: "8080",
  BULKHEAD_SPIFFE_ID: ownId,
  BULKHEAD_ACCESS: JSON.stringify(document),
  BULKHEAD_UPSTREAM_DECISION_POINT: "http://127.0.0.1:15001",
  BULKHEAD_UPSTREAM_FHIR_PROXY: "http://127.0.0.1:15002",
  BULKHEAD_UPSTREAM_RAG_SERVICE: "http://127.0.0.1:15003/",
};

describe("what the gateway is told", () => {
  it("is where it listens, who may do what, and where peers answer", () => {
    expect(gatewaySettings(environment)).toEqual({
      port: 8080,
      document,
      decisionPoint: "http://127.0.0.1:15001",
      servers: { "fhir-proxy": "http://127.0.0.1:15002", "rag-service": "http://127.0.0.1:15003" },
    });
  });

  it("may be in a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "bulkhead-tools-"));
    try {
      const file = join(folder, "access.json");
      writeFileSync(file, JSON.stringify(document));
      const inFile = { ...environment, BULKHEAD_ACCESS: undefined, BULKHEAD_ACCESS_FILE: file };
      expect(gatewaySettings(inFile).document).toEqual(document);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const missing = "is not an address that begins with http://";
  it.each([
    ["another host", { HOST: "0.0.0.0" }, "HOST: is not the loopback"],
    ["no port", { PORT: undefined }, "PORT: "],
    ["no identity", { BULKHEAD_SPIFFE_ID: undefined }, "BULKHEAD_SPIFFE_ID: "],
    ["another identity", { BULKHEAD_SPIFFE_ID: agentId }, "BULKHEAD_SPIFFE_ID: is not that of agent-tools"],
    ["no access policy", { BULKHEAD_ACCESS: undefined }, "BULKHEAD_ACCESS: either this or"],
    ["two access policies", { BULKHEAD_ACCESS_FILE: "/etc/bulkhead/access.json" }, "BULKHEAD_ACCESS: either"],
    [
      "no file",
      { BULKHEAD_ACCESS: undefined, BULKHEAD_ACCESS_FILE: "/nowhere" },
      "BULKHEAD_ACCESS_FILE: cannot",
    ],
    ["what is no access policy", { BULKHEAD_ACCESS: "{}" }, "The access document is refused"],
    ["no decision point", { BULKHEAD_UPSTREAM_DECISION_POINT: undefined }, `DECISION_POINT: ${missing}`],
    ["a server without an address", { BULKHEAD_UPSTREAM_RAG_SERVICE: undefined }, `RAG_SERVICE: ${missing}`],
    ["a server elsewhere", { BULKHEAD_UPSTREAM_FHIR_PROXY: "ftp://x" }, `FHIR_PROXY: ${missing}`],
  ])("is refused with %s", (_name, changes, said) => {
    expect(() => gatewaySettings({ ...environment, ...changes })).toThrow(said);
  });

  it("is refused with everything that is missing at once", () => {
    const { BULKHEAD_ACCESS, PORT, BULKHEAD_SPIFFE_ID } = environment;
    expect(() => gatewaySettings({ BULKHEAD_ACCESS, PORT, BULKHEAD_SPIFFE_ID })).toThrow(
      /DECISION_POINT: .*\n.*FHIR_PROXY: .*\n.*RAG_SERVICE: /,
    );
  });
});

describe("what a log says of what went wrong", () => {
  it("is what we say ourselves, and of others the name and the code", () => {
    const cause = new Error("fetch failed for Patient/4711", {
      cause: Object.assign(new Error("Patient/4711"), { code: "ECONNREFUSED" }),
    });
    expect(faultText(new ToolServerFailed("fhir-proxy gave no answer.", { cause }))).toBe(
      "fhir-proxy gave no answer. (Error (Error ECONNREFUSED))",
    );
    expect(faultText(new ProtocolError(-32042, "No such patient: 4711"))).toBe("ProtocolError -32042");
    expect(faultText("4711")).toBe("unknown");
  });
});

const claims = {
  iss: "spiffe://ai.hospital.example/zone/processing/workload/decision-point",
  aud: "ai.hospital.example",
  iat: 0,
  exp: 1,
  jti: "a-decision",
  sub: "dr-grey",
  mfa: true,
  patient: "Patient/4711",
  resource: "phi_discharge_summary",
};
/** A context token by its shape alone: a stand-in decides. */
const contextToken = ["{}", JSON.stringify(claims), "x"]
  .map((of) => Buffer.from(of).toString("base64url"))
  .join(".");

describe("the program", () => {
  const services: RunningService[] = [];
  let decisionPoint: StandInDecisionPoint;
  let fhirProxy: ToolServer;
  beforeEach(async () => {
    decisionPoint = await StandInDecisionPoint.start();
    decisionPoint.decide = () => allowed("granted-anew");
    fhirProxy = new ToolServer([{ name: "fhir_search", inputSchema: { type: "object" } }], () =>
      Promise.resolve({ content: [{ type: "text", text: "Patient/4711 is well." }] }),
    );
    await fhirProxy.start();
  });
  afterEach(async () => {
    for (const service of services.splice(0)) {
      service.process.kill("SIGKILL");
      await service.ended;
    }
    await decisionPoint.close();
    await fhirProxy.close();
  });

  function start(
    changes: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
  ): RunningService {
    const service = new RunningService(main, args, {
      ...environment,
      PORT: "0",
      BULKHEAD_UPSTREAM_DECISION_POINT: decisionPoint.origin,
      BULKHEAD_UPSTREAM_FHIR_PROXY: fhirProxy.origin,
      ...changes,
    });
    services.push(service);
    return service;
  }

  /** The port that a program said, on its error output, that it listens on. */
  async function portOf(service: RunningService): Promise<string> {
    return vi.waitFor(() => {
      const port = /"event":"started","port":(\d+)/.exec(service.errors)?.[1];
      if (port === undefined) {
        throw new Error(`not started: ${service.errors}`);
      }
      return port;
    }, patience);
  }

  it("offers tools, records their calls on its standard output, and ends when it is told to", async () => {
    const service = start();
    const port = await portOf(service);
    const client = new Client({ name: "an-agent", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), {
        requestInit: {
          headers: {
            "x-forwarded-client-cert": `Hash=00;URI=${agentId}`,
            "x-bulkhead-context": contextToken,
          },
        },
      }),
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["fhir_search"]);
    const call = { name: "fhir_search", arguments: { patient: "Patient/4711", count: 1 } };
    expect(await client.callTool(call)).toEqual({
      content: [{ type: "text", text: "Patient/4711 is well." }],
    });
    await fhirProxy.close();
    await expect(client.callTool(call)).rejects.toThrow("The tools cannot be reached.");
    await client.close();
    expect(await start({ PORT: port }, ["check"]).ended).toBe(0);

    expect(await service.stop()).toBe(0);
    const text = JSON.stringify(service.lines);
    // It began; two calls, each before and after; it stopped.
    expect(service.lines).toHaveLength(6);
    expect(text).toContain("fhir_search");
    expect(text + service.errors).not.toContain("4711");
    expect(service.errors).toContain("fhir-proxy gave no answer.");
    expect(service.errors).toContain('"event":"stopped"');
  });

  it("ends the chain of its records if it cannot listen", async () => {
    const port = await portOf(start());
    const taken = start({ PORT: port });
    expect(await taken.ended).toBe(2);
    expect(taken.errors).toContain("EADDRINUSE");
    expect(taken.lines.map(({ message }) => message)).toEqual([
      "A chain of records begins.",
      "The writer of the chain stops.",
    ]);
  });

  it("ends once what is under way is answered, whatever connections its proxy keeps", async () => {
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await fhirProxy.close();
    fhirProxy = new ToolServer([{ name: "fhir_search", inputSchema: { type: "object" } }], async () => {
      await done;
      return { content: [] };
    });
    await fhirProxy.start();
    const service = start();
    const port = await portOf(service);
    const kept = new Agent({ keepAlive: true });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      request(`http://127.0.0.1:${port}/mcp`, {
        method: "POST",
        agent: kept,
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "x-forwarded-client-cert": `URI=${agentId}`,
          "x-bulkhead-context": contextToken,
        },
      })
        .on("error", reject)
        .on("response", (response) => {
          response.resume().on("end", () => {
            resolve(response.statusCode);
          });
        })
        .end(
          JSON.stringify({
            jsonrpc: "2.0",
            id: 1,
            method: "tools/call",
            params: { name: "fhir_search", arguments: { patient: "Patient/4711", count: 1 } },
          }),
        );
    });
    await vi.waitFor(() => {
      expect(fhirProxy.calls).toHaveLength(1);
    }, patience);
    const ended = service.stop();
    await new Promise((wake) => setTimeout(wake, 300));
    finish();
    expect(await answered).toBe(200);
    const from = Date.now();
    expect(await ended).toBe(0);
    // Connections are cut after 20 seconds.
    expect(Date.now() - from).toBeLessThan(15_000);
    kept.destroy();
  });

  it.each([
    ["without settings", { PORT: "no" }, [], 2],
    ["where records cannot be written", { BULKHEAD_AUDIT_FILE: "/nowhere/at/all" }, [], 2],
    ["by a command that there is not", {}, ["serve"], 2],
    ["to check what does not answer", { PORT: "1" }, ["check"], 1],
  ])("does not start %s", async (_name, changes, args, code) => {
    const service = start(changes, args);
    expect(await service.ended).toBe(code);
    expect(service.errors).not.toBe("");
    expect(service.errors).not.toContain('"event":"started"');
  });
});
