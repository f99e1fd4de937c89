import * as pulumi from "@pulumi/pulumi";

import type { WorkloadZoneId, ZoneId } from "../model/zone";

import type { ZoneMembers } from "./zone-facts";

/**
 * The platform's network, cut into zones: subnets, routes, and the filters of subnets. Each cloud renders it with its
 * own resources, under the same type and with the same outputs.
 */
export abstract class Segmentation extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:network:Segmentation";

  /** The network's id with its cloud. */
  abstract readonly networkId: pulumi.Output<string>;
  /** The ids of each zone's subnets; none for a zone that the platform does not have. */
  abstract readonly subnetIds: Readonly<Record<ZoneId, pulumi.Output<readonly string[]>>>;
  /** The ids of the subnets in which a zone's workloads run. */
  abstract readonly workloadSubnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  abstract readonly zoneMembers: ZoneMembers;
  /** What must stand before anything is put into a zone, or the zone would be open for a moment. */
  abstract readonly sealed: readonly pulumi.Resource[];
}
