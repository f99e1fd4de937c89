import { partOf } from "../../model/cidr";
import { peerName, type WorkloadPeer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { peerSubnets } from "./peer-subnets";

/** Addresses at the beginning of each subnet that Azure keeps (Azure documentation, "Azure Virtual Network FAQ"). */
export const keptAddresses = 4;

/** A workload as the peer that it is. */
export function workloadPeer({ id, zone }: Workload): WorkloadPeer {
  return { kind: "workload", id, zone };
}

/**
 * The addresses of a workload's replicas: the first of its subnet, in their order. They are known before anything exists,
 * so that names, load balancers and the judge can name them.
 */
export function replicaAddresses(spec: PlatformSpec, workload: Workload): readonly string[] {
  const name = peerName(workloadPeer(workload));
  const subnet = peerSubnets(spec).find(({ peer }) => peerName(peer) === name);
  if (subnet === undefined) {
    throw new Error(`${name} has no subnet`);
  }
  return Array.from({ length: workload.replicas }, (_, index) =>
    partOf(subnet.block, 32, keptAddresses + index).text.replace(/\/32$/, ""),
  );
}
