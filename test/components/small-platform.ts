import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

const image = `any/image@sha256:${"0".repeat(64)}`;

/** A platform with one of each, but for agents: short enough to write down all that is rendered of it. */
export const smallPlatform: PlatformFile = {
  ...referencePlatform,
  name: "ward",
  workloads: [
    { id: "ai-gateway", zone: "gateway", image, replicas: 2 },
    { id: "fhir-proxy", zone: "processing", image, replicas: 2 },
    { id: "decision-point", zone: "processing", image, replicas: 2 },
  ],
  dataStores: [{ id: "fhir-store", kind: "fhir" }],
  flows: [
    { from: "world", to: "load-balancer" },
    { from: "load-balancer", to: "workload/ai-gateway" },
    { from: "workload/ai-gateway", to: "workload/fhir-proxy" },
    { from: "workload/ai-gateway", to: "workload/decision-point" },
    { from: "workload/fhir-proxy", to: "data-store/fhir-store" },
    { from: "workload/fhir-proxy", to: "platform-service/secrets" },
  ],
  access: {
    ...referencePlatform.access,
    agents: [],
    tools: [],
    routes: [{ at: "ai-gateway", path: "/v1/clinical-rag", resource: "phi_clinical_rag" }],
  },
};
