import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/**
 * Name resolution of the platform's network: the names that the platform needs are answered, every other is refused, and
 * each query is recorded. A name that is asked for carries data to whoever answers it.
 */
export abstract class NameResolution extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:network:NameResolution";

  /** The names that are answered. */
  abstract readonly names: readonly string[];
  abstract readonly zoneMembers: ZoneMembers;
  /** What must stand before anything in the network asks for a name. */
  abstract readonly sealed: readonly pulumi.Resource[];
}
