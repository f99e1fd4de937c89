import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

const [native] = referencePlatform.llmProviders ?? [];
if (native === undefined) {
  throw new Error("the reference platform has no native provider");
}

/** The reference platform with two external providers: one with an agreement, one without. */
export const withExternalProviders: PlatformFile = {
  ...referencePlatform,
  zones: [...referencePlatform.zones, { id: "egress", addressBlock: "10.40.192.0/18" }],
  workloads: [
    ...referencePlatform.workloads,
    { id: "egress-guard", zone: "egress", image: `egress-guard@sha256:${"a".repeat(64)}`, replicas: 2 },
  ],
  llmProviders: [
    native,
    {
      id: "openai",
      kind: "external",
      api: "openai",
      fqdns: ["api.openai.com"],
      models: ["gpt-5", { name: "text-embedding-3-large", onFinding: "block" }],
      agreement: {
        signed: "2026-03-01",
        expires: "until-terminated",
        evidence: "https://records.hospital.example/agreements/openai-baa",
      },
      onFinding: "allow",
    },
    {
      id: "anthropic",
      kind: "external",
      api: "anthropic",
      fqdns: ["api.anthropic.com"],
      models: ["claude-sonnet-5"],
      onFinding: "redact",
    },
  ],
  inspection: {
    recordNumbers: [{ id: "medical_record", form: "MRN-9999999" }],
  },
  flows: [
    ...referencePlatform.flows,
    { from: "workload/rag-service", to: "workload/egress-guard" },
    { from: "workload/async-ai-workers", to: "workload/egress-guard" },
    { from: "workload/egress-guard", to: "llm-provider/openai" },
    { from: "workload/egress-guard", to: "llm-provider/anthropic" },
    { from: "zone/egress", to: "platform-service/secrets" },
    { from: "zone/egress", to: "platform-service/logs" },
    { from: "zone/egress", to: "platform-service/keys" },
    { from: "zone/egress", to: "platform-service/registry" },
    { from: "zone/egress", to: "platform-service/identity" },
    { from: "zone/egress", to: "platform-service/metrics" },
  ],
};
