import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";

import {
  controlPlaneFlowsOf,
  flowPorts,
  type Connection,
  type ControlPlaneFlowId,
} from "../../model/control-plane-flow";
import { peerName, zoneOf, type Peer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { FilteredPeer } from "../../model/tag";
import type { ZoneId } from "../../model/zone";
import { FlowFilters } from "../flow-filters";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

export interface AwsFlowFiltersArgs {
  readonly spec: PlatformSpec;
  readonly networkId: pulumi.Input<string>;
}

/** Whose filters the connections of a cloud's control plane have. */
const loadBalancer = { kind: "load-balancer" } as const;

interface PeerFilter {
  readonly peer: FilteredPeer;
  /** The part of logical names that stands for it. */
  readonly id: string;
  readonly group: ec2.SecurityGroup;
  readonly ingress: vpc.SecurityGroupIngressRule[];
  readonly egress: vpc.SecurityGroupEgressRule[];
}

function isFiltered(peer: Peer): peer is FilteredPeer {
  return (
    peer.kind === "load-balancer" ||
    peer.kind === "workload" ||
    peer.kind === "data-store" ||
    peer.kind === "platform-service"
  );
}

/** Peers that have a filter: all that the platform declares, and the services that its flows use. */
function filteredPeers(spec: PlatformSpec): readonly FilteredPeer[] {
  const peers = new Map<string, FilteredPeer>();
  const declared: readonly Peer[] = [
    { kind: "load-balancer" },
    ...spec.workloads.map(({ id, zone }): Peer => ({ kind: "workload", id, zone })),
    ...spec.dataStores.map(({ id }): Peer => ({ kind: "data-store", id })),
    ...spec.flows.flatMap(({ from, to }): readonly Peer[] => [from, to]),
  ];
  for (const peer of declared.filter(isFiltered)) {
    peers.set(peerName(peer), peer);
  }
  return [...peers.values()];
}

/** The part of a logical name that stands for a peer; ids are unique over all kinds. */
function shortName(peer: Peer): string {
  return "id" in peer ? peer.id : peer.kind;
}

function zoneOfFiltered(peer: FilteredPeer): ZoneId {
  const zone = zoneOf(peer);
  if (zone === "world") {
    throw new Error(`${peerName(peer)} has no zone`);
  }
  return zone;
}

/**
 * The filters of peers on AWS: a security group each, with a rule resource for each half of each flow, and exclusive
 * ownership of the rules, so that one added by hand is taken out by the next `pulumi up`.
 *
 * Rules refer to security groups, not to addresses, except where the Internet meets the load balancer, or the load
 * balancer the clinicians' identity provider. A group without an outgoing flow has no egress rule at all: the provider
 * revokes the one that AWS creates.
 */
export class AwsFlowFilters extends FlowFilters {
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The filters of connections that load balancers need besides the flows: attached to what needs them, and to nothing else. */
  readonly controlPlaneFilterIds: ReadonlyMap<ControlPlaneFlowId, pulumi.Output<string>>;
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(name: string, { spec, networkId }: AwsFlowFiltersArgs, opts: pulumi.ComponentResourceOptions) {
    super(FlowFilters.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const filters = new Map<string, PeerFilter>();
    const filter = (peer: FilteredPeer, id: string, description: string): PeerFilter => {
      const zone = zoneOfFiltered(peer);
      const group = register.add(
        zone,
        new ec2.SecurityGroup(
          `${spec.name}-${id}-filter`,
          {
            vpcId: networkId,
            description: `Bulkhead ${description} in zone ${zone}`,
            revokeRulesOnDelete: true,
            tags: peerTagsOf(spec.name, zone, peer),
          },
          { parent: this },
        ),
      );
      return { peer, id, group, ingress: [], egress: [] };
    };

    for (const peer of filteredPeers(spec)) {
      filters.set(peerName(peer), filter(peer, shortName(peer), peerName(peer)));
    }
    for (const flow of spec.flows) {
      this.#renderFlow({ ...flow, ports: flowPorts }, spec.name, filters);
    }
    const controlPlane = new Map<ControlPlaneFlowId, PeerFilter>();
    for (const flow of controlPlaneFlowsOf(spec.edge, "aws")) {
      const own = filter(loadBalancer, flow.id, `${loadBalancer.kind}, ${flow.id}`);
      this.#renderFlow(flow, spec.name, new Map([[loadBalancer.kind, own]]));
      controlPlane.set(flow.id, own);
    }

    this.sealed = [...filters.values(), ...controlPlane.values()].map(
      ({ id, group, ingress, egress }) =>
        new ec2.VpcSecurityGroupRulesExclusive(
          `${spec.name}-${id}-filter-rules`,
          {
            securityGroupId: group.id,
            ingressRuleIds: ingress.map(({ securityGroupRuleId }) => securityGroupRuleId),
            egressRuleIds: egress.map(({ securityGroupRuleId }) => securityGroupRuleId),
          },
          { parent: this },
        ),
    );

    this.filterIds = Object.fromEntries([...filters].map(([peer, { group }]) => [peer, group.id]));
    this.controlPlaneFilterIds = new Map([...controlPlane].map(([id, { group }]) => [id, group.id]));
    this.zoneMembers = register.members();
    this.registerOutputs({ filterIds: this.filterIds, zoneMembers: this.zoneMembers });
  }

  /** Both halves of a flow: egress at its source and ingress at its destination, from the one fact. */
  #renderFlow(flow: Connection, platform: string, filters: ReadonlyMap<string, PeerFilter>): void {
    const { from, to, protocol, ports, transport } = flow;
    const source = filters.get(peerName(from));
    const destination = filters.get(peerName(to));
    const prefix = `${platform}-${shortName(from)}-to-${shortName(to)}`;
    const rule = {
      ipProtocol: protocol,
      fromPort: ports.first,
      toPort: ports.last,
      description: `${peerName(from)} to ${peerName(to)}, ${transport}`,
    };
    if (source !== undefined && destination !== undefined) {
      source.egress.push(
        new vpc.SecurityGroupEgressRule(
          `${prefix}-egress`,
          {
            ...rule,
            securityGroupId: source.group.id,
            referencedSecurityGroupId: destination.group.id,
            tags: tagsOf(source, platform),
          },
          { parent: this },
        ),
      );
      destination.ingress.push(
        new vpc.SecurityGroupIngressRule(
          `${prefix}-ingress`,
          {
            ...rule,
            securityGroupId: destination.group.id,
            referencedSecurityGroupId: source.group.id,
            tags: tagsOf(destination, platform),
          },
          { parent: this },
        ),
      );
    } else if (from.kind === "world" && destination !== undefined) {
      destination.ingress.push(
        new vpc.SecurityGroupIngressRule(
          `${prefix}-ingress`,
          {
            ...rule,
            securityGroupId: destination.group.id,
            cidrIpv4: "0.0.0.0/0",
            tags: tagsOf(destination, platform),
          },
          { parent: this },
        ),
      );
    } else if (to.kind === "world" && source !== undefined) {
      source.egress.push(
        new vpc.SecurityGroupEgressRule(
          `${prefix}-egress`,
          {
            ...rule,
            securityGroupId: source.group.id,
            cidrIpv4: "0.0.0.0/0",
            tags: tagsOf(source, platform),
          },
          { parent: this },
        ),
      );
    } else {
      throw new Error(`no filters to render ${peerName(from)} to ${peerName(to)} with`);
    }
  }
}

function tagsOf({ peer }: PeerFilter, platform: string): Record<string, string> {
  return peerTagsOf(platform, zoneOfFiltered(peer), peer);
}
