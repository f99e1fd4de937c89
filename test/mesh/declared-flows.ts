/** The pairs of workloads of the reference platform of which the first may call the second, as its flows say. */
export const declaredPairs = [
  ["agent-tools", "decision-point"],
  ["agent-tools", "fhir-proxy"],
  ["ai-gateway", "async-ai-workers"],
  ["ai-gateway", "decision-point"],
  ["ai-gateway", "fhir-proxy"],
  ["ai-gateway", "rag-service"],
  ["async-ai-workers", "agent-tools"],
  ["async-ai-workers", "embedding-service"],
  ["async-ai-workers", "fhir-proxy"],
  ["async-ai-workers", "rag-service"],
  ["fhir-proxy", "decision-point"],
  ["rag-service", "agent-tools"],
  ["rag-service", "embedding-service"],
  ["rag-service", "fhir-proxy"],
] as const;

export const workloadIds = [
  "agent-tools",
  "ai-gateway",
  "async-ai-workers",
  "decision-point",
  "embedding-service",
  "fhir-proxy",
  "rag-service",
] as const;

export function isDeclared(from: string, to: string): boolean {
  return declaredPairs.some(([caller, called]) => caller === from && called === to);
}
