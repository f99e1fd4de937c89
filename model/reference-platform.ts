import type { PlatformFile } from "./platform-file";

/** Stands for the digest of an image that you build and push; the README says how. */
function pushedImage(workload: string, digit: string): string {
  return `${workload}@sha256:${digit.repeat(64)}`;
}

/** The platform that we ship: clinical retrieval-augmented generation over a hospital's FHIR store and documents. */
export const referencePlatform: PlatformFile = {
  name: "bulkhead",
  trustDomain: "ai.hospital.example",
  network: { addressSpace: "10.40.0.0/16" },
  zones: [
    { id: "gateway", addressBlock: "10.40.0.0/18" },
    { id: "processing", addressBlock: "10.40.64.0/18" },
    { id: "phi", addressBlock: "10.40.128.0/18" },
  ],
  edge: { mode: "l7-terminate", clients: ["machine", "clinician"] },
  workloads: [
    { id: "ai-gateway", zone: "gateway", image: pushedImage("ai-gateway", "1"), replicas: 3 },
    { id: "rag-service", zone: "processing", image: pushedImage("rag-service", "2"), replicas: 3 },
    {
      id: "embedding-service",
      zone: "processing",
      image: pushedImage("embedding-service", "3"),
      replicas: 2,
    },
    { id: "async-ai-workers", zone: "processing", image: pushedImage("async-ai-workers", "4"), replicas: 4 },
    { id: "fhir-proxy", zone: "processing", image: pushedImage("fhir-proxy", "5"), replicas: 3 },
    { id: "decision-point", zone: "processing", image: pushedImage("decision-point", "8"), replicas: 3 },
    { id: "agent-tools", zone: "processing", image: pushedImage("agent-tools", "9"), replicas: 2 },
  ],
  dataStores: [
    { id: "fhir-store", kind: "fhir" },
    { id: "document-store", kind: "document" },
    { id: "vector-index", kind: "vector" },
  ],
  llmProviders: [
    {
      id: "native-models",
      kind: "native",
      models: {
        aws: ["amazon.nova-pro-v1:0", "amazon.titan-embed-text-v2:0"],
        azure: ["gpt-4o", "text-embedding-3-large"],
        gcp: ["gemini-2.5-pro", "text-embedding-005"],
      },
      agreement: {
        signed: "2026-01-15",
        expires: "until-terminated",
        evidence: "https://records.hospital.example/agreements/cloud-baa",
      },
      onFinding: "allow",
    },
  ],
  flows: [
    { from: "world", to: "load-balancer" },
    { from: "load-balancer", to: "workload/ai-gateway" },
    { from: "workload/ai-gateway", to: "workload/rag-service" },
    { from: "workload/ai-gateway", to: "workload/async-ai-workers" },
    { from: "workload/ai-gateway", to: "workload/fhir-proxy" },
    { from: "workload/ai-gateway", to: "workload/decision-point" },
    { from: "workload/fhir-proxy", to: "workload/decision-point" },
    { from: "workload/agent-tools", to: "workload/decision-point" },
    { from: "workload/rag-service", to: "workload/agent-tools" },
    { from: "workload/async-ai-workers", to: "workload/agent-tools" },
    { from: "workload/agent-tools", to: "workload/fhir-proxy" },
    { from: "workload/rag-service", to: "workload/embedding-service" },
    { from: "workload/rag-service", to: "workload/fhir-proxy" },
    { from: "workload/async-ai-workers", to: "workload/rag-service" },
    { from: "workload/async-ai-workers", to: "workload/embedding-service" },
    { from: "workload/async-ai-workers", to: "workload/fhir-proxy" },
    { from: "workload/fhir-proxy", to: "data-store/fhir-store" },
    { from: "workload/fhir-proxy", to: "data-store/document-store" },
    { from: "workload/rag-service", to: "data-store/vector-index" },
    { from: "workload/rag-service", to: "platform-service/model-inference" },
    { from: "workload/embedding-service", to: "platform-service/model-inference" },
    { from: "workload/async-ai-workers", to: "platform-service/model-inference" },
    { from: "zone/gateway", to: "platform-service/secrets" },
    { from: "zone/gateway", to: "platform-service/logs" },
    { from: "zone/gateway", to: "platform-service/keys" },
    { from: "zone/gateway", to: "platform-service/registry" },
    { from: "zone/gateway", to: "platform-service/identity" },
    { from: "zone/gateway", to: "platform-service/metrics" },
    { from: "zone/processing", to: "platform-service/secrets" },
    { from: "zone/processing", to: "platform-service/logs" },
    { from: "zone/processing", to: "platform-service/keys" },
    { from: "zone/processing", to: "platform-service/registry" },
    { from: "zone/processing", to: "platform-service/identity" },
    { from: "zone/processing", to: "platform-service/metrics" },
  ],
  mesh: {
    kind: "envoy",
    proxyImage: pushedImage("envoy", "6"),
    agentImage: pushedImage("certificate-agent", "7"),
  },
  certificates: { issuer: "built-in", lifetimeHours: 2160, renewBeforeHours: 720, minimumTls: "1.3" },
  access: {
    roles: [
      {
        id: "attending_physician",
        resources: [
          "phi_clinical_rag",
          "phi_discharge_summary",
          "phi_medication_review",
          "knowledge_base_query",
        ],
      },
      { id: "nurse", resources: ["phi_clinical_rag", "knowledge_base_query"] },
      { id: "pharmacist", resources: ["phi_medication_review", "knowledge_base_query"] },
      { id: "administrative", resources: ["knowledge_base_query"] },
    ],
    agents: [
      {
        id: "discharge_summary_agent",
        workload: "async-ai-workers",
        actsFor: ["attending_physician"],
        tools: [
          { id: "fhir_search", access: "read", mostRows: 200 },
          { id: "document_search", access: "read", mostRows: 50 },
          { id: "draft_summary", access: "write" },
        ],
      },
      {
        id: "medication_review_agent",
        workload: "rag-service",
        actsFor: ["attending_physician", "pharmacist"],
        tools: [{ id: "fhir_search", access: "read", mostRows: 100 }],
      },
    ],
    tools: [
      {
        id: "fhir_search",
        server: "fhir-proxy",
        access: "read",
        patientArgument: "patient",
        rowsArgument: "count",
      },
      {
        id: "document_search",
        server: "fhir-proxy",
        access: "read",
        patientArgument: "patient",
        rowsArgument: "count",
      },
      { id: "draft_summary", server: "fhir-proxy", access: "write", patientArgument: "patient" },
    ],
    deviceCompliance: "required",
    phiLocations: ["corporate_network", "vpn"],
    sessionMinutes: 60,
    mfaResources: ["phi_discharge_summary"],
    networks: [
      { location: "corporate_network", addresses: ["192.0.2.0/24"] },
      { location: "vpn", addresses: ["198.51.100.0/24"] },
    ],
    identityProvider: {
      issuer: "https://sign-in.hospital.example",
      audience: "bulkhead",
      // Stands for the key of your identity provider: nobody has its other half.
      keys: [
        {
          kty: "EC",
          kid: "stand-in",
          alg: "ES256",
          crv: "P-256",
          x: "vDrz0ov2bSOE9R_5hjNjTMRUThNTRutKPSn9-d_sypw",
          y: "Fa6jJ5Qax8qIpzRin-NWwIgz6HkmHBH56J2UjD8DchY",
        },
      ],
    },
    routes: [
      { at: "ai-gateway", path: "/v1/clinical-rag", resource: "phi_clinical_rag" },
      { at: "ai-gateway", path: "/v1/discharge-summary", resource: "phi_discharge_summary" },
      { at: "ai-gateway", path: "/v1/medication-review", resource: "phi_medication_review" },
      { at: "ai-gateway", path: "/v1/knowledge-base", resource: "knowledge_base_query" },
      { at: "fhir-proxy", path: "/fhir", resource: "as-granted" },
      { at: "fhir-proxy", path: "/documents", resource: "as-granted" },
      { at: "fhir-proxy", path: "/mcp", resource: "as-granted", action: "call" },
    ],
  },
  audit: { retentionDays: 2192, encryption: "customer-managed-key" },
};
