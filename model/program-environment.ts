/** The variable of the environment in which a program finds the address of a workload that it calls. */
export function upstreamVariable(workloadId: string): string {
  return `BULKHEAD_UPSTREAM_${workloadId.toUpperCase().replaceAll("-", "_")}`;
}
