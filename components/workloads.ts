import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/**
 * The workloads as running services: each replica a pod of the workload's program, its proxy and its certificate agent,
 * with the workload's identity, behind its filter, found under its discovery name, and with an alarm for a certificate that
 * is not renewed. There are none on a platform whose workloads run on the customer's Kubernetes.
 */
export abstract class Workloads extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:workload:Workloads";

  /** The ids of what runs each workload with the cloud, such as ARNs of services, by workload. */
  abstract readonly serviceIds: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
