/**
 * Services of the cloud that workloads use, each by private endpoint only: model inference of the cloud's own LLM
 * service, secrets, logs, encryption keys, the private container registry, tokens for the workload's own identity with
 * the cloud, and metrics.
 */
export const platformServiceIds = [
  "model-inference",
  "secrets",
  "logs",
  "keys",
  "registry",
  "identity",
  "metrics",
] as const;

/** A service of the cloud that workloads use. */
export type PlatformServiceId = (typeof platformServiceIds)[number];
