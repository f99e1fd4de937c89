import { describe, expect, it } from "vitest";

import { invariants } from "../../model/invariants";
import { shapeInvariant } from "../../model/invariants/shape";
import { PlatformError } from "../../model/platform-error";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { accessMistakes } from "./access-mistakes";
import { at, type Edit, type Mistake } from "./mistake";
import type { PlatformDraft } from "./platform-draft";
import { providerMistakes } from "./provider-mistakes";

const today = "2026-11-23";

/** Where a flow stands that a test adds. */
const addedFlow = `flows[${String(referencePlatform.flows.length)}]`;

/** Where a flow of the reference platform stands. */
function placeOfFlow(from: string, to: string): string {
  return `flows[${String(referencePlatform.flows.findIndex((flow) => flow.from === from && flow.to === to))}]`;
}

const provider = (file: PlatformDraft): NonNullable<PlatformDraft["llmProviders"]>[number] =>
  at(file.llmProviders, 0);
const digest = `@sha256:${"a".repeat(64)}`;

/** A policy of one's own. */
function own(cedar: string, id = "own"): { readonly id: string; readonly cedar: string } {
  return { id, cedar };
}

function ownPolicy(cedar: string, id?: string): Pick<PlatformDraft["access"], "policies"> {
  return { policies: [own(cedar, id)] };
}

function forbidding(condition: string): string {
  return `forbid (principal, action == Bulkhead::Action::"use", resource) when { ${condition} };`;
}

function forbiddingAgent(workload: string): string {
  const spiffeId = `spiffe://ai.hospital.example/zone/processing/workload/${workload}`;
  return `forbid (principal == Bulkhead::Agent::"${spiffeId}", action, resource);`;
}

/** Gives the embedding-service another name, in its flows too. */
function renameWorkload(file: PlatformDraft, id: string): void {
  const renamed = (text: string): string => text.replace(/^workload\/embedding-service$/, `workload/${id}`);
  Object.assign(at(file.workloads, 2), { id });
  file.flows = file.flows.map((flow) => ({ ...flow, from: renamed(flow.from), to: renamed(flow.to) }));
}

/** Gives the native provider another id, on a platform whose name has twelve characters. */
function nameProvider(id: string): Edit {
  return (file) => {
    Object.assign(file, { name: "hospital-one" });
    Object.assign(provider(file), { id });
  };
}

/** A trust domain of so many characters: labels of at most 63, of which DNS takes four and no more. */
function trustDomainOf(length: number): string {
  const label = "a".repeat(60);
  const long = `${label}.${label}.${label}.`;
  return `${long}${"b".repeat(length - long.length)}`;
}

const cases: readonly Mistake[] = [
  {
    id: "BH-001",
    mistake: "a misspelt key",
    path: "network",
    edit: (file) => Object.assign(file.network, { adressSpace: "10.0.0.0/8" }),
    right: (file) => Object.assign(file, { $schema: "docs/platform.schema.json" }),
  },
  {
    id: "BH-002",
    mistake: "a flow out of the PHI zone to the world",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "data-store/fhir-store", to: "world" }),
    right: (file) => file.flows.push({ from: "workload/async-ai-workers", to: "data-store/fhir-store" }),
  },
  {
    id: "BH-002",
    mistake: "a flow out of the PHI zone to processing",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "zone/phi", to: "workload/rag-service" }),
    right: () => undefined,
  },
  {
    id: "BH-003",
    mistake: "a whole zone that opens connections to a store",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "zone/processing", to: "data-store/fhir-store" }),
    right: (file) => file.flows.push({ from: "workload/rag-service", to: "data-store/fhir-store" }),
  },
  {
    id: "BH-003",
    mistake: "a gateway workload that opens connections to a store",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "workload/ai-gateway", to: "data-store/fhir-store" }),
    right: () => undefined,
  },
  {
    id: "BH-004",
    mistake: "the Internet past the load balancer",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "world", to: "workload/ai-gateway" }),
    right: () => undefined,
  },
  {
    id: "BH-005",
    mistake: "the load balancer past the gateway",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "load-balancer", to: "workload/rag-service" }),
    right: () => undefined,
  },
  {
    id: "BH-006",
    mistake: "a workload that reaches the Internet",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "workload/rag-service", to: "world" }),
    right: () => undefined,
  },
  {
    id: "BH-007",
    mistake: "processing that calls the gateway back",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "workload/rag-service", to: "workload/ai-gateway" }),
    right: (file) => file.flows.push({ from: "workload/ai-gateway", to: "workload/embedding-service" }),
  },
  {
    id: "BH-008",
    mistake: "an unknown name in a flow",
    path: `${addedFlow}.to`,
    edit: (file) => file.flows.push({ from: "workload/rag-service", to: "workload/fhir-poxy" }),
    right: () => undefined,
  },
  {
    id: "BH-009",
    mistake: "one flow twice",
    path: addedFlow,
    edit: (file) => file.flows.push({ from: "world", to: "load-balancer" }),
    right: () => undefined,
  },
  {
    id: "BH-010",
    mistake: "another port than 443",
    path: "workloads[1].port",
    edit: (file) => Object.assign(at(file.workloads, 1), { port: 8443 }),
    right: (file) => Object.assign(at(file.workloads, 1), { port: 443 }),
  },
  {
    id: "BH-011",
    mistake: "an address block with host bits",
    path: "zones[0].addressBlock",
    edit: (file) => Object.assign(at(file.zones, 0), { addressBlock: "10.40.0.1/18" }),
    right: (file) => Object.assign(at(file.zones, 0), { addressBlock: "10.40.0.0/19" }),
  },
  {
    id: "BH-011",
    mistake: "an IPv6 block",
    path: "zones[2].addressBlock",
    edit: (file) => Object.assign(at(file.zones, 2), { addressBlock: "fd00::/48" }),
    right: () => undefined,
  },
  {
    id: "BH-012",
    mistake: "a zone outside the platform's space",
    path: "zones[2].addressBlock",
    edit: (file) => Object.assign(at(file.zones, 2), { addressBlock: "10.41.0.0/18" }),
    right: (file) => Object.assign(at(file.zones, 2), { addressBlock: "10.40.192.0/18" }),
  },
  {
    id: "BH-013",
    mistake: "overlapping address blocks",
    path: "zones[1].addressBlock",
    edit: (file) => Object.assign(at(file.zones, 1), { addressBlock: "10.40.32.0/19" }),
    right: (file) => Object.assign(at(file.zones, 1), { addressBlock: "10.40.64.0/19" }),
  },
  {
    id: "BH-014",
    mistake: "an address block too small to be cut",
    path: "zones[2].addressBlock",
    edit: (file) => Object.assign(at(file.zones, 2), { addressBlock: "10.40.128.0/24" }),
    right: (file) => Object.assign(at(file.zones, 2), { addressBlock: "10.40.128.0/23" }),
  },
  {
    id: "BH-014",
    mistake: "an address block too small for its replicas",
    path: "zones[1].addressBlock",
    edit: (file) => {
      Object.assign(at(file.zones, 1), { addressBlock: "10.40.64.0/23" });
    },
    right: (file) => Object.assign(at(file.zones, 1), { addressBlock: "10.40.64.0/21" }),
  },
  {
    id: "BH-015",
    mistake: "a missing zone",
    path: "zones",
    edit: (file) => file.zones.splice(2, 1),
    right: (file) => file.zones.reverse(),
  },
  {
    id: "BH-016",
    mistake: "one id for two things",
    path: "dataStores[2].id",
    edit: (file) => Object.assign(at(file.dataStores, 2), { id: "fhir-proxy" }),
    right: () => undefined,
  },
  {
    id: "BH-017",
    mistake: "an id with a capital",
    path: "workloads[2].id",
    edit: (file) => {
      file.flows = file.flows.filter(({ from, to }) => ![from, to].includes("workload/embedding-service"));
      Object.assign(at(file.workloads, 2), { id: "Embedding" });
    },
    right: (file) => {
      file.flows = file.flows.filter(({ from, to }) => ![from, to].includes("workload/embedding-service"));
      Object.assign(at(file.workloads, 2), { id: "embedding" });
    },
  },
  {
    id: "BH-018",
    mistake: "a name too long for a cloud",
    path: "name",
    edit: (file) => Object.assign(file, { name: "a-very-long-platform-name" }),
    right: (file) => Object.assign(file, { name: "lengthy" }),
  },
  {
    id: "BH-018",
    mistake: "a native provider with a name too long for its guardrail",
    path: "llmProviders[0].id",
    edit: nameProvider("a".repeat(38)),
    right: nameProvider("a".repeat(37)),
  },
  {
    id: "BH-019",
    mistake: "a trust domain that is no DNS name",
    path: "trustDomain",
    edit: (file) => Object.assign(file, { trustDomain: "AI.hospital" }),
    right: (file) => Object.assign(file, { trustDomain: "ai.hospital" }),
  },
  {
    id: "BH-020",
    mistake: "a workload in the PHI zone",
    path: `workloads[${String(referencePlatform.workloads.length)}].zone`,
    edit: (file) => file.workloads.push({ id: "indexer", zone: "phi", image: `bulkhead/indexer${digest}` }),
    right: (file) =>
      file.workloads.push({ id: "indexer", zone: "processing", image: `bulkhead/indexer${digest}` }),
  },
  {
    id: "BH-021",
    mistake: "a public image",
    path: "workloads[0].image",
    edit: (file) => Object.assign(at(file.workloads, 0), { image: `docker.io/envoyproxy/envoy${digest}` }),
    right: (file) => Object.assign(at(file.workloads, 0), { image: `envoyproxy/envoy${digest}` }),
  },
  {
    id: "BH-022",
    mistake: "an image by tag",
    path: "workloads[0].image",
    edit: (file) => Object.assign(at(file.workloads, 0), { image: "bulkhead/ai-gateway:1.0" }),
    right: (file) => Object.assign(at(file.workloads, 0), { image: `bulkhead/ai-gateway${digest}` }),
  },
  {
    id: "BH-021",
    mistake: "a public image of the proxy",
    path: "mesh.proxyImage",
    edit: (file) => Object.assign(file.mesh, { proxyImage: `docker.io/envoyproxy/envoy${digest}` }),
    right: (file) => Object.assign(file.mesh, { proxyImage: `envoyproxy/envoy${digest}` }),
  },
  {
    id: "BH-022",
    mistake: "an image of the agent by tag",
    path: "mesh.agentImage",
    edit: (file) => Object.assign(file.mesh, { agentImage: "certificate-agent:1.0" }),
    right: (file) => Object.assign(file.mesh, { agentImage: `certificate-agent${digest}` }),
  },
  {
    id: "BH-001",
    mistake: "no word of what stands before workloads",
    path: "mesh",
    edit: (file) => Reflect.deleteProperty(file, "mesh"),
    right: (file) => Object.assign(file, { mesh: { kind: "istio", issuer: { name: "vault-issuer" } } }),
  },
  {
    id: "BH-001",
    mistake: "an issuer that no cluster can have",
    path: "mesh.issuer.name",
    edit: (file) => Object.assign(file, { mesh: { kind: "istio", issuer: { name: "Vault Issuer" } } }),
    right: (file) =>
      Object.assign(file, {
        mesh: { kind: "istio", issuer: { kind: "Issuer", name: "pca", group: "awspca.cert-manager.io" } },
      }),
  },
  {
    id: "BH-047",
    mistake: "a workload that is called like its proxy",
    path: "workloads[2].id",
    edit: (file) => renameWorkload(file, "envoy"),
    right: (file) => renameWorkload(file, "envoys"),
  },
  {
    id: "BH-047",
    mistake: "a proxy in the repository of a workload",
    path: "mesh.proxyImage",
    edit: (file) => Object.assign(file.mesh, { proxyImage: `fhir-proxy${digest}` }),
    right: (file) => Object.assign(file.mesh, { proxyImage: `fhir-proxy/envoy${digest}` }),
  },
  {
    id: "BH-047",
    mistake: "an agent in the repository of the proxy",
    path: "mesh.agentImage",
    edit: (file) => Object.assign(file.mesh, { agentImage: `envoy${digest}` }),
    right: (file) => Object.assign(file.mesh, { agentImage: `envoy-agent${digest}` }),
  },
  {
    id: "BH-048",
    mistake: "a name that DNS cannot carry",
    path: "workloads[2].id",
    edit: (file) => Object.assign(file, { trustDomain: trustDomainOf(225) }),
    right: (file) => Object.assign(file, { trustDomain: trustDomainOf(224) }),
  },
  {
    id: "BH-023",
    mistake: "clinicians through a passed-through connection",
    path: "edge.clients",
    edit: (file) => Object.assign(file, { edge: { mode: "l4-passthrough", clients: ["clinician"] } }),
    right: (file) => Object.assign(file, { edge: { mode: "l4-passthrough", clients: ["machine"] } }),
  },
  {
    id: "BH-024",
    mistake: "PHI to a provider without an agreement",
    path: "llmProviders[0].onFinding",
    edit: (file) => delete provider(file).agreement,
    right: (file) => {
      delete provider(file).agreement;
      provider(file).onFinding = "redact";
    },
  },
  {
    id: "BH-024",
    mistake: "PHI to a provider whose agreement ends today",
    path: "llmProviders[0].agreement",
    edit: (file) =>
      Object.assign(provider(file), { agreement: { signed: "2025-01-01", expires: today, evidence: "x" } }),
    right: (file) =>
      Object.assign(provider(file), {
        agreement: { signed: "2025-01-01", expires: "2026-11-24", evidence: "x" },
      }),
  },
  {
    id: "BH-024",
    mistake: "PHI to a provider whose agreement begins tomorrow",
    path: "llmProviders[0].agreement",
    edit: (file) =>
      Object.assign(provider(file), {
        agreement: { signed: "2026-11-24", expires: "until-terminated", evidence: "x" },
      }),
    right: (file) =>
      Object.assign(provider(file), {
        agreement: { signed: today, expires: "until-terminated", evidence: "x" },
      }),
  },
  {
    id: "BH-025",
    mistake: "an agreement that expires before it was signed",
    path: "llmProviders[0].agreement.expires",
    edit: (file) =>
      Object.assign(provider(file), {
        onFinding: "block",
        agreement: { signed: "2026-01-02", expires: "2026-01-01", evidence: "x" },
      }),
    right: (file) =>
      Object.assign(provider(file), {
        onFinding: "block",
        agreement: { signed: "2026-01-01", expires: "2026-01-02", evidence: "x" },
      }),
  },
  {
    id: "BH-027",
    mistake: "model inference without a native provider",
    path: `${placeOfFlow("workload/rag-service", "platform-service/model-inference")}.to`,
    edit: (file) => {
      file.llmProviders = [];
      file.flows = file.flows.filter(
        ({ from, to }) => to !== "platform-service/model-inference" || from === "workload/rag-service",
      );
    },
    right: (file) => {
      file.llmProviders = [];
      file.flows = file.flows.filter(({ to }) => to !== "platform-service/model-inference");
    },
  },
  {
    id: "BH-028",
    mistake: "a certificate over 90 days",
    path: "certificates.lifetimeHours",
    edit: (file) => Object.assign(file, { certificates: { lifetimeHours: 2161 } }),
    right: (file) => Object.assign(file, { certificates: { lifetimeHours: 2160 } }),
  },
  {
    id: "BH-029",
    mistake: "a certificate renewed too late",
    path: "certificates.renewBeforeHours",
    edit: (file) => Object.assign(file, { certificates: { renewBeforeHours: 719 } }),
    right: (file) => Object.assign(file, { certificates: { renewBeforeHours: 721 } }),
  },
  {
    id: "BH-030",
    mistake: "a wildcard for a resource",
    path: "access.roles[0].resources[4]",
    edit: (file) => at(file.access.roles, 0).resources.push("phi_*"),
    right: (file) => at(file.access.roles, 0).resources.push("phi_all"),
  },
  {
    id: "BH-031",
    mistake: "an agent that acts for nobody known",
    path: "access.agents[0].actsFor[1]",
    edit: (file) => at(file.access.agents, 0).actsFor.push("surgeon"),
    right: (file) => at(file.access.agents, 0).actsFor.push("nurse"),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that is not Cedar",
    path: "access.policies[0].cedar",
    edit: (file) => Object.assign(file.access, ownPolicy("permit (principal, action")),
    right: (file) => Object.assign(file.access, ownPolicy("permit (principal, action, resource);")),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that reads what no request has",
    path: "access.policies[0].cedar",
    edit: (file) => Object.assign(file.access, ownPolicy(forbidding('context.ward == "7"'))),
    right: (file) => Object.assign(file.access, ownPolicy(forbidding("!context.secondFactor"))),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that names a role that there is not",
    path: "access.policies[0].cedar",
    edit: (file) => Object.assign(file.access, ownPolicy(forbidding('["nurze"].contains(context.role)'))),
    right: (file) => Object.assign(file.access, ownPolicy(forbidding('["nurse"].contains(context.role)'))),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that names a network that there is not",
    path: "access.policies[0].cedar",
    edit: (file) => Object.assign(file.access, ownPolicy(forbidding('"wifi" == context.location'))),
    right: (file) => Object.assign(file.access, ownPolicy(forbidding('"vpn" == context.location'))),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that names a resource that there is not",
    path: "access.policies[0].cedar",
    edit: (file) =>
      Object.assign(file.access, ownPolicy(forbidding('resource == Bulkhead::Resource::"phi"'))),
    right: (file) =>
      Object.assign(file.access, ownPolicy(forbidding('resource == Bulkhead::Resource::"phi_clinical_rag"'))),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own that names an agent that there is not",
    path: "access.policies[0].cedar",
    edit: (file) => Object.assign(file.access, ownPolicy(forbiddingAgent("fhir-proxy"))),
    right: (file) => Object.assign(file.access, ownPolicy(forbiddingAgent("rag-service"))),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own under the id of a generated one",
    path: "access.policies[0].id",
    edit: (file) => Object.assign(file.access, ownPolicy(forbidding("true"), "device-is-compliant")),
    right: (file) => Object.assign(file.access, ownPolicy(forbidding("true"), "device-is-old")),
  },
  {
    id: "BH-057",
    mistake: "two policies of one's own under one id",
    path: "access.policies[1].id",
    edit: (file) =>
      Object.assign(file.access, { policies: [own(forbidding("true")), own(forbidding("true"))] }),
    right: (file) =>
      Object.assign(file.access, { policies: [own(forbidding("true")), own(forbidding("true"), "other")] }),
  },
  {
    id: "BH-057",
    mistake: "a policy of one's own without an id that records can hold",
    path: "access.policies[0].id",
    edit: (file) => Object.assign(file.access, ownPolicy(forbidding("true"), "No nurses")),
    right: (file) => Object.assign(file.access, ownPolicy(forbidding("true"), "no-nurses.v2_b")),
  },
  {
    id: "BH-032",
    mistake: "PHI from an external network",
    path: "access.phiLocations[0]",
    edit: (file) => Object.assign(file.access, { phiLocations: ["external"] }),
    right: (file) => Object.assign(file.access, { phiLocations: ["vpn"] }),
  },
  {
    id: "BH-033",
    mistake: "audit records kept for less than six years",
    path: "audit.retentionDays",
    edit: (file) => Object.assign(file, { audit: { retentionDays: 2191 } }),
    right: (file) => Object.assign(file, { audit: { retentionDays: 2192 } }),
  },
  ...accessMistakes,
  ...providerMistakes,
];

function findingsOf(
  edit: Edit,
): readonly { readonly id: string; readonly path: string; readonly remedy: string }[] {
  const file = structuredClone(referencePlatform) as PlatformDraft;
  edit(file);
  try {
    platformSpec(file, { today });
    return [];
  } catch (error) {
    if (error instanceof PlatformError) {
      return error.findings;
    }
    throw error;
  }
}

describe("a platform file", () => {
  it.each(cases)("with $mistake has the finding $id at $path", ({ id, path, edit }) => {
    const findings = findingsOf(edit);
    expect(findings.map((finding) => ({ id: finding.id, path: finding.path }))).toContainEqual({ id, path });
    expect(findings.filter((finding) => finding.remedy === "")).toEqual([]);
  });

  it.each(cases)("without $mistake is accepted", ({ right }) => {
    expect(findingsOf(right)).toEqual([]);
  });

  it("has a test for every invariant", () => {
    const tested = new Set(cases.map(({ id }) => id));
    const untested = [shapeInvariant.id, ...invariants.map(({ id }) => id)].filter((id) => !tested.has(id));
    expect(untested).toEqual([]);
  });

  it("gets one error that lists every finding, of well-formed and malformed parts alike", () => {
    const file = structuredClone(referencePlatform) as PlatformDraft;
    Object.assign(at(file.workloads, 0), { image: "docker.io/a:latest", replicas: "three" });
    Object.assign(file, { certificates: { lifetimeHours: 9000 } });
    file.flows.push({ from: "data-store/fhir-store", to: "world" });
    expect(() => platformSpec(file, { today })).toThrow(PlatformError);
    const ids = findingsOf((copy) => Object.assign(copy, file)).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(["BH-001", "BH-002", "BH-028"]));
    const message = (() => {
      try {
        platformSpec(file, { today });
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    })();
    expect(message).toMatch(/^The platform is refused: 3 findings\./);
    for (const text of ["workloads[0].replicas", addedFlow, "certificates.lifetimeHours", "Remedy:"]) {
      expect(message).toContain(text);
    }
  });

  it.each([[undefined], [null], [[]], ["name: x"], [{}], [42]])(
    "that is %j is refused, not misread",
    (raw) => {
      expect(() => platformSpec(raw)).toThrow(PlatformError);
    },
  );
});
