/** The pairs of workloads of the reference platform of which the first may call the second, as its flows say. */
export const declaredPairs = [
  ["ai-gateway", "async-ai-workers"],
  ["ai-gateway", "fhir-proxy"],
  ["ai-gateway", "rag-service"],
  ["async-ai-workers", "embedding-service"],
  ["async-ai-workers", "fhir-proxy"],
  ["async-ai-workers", "rag-service"],
  ["rag-service", "embedding-service"],
  ["rag-service", "fhir-proxy"],
] as const;

export const workloadIds = [
  "ai-gateway",
  "async-ai-workers",
  "embedding-service",
  "fhir-proxy",
  "rag-service",
] as const;

export function isDeclared(from: string, to: string): boolean {
  return declaredPairs.some(([caller, called]) => caller === from && called === to);
}
