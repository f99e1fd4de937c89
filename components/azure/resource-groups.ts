import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { ZoneId } from "../../model/zone";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { groupParts, type GroupPart, type PhysicalNames } from "./physical-names";

export interface AzureResourceGroupsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
}

/** The zone of all that is in a group, where it is one. */
const zoneOfGroup: Readonly<Record<GroupPart, ZoneId | typeof sharedZone>> = {
  network: sharedZone,
  phi: "phi",
  platform: sharedZone,
  audit: sharedZone,
};

/**
 * The resource groups on Azure, one for each part of the platform, so that who administers one part needs no right to
 * another.
 *
 * Their names are known before they exist: what is put into one names it by its name, and waits for it by `dependsOn`.
 */
export class AzureResourceGroups extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:azure:ResourceGroups";

  /** The groups, by part: what is put into one depends on it. */
  readonly groups: Readonly<Record<GroupPart, resources.ResourceGroup>>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, { spec, names }: AzureResourceGroupsArgs, opts: pulumi.ComponentResourceOptions) {
    super(AzureResourceGroups.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const group = (part: GroupPart): resources.ResourceGroup => {
      const zone = zoneOfGroup[part];
      const created = new resources.ResourceGroup(
        `${spec.name}-${part}-group`,
        { resourceGroupName: names.group(part), location: names.location, tags: zoneTags(spec.name, zone) },
        { parent: this },
      );
      return zone === sharedZone ? created : register.add(zone, created);
    };
    this.groups = {
      network: group("network"),
      phi: group("phi"),
      platform: group("platform"),
      audit: group("audit"),
    };
    this.zoneMembers = register.members();
    this.registerOutputs({
      groupIds: Object.fromEntries(groupParts.map((part) => [part, names.groupId(part)])),
      zoneMembers: this.zoneMembers,
    });
  }
}
