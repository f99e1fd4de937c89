import { PlatformError } from "./platform-error";

/**
 * A network that exists already, into which the platform's subnets are put.
 *
 * Its main route table, default filters and other subnets are left alone: other things may depend on them. The platform
 * depends on none of them, since each of its subnets has a route table and a filter of its own.
 */
export interface ExistingNetwork {
  readonly networkId: string;
  /** The Internet gateway attached to it, for the load balancer's subnets. */
  readonly internetGatewayId: string;
}

/** The invariant of an existing network, which {@link existingNetwork} checks. */
export const existingNetworkInvariant = {
  id: "BH-039",
  title: "An existing network is named with its Internet gateway.",
  because:
    "A network has one Internet gateway at most. Without its id the platform would create a second, which the cloud refuses in the middle of the deployment.",
} as const;

/**
 * The network into which the platform is put, `undefined` for one of its own.
 *
 * @throws PlatformError if one of the two ids is missing.
 */
export function existingNetwork(
  networkId: string | undefined,
  internetGatewayId: string | undefined,
): ExistingNetwork | undefined {
  if (networkId === undefined && internetGatewayId === undefined) {
    return undefined;
  }
  if (networkId === undefined || internetGatewayId === undefined) {
    const [present, missing] =
      networkId === undefined
        ? ["bulkhead:existingInternetGatewayId", "bulkhead:existingNetworkId"]
        : ["bulkhead:existingNetworkId", "bulkhead:existingInternetGatewayId"];
    throw new PlatformError("The stack's configuration", [
      {
        id: existingNetworkInvariant.id,
        path: missing,
        message: `Is missing beside ${present}.`,
        remedy: "Set both for an existing network, or neither for one of the platform's own.",
      },
    ]);
  }
  return { networkId, internetGatewayId };
}
