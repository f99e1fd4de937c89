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
import { subnetBlock, type SubnetLetter } from "../../model/address-plan";
import type { ZoneId } from "../../model/zone";
import { FlowFilters } from "../flow-filters";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { endpointZones, networkOf, networkPrefix, networksOf, type AwsNetwork } from "./zone-network";

export interface AwsFlowFiltersArgs {
  readonly spec: PlatformSpec;
  /** The ids of the platform's networks. */
  readonly networkIds: ReadonlyMap<AwsNetwork, pulumi.Input<string>>;
  /** The letters of the availability zones over which subnets are spread. */
  readonly letters: readonly SubnetLetter[];
}

/** Whose filters the connections of a cloud's control plane have. */
const loadBalancer = { kind: "load-balancer" } as const;

/** The parts of the way to a workload of another network: an endpoint in the callers' network, and a load balancer in its own. */
type Passage = "endpoint" | "balancer";

/** The filters of the way from one network to a workload of another. */
export type PassageFilters = Readonly<Record<Passage, pulumi.Output<string>>>;

interface PeerFilter {
  readonly peer: FilteredPeer;
  /** The part of logical names that stands for it. */
  readonly id: string;
  readonly zone: ZoneId;
  readonly tags: Tags;
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

/** Peers that have a filter in a network: all that the platform declares there, and the services that flows from it use. */
function filteredPeers(spec: PlatformSpec, network: AwsNetwork): readonly FilteredPeer[] {
  const peers = new Map<string, FilteredPeer>();
  const isHere = (peer: Peer): boolean => {
    const zone = zoneOf(peer);
    return zone !== "world" && networkOf(zone) === network;
  };
  const declared: readonly Peer[] = [
    { kind: "load-balancer" },
    ...spec.workloads.map(({ id, zone }): Peer => ({ kind: "workload", id, zone })),
    ...spec.dataStores.map(({ id }): Peer => ({ kind: "data-store", id })),
    ...spec.flows.flatMap(({ from, to }): readonly Peer[] => [from, to]),
  ];
  const used = spec.flows.flatMap(({ from, to }): readonly Peer[] =>
    to.kind === "platform-service" && isHere(from) ? [to] : [],
  );
  for (const peer of [...declared.filter((one) => one.kind !== "platform-service" && isHere(one)), ...used]) {
    if (isFiltered(peer)) {
      peers.set(peerName(peer), peer);
    }
  }
  return [...peers.values()];
}

/** The part of a logical name that stands for a peer; ids are unique over all kinds. */
function shortName(peer: Peer): string {
  return "id" in peer ? peer.id : peer.kind;
}

function zoneOfFiltered(peer: FilteredPeer, network: AwsNetwork): ZoneId {
  const zone = peer.kind === "platform-service" ? endpointZones[network] : zoneOf(peer);
  if (zone === "world") {
    throw new Error(`${peerName(peer)} has no zone`);
  }
  return zone;
}

/** A flow from one network into another. */
function crossesNetworks({ from, to }: Pick<Connection, "from" | "to">): boolean {
  return from.kind === "workload" && to.kind === "workload" && networkOf(from.zone) !== networkOf(to.zone);
}

/**
 * The filters of peers on AWS: a security group each, with a rule resource for each half of each flow, and exclusive
 * ownership of the rules, so that one added by hand is taken out by the next `pulumi up`.
 *
 * Rules refer to security groups, not to addresses, except where the Internet meets the load balancer, or the load
 * balancer the clinicians' identity provider, or the egress guard a provider of models, and where a client comes from
 * another network. A group without an outgoing flow has no egress rule at all: the provider revokes the one that AWS creates.
 */
export class AwsFlowFilters extends FlowFilters {
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The filters of connections that load balancers need besides the flows: attached to what needs them, and to nothing else. */
  readonly controlPlaneFilterIds: ReadonlyMap<ControlPlaneFlowId, pulumi.Output<string>>;
  /** The filters in the network of the egress zone, by the name of their peer. */
  readonly egressFilterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The filters of the ways from the network of all other zones into it, by the id of the workload to which they lead. */
  readonly passageFilterIds: ReadonlyMap<string, PassageFilters>;
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];
  readonly #register = new ZoneRegister();
  readonly #args: AwsFlowFiltersArgs;
  readonly #all: PeerFilter[] = [];
  readonly #reachesProviders = new Set<PeerFilter>();

  constructor(name: string, args: AwsFlowFiltersArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(FlowFilters.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    const byNetwork = new Map(
      networksOf(spec).map((network) => [
        network,
        new Map(
          filteredPeers(spec, network).map((peer) => [
            peerName(peer),
            this.#filter(peer, network, shortName(peer), peerName(peer)),
          ]),
        ),
      ]),
    );
    const inNetwork = (network: AwsNetwork): ReadonlyMap<string, PeerFilter> =>
      byNetwork.get(network) ?? new Map<string, PeerFilter>();
    const controlPlane = new Map<ControlPlaneFlowId, PeerFilter>();
    const crossing = spec.flows.filter(crossesNetworks);
    for (const flow of spec.flows.filter((one) => !crossesNetworks(one))) {
      const zone = zoneOf(flow.from);
      this.#renderFlow({ ...flow, ports: flowPorts }, inNetwork(zone === "world" ? "core" : networkOf(zone)));
    }
    this.passageFilterIds = this.#renderPassages(crossing, inNetwork);
    for (const flow of controlPlaneFlowsOf(spec.edge, "aws")) {
      const own = this.#filter(loadBalancer, "core", flow.id, `${loadBalancer.kind}, ${flow.id}`);
      this.#renderFlow(flow, new Map([[loadBalancer.kind, own]]));
      controlPlane.set(flow.id, own);
    }

    this.sealed = this.#all.map(
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

    const idsIn = (network: AwsNetwork): Readonly<Record<string, pulumi.Output<string>>> =>
      Object.fromEntries([...inNetwork(network)].map(([peer, { group }]) => [peer, group.id]));
    this.egressFilterIds = idsIn("egress");
    // What a workload is put behind is found under its name, whichever network it is in.
    const workloadsElsewhere = Object.entries(this.egressFilterIds).filter(([peer]) =>
      peer.startsWith("workload/"),
    );
    this.filterIds = { ...idsIn("core"), ...Object.fromEntries(workloadsElsewhere) };
    this.controlPlaneFilterIds = new Map([...controlPlane].map(([id, { group }]) => [id, group.id]));
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ filterIds: this.filterIds, zoneMembers: this.zoneMembers });
  }

  #filter(
    peer: FilteredPeer,
    network: AwsNetwork,
    shortId: string,
    description: string,
    place?: { readonly zone: ZoneId; readonly purpose: "private-endpoint" },
  ): PeerFilter {
    const { spec, networkIds } = this.#args;
    const zone = place?.zone ?? zoneOfFiltered(peer, network);
    const vpcId = networkIds.get(network);
    if (vpcId === undefined) {
      throw new Error(`${peerName(peer)} has no network`);
    }
    // A service has a filter in each network from which it is used; all else is in one network, and named without it.
    const id = peer.kind === "platform-service" ? networkPrefix(shortId, network) : shortId;
    const tags = peerTagsOf(spec.name, zone, peer, place?.purpose);
    const group = this.#register.add(
      zone,
      new ec2.SecurityGroup(
        `${spec.name}-${id}-filter`,
        {
          vpcId,
          description: `Bulkhead ${description} in zone ${zone}`,
          revokeRulesOnDelete: true,
          tags,
        },
        { parent: this },
      ),
    );
    const filter: PeerFilter = { peer, id, zone, tags, group, ingress: [], egress: [] };
    this.#all.push(filter);
    return filter;
  }

  /**
   * The way from workloads of one network to one of another: they meet an endpoint in their own, whose filter names them;
   * a load balancer in the other takes what comes by it from the addresses of their subnets, and the destination takes what
   * comes from the load balancer.
   */
  #renderPassages(
    flows: PlatformSpec["flows"],
    inNetwork: (network: AwsNetwork) => ReadonlyMap<string, PeerFilter>,
  ): ReadonlyMap<string, PassageFilters> {
    const { spec, letters } = this.#args;
    const found = new Map<string, PassageFilters>();
    for (const { id, zone } of spec.workloads.filter((one) => networkOf(one.zone) === "egress")) {
      const peer = { kind: "workload", id, zone } as const;
      const name = peerName(peer);
      const callers = flows.flatMap(({ from, to }) =>
        peerName(to) === name && from.kind === "workload" ? [from] : [],
      );
      const destination = inNetwork(networkOf(zone)).get(name);
      if (destination === undefined) {
        throw new Error(`${name} has no filter`);
      }
      const purpose = "private-endpoint";
      const endpoint = this.#filter(peer, "core", `${id}-endpoint`, `endpoint that leads to ${name}`, {
        zone: endpointZones.core,
        purpose,
      });
      const balancer = this.#filter(
        peer,
        networkOf(zone),
        `${id}-balancer`,
        `load balancer in front of ${name}`,
        { zone, purpose },
      );
      for (const from of callers) {
        const source = inNetwork(networkOf(from.zone)).get(peerName(from));
        if (source === undefined) {
          throw new Error(`${peerName(from)} has no filter`);
        }
        this.#connect(source, endpoint, `${peerName(from)} to ${name}, mtls`, `${from.id}-to-${id}`);
      }
      const zones = spec.zones.filter((one) => callers.some((from) => from.zone === one.id));
      for (const callerZone of zones) {
        for (const letter of letters) {
          this.#ingress(
            balancer,
            `${callerZone.id}-${letter}-to-${balancer.id}`,
            `zone/${callerZone.id} to ${name}, mtls`,
            { cidrIpv4: subnetBlock(callerZone, "workload", letter).text },
          );
        }
      }
      this.#connect(balancer, destination, `load balancer to ${name}, mtls`, `${balancer.id}-to-${id}`);
      found.set(id, { endpoint: endpoint.group.id, balancer: balancer.group.id });
    }
    return found;
  }

  #ingress(
    filter: PeerFilter,
    what: string,
    description: string,
    source: Pick<vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "referencedSecurityGroupId">,
    ports: Connection["ports"] = flowPorts,
  ): void {
    const { spec } = this.#args;
    filter.ingress.push(
      new vpc.SecurityGroupIngressRule(
        `${spec.name}-${what}-ingress`,
        {
          ipProtocol: "tcp",
          fromPort: ports.first,
          toPort: ports.last,
          description,
          securityGroupId: filter.group.id,
          ...source,
          tags: filter.tags,
        },
        { parent: this },
      ),
    );
  }

  #egress(
    filter: PeerFilter,
    what: string,
    description: string,
    destination: Pick<vpc.SecurityGroupEgressRuleArgs, "cidrIpv4" | "referencedSecurityGroupId">,
    ports: Connection["ports"] = flowPorts,
  ): void {
    const { spec } = this.#args;
    filter.egress.push(
      new vpc.SecurityGroupEgressRule(
        `${spec.name}-${what}-egress`,
        {
          ipProtocol: "tcp",
          fromPort: ports.first,
          toPort: ports.last,
          description,
          securityGroupId: filter.group.id,
          ...destination,
          tags: filter.tags,
        },
        { parent: this },
      ),
    );
  }

  #connect(
    source: PeerFilter,
    destination: PeerFilter,
    description: string,
    what: string,
    ports: Connection["ports"] = flowPorts,
  ): void {
    this.#egress(source, what, description, { referencedSecurityGroupId: destination.group.id }, ports);
    this.#ingress(destination, what, description, { referencedSecurityGroupId: source.group.id }, ports);
  }

  /** Both halves of a flow: egress at its source and ingress at its destination, from the one fact. */
  #renderFlow(flow: Connection, filters: ReadonlyMap<string, PeerFilter>): void {
    const { from, to, ports, transport } = flow;
    const source = filters.get(peerName(from));
    const destination = filters.get(peerName(to));
    const what = `${shortName(from)}-to-${shortName(to)}`;
    const description = `${peerName(from)} to ${peerName(to)}, ${transport}`;
    const world = { cidrIpv4: "0.0.0.0/0" };
    if (source !== undefined && destination !== undefined) {
      this.#connect(source, destination, description, what, ports);
    } else if (from.kind === "world" && destination !== undefined) {
      this.#ingress(destination, what, description, world, ports);
    } else if (to.kind === "world" && source !== undefined) {
      this.#egress(source, what, description, world, ports);
    } else if (to.kind === "llm-provider" && source !== undefined) {
      // Which of the Internet's hosts are providers' the firewall knows, by their names. AWS takes one rule of a kind.
      if (!this.#reachesProviders.has(source)) {
        this.#reachesProviders.add(source);
        this.#egress(
          source,
          `${shortName(from)}-to-providers`,
          `${peerName(from)} to providers, ${transport}`,
          world,
          ports,
        );
      }
    } else {
      throw new Error(`no filters to render ${peerName(from)} to ${peerName(to)} with`);
    }
  }
}
