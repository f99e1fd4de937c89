import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { FlowFilters } from "../flow-filters";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import { peerNamesOf, tagsOfPeer } from "./filtered-peers";
import { ownId } from "../own-id";
import { peerSubnets } from "./peer-subnets";
import { shortName, type PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";
import { securityRules } from "./security-rules";

export interface AzureFlowFiltersArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
}

/**
 * The filters of peers on Azure: a network security group for each peer's subnet, with its rules inline, so that one
 * added by hand is taken out by the next `pulumi up`, and with connections that a rule no longer lets through cut.
 *
 * They exist before the subnets do, and no subnet is there without one for a moment.
 */
export class AzureFlowFilters extends FlowFilters {
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(
    name: string,
    { spec, names, resourceGroups }: AzureFlowFiltersArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(FlowFilters.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const subnets = peerSubnets(spec);
    const filters = subnets.map((subnet) => ({
      peer: subnet.peer,
      group: register.add(
        subnet.zone,
        new network.NetworkSecurityGroup(
          `${spec.name}-${shortName(subnet.peer)}-filter`,
          {
            networkSecurityGroupName: names.filter(subnet.peer),
            resourceGroupName: names.group("network"),
            location: names.location,
            flushConnection: true,
            securityRules: [...securityRules(subnet, spec, subnets, names.location)],
            tags: tagsOfPeer(spec.name, subnet.peer),
          },
          { parent: this, dependsOn: [resourceGroups.groups.network] },
        ),
      ),
    }));
    this.sealed = filters.map(({ group }) => group);
    this.filterIds = Object.fromEntries(
      filters.flatMap(({ peer, group }) => {
        const filterId = ownId(group, names.filterId(peer));
        return peerNamesOf(peer).map((of) => [of, filterId]);
      }),
    );
    this.zoneMembers = register.members();
    this.registerOutputs({ filterIds: this.filterIds, zoneMembers: this.zoneMembers });
  }
}
