import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

import type { SubnetPurpose } from "../../model/address-plan";
import type { Cidr } from "../../model/cidr";
import type { ExistingNetwork } from "../../model/existing-network";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { WorkloadZoneId, ZoneId } from "../../model/zone";
import { Segmentation } from "../segmentation";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { firewallSubnet } from "./firewall-subnet";
import { peerSubnets } from "./peer-subnets";
import { shortName, type PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";

export interface AzureSegmentationArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  readonly existingNetwork: ExistingNetwork | undefined;
  /** The filters of the subnets, which stand before they do. */
  readonly filters: readonly pulumi.Resource[];
}

/** A subnet to be made, and what binds it. */
interface PlannedSubnet {
  readonly name: string;
  /** What tells its resource from those of the others. */
  readonly shortName: string;
  readonly zone: ZoneId;
  readonly purpose: SubnetPurpose;
  readonly block: Cidr;
  /** The id of its filter; there is none where Azure forbids one. */
  readonly filterId: string | undefined;
}

/** Where packets to an address outside of the network go. */
type WorldRoute =
  | { readonly nextHopType: "Internet" | "None" }
  | { readonly nextHopType: "VirtualAppliance"; readonly nextHopIpAddress: string };

/**
 * Where packets to an address outside of the network go: an Application Gateway and a firewall run with a way to the Internet
 * only, and all else of the egress zone goes to its firewall.
 */
function worldRoute(spec: PlatformSpec, zone: ZoneId, purpose: SubnetPurpose): WorldRoute {
  if (purpose === "load-balancer" || purpose === "inspection") {
    return { nextHopType: "Internet" };
  }
  const firewall = zone === "egress" ? firewallSubnet(spec) : undefined;
  return firewall === undefined
    ? { nextHopType: "None" }
    : { nextHopType: "VirtualAppliance", nextHopIpAddress: firewall.address };
}

/** All subnets of a platform: those of its peers, and that of the firewall, where it has one. */
function plannedSubnets(spec: PlatformSpec, names: PhysicalNames): readonly PlannedSubnet[] {
  const ofPeers = peerSubnets(spec).map(({ peer, zone, purpose, block }): PlannedSubnet => ({
    name: names.subnet(peer),
    shortName: shortName(peer),
    zone,
    purpose,
    block,
    filterId: names.filterId(peer),
  }));
  const firewall = firewallSubnet(spec);
  return firewall === undefined
    ? ofPeers
    : [
        ...ofPeers,
        {
          name: names.firewallSubnet,
          shortName: "firewall",
          zone: "egress",
          purpose: "inspection",
          block: firewall.block,
          filterId: undefined,
        },
      ];
}

/** What a subnet is made with, whether it is part of the network's own resource or of one of its own. */
function subnetProperties(
  { zone, purpose, block, filterId }: PlannedSubnet,
  names: PhysicalNames,
): {
  readonly addressPrefix: string;
  readonly defaultOutboundAccess: false;
  readonly privateEndpointNetworkPolicies: "Enabled";
  readonly privateLinkServiceNetworkPolicies: "Enabled";
  readonly networkSecurityGroup?: { readonly id: string };
  readonly routeTable: { readonly id: string };
} {
  return {
    addressPrefix: block.text,
    // Azure gives a machine a public address of its own otherwise, which no resource shows.
    defaultOutboundAccess: false,
    // Filters and routes do not bind private endpoints otherwise.
    privateEndpointNetworkPolicies: "Enabled",
    privateLinkServiceNetworkPolicies: "Enabled",
    ...(filterId === undefined ? {} : { networkSecurityGroup: { id: filterId } }),
    routeTable: { id: names.routeTableId(zone, purpose) },
  };
}

/**
 * The network on Azure: a virtual network without IPv6, with a subnet for each peer that has a filter, and a route table
 * for each zone and purpose. Subnets lie in every availability zone.
 *
 * Each subnet is created with its filter and its routes, and is without them at no time; that of a firewall has no filter,
 * which Azure forbids. In a network that exists already
 * subnets are resources of their own, which leave the network's other subnets alone.
 */
export class AzureSegmentation extends Segmentation {
  readonly networkId: pulumi.Output<string>;
  readonly subnetIds: Readonly<Record<ZoneId, pulumi.Output<readonly string[]>>>;
  readonly workloadSubnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(name: string, args: AzureSegmentationArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, resourceGroups, existingNetwork, filters } = args;
    super(Segmentation.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const subnets = plannedSubnets(spec, names);

    const placements = new Map(
      subnets.map(({ zone, purpose }) => [names.routeTable(zone, purpose), { zone, purpose }]),
    );
    const routeTables = [...placements].map(([routeTableName, { zone, purpose }]) =>
      register.add(
        zone,
        new network.RouteTable(
          `${spec.name}-${zone}-${purpose}-routes`,
          {
            routeTableName,
            resourceGroupName: names.group("network"),
            location: names.location,
            // Gateways of the network announce routes of their own otherwise.
            disableBgpRoutePropagation: true,
            routes: [
              { name: "world", addressPrefix: "0.0.0.0/0", ...worldRoute(spec, zone, purpose) },
              { name: "world-ipv6", addressPrefix: "::/0", nextHopType: "None" },
            ],
            tags: zoneTags(spec.name, zone, purpose),
          },
          { parent: this, dependsOn: [resourceGroups.groups.network] },
        ),
      ),
    );
    const before = [...filters, ...routeTables];
    this.sealed =
      existingNetwork === undefined
        ? [this.#createNetwork(spec, names, subnets, before)]
        : this.#createSubnets(spec, names, subnets, before, register);

    // What uses an id waits until all subnets stand.
    const standing = pulumi.all(this.sealed.map(({ urn }) => urn));
    this.networkId = standing.apply(() => names.networkId);
    const idsOf = (zone: ZoneId, purpose?: SubnetPurpose): pulumi.Output<readonly string[]> =>
      standing.apply(() =>
        subnets
          .filter((subnet) => subnet.zone === zone && (purpose === undefined || subnet.purpose === purpose))
          .map(({ name }) => `${names.networkId}/subnets/${name}`),
      );
    this.subnetIds = {
      gateway: idsOf("gateway"),
      processing: idsOf("processing"),
      phi: idsOf("phi"),
      egress: idsOf("egress"),
    };
    this.workloadSubnetIds = {
      gateway: idsOf("gateway", "workload"),
      processing: idsOf("processing", "workload"),
      egress: idsOf("egress", "workload"),
    };
    this.zoneMembers = register.members();
    this.registerOutputs({
      networkId: this.networkId,
      subnetIds: this.subnetIds,
      workloadSubnetIds: this.workloadSubnetIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** The virtual network with all of its subnets: one request to Azure creates them with their filters and routes. */
  #createNetwork(
    spec: PlatformSpec,
    names: PhysicalNames,
    subnets: readonly PlannedSubnet[],
    before: readonly pulumi.Resource[],
  ): pulumi.Resource {
    return new network.VirtualNetwork(
      `${spec.name}-network`,
      {
        virtualNetworkName: names.network,
        resourceGroupName: names.networkGroup,
        location: names.location,
        addressSpace: { addressPrefixes: [spec.addressSpace.text] },
        // Empty lists are authoritative: a resolver or a peering that was added by hand is taken out again.
        dhcpOptions: { dnsServers: [] },
        virtualNetworkPeerings: [],
        // The stricter enforcement would cut off what cannot encrypt, and is not generally available.
        encryption: { enabled: true, enforcement: "AllowUnencrypted" },
        subnets: subnets.map((subnet) => ({
          name: subnet.name,
          ...subnetProperties(subnet, names),
        })),
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this, dependsOn: [...before] },
    );
  }

  /** Subnets of a network that exists already, one after the other: Azure changes a network once at a time. */
  #createSubnets(
    spec: PlatformSpec,
    names: PhysicalNames,
    subnets: readonly PlannedSubnet[],
    before: readonly pulumi.Resource[],
    register: ZoneRegister,
  ): readonly pulumi.Resource[] {
    const created: pulumi.Resource[] = [];
    for (const subnet of subnets) {
      created.push(
        register.add(
          subnet.zone,
          new network.Subnet(
            `${spec.name}-${subnet.shortName}-subnet`,
            {
              subnetName: subnet.name,
              virtualNetworkName: names.network,
              resourceGroupName: names.networkGroup,
              ...subnetProperties(subnet, names),
            },
            { parent: this, dependsOn: [...before, ...created] },
          ),
        ),
      );
    }
    return created;
  }
}
