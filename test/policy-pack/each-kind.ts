import type { FlowEntry, PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

/** The workloads that differ in kind: an entrance, two that use stores, of which one asks for decisions, and who decides. */
const kept = ["ai-gateway", "decision-point", "fhir-proxy", "rag-service"];

/** What no workload that the platform runs can do without; on Azure who writes logs writes metrics. */
const neededToRun = ["secrets", "registry", "logs", "metrics"].map((id) => `platform-service/${id}`);

function isKept({ from, to }: FlowEntry): boolean {
  return (
    [from, to].every(
      (peer) => !peer.startsWith("workload/") || kept.some((id) => peer === `workload/${id}`),
    ) &&
    // The gateway's use of what processing uses is nothing new.
    (from !== "zone/gateway" || neededToRun.includes(to))
  );
}

/**
 * The reference platform with each kind of thing once: it is judged some ten thousand times. On Azure and Google Cloud a
 * replica is a machine with an address of its own, of which the second shows nothing that the first does not.
 */
export const eachKind: PlatformFile = {
  ...referencePlatform,
  workloads: referencePlatform.workloads
    .filter(({ id }) => kept.includes(id))
    .map((workload) => ({ ...workload, replicas: 1 })),
  flows: referencePlatform.flows.filter(isKept),
  access: {
    ...referencePlatform.access,
    agents: [],
    tools: [],
    routes: [
      { at: "ai-gateway", path: "/v1/clinical-rag", resource: "phi_clinical_rag" },
      { at: "fhir-proxy", path: "/fhir", resource: "as-granted" },
    ],
  },
};
