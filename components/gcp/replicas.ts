import { partOf } from "../../model/cidr";
import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { workloadSubnets } from "./workload-subnets";

/** Addresses at the beginning of each subnet that Google Cloud keeps (VPC documentation, "Unusable addresses in IPv4 subnet ranges"). */
const keptAddresses = 2;

/** One replica of a workload: a machine with an address of its own. */
export interface Replica {
  /** Which it is, counted from one. */
  readonly number: number;
  readonly address: string;
  /** The zone of the region that it is in. */
  readonly availabilityZone: string;
}

/**
 * The addresses of a workload's replicas: the first of its subnet, in their order. They are known before anything exists,
 * so that names and the judge can name them.
 */
export function replicaAddresses(spec: PlatformSpec, { id, zone, replicas }: Workload): readonly string[] {
  const name = peerName({ kind: "workload", id, zone });
  const subnet = workloadSubnets(spec).find(({ peer }) => peerName(peer) === name);
  if (subnet === undefined) {
    throw new Error(`${name} has no subnet`);
  }
  return Array.from({ length: replicas }, (_, index) =>
    partOf(subnet.block, 32, keptAddresses + index).text.replace(/\/32$/, ""),
  );
}

/** The replicas of a workload, in the zones of the region in turn. */
export function replicasOf(
  spec: PlatformSpec,
  workload: Workload,
  availabilityZones: readonly string[],
): readonly Replica[] {
  return replicaAddresses(spec, workload).map((address, index) => {
    const availabilityZone = availabilityZones[index % availabilityZones.length];
    if (availabilityZone === undefined) {
      throw new Error("there is no zone to run in");
    }
    return { number: index + 1, address, availabilityZone };
  });
}
