import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";

import { subnetBlock, type SubnetLetter, type SubnetPurpose } from "../../model/address-plan";
import type { AwsTarget } from "../../model/cloud-target";
import type { ExistingNetwork } from "../../model/existing-network";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { WorkloadZoneId, ZoneId } from "../../model/zone";
import { Segmentation } from "../segmentation";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { aclRules, groupName, subnetGroups, type SubnetGroup } from "./acl-rules";
import { zoneLetter } from "../../model/availability-zone";
import { networkOf, networkPrefix, networksOf, type AwsNetwork } from "./zone-network";

export interface AwsSegmentationArgs {
  readonly spec: PlatformSpec;
  readonly target: AwsTarget;
  readonly existingNetwork: ExistingNetwork | undefined;
}

interface PlacedSubnet {
  readonly zone: ZoneId;
  readonly purpose: SubnetPurpose;
  readonly letter: SubnetLetter;
  readonly id: pulumi.Output<string>;
  readonly routeTableId: pulumi.Output<string>;
}

/** A VPC with its Internet gateway. */
interface PlacedNetwork {
  readonly id: pulumi.Output<string>;
  readonly internetGatewayId: pulumi.Output<string>;
  /** Its resource, unless it exists already. */
  readonly vpc: ec2.Vpc | undefined;
  /** The resource of its Internet gateway, which is attached to it, unless both exist already. */
  readonly internetGateway: ec2.InternetGateway | undefined;
}

/**
 * Whose packets leave the network. Their route tables hold routes that are resources of their own; where packets go by
 * what is in one availability zone, each has a table of its own.
 */
const leaving: Readonly<Partial<Record<ZoneId, Readonly<Partial<Record<SubnetPurpose, "one" | "each">>>>>> = {
  gateway: { "load-balancer": "one" },
  egress: { workload: "each", inspection: "each", "address-translation": "each" },
};

/** The Internet gateway of an existing network, which the model has made sure of on AWS. */
function gatewayOf({ networkId, internetGatewayId }: ExistingNetwork): string {
  if (internetGatewayId === undefined) {
    throw new Error(`${networkId} is named without its Internet gateway`);
  }
  return internetGatewayId;
}

/**
 * The network on AWS: a VPC without IPv6, subnets per zone and purpose over the target's availability zones, a route
 * table and a network ACL for each purpose, and the VPC's own defaults stripped. An egress zone has a VPC of its own, of
 * its addresses alone, to which no route leads from the other.
 *
 * Only the load balancer's subnets have a route out of the VPC, and those of the egress zone, whose routes come with what
 * inspects. Every network ACL holds the flows between groups of subnets and their replies, so that a security group opened
 * by mistake is still held by the second filter.
 */
export class AwsSegmentation extends Segmentation {
  readonly networkId: pulumi.Output<string>;
  readonly subnetIds: Readonly<Record<ZoneId, pulumi.Output<readonly string[]>>>;
  readonly workloadSubnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  /** The network's resource, unless it exists already. */
  readonly network: ec2.Vpc | undefined;
  /** Every network that the platform has, the one of all zones but the egress zone first. */
  readonly networks: ReadonlyMap<AwsNetwork, PlacedNetwork>;
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];
  /** The routes by which the Internet reaches the load balancer's subnets. */
  readonly entrances: readonly pulumi.Resource[];
  readonly #subnets: readonly PlacedSubnet[];

  constructor(
    name: string,
    { spec, target, existingNetwork }: AwsSegmentationArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(Segmentation.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const child = { parent: this };
    const platform = spec.name;
    const register = new ZoneRegister();
    const sealed: pulumi.Resource[] = [];
    const entrances: pulumi.Resource[] = [];
    const subnets: PlacedSubnet[] = [];

    const networks = new Map(
      networksOf(spec).map((id): [AwsNetwork, PlacedNetwork] => [
        id,
        existingNetwork === undefined || id === "egress"
          ? this.#createNetwork(spec, id, sealed)
          : {
              id: pulumi.output(existingNetwork.networkId),
              internetGatewayId: pulumi.output(gatewayOf(existingNetwork)),
              vpc: undefined,
              internetGateway: undefined,
            },
      ]),
    );
    const networkFor = (zone: ZoneId): PlacedNetwork => {
      const found = networks.get(networkOf(zone));
      if (found === undefined) {
        throw new Error(`zone ${zone} has no network`);
      }
      return found;
    };
    const core = networkFor("processing");
    this.networks = networks;
    this.network = core.vpc;
    this.networkId = core.id;

    const letters = new Map(target.availabilityZones.map((zone) => [zone, zoneLetter(target, zone)]));

    for (const group of subnetGroups(spec)) {
      const { zone, purpose } = group;
      const prefix = `${platform}-${groupName(group)}`;
      const tags = zoneTags(platform, zone.id, purpose);
      const network = networkFor(zone.id);
      const routed = leaving[zone.id]?.[purpose];
      const table = (suffix: string): ec2.RouteTable =>
        register.add(
          zone.id,
          new ec2.RouteTable(
            `${prefix}${suffix}-routes`,
            {
              vpcId: network.id,
              tags,
              // An empty list is authoritative: a route added by hand is taken out again. Routes out of the network are
              // resources of their own, and the two forms must not be mixed in one table.
              ...(routed === undefined ? { routes: [] } : {}),
              propagatingVgws: [],
            },
            child,
          ),
        );
      const common = routed === "each" ? undefined : table("");
      if (purpose === "load-balancer" && common !== undefined) {
        entrances.push(
          new ec2.Route(
            `${prefix}-route-to-world`,
            {
              routeTableId: common.id,
              destinationCidrBlock: "0.0.0.0/0",
              gatewayId: network.internetGatewayId,
            },
            child,
          ),
        );
      }

      const acl = register.add(
        zone.id,
        new ec2.NetworkAcl(`${prefix}-acl`, { vpcId: network.id, tags }, child),
      );
      this.#fillAcl(acl, prefix, group, spec, [...letters.values()]);

      for (const [availabilityZone, letter] of letters) {
        const subnet = register.add(
          zone.id,
          new ec2.Subnet(
            `${prefix}-${letter}`,
            {
              vpcId: network.id,
              availabilityZone,
              cidrBlock: subnetBlock(zone, purpose, letter).text,
              mapPublicIpOnLaunch: false,
              assignIpv6AddressOnCreation: false,
              enableDns64: false,
              tags,
            },
            child,
          ),
        );
        const routeTable = common ?? table(`-${letter}`);
        subnets.push({ zone: zone.id, purpose, letter, id: subnet.id, routeTableId: routeTable.id });
        sealed.push(
          new ec2.RouteTableAssociation(
            `${prefix}-${letter}-routes`,
            { subnetId: subnet.id, routeTableId: routeTable.id },
            child,
          ),
          new ec2.NetworkAclAssociation(
            `${prefix}-${letter}-acl`,
            { subnetId: subnet.id, networkAclId: acl.id },
            child,
          ),
        );
      }
    }

    const idsIn = (zone: ZoneId): pulumi.Output<readonly string[]> =>
      pulumi.all(subnets.filter((subnet) => subnet.zone === zone).map(({ id }) => id));
    this.subnetIds = {
      gateway: idsIn("gateway"),
      processing: idsIn("processing"),
      phi: idsIn("phi"),
      egress: idsIn("egress"),
    };
    this.#subnets = subnets;
    const workloadIdsIn = (zone: WorkloadZoneId): pulumi.Output<readonly string[]> =>
      pulumi.all([...this.subnetsFor(zone, "workload").values()]);
    this.workloadSubnetIds = {
      gateway: workloadIdsIn("gateway"),
      processing: workloadIdsIn("processing"),
      egress: workloadIdsIn("egress"),
    };
    this.zoneMembers = register.members();
    this.sealed = sealed;
    this.entrances = entrances;
    this.registerOutputs({
      networkId: this.networkId,
      subnetIds: this.subnetIds,
      workloadSubnetIds: this.workloadSubnetIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** The ids of the subnets of a zone that have one purpose, by the letter of their availability zone. */
  subnetsFor(zone: ZoneId, purpose: SubnetPurpose): ReadonlyMap<SubnetLetter, pulumi.Output<string>> {
    return new Map(
      this.#subnets
        .filter((subnet) => subnet.zone === zone && subnet.purpose === purpose)
        .map(({ letter, id }) => [letter, id]),
    );
  }

  /** The route tables of the subnets of a zone that have one purpose, by the letter of their availability zone. */
  routeTablesFor(zone: ZoneId, purpose: SubnetPurpose): ReadonlyMap<SubnetLetter, pulumi.Output<string>> {
    return new Map(
      this.#subnets
        .filter((subnet) => subnet.zone === zone && subnet.purpose === purpose)
        .map(({ letter, routeTableId }) => [letter, routeTableId]),
    );
  }

  /** A VPC and its Internet gateway, with the filters and routes that AWS puts into every VPC stripped of all they hold. */
  #createNetwork(spec: PlatformSpec, network: AwsNetwork, sealed: pulumi.Resource[]): PlacedNetwork {
    const child = { parent: this };
    const egress = spec.zones.find(({ id }) => id === "egress");
    const isEgress = network === "egress" && egress !== undefined;
    const prefix = networkPrefix(spec.name, network);
    const tags = zoneTags(spec.name, isEgress ? "egress" : sharedZone);
    const vpc = new ec2.Vpc(
      `${prefix}-network`,
      {
        cidrBlock: (isEgress ? egress.addressBlock : spec.addressSpace).text,
        // Private endpoints are found by name; how names are kept from being a way out is a matter of DNS filters.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        assignGeneratedIpv6CidrBlock: false,
        tags,
      },
      child,
    );
    const internetGateway = new ec2.InternetGateway(
      `${prefix}-internet-gateway`,
      { vpcId: vpc.id, tags: zoneTags(spec.name, isEgress ? "egress" : "gateway") },
      child,
    );
    sealed.push(
      new ec2.DefaultSecurityGroup(
        `${prefix}-network-default-filter`,
        { vpcId: vpc.id, ingress: [], egress: [], tags },
        child,
      ),
      new ec2.DefaultNetworkAcl(
        `${prefix}-network-default-acl`,
        { defaultNetworkAclId: vpc.defaultNetworkAclId, ingress: [], egress: [], tags },
        child,
      ),
      new ec2.DefaultRouteTable(
        `${prefix}-network-default-routes`,
        { defaultRouteTableId: vpc.defaultRouteTableId, routes: [], propagatingVgws: [], tags },
        child,
      ),
    );
    return { id: vpc.id, internetGatewayId: internetGateway.id, vpc, internetGateway };
  }

  #fillAcl(
    acl: ec2.NetworkAcl,
    prefix: string,
    group: SubnetGroup,
    spec: PlatformSpec,
    letters: readonly SubnetLetter[],
  ): void {
    for (const { id, egress, ruleNumber, cidrBlock, fromPort, toPort } of aclRules(group, spec, letters)) {
      new ec2.NetworkAclRule(
        `${prefix}-acl-${id}`,
        {
          networkAclId: acl.id,
          egress,
          ruleNumber,
          ruleAction: "allow",
          protocol: "tcp",
          cidrBlock,
          fromPort,
          toPort,
        },
        { parent: this },
      );
    }
  }
}
