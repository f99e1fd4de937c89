import type * as pulumi from "@pulumi/pulumi";

import type { Entrance } from "../model/entrance";
import type { ExistingNetwork } from "../model/existing-network";
import type { StackOptions } from "../model/stack-options";

/** What exists around the platform and is only referred to, and what of it the platform may change. */
export interface Surroundings extends StackOptions {
  /** The network into which the platform is put; one of its own where it is `undefined`. */
  readonly existingNetwork: ExistingNetwork | undefined;
  /** The cloud's ids of data stores that exist already, by the model's id. */
  readonly existingDataStores: ReadonlyMap<string, string>;
  readonly entrance: Entrance;
  /** The time, of which it follows which certificates are current. */
  readonly now: Date;
  /** There exactly if the entrance signs clinicians in. */
  readonly clinicianClientSecret: pulumi.Output<string> | undefined;
}
