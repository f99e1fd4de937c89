import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/** The private endpoints by which workloads reach services of the cloud, each with a policy made from the model. */
export abstract class PrivateEndpoints extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:network:PrivateEndpoints";

  /** The ids of the endpoints, by the cloud's name of the service. */
  abstract readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
