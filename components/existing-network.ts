import type * as pulumi from "@pulumi/pulumi";

/**
 * A network that exists already, into which the platform's subnets are put.
 *
 * Its main route table, default filters and other subnets are left alone: other things may depend on them. The platform
 * depends on none of them, since each of its subnets has a route table and a filter of its own.
 */
export interface ExistingNetwork {
  readonly networkId: pulumi.Input<string>;
  /** The Internet gateway attached to it, for the load balancer's subnets. */
  readonly internetGatewayId: pulumi.Input<string>;
}
