import { certificateRequests } from "../../model/certificate-request";
import { loadBalancerSpiffeId, type LoadBalancerSpiffeId, type SpiffeId } from "../../model/spiffe-id";
import type { PlatformSpec } from "../../model/platform-spec";
import type { FilteredPeer } from "../../model/tag";
import type { WorkloadZoneId } from "../../model/zone";

/** Who holds certificates: a workload, or the load balancer where its cloud lets it present one. */
export interface CertificateHolder {
  /** The workload's id, or `load-balancer`, which no workload is called. */
  readonly id: string;
  readonly zone: WorkloadZoneId;
  readonly peer: FilteredPeer;
  readonly spiffeId: SpiffeId | LoadBalancerSpiffeId;
  /** The names by which it is found; the load balancer calls, and is not called. */
  readonly dnsNames: readonly string[];
}

/** The id under which the load balancer's certificates are found. */
export const loadBalancerHolderId = "load-balancer";

/** The workloads of a platform as holders of certificates. */
export function workloadHolders(spec: PlatformSpec): readonly CertificateHolder[] {
  return certificateRequests(spec).map(({ workload: id, spiffeId, dnsNames }) => {
    const workload = spec.workloads.find((one) => one.id === id);
    if (workload === undefined) {
      throw new Error(`there is no workload ${id}`);
    }
    const { zone } = workload;
    return { id, zone, peer: { kind: "workload", id, zone }, spiffeId, dnsNames };
  });
}

/** The load balancer of a platform as a holder of certificates. */
export function loadBalancerHolder({ trustDomain }: PlatformSpec): CertificateHolder {
  return {
    id: loadBalancerHolderId,
    zone: "gateway",
    peer: { kind: loadBalancerHolderId },
    spiffeId: loadBalancerSpiffeId(trustDomain),
    dnsNames: [],
  };
}
