import { isBehindLoadBalancer } from "../../../model/certificate-request";
import { ingressName } from "../../../model/mesh";
import type { PlatformSpec } from "../../../model/platform-spec";
import { istioSpiffeId, type IstioSpiffeId } from "../../../model/spiffe-id";
import { peerTags, zoneTag } from "../../../model/tag";
import type { Workload } from "../../../model/workload";
import type { WorkloadZoneId } from "../../../model/zone";

/** What has an identity in the mesh: a service account, by whose name its pods and its service are called too. */
export interface Account {
  readonly id: string;
  /** The zone, which is the namespace. */
  readonly zone: WorkloadZoneId;
}

/** What ends the load balancer's connections. It is no workload of the platform's: a gateway of Istio. */
export const ingress: Account = { id: ingressName, zone: "gateway" };

/** The workloads that the gateway calls for the load balancer, in the order of their ids. */
export function behindIngress(spec: Pick<PlatformSpec, "flows" | "workloads">): readonly Workload[] {
  return spec.workloads.filter((workload) => isBehindLoadBalancer(spec, workload));
}

/** All that has an identity: the workloads, and the gateway where it has one of them to call. */
export function accountsOf(spec: Pick<PlatformSpec, "flows" | "workloads">): readonly Account[] {
  return [...(behindIngress(spec).length === 0 ? [] : [ingress]), ...spec.workloads];
}

/** The labels by which the pods of an account are selected. */
export function podLabels({ id }: Account): Readonly<Record<string, string>> {
  return { [peerTags.workload]: id };
}

/** The labels of whatever belongs to an account. */
export function labelsOf(account: Account): Readonly<Record<string, string>> {
  return { ...podLabels(account), [zoneTag]: account.zone };
}

/** The name by which an account's service is found in the cluster. */
export function serviceName({ id, zone }: Account): string {
  return `${id}.${zone}.svc.cluster.local`;
}

export function identityOf(trustDomain: string, { id, zone }: Account): IstioSpiffeId {
  return istioSpiffeId(trustDomain, zone, id);
}

/** An identity as Istio's policies write it, without its scheme. */
export function principalOf(identity: `spiffe://${string}`): string {
  return identity.slice("spiffe://".length);
}
