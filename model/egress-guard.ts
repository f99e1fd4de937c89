import type { PlatformSpec } from "./platform-spec";

/**
 * The workload that alone calls external LLM providers: the policy enforcement point of the egress zone. Workloads call it in
 * the provider's place.
 */
export const egressGuardId = "egress-guard";

/** The hosts that it may call: those of the external providers, in the order of the alphabet. */
export function providerHosts({ llmProviders }: Pick<PlatformSpec, "llmProviders">): readonly string[] {
  return llmProviders
    .flatMap((provider) => (provider.kind === "external" ? provider.fqdns : []))
    .sort((a, b) => (a < b ? -1 : 1));
}
