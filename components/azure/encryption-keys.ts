import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { ZoneId } from "../../model/zone";
import { EncryptionKeys, type KeyPurpose } from "../encryption-keys";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { NetworkBypass } from "./closed-vault";
import { customerKey, type CustomerKey } from "./customer-key";
import { ownId } from "../own-id";
import { groupOfVault, type PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";
import { clientsOf } from "./service-grants";

export interface AzureEncryptionKeysArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
}

/**
 * What each key is for. The stores that encrypt with the PHI zone's key are in one network security perimeter with its
 * vault. The registry and Azure Monitor cannot be in one, and reach the vaults of their keys as services of Azure's own.
 */
const purposes: Readonly<
  Record<KeyPurpose, { readonly zone: ZoneId | undefined; readonly bypass: NetworkBypass }>
> = {
  phi: { zone: "phi", bypass: "None" },
  audit: { zone: undefined, bypass: "AzureServices" },
  platform: { zone: undefined, bypass: "AzureServices" },
};

/**
 * The keys on Azure: a Key Vault for each purpose, with one key in it. An identity for each purpose lets the services that
 * encrypt with it use it, and that identity, with the workloads whose flows name the keys, are all that may.
 */
export class AzureEncryptionKeys extends EncryptionKeys {
  readonly keyIds: Readonly<Record<KeyPurpose, pulumi.Output<string>>>;
  readonly keys: Readonly<Record<KeyPurpose, CustomerKey>>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, args: AzureEncryptionKeysArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, resourceGroups } = args;
    super(EncryptionKeys.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const key = (purpose: KeyPurpose): CustomerKey => {
      const { zone, bypass } = purposes[purpose];
      const created = customerKey(
        {
          platform: spec.name,
          names,
          purpose,
          bypass,
          isForWorkloads: purpose === "platform" && clientsOf("keys", spec).length > 0,
          tags: zoneTags(spec.name, zone ?? sharedZone),
        },
        { parent: this, dependsOn: [resourceGroups.groups[groupOfVault[purpose]]] },
      );
      if (zone !== undefined) {
        created.members.forEach((member) => register.add(zone, member));
      }
      return created;
    };
    this.keys = { phi: key("phi"), audit: key("audit"), platform: key("platform") };
    const id = (purpose: KeyPurpose): pulumi.Output<string> =>
      ownId(this.keys[purpose].key, names.keyId(purpose));
    this.keyIds = { phi: id("phi"), audit: id("audit"), platform: id("platform") };
    this.zoneMembers = register.members();
    this.registerOutputs({ keyIds: this.keyIds, zoneMembers: this.zoneMembers });
  }
}
