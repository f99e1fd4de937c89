import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/** The managed stores of the PHI zone, each behind a private endpoint in the zone's subnets. */
export abstract class DataStores extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:data:DataStores";

  /** The ids of the stores with the cloud, by the model's id. */
  abstract readonly storeIds: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
