import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";

import type { Cidr } from "../../model/cidr";
import type { PlatformSpec } from "../../model/platform-spec";
import type { WorkloadZoneId, ZoneId } from "../../model/zone";
import { ownId } from "../own-id";
import { Segmentation } from "../segmentation";
import { ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import { egressSubnets, type SpecialSubnet } from "./egress-subnets";
import type { NetworkedZone, PhysicalNames, ProjectZone } from "./physical-names";
import { workloadSubnets, type WorkloadSubnet } from "./workload-subnets";

export interface GcpSegmentationArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** What must stand before a network does, such as the enabled services of the projects. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** All that VPC Flow Logs records of a subnet. */
const everyFlow = {
  aggregationInterval: "INTERVAL_5_SEC",
  flowSampling: 1,
  metadata: "INCLUDE_ALL_METADATA",
} as const;

/**
 * The networks on Google Cloud: one for the gateway zone, one for the processing zone, and one for the egress zone where there
 * is one, each in its zone's project, without IPv6 and without a default route, with a subnet for each workload. Those of
 * gateway and processing are peered with each other; that of egress with none. The PHI zone has none.
 *
 * Networks, subnets and peerings carry no labels: `zoneMembers`, `peerMembers` and `zoneProjects` say whose they are.
 */
export class GcpSegmentation extends Segmentation {
  /** The id of the processing zone's network. */
  readonly networkId: pulumi.Output<string>;
  /** The ids of the networks, by zone. */
  readonly networkIds: Readonly<Partial<Record<NetworkedZone, pulumi.Output<string>>>>;
  readonly subnetIds: Readonly<Record<ZoneId, pulumi.Output<readonly string[]>>>;
  readonly workloadSubnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(name: string, args: GcpSegmentationArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, dependsOn } = args;
    super(Segmentation.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const network = (zone: NetworkedZone): pulumi.Resource =>
      register.add(
        zone,
        new compute.Network(
          `${spec.name}-${zone}-network`,
          {
            name: names.network(zone),
            project: names.project(zone),
            autoCreateSubnetworks: false,
            // Acts at creation only: a route that is there for a moment is one that can be used.
            deleteDefaultRoutesOnCreate: true,
            // A classic rule that allows would come before the policy's denial otherwise.
            networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
            enableUlaInternalIpv6: false,
            routingMode: "REGIONAL",
          },
          { parent: this, dependsOn: [...dependsOn] },
        ),
      );
    const networks = new Map(names.networkedZones.map((zone) => [zone, network(zone)]));
    const networkOf = (zone: NetworkedZone): readonly pulumi.Resource[] =>
      [...networks].flatMap(([id, created]) => (id === zone ? [created] : []));
    const subnets = workloadSubnets(spec);
    const created = [
      ...subnets.map((subnet) => this.#createSubnet(spec, names, subnet, networkOf(subnet.zone), register)),
      ...egressSubnets(spec).map((subnet) =>
        this.#createSpecialSubnet(spec, names, subnet, networkOf(subnet.network), register),
      ),
    ];
    const peered = [...networkOf("gateway"), ...networkOf("processing")];
    this.sealed = [...networks.values(), ...created, ...this.#peer(spec, names, peered, register)];

    // What uses an id waits until all of the network stands.
    const standing = pulumi.all(this.sealed.map(({ urn }) => urn));
    const networkIds = [...networks].map(([zone, of]) => [zone, ownId(of, names.networkId(zone))] as const);
    this.networkIds = Object.fromEntries(networkIds);
    this.networkId = ownId(networks.get("processing") ?? this, names.networkId("processing"));
    const idsOf = (zone: ZoneId): pulumi.Output<readonly string[]> =>
      standing.apply(() =>
        subnets.filter((subnet) => subnet.zone === zone).map(({ peer }) => names.subnetId(peer)),
      );
    this.workloadSubnetIds = {
      gateway: idsOf("gateway"),
      processing: idsOf("processing"),
      egress: idsOf("egress"),
    };
    this.subnetIds = { ...this.workloadSubnetIds, phi: idsOf("phi") };
    this.zoneMembers = register.members();
    this.peerMembers = register.peerMembers();
    const project = (zone: ProjectZone): { readonly id: string; readonly number: string } => ({
      id: names.project(zone),
      number: names.projectNumber(zone),
    });
    this.registerOutputs({
      networkId: this.networkId,
      networkIds: this.networkIds,
      subnetIds: this.subnetIds,
      workloadSubnetIds: this.workloadSubnetIds,
      zoneProjects: Object.fromEntries(names.projectZones.map((zone) => [zone, project(zone)])),
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  #createSubnet(
    spec: PlatformSpec,
    names: PhysicalNames,
    { peer, zone, block }: WorkloadSubnet,
    networks: readonly pulumi.Resource[],
    register: ZoneRegister,
  ): pulumi.Resource {
    return register.add(
      zone,
      new compute.Subnetwork(
        `${spec.name}-${peer.id}-subnet`,
        {
          ...this.#ofEverySubnet(names, zone, names.subnet(peer), block),
          purpose: "PRIVATE",
          // An empty list that is sent is authoritative: a range that was added by hand is taken out again.
          secondaryIpRanges: [],
          sendSecondaryIpRangeIfEmpty: true,
          // What has no external address reaches no private endpoint of Google's APIs otherwise (Virtual Private Cloud
          // documentation, "Access Google APIs through endpoints"). Their public addresses stay out of reach: no route leads there.
          privateIpGoogleAccess: true,
          privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
          logConfig: everyFlow,
        },
        { parent: this, dependsOn: [...networks] },
      ),
      peer,
    );
  }

  /** A subnet of the way to external providers, in which no workload runs. */
  #createSpecialSubnet(
    spec: PlatformSpec,
    names: PhysicalNames,
    { id, network, kind, block }: SpecialSubnet,
    networks: readonly pulumi.Resource[],
    register: ZoneRegister,
  ): pulumi.Resource {
    return register.add(
      network,
      new compute.Subnetwork(
        `${spec.name}-${id}-subnet`,
        {
          ...this.#ofEverySubnet(names, network, names.owned(id), block),
          ...(kind === "addresses"
            ? {
                purpose: "PRIVATE",
                secondaryIpRanges: [],
                sendSecondaryIpRangeIfEmpty: true,
                privateIpGoogleAccess: false,
                privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
                logConfig: everyFlow,
              }
            : kind === "proxies"
              ? { purpose: "REGIONAL_MANAGED_PROXY", role: "ACTIVE" }
              : { purpose: "PRIVATE_SERVICE_CONNECT" }),
        },
        { parent: this, dependsOn: [...networks] },
      ),
    );
  }

  #ofEverySubnet(
    names: PhysicalNames,
    zone: NetworkedZone,
    name: string,
    { text }: Cidr,
  ): Pick<compute.SubnetworkArgs, "name" | "project" | "region" | "network" | "ipCidrRange" | "stackType"> & {
    readonly network: string;
  } {
    return {
      name,
      project: names.project(zone),
      region: names.region,
      network: names.networkId(zone),
      ipCidrRange: text,
      stackType: "IPV4_ONLY",
    };
  }

  /** Joins the networks of gateway and processing: each learns the other's subnets, and no route besides. One after the other, as Google Cloud asks. */
  #peer(
    spec: PlatformSpec,
    names: PhysicalNames,
    networks: readonly pulumi.Resource[],
    register: ZoneRegister,
  ): readonly pulumi.Resource[] {
    const peerings: pulumi.Resource[] = [];
    for (const zone of ["gateway", "processing"] as const) {
      const other = zone === "gateway" ? "processing" : "gateway";
      peerings.push(
        register.add(
          zone,
          new compute.NetworkPeering(
            `${spec.name}-${zone}-to-${other}-peering`,
            {
              name: names.owned(`${zone}-to-${other}`),
              network: names.networkId(zone),
              peerNetwork: names.networkId(other),
              exportCustomRoutes: false,
              importCustomRoutes: false,
              exportSubnetRoutesWithPublicIp: false,
              importSubnetRoutesWithPublicIp: false,
              stackType: "IPV4_ONLY",
            },
            { parent: this, dependsOn: [...networks, ...peerings] },
          ),
        ),
      );
    }
    return peerings;
  }
}
