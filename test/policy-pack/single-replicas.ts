import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

/**
 * The reference platform with one replica of each workload. On Azure and Google Cloud a replica is a machine with an address
 * of its own, of which the second shows nothing that the first does not; stacks that are judged by the thousand have one.
 */
export const singleReplicas: PlatformFile = {
  ...referencePlatform,
  workloads: referencePlatform.workloads.map((workload) => ({ ...workload, replicas: 1 })),
};
