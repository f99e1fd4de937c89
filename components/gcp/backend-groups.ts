import type * as pulumi from "@pulumi/pulumi";

/** The name by which groups of machines, and backend services, call the platform's port. */
export const portName = "platform";

/** What a load balancer sends on to in one zone of the region. */
export interface BackendGroup {
  /** Its relative name, as backend services write it. */
  readonly id: string;
  /** The zone of the region. */
  readonly zone: string;
  readonly resource: pulumi.Resource;
  /** What must stand before anything is sent to it. */
  readonly ready: readonly pulumi.Resource[];
}
