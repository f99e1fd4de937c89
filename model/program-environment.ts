/** The variable of the environment in which a program finds the address of a workload that it calls. */
export function upstreamVariable(workloadId: string): string {
  return `BULKHEAD_UPSTREAM_${workloadId.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * The variables of the environment in which a program finds the cloud's guardrail that calls of a native provider's models
 * have to name, where the cloud takes part only if it is named: its identifier, and which version of it.
 */
export function guardrailVariables(providerId: string): {
  readonly identifier: string;
  readonly version: string;
} {
  const provider = providerId.toUpperCase().replaceAll("-", "_");
  return {
    identifier: `BULKHEAD_GUARDRAIL_ID_${provider}`,
    version: `BULKHEAD_GUARDRAIL_VERSION_${provider}`,
  };
}
