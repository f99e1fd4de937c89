import type { WorkloadZoneId } from "./zone";

/** A workload's identity (SPIFFE-ID standard §2): `spiffe://<trust domain>/zone/<zone>/workload/<workload>`. */
export type SpiffeId = `spiffe://${string}/zone/${WorkloadZoneId}/workload/${string}`;

/**
 * Says what is wrong with a trust domain's name, or `undefined` if nothing is (SPIFFE-ID standard §2.1: lower-case
 * letters, digits, dots, dashes and underscores, at most 255 bytes). Certificates carry it in DNS names too, so it must
 * also be one (RFC 1123 §2.1), which forbids the underscore.
 */
export function trustDomainProblem(name: string): string | undefined {
  if (name.length > 255) {
    return "is longer than 255 bytes";
  }
  const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
  return name.split(".").every((part) => label.test(part)) ? undefined : "is not a lower-case DNS name";
}

export function spiffeId(trustDomain: string, zone: WorkloadZoneId, workload: string): SpiffeId {
  return `spiffe://${trustDomain}/zone/${zone}/workload/${workload}`;
}

/** The load balancer's identity, where the cloud lets it present a certificate to the workloads behind it. */
export type LoadBalancerSpiffeId = `spiffe://${string}/zone/gateway/load-balancer`;

export function loadBalancerSpiffeId(trustDomain: string): LoadBalancerSpiffeId {
  return `spiffe://${trustDomain}/zone/gateway/load-balancer`;
}

/**
 * A workload's identity in the mesh of Istio, which reads the namespace and the service account out of it (Istio, "Security",
 * section "Istio identity"): the namespace is the zone, the account the workload.
 */
export type IstioSpiffeId = `spiffe://${string}/ns/${WorkloadZoneId}/sa/${string}`;

export function istioSpiffeId(trustDomain: string, zone: WorkloadZoneId, account: string): IstioSpiffeId {
  return `spiffe://${trustDomain}/ns/${zone}/sa/${account}`;
}
