import { discoveryName, edgeName } from "./discovery-name";
import type { PlatformSpec } from "./platform-spec";
import type { SpiffeId } from "./spiffe-id";
import type { Workload } from "./workload";

/** What a workload's certificate is to say (X509-SVID standard §2 to §4). */
export interface CertificateRequest {
  /** The workload. */
  readonly workload: string;
  /** Its identity: the one URI among the alternative names. */
  readonly spiffeId: SpiffeId;
  /** The names by which it is found. */
  readonly dnsNames: readonly string[];
}

/** Whether the load balancer calls a workload. */
export function isBehindLoadBalancer(
  { flows }: Pick<PlatformSpec, "flows">,
  { id }: Pick<Workload, "id">,
): boolean {
  return flows.some(
    ({ from, to }) => from.kind === "load-balancer" && to.kind === "workload" && to.id === id,
  );
}

/** What the certificates of a platform's workloads are to say, in the order of their ids. */
export function certificateRequests(spec: PlatformSpec): readonly CertificateRequest[] {
  return spec.workloads.map((workload) => ({
    workload: workload.id,
    spiffeId: workload.spiffeId,
    dnsNames: [
      discoveryName(spec.trustDomain, workload),
      ...(isBehindLoadBalancer(spec, workload) ? [edgeName(spec.trustDomain)] : []),
    ],
  }));
}
