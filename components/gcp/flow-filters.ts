import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";

import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { FlowFilters } from "../flow-filters";
import { ownId } from "../own-id";
import { ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import { firewallRules, type FirewallRule } from "./firewall-rules";
import type { NetworkedZone, PhysicalNames } from "./physical-names";
import { workloadSubnets } from "./workload-subnets";

export interface GcpFlowFiltersArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The service accounts of the workloads, by workload: rules bind them, and they stand before the rules do. */
  readonly accounts: ReadonlyMap<string, pulumi.Resource>;
  /** The networks that are filtered. */
  readonly network: readonly pulumi.Resource[];
}

/** What a rule matches of a packet: the addresses of its other end, its protocol and its port. */
function matchOf({ direction, ranges, protocol, port }: FirewallRule): {
  readonly destIpRanges?: string[];
  readonly srcIpRanges?: string[];
  readonly layer4Configs: { readonly ipProtocol: FirewallRule["protocol"]; readonly ports?: string[] }[];
} {
  return {
    ...(direction === "EGRESS" ? { destIpRanges: [...ranges] } : { srcIpRanges: [...ranges] }),
    layer4Configs: [{ ipProtocol: protocol, ...(port === undefined ? {} : { ports: [String(port)] }) }],
  };
}

function ruleName({ name: platform }: PlatformSpec, zone: NetworkedZone, rule: FirewallRule): string {
  const { name, direction, target } = rule;
  return `${platform}-${target === undefined ? `${zone}-` : ""}${name}-${direction.toLowerCase()}`;
}

/**
 * The filters of workloads on Google Cloud: a firewall policy for each network, whose rules are bound to workloads by their
 * service accounts and come before classic rules. A workload is behind its filter by running as its service account; what
 * runs as another is behind the denials alone.
 *
 * A policy is in force on its network only once all of its rules are in it. Data stores and platform services have no
 * packets to filter: the perimeters say who may call them.
 */
export class GcpFlowFilters extends FlowFilters {
  /** The addresses of the service accounts that are behind each filter, by the name of their workload. */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(name: string, args: GcpFlowFiltersArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(FlowFilters.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const subnets = workloadSubnets(spec);
    const associations = new Map(
      names.networkedZones.map((zone) => {
        const rules = firewallRules(zone, spec, names, subnets);
        return [zone, this.#enforce(zone, rules, args, register)] as const;
      }),
    );
    this.sealed = [...associations.values()];
    this.filterIds = Object.fromEntries(
      subnets.flatMap(({ peer, zone }) => {
        const association = associations.get(zone);
        return association === undefined ? [] : [[peerName(peer), ownId(association, names.email(peer))]];
      }),
    );
    this.zoneMembers = register.members();
    this.peerMembers = register.peerMembers();
    this.registerOutputs({
      filterIds: this.filterIds,
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  /** The policy of a network with its rules, and what puts it in force. */
  #enforce(
    zone: NetworkedZone,
    rules: readonly FirewallRule[],
    { spec, names, accounts, network }: GcpFlowFiltersArgs,
    register: ZoneRegister,
  ): pulumi.Resource {
    const project = names.project(zone);
    const firewallPolicy = names.firewallPolicy(zone);
    const policy = register.add(
      zone,
      new compute.NetworkFirewallPolicy(
        `${spec.name}-${zone}-filter`,
        { name: firewallPolicy, project, description: `The flows of zone ${zone}` },
        { parent: this, dependsOn: [...network] },
      ),
    );
    const created = rules.map((rule) => {
      const { target } = rule;
      const account = target === undefined ? undefined : accounts.get(target.id);
      return register.add(
        zone,
        new compute.NetworkFirewallPolicyRule(
          ruleName(spec, zone, rule),
          {
            firewallPolicy,
            project,
            ruleName: rule.name,
            description: rule.description,
            direction: rule.direction,
            priority: rule.priority,
            action: rule.action,
            disabled: false,
            enableLogging: true,
            match: matchOf(rule),
            ...(target === undefined ? {} : { targetServiceAccounts: [names.email(target)] }),
          },
          { parent: this, dependsOn: [policy, ...(account === undefined ? [] : [account])] },
        ),
        target,
      );
    });
    return register.add(
      zone,
      new compute.NetworkFirewallPolicyAssociation(
        `${spec.name}-${zone}-filter-in-force`,
        {
          name: firewallPolicy,
          project,
          firewallPolicy,
          attachmentTarget: names.networkId(zone),
        },
        { parent: this, dependsOn: [policy, ...created, ...network] },
      ),
    );
  }
}
