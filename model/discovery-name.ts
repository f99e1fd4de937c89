import type { WorkloadZoneId } from "./zone";

/**
 * The name by which a workload is found inside of the platform (RFC 1123 §2.1): `<workload>.<zone>.<trust domain>`. Its
 * certificate carries it beside its SPIFFE ID.
 */
export function discoveryName(
  trustDomain: string,
  { id, zone }: { readonly id: string; readonly zone: WorkloadZoneId },
): string {
  return `${id}.${zone}.${trustDomain}`;
}

/** The name under which the workloads behind the load balancer answer it. */
export function edgeName(trustDomain: string): string {
  return `gateway.${trustDomain}`;
}
