import * as pulumi from "@pulumi/pulumi";

import type { EdgeClient } from "../model/edge";

import type { ZoneMembers } from "./zone-facts";

/** Where the Internet enters: load balancers with public addresses, the only ones of the platform. */
export abstract class FrontDoor extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:edge:FrontDoor";

  /** The cloud's names of the entrances, by who enters there; the hospital's own names point to them. */
  abstract readonly entranceNames: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  /** Where workloads that are reached from the Internet are registered. */
  abstract readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
