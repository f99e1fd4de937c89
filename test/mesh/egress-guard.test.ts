import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { programPort, upstreamsOf } from "../../components/mesh/ports";
import { inspectionDocument } from "../../model/inspection-document";
import { platformSpec } from "../../model/platform-spec";
import { openDetector } from "../../services/egress-guard/detection/open-detector";
import { EgressGuard } from "../../services/egress-guard/egress-guard";
import { firewallAuthority, ProviderConnections } from "../../services/egress-guard/provider-connections";
import { providerKeys } from "../../services/egress-guard/provider-keys";
import { withExternalProviders } from "../model/with-external-providers";
import { ListeningServer } from "../services/agent-tools/listening-server";
import {
  chatAnswer,
  chatEvents,
  json,
  ProviderStandIn,
  stream,
} from "../services/egress-guard/provider-stand-in";
import { KeptInspections } from "../services/egress-guard/test-guard";
import { TestAuthority as FirewallAuthority } from "../services/test-authority";

import { direct } from "./direct-request";
import { RunningEnvoy } from "./running-envoy";
import { TestMesh } from "./test-mesh";
import { testPort } from "./test-place";

const spec = platformSpec(withExternalProviders);
const document = inspectionDocument(spec);
const callers = ["async-ai-workers", "rag-service"];
const hosts = document.providers.flatMap(({ fqdns }) => fqdns);
const trail = new KeptInspections();

let mesh: TestMesh;
let provider: ProviderStandIn;
const cleanUp: (() => unknown)[] = [];

/** Where a workload's program calls the guard, by its own proxy: the address of a client library, up to the provider's id. */
function upstream(from: string): string {
  const workload = mesh.workload(from);
  const found = upstreamsOf(spec, workload).find((one) => one.workload.id === "egress-guard");
  if (found === undefined) {
    throw new Error(`no flow leads from ${from} to the guard`);
  }
  return `http://${mesh.addressOf(workload)}:${String(found.port)}`;
}

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  cleanUp.push(() => mesh.stop());
  const firewall = await FirewallAuthority.create("firewall");
  provider = await ProviderStandIn.start(firewall, hosts);
  cleanUp.push(() => provider.close());
  const place = { host: "127.0.0.1", port: provider.port };
  const connections = new ProviderConnections(
    undefined,
    Object.fromEntries(hosts.map((host) => [host, place])),
  );
  cleanUp.push(() => connections.close());
  const keys = providerKeys(
    JSON.stringify({
      hashKey: Buffer.alloc(32, 7).toString("base64"),
      providers: { openai: "key-of-openai", anthropic: "key-of-anthropic" },
    }),
  );
  const authority = firewallAuthority(firewall.bundle);
  const guard = new EgressGuard({
    document,
    detector: openDetector(document.inspection),
    trail,
    keys: () => keys,
    authority: () => authority,
    connections,
    onFault: () => undefined,
  });
  const guardAddress = mesh.addressOf(mesh.workload("egress-guard"));
  const program = await ListeningServer.start(
    (request, response) => {
      void guard.answer(request, response);
    },
    { host: guardAddress, port: programPort },
  );
  cleanUp.push(() => program.close());
  for (const id of [...callers, "egress-guard"]) {
    const workload = mesh.workload(id);
    const address = mesh.addressOf(workload);
    const { place: there } = mesh.newPlace(workload, address);
    const { args } = mesh.command(workload, there, { certificate: "none", addresses: [] });
    const envoy = await RunningEnvoy.start(mesh.program, args, { address, port: testPort });
    cleanUp.push(() => envoy.stop());
  }
});

afterEach(() => {
  trail.events.length = 0;
  provider.seen.length = 0;
});

afterAll(async () => {
  for (const end of cleanUp.reverse()) {
    await end();
  }
});

function openAi(from: string): OpenAI {
  return new OpenAI({ baseURL: `${upstream(from)}/openai/v1`, apiKey: "none", maxRetries: 0 });
}

const note = "Jane Doe, born 03/12/1958, SSN 536-22-8741, was discharged.";

describe("a program that calls a provider by the proxies and the guard", () => {
  it("gets its answer for a prompt without PHI, and has no key", async () => {
    provider.answer = json(chatAnswer({ content: "Twice a day." }));
    const answer = await openAi("rag-service").chat.completions.create({
      model: "gpt-5",
      messages: [{ role: "user", content: "How often is metformin 500 mg taken?" }],
    });
    expect(answer.choices[0]?.message.content).toBe("Twice a day.");
    expect(provider.last.headers.authorization).toBe("Bearer key-of-openai");
    expect(trail.events.map(({ kind, caller, verdict }) => [kind, caller, verdict])).toEqual([
      ["egress-request", document.callers["rag-service"], "allowed"],
      ["egress-answer", document.callers["rag-service"], "allowed"],
    ]);
  });

  it("gets a stream as it comes", async () => {
    provider.answer = stream(...chatEvents({ content: "Twice " }, { content: "a day." }));
    const events = await openAi("async-ai-workers").chat.completions.create({
      model: "gpt-5",
      stream: true,
      messages: [{ role: "user", content: "How often is metformin 500 mg taken?" }],
    });
    let text = "";
    for await (const event of events) {
      text += event.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe("Twice a day.");
    expect(trail.events[0]?.caller).toBe(document.callers["async-ai-workers"]);
  });

  it("is refused what may not leave, in the provider's words, and nothing leaves", async () => {
    await expect(
      openAi("rag-service").embeddings.create({ model: "text-embedding-3-large", input: note }),
    ).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(provider.seen).toEqual([]);
    expect(trail.events.map(({ kind, verdict }) => [kind, verdict])).toEqual([["egress-request", "blocked"]]);
  });

  it("has identifiers replaced for a provider without an agreement, and put back", async () => {
    provider.answer = (seen, response) => {
      const { messages } = JSON.parse(seen.body.toString()) as { messages: { content: string }[] };
      void json({
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-sonnet-5",
        content: [{ type: "text", text: messages[0]?.content }],
        stop_reason: "end_turn",
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      })(seen, response);
    };
    const client = new Anthropic({
      baseURL: `${upstream("rag-service")}/anthropic`,
      apiKey: "none",
      maxRetries: 0,
    });
    const answer = await client.messages.create({
      model: "claude-sonnet-5",
      max_tokens: 100,
      messages: [{ role: "user", content: note }],
    });
    expect(answer.content).toEqual([expect.objectContaining({ type: "text", text: note })]);
    for (const identifier of ["Jane", "Doe", "03/12/1958", "536-22-8741"]) {
      expect(provider.last.body.toString()).not.toContain(identifier);
    }
    expect(provider.last.headers["x-api-key"]).toBe("key-of-anthropic");
  });

  it("cannot say that it is another", async () => {
    provider.answer = json(chatAnswer({ content: "No." }));
    const claimed = `URI=${document.callers["async-ai-workers"] ?? ""}`;
    await new OpenAI({
      baseURL: `${upstream("rag-service")}/openai/v1`,
      apiKey: "none",
      defaultHeaders: { "x-forwarded-client-cert": claimed },
    }).chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Hello." }] });
    expect(trail.events[0]?.caller).toBe(document.callers["rag-service"]);
  });
});

describe("the proxy of the guard", () => {
  const others = spec.workloads.map(({ id }) => id).filter((id) => id !== "egress-guard");

  it.each(others)("lets %s in exactly if a flow says so", async (id) => {
    const { status } = await direct(mesh.addressOf(mesh.workload("egress-guard")), {
      certificate: mesh.issue(mesh.workload(id)),
      path: "/openai/v1/models",
    });
    // Of whom the proxy lets in, the guard refuses what it asks for.
    expect(status).toBe(callers.includes(id) ? 404 : 403);
  });
});
