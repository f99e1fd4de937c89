import type { AwsTarget, AzureTarget, GcpTarget } from "./cloud-target";
import type { Breach } from "./finding";
import { PlatformError } from "./platform-error";

/**
 * A network that exists already, into which the platform's subnets are put.
 *
 * Its main route table, default filters and other subnets are left alone: other things may depend on them. The platform
 * depends on none of them, since each of its subnets has a route table and a filter of its own.
 */
export interface ExistingNetwork {
  readonly networkId: string;
  /** The Internet gateway attached to it, for the load balancer's subnets: there exactly on AWS. */
  readonly internetGatewayId: string | undefined;
}

/** The invariant of an existing network, which {@link existingNetwork} checks. */
export const existingNetworkInvariant = {
  id: "BH-039",
  title:
    "An existing network is one of the platform's account, named with its Internet gateway where the cloud has one, and there is none on Google Cloud.",
  because:
    "A network of AWS has one Internet gateway at most. Without its id the platform would create a second, which the cloud refuses in the middle of the deployment. On Azure a network has none. On Google Cloud whether a network has default routes is decided when it is created, so the platform makes its own.",
} as const;

const id = existingNetworkInvariant.id;
const networkPath = "bulkhead:existingNetworkId";
const gatewayPath = "bulkhead:existingInternetGatewayId";

/** What the form of a network's id depends on. */
export type NetworkPlace =
  Pick<AwsTarget, "kind"> | Pick<AzureTarget, "kind" | "subscriptionId"> | Pick<GcpTarget, "kind">;

/** What is wrong with the two ids on a cloud, if anything is. */
function breachOf(
  target: NetworkPlace,
  networkId: string | undefined,
  internetGatewayId: string | undefined,
): Breach | undefined {
  switch (target.kind) {
    case "aws": {
      if (networkId !== undefined && internetGatewayId !== undefined) {
        return undefined;
      }
      const [present, missing] =
        networkId === undefined ? [gatewayPath, networkPath] : [networkPath, gatewayPath];
      return {
        path: missing,
        message: `Is missing beside ${present}.`,
        remedy: "Set both for an existing network, or neither for one of the platform's own.",
      };
    }
    case "azure": {
      if (internetGatewayId !== undefined) {
        return {
          path: gatewayPath,
          message: "A virtual network of Azure has no Internet gateway.",
          remedy: `Leave it out, and name the network in ${networkPath} alone.`,
        };
      }
      const pattern = new RegExp(
        `^/subscriptions/${target.subscriptionId}/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/[^/]+$`,
        "i",
      );
      return networkId === undefined || pattern.test(networkId)
        ? undefined
        : {
            path: networkPath,
            message: `\`${networkId}\` is not the id of a virtual network in the platform's subscription.`,
            remedy: `Write /subscriptions/${target.subscriptionId}/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<name>.`,
          };
    }
    case "gcp":
      return {
        path: networkId === undefined ? gatewayPath : networkPath,
        message:
          "On Google Cloud the platform makes the networks of its zones itself, in the projects that it is given.",
        remedy: "Leave it out.",
      };
  }
}

/**
 * The network into which the platform is put, `undefined` for one of its own.
 *
 * @throws PlatformError if one of the ids is missing, too many, or of another account.
 */
export function existingNetwork(
  target: NetworkPlace,
  networkId: string | undefined,
  internetGatewayId: string | undefined,
): ExistingNetwork | undefined {
  if (networkId === undefined && internetGatewayId === undefined) {
    return undefined;
  }
  const breach = breachOf(target, networkId, internetGatewayId);
  if (breach !== undefined) {
    throw new PlatformError("The stack's configuration", [{ id, ...breach }]);
  }
  return networkId === undefined ? undefined : { networkId, internetGatewayId };
}
