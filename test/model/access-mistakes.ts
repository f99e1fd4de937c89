import { generateKeyPairSync, type KeyObject } from "node:crypto";

import { referencePlatform } from "../../model/reference-platform";

import { at, type Edit, type Mistake } from "./mistake";
import type { PlatformDraft } from "./platform-draft";

type Access = PlatformDraft["access"];
type Key = NonNullable<Access["identityProvider"]>["keys"][number];

const agent = (file: PlatformDraft): NonNullable<Access["agents"]>[number] => at(file.access.agents, 0);
const grant = (file: PlatformDraft, index: number): ReturnType<typeof agent>["tools"][number] =>
  at(agent(file).tools, index);
const tool = (file: PlatformDraft, index: number): NonNullable<Access["tools"]>[number] =>
  at(file.access.tools, index);

/** Where a route stands that a test adds. */
const addedRoute = `access.routes[${String(referencePlatform.access.routes?.length)}]`;

function withRoute(over: Readonly<Record<string, string>>): Edit {
  return (file) =>
    file.access.routes?.push({
      at: "ai-gateway",
      path: "/v2/clinical-rag",
      resource: "phi_clinical_rag",
      ...over,
    });
}

function without(from: string, to: string): Edit {
  return (file) => {
    file.flows = file.flows.filter(
      (flow) => flow.from !== `workload/${from}` || flow.to !== `workload/${to}`,
    );
  };
}

/** A second entrance, which calls a workload of processing. */
function withSecondGateway(file: PlatformDraft): void {
  file.workloads.push({
    id: "batch-gateway",
    zone: "gateway",
    image: `batch-gateway@sha256:${"b".repeat(64)}`,
  });
  file.flows.push({ from: "load-balancer", to: "workload/batch-gateway" });
  file.flows.push({ from: "workload/batch-gateway", to: "workload/async-ai-workers" });
}

const provider = (file: PlatformDraft): NonNullable<Access["identityProvider"]> => {
  const { identityProvider } = file.access;
  if (identityProvider === undefined) {
    throw new Error("the reference platform has an identity provider");
  }
  return identityProvider;
};

/** A real key of a kind, as a provider publishes it, with what a test changes of it. */
function published(publicKey: KeyObject, alg: Key["alg"], over: Partial<Key> = {}): Edit {
  const jwk = publicKey.export({ format: "jwk" });
  return (file) =>
    Object.assign(provider(file), { keys: [{ kid: "real", use: "sig", alg, ...jwk, ...over }] });
}

const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const ed25519 = generateKeyPairSync("ed25519").publicKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const weakRsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;

function networks(...addresses: readonly string[]): Edit {
  return (file) =>
    Object.assign(file.access, {
      networks: addresses.map((block, index) => ({
        location: index === 0 ? "corporate_network" : "vpn",
        addresses: [block],
      })),
    });
}

/** Paths that are spelt in more than one way, or stand for more than they say. */
const badPaths = [
  "/",
  "",
  "v2/clinical-rag",
  "/v2/clinical-rag/",
  "/v2//clinical-rag",
  "/v2/../admin",
  "/v2/.",
  "/v2/%63linical-rag",
  "/v2/clinical-rag?x=1",
  "/v2/clinical-rag;x",
  "/v2/*",
  "/v2\\clinical-rag",
  "/v2/clinical rag",
];

/** Mistakes in the access policy. */
export const accessMistakes: readonly Mistake[] = [
  {
    id: "BH-030",
    mistake: "a tool twice",
    path: "access.tools[3].id",
    edit: (file) => file.access.tools?.push({ id: "fhir_search", server: "fhir-proxy", access: "write" }),
    right: (file) => {
      file.access.tools?.push({ id: "fhir_count", server: "fhir-proxy", access: "write" });
    },
  },
  {
    id: "BH-050",
    mistake: "an agent that is no workload",
    path: "access.agents[0].workload",
    edit: (file) => Object.assign(agent(file), { workload: "summary-workers" }),
    right: () => undefined,
  },
  {
    id: "BH-050",
    mistake: "two agents that are one workload",
    path: "access.agents[1].workload",
    edit: (file) => Object.assign(at(file.access.agents, 1), { workload: "async-ai-workers" }),
    right: (file) => {
      Object.assign(at(file.access.agents, 1), { workload: "embedding-service" });
      file.flows.push({ from: "workload/embedding-service", to: "workload/agent-tools" });
    },
  },
  {
    id: "BH-050",
    mistake: "an agent at the entrance",
    path: "access.agents[0].workload",
    edit: (file) => {
      Object.assign(agent(file), { workload: "ai-gateway" });
      file.flows.push({ from: "workload/ai-gateway", to: "workload/agent-tools" });
    },
    right: () => undefined,
  },
  {
    id: "BH-050",
    mistake: "an agent that is the gateway of tools",
    path: "access.agents[0].workload",
    edit: (file) => Object.assign(agent(file), { workload: "agent-tools" }),
    right: () => undefined,
  },
  {
    id: "BH-051",
    mistake: "a tool that nobody offers",
    path: "access.tools[0].server",
    edit: (file) => Object.assign(tool(file, 0), { server: "fhir-poxy" }),
    right: () => undefined,
  },
  {
    id: "BH-051",
    mistake: "a tool that can be called past the gateway of tools",
    path: "access.tools[0].server",
    edit: (file) => {
      Object.assign(tool(file, 0), { server: "rag-service" });
      file.flows.push(
        { from: "workload/agent-tools", to: "workload/rag-service" },
        { from: "workload/rag-service", to: "workload/decision-point" },
      );
      file.access.routes?.push({ at: "rag-service", path: "/search", resource: "as-granted" });
    },
    right: (file) => {
      Object.assign(tool(file, 0), { server: "rag-service" });
      file.flows.push(
        { from: "workload/agent-tools", to: "workload/rag-service" },
        { from: "workload/rag-service", to: "workload/decision-point" },
      );
      file.access.routes?.push({ at: "rag-service", path: "/mcp", resource: "as-granted", action: "call" });
    },
  },
  {
    id: "BH-051",
    mistake: "a tool that the entrance offers",
    path: "access.tools[0].server",
    edit: (file) => Object.assign(tool(file, 0), { server: "ai-gateway" }),
    right: () => undefined,
  },
  {
    id: "BH-051",
    mistake: "one argument for the patient and for the rows",
    path: "access.tools[0].rowsArgument",
    edit: (file) => Object.assign(tool(file, 0), { rowsArgument: "patient" }),
    right: (file) => Object.assign(tool(file, 0), { rowsArgument: "limit" }),
  },
  {
    id: "BH-051",
    mistake: "a grant of an unknown tool",
    path: "access.agents[0].tools[0].id",
    edit: (file) => Object.assign(grant(file, 0), { id: "fhir_serch" }),
    right: () => undefined,
  },
  {
    id: "BH-051",
    mistake: "a grant to read what writes",
    path: "access.agents[0].tools[2].access",
    edit: (file) => Object.assign(grant(file, 2), { access: "read" }),
    right: (file) => Object.assign(grant(file, 0), { access: "write" }),
  },
  {
    id: "BH-051",
    mistake: "a limit that no argument carries",
    path: "access.agents[0].tools[2].mostRows",
    edit: (file) => Object.assign(grant(file, 2), { mostRows: 10 }),
    right: (file) => {
      Object.assign(grant(file, 2), { mostRows: 10 });
      Object.assign(tool(file, 2), { rowsArgument: "lines" });
    },
  },
  {
    id: "BH-052",
    mistake: "a route at no workload",
    path: `${addedRoute}.at`,
    edit: withRoute({ at: "ai-gatway" }),
    right: withRoute({}),
  },
  {
    id: "BH-052",
    mistake: "a route at the decision point",
    path: `${addedRoute}.at`,
    edit: withRoute({ at: "decision-point" }),
    right: () => undefined,
  },
  ...badPaths.map((path): Mistake => ({
    id: "BH-052",
    mistake: `the path \`${path}\``,
    path: `${addedRoute}.path`,
    edit: withRoute({ path }),
    right: withRoute({ path: "/v2/Clinical-rag_~.html" }),
  })),
  {
    id: "BH-052",
    mistake: "two routes for one path",
    path: `${addedRoute}.path`,
    edit: withRoute({ path: "/v1/clinical-rag", resource: "knowledge_base_query" }),
    right: withRoute({ path: "/v1/clinical-rag/summary", resource: "knowledge_base_query" }),
  },
  {
    id: "BH-052",
    mistake: "a resource that nobody may use",
    path: `${addedRoute}.resource`,
    edit: withRoute({ resource: "phi_imaging" }),
    right: withRoute({ resource: "phi_medication_review" }),
  },
  {
    id: "BH-052",
    mistake: "what was granted, at the entrance",
    path: `${addedRoute}.resource`,
    edit: withRoute({ resource: "as-granted" }),
    right: withRoute({ at: "fhir-proxy", resource: "as-granted" }),
  },
  {
    id: "BH-052",
    mistake: "an action with a wildcard",
    path: `${addedRoute}.action`,
    edit: withRoute({ action: "*" }),
    right: withRoute({ action: "ask_twice" }),
  },
  {
    id: "BH-053",
    mistake: "an entrance that asks for no decision",
    path: "access.routes",
    edit: withSecondGateway,
    right: (file) => {
      withSecondGateway(file);
      file.flows.push({ from: "workload/batch-gateway", to: "workload/decision-point" });
      withRoute({ at: "batch-gateway" })(file);
    },
  },
  {
    id: "BH-054",
    mistake: "routes without an identity provider",
    path: "access.identityProvider",
    edit: (file) => delete file.access.identityProvider,
    right: () => undefined,
  },
  {
    id: "BH-054",
    mistake: "two keys of one name",
    path: "access.identityProvider.keys[1].kid",
    edit: (file) => provider(file).keys.push(at(provider(file).keys, 0)),
    right: (file) => provider(file).keys.push({ ...at(provider(file).keys, 0), kid: "next" }),
  },
  {
    id: "BH-054",
    mistake: "a key without its second coordinate",
    path: "access.identityProvider.keys[0]",
    edit: published(p256, "ES256", { y: undefined }),
    right: published(p256, "ES256"),
  },
  {
    id: "BH-054",
    mistake: "a key with a slip of the pen",
    path: "access.identityProvider.keys[0]",
    edit: (file) =>
      Object.assign(at(provider(file).keys, 0), { x: "wDrz0ov2bSOE9R_5hjNjTMRUThNTRutKPSn9-d_sypw" }),
    right: published(p384, "ES384"),
  },
  {
    id: "BH-054",
    mistake: "a coordinate that is too short",
    path: "access.identityProvider.keys[0]",
    edit: published(p384, "ES384", { x: "AAAA" }),
    right: () => undefined,
  },
  {
    id: "BH-054",
    mistake: "a key of another curve than its algorithm's",
    path: "access.identityProvider.keys[0]",
    edit: published(p384, "ES256"),
    right: () => undefined,
  },
  {
    id: "BH-054",
    mistake: "a key of another kind than its algorithm's",
    path: "access.identityProvider.keys[0]",
    edit: published(p256, "RS256"),
    right: published(rsa, "RS256"),
  },
  {
    id: "BH-054",
    mistake: "an RSA key without its exponent",
    path: "access.identityProvider.keys[0]",
    edit: published(rsa, "PS256", { e: undefined }),
    right: published(rsa, "PS256"),
  },
  {
    id: "BH-054",
    mistake: "an RSA key of 1024 bits",
    path: "access.identityProvider.keys[0]",
    edit: published(weakRsa, "RS256"),
    right: () => undefined,
  },
  {
    id: "BH-054",
    mistake: "an RSA key whose exponent is one",
    path: "access.identityProvider.keys[0]",
    edit: published(rsa, "RS256", { e: "AQ" }),
    right: () => undefined,
  },
  {
    id: "BH-054",
    mistake: "an Edwards key of 31 bytes",
    path: "access.identityProvider.keys[0]",
    edit: published(ed25519, "EdDSA", { x: Buffer.alloc(31, 1).toString("base64url") }),
    right: published(ed25519, "EdDSA"),
  },
  {
    id: "BH-054",
    mistake: "one claim for two things",
    path: "access.identityProvider.claims.device",
    edit: (file) => Object.assign(provider(file), { claims: { role: "groups", device: "groups" } }),
    right: (file) => Object.assign(provider(file), { claims: { role: "groups", device: "posture" } }),
  },
  {
    id: "BH-055",
    mistake: "an enforcement point that does not reach the decision point",
    path: "access.routes[4].at",
    edit: without("fhir-proxy", "decision-point"),
    right: (file) => {
      without("fhir-proxy", "decision-point")(file);
      file.access.routes = file.access.routes?.filter((asked) => asked.at !== "fhir-proxy");
      file.access.agents = [];
      file.access.tools = [];
    },
  },
  {
    id: "BH-055",
    mistake: "an agent that does not reach the gateway of tools",
    path: "access.agents[0].workload",
    edit: without("async-ai-workers", "agent-tools"),
    right: (file) => {
      without("async-ai-workers", "agent-tools")(file);
      Object.assign(agent(file), { tools: [] });
    },
  },
  {
    id: "BH-055",
    mistake: "a gateway of tools that does not reach a server of them",
    path: "access.agents[0].tools[0].id",
    edit: without("agent-tools", "fhir-proxy"),
    right: (file) => {
      without("agent-tools", "fhir-proxy")(file);
      file.access.agents = [];
    },
  },
  {
    id: "BH-055",
    mistake: "a gateway of tools that asks for no decision",
    path: "access.agents[0].tools",
    edit: without("agent-tools", "decision-point"),
    right: () => undefined,
  },
  {
    id: "BH-055",
    mistake: "no decision point at all",
    path: "access.routes[0].at",
    edit: (file) => {
      file.workloads = file.workloads.filter(({ id }) => id !== "decision-point");
      file.flows = file.flows.filter(({ to }) => to !== "workload/decision-point");
    },
    right: () => undefined,
  },
  {
    id: "BH-056",
    mistake: "a network with host bits",
    path: "access.networks[0].addresses[0]",
    edit: networks("192.0.2.1/24"),
    right: networks("192.0.2.0/24"),
  },
  {
    id: "BH-056",
    mistake: "the Internet for a network of the hospital's",
    path: "access.networks[0].addresses[0]",
    edit: networks("128.0.0.0/1"),
    right: networks("11.0.0.0/8"),
  },
  {
    id: "BH-056",
    mistake: "all of IPv6 for a network of the hospital's",
    path: "access.networks[0].addresses[0]",
    edit: networks("2000::/3"),
    right: networks("2001:db8::/32"),
  },
  {
    id: "BH-056",
    mistake: "an address in two networks",
    path: "access.networks[1].addresses[0]",
    edit: networks("192.0.2.0/24", "192.0.2.128/25"),
    right: networks("192.0.2.0/25", "192.0.2.128/25"),
  },
  {
    id: "BH-056",
    mistake: "the platform's own addresses for a network of the hospital's",
    path: "access.networks[0].addresses[0]",
    edit: networks("10.0.0.0/8"),
    right: networks("10.128.0.0/9"),
  },
];
