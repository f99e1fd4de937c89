import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/** What each workload is to the cloud, and the least that it may do there: what its flows name. */
export abstract class WorkloadIdentities extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:identity:WorkloadIdentities";

  /** The identities' ids with the cloud, by workload. */
  abstract readonly identityIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of the identities that start them with the cloud, pulling images and opening their logs, by workload. */
  abstract readonly startingIdentityIds: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
