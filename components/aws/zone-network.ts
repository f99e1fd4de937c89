import type { PlatformSpec } from "../../model/platform-spec";
import type { WorkloadZoneId, ZoneId } from "../../model/zone";

/** The networks of a platform on AWS: a VPC of the egress zone alone, and one of all other zones. */
export const awsNetworks = ["core", "egress"] as const;

/** A VPC of a platform: that of the egress zone, or that of all others. */
export type AwsNetwork = (typeof awsNetworks)[number];

/** The network in which a zone is. The egress zone has one of its own, to which no other zone has a route. */
export function networkOf(zone: ZoneId): AwsNetwork {
  return zone === "egress" ? "egress" : "core";
}

/** The networks that a platform has. */
export function networksOf({ zones }: Pick<PlatformSpec, "zones">): readonly AwsNetwork[] {
  return awsNetworks.filter((network) => zones.some(({ id }) => networkOf(id) === network));
}

/** The zone in whose subnets the private endpoints of a network's platform services are. */
export const endpointZones: Readonly<Record<AwsNetwork, WorkloadZoneId>> = {
  core: "processing",
  egress: "egress",
};

/** Begins the names of what a platform has in each of its networks. */
export function networkPrefix(platform: string, network: AwsNetwork): string {
  return network === "core" ? platform : `${platform}-${network}`;
}
