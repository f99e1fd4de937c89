import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/**
 * The one door by which prompts leave for external providers: the way by which the guard behind it is reached, a firewall
 * that ends TLS and lets the providers' hosts alone through, and the routes that leave no way round. There where a platform
 * declares an external provider.
 */
export abstract class EgressInspection extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:network:EgressInspection";

  abstract readonly zoneMembers: ZoneMembers;
}
