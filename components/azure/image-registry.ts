import * as containerregistry from "@pulumi/azure-native/containerregistry";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import { platformImages } from "../../model/platform-images";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { ImageRegistry } from "../image-registry";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { CustomerKey } from "./customer-key";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import { ownId } from "../own-id";
import type { PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";

export interface AzureImageRegistryArgs {
  readonly spec: PlatformSpec;
  readonly target: Pick<AzureTarget, "availabilityZones">;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  readonly key: CustomerKey;
  readonly records: RecordsDestination;
}

/**
 * The registry on Azure: one container registry, with a repository for each image that a workload names once that image is
 * pushed. Nobody signs in but by an identity with a role, nothing is exported, and it answers by private endpoint alone.
 * Workloads pull by digest, so a tag that is moved changes nothing, and no image expires by itself.
 */
export class AzureImageRegistry extends ImageRegistry {
  readonly repositoryAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly registry: containerregistry.Registry;

  constructor(
    name: string,
    { spec, target, names, resourceGroups, key, records }: AzureImageRegistryArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(ImageRegistry.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.registry = new containerregistry.Registry(
      `${spec.name}-registry`,
      {
        registryName: names.registry,
        resourceGroupName: names.group("platform"),
        location: names.location,
        // The only one that has private endpoints, and that takes a key of the customer's.
        sku: { name: "Premium" },
        zoneRedundancy: target.availabilityZones.length > 0 ? "Enabled" : "Disabled",
        publicNetworkAccess: "Disabled",
        networkRuleBypassOptions: "None",
        networkRuleSet: { defaultAction: "Deny", ipRules: [] },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        identity: { type: "UserAssigned", userAssignedIdentities: { [names.keyUserId(key.purpose)]: {} } },
        encryption: {
          status: "enabled",
          keyVaultProperties: {
            identity: key.identity.clientId,
            keyIdentifier: names.keyUri(key.purpose),
          },
        },
        policies: {
          exportPolicy: { status: "disabled" },
          // Tokens for all of Azure do not open the registry: it wants one of its own.
          azureADAuthenticationAsArmPolicy: { status: "disabled" },
          quarantinePolicy: { status: "disabled" },
          retentionPolicy: { status: "disabled" },
        },
        tags: zoneTags(spec.name, sharedZone),
      },
      // An older workload may still be running an image of it.
      {
        parent: this,
        protect: true,
        dependsOn: [resourceGroups.groups.platform, ...key.usable],
      },
    );
    diagnostics(`${spec.name}-registry`, names.registryId, records, {
      parent: this,
      dependsOn: [this.registry, ...records.delivery],
    });
    const repositories = platformImages(spec).map(({ repository }) => repository);
    this.repositoryAddresses = Object.fromEntries(
      repositories.map((repository) => [
        repository,
        ownId(this.registry, `${names.registryHost}/${repository}`),
      ]),
    );
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({
      repositoryAddresses: this.repositoryAddresses,
      zoneMembers: this.zoneMembers,
    });
  }
}
