/**
 * Services of the cloud that workloads use, each by private endpoint only: model inference of the cloud's own LLM
 * service, secrets, logs, encryption keys, and the private container registry.
 */
export const platformServiceIds = ["model-inference", "secrets", "logs", "keys", "registry"] as const;

export type PlatformServiceId = (typeof platformServiceIds)[number];
