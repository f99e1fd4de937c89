import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/**
 * The credentials of workloads in the cloud's secret store: one secret each, under the key of the zone, which that
 * workload's identity alone reads. What it says is a `WorkloadCredential`.
 */
export abstract class WorkloadCredentials extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:identity:WorkloadCredentials";

  /** The ids of the secrets, as each workload's agent asks for them, by workload. */
  abstract readonly credentialIds: Readonly<Record<string, string>>;
  abstract readonly zoneMembers: ZoneMembers;
}
