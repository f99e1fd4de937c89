import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { FilteredPeer } from "../../model/tag";

import { asWritten } from "./as-written";
import { tagsOfPeer } from "./filtered-peers";
import { shortName, type PhysicalNames } from "./physical-names";
import type { LinkedService } from "./private-zones";

export interface PrivateLinkArgs {
  /** The name of the platform. */
  readonly platform: string;
  readonly names: PhysicalNames;
  /** Who is reached: the endpoint stands in the subnet, and so behind the filter, of this peer. */
  readonly peer: FilteredPeer;
  /** The id of the resource that is reached: one of the platform's subscription. */
  readonly serviceId: string;
  /** What of the resource is reached, and under which private names. */
  readonly link: LinkedService;
}

/**
 * A private endpoint, and the private names of what it leads to.
 *
 * The connection is one that Azure approves because whoever runs Pulumi may use the resource, and never one that asks a
 * stranger for approval.
 *
 * @param opts `dependsOn` holds what must stand before: the resource that is reached, the sealed subnets and the private
 * DNS zones.
 * @returns the endpoint, and the resource that stands once its names are answered.
 */
export function privateLink(
  { platform, names, peer, serviceId, link }: PrivateLinkArgs,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): { readonly endpoint: network.PrivateEndpoint; readonly dnsZoneGroup: network.PrivateDnsZoneGroup } {
  const { parent, dependsOn } = opts;
  const logicalName = `${platform}-${shortName(peer)}-endpoint`;
  const privateEndpointName = names.endpoint(peer);
  const resourceGroupName = names.group("network");
  const subnet = { id: names.subnetId(peer) };
  const endpoint = new network.PrivateEndpoint(
    logicalName,
    {
      privateEndpointName,
      resourceGroupName,
      location: names.location,
      subnet,
      customNetworkInterfaceName: `${privateEndpointName}-interface`,
      privateLinkServiceConnections: [
        { name: privateEndpointName, privateLinkServiceId: serviceId, groupIds: [link.groupId] },
      ],
      tags: tagsOfPeer(platform, peer),
    },
    // The SDK would say beside the subnet's id that filters do not bind endpoints in it.
    { parent, dependsOn: [...dependsOn], transformations: [asWritten("subnet", subnet)] },
  );
  const dnsZoneGroup = new network.PrivateDnsZoneGroup(
    `${logicalName}-names`,
    {
      privateDnsZoneGroupName: "default",
      privateEndpointName,
      resourceGroupName,
      privateDnsZoneConfigs: link.zones.map((zone) => ({
        name: zone.replaceAll(".", "-"),
        privateDnsZoneId: names.privateZoneId(zone),
      })),
    },
    { parent, dependsOn: [endpoint, ...dependsOn] },
  );
  return { endpoint, dnsZoneGroup };
}
