import * as storage from "@pulumi/azure-native/storage";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import type { Tags } from "../zone-facts";

import type { NetworkBypass } from "./closed-vault";
import type { CustomerKey } from "./customer-key";
import type { GroupPart, PhysicalNames } from "./physical-names";

export interface ClosedStorageAccountArgs {
  readonly names: PhysicalNames;
  readonly target: Pick<AzureTarget, "availabilityZones">;
  readonly accountName: string;
  readonly group: GroupPart;
  readonly key: CustomerKey;
  readonly bypass: NetworkBypass;
  /** How long what is in it is kept after it was replaced or deleted, in days. */
  readonly retentionDays: number;
  /**
   * For records, which are written once: they expire after that time. What is immutable nobody can change or delete before;
   * only more can be appended. Once that is `locked`, nobody can take it back either.
   */
  readonly records?: "expiring" | "immutable" | "locked";
  readonly tags: Tags;
}

/** A closed storage account, and what else has to stand before anything is put into it. */
export interface ClosedStorageAccount {
  readonly account: storage.StorageAccount;
  readonly closed: readonly pulumi.Resource[];
}

/** How long Azure gives back what was deleted altogether; it takes no more (Azure documentation, "Soft delete for blobs"). */
const longestSoftDeleteDays = 365;

/**
 * Creates a storage account that is closed: no public network, no anonymous reader, no key or signature of the account, no
 * copy to or from other tenants or networks, no protocol but HTTPS, a key of the customer's, versions that outlive
 * deletion. Everything that Azure leaves open or undecided is said. Nothing leaves the region.
 *
 * @param prefix begins the names of the resources.
 */
export function closedStorageAccount(
  prefix: string,
  args: ClosedStorageAccountArgs,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): ClosedStorageAccount {
  const { names, target, accountName, group, key, bypass, retentionDays, records, tags } = args;
  const resourceGroupName = names.group(group);
  const account = new storage.StorageAccount(
    `${prefix}-account`,
    {
      accountName,
      resourceGroupName,
      location: names.location,
      kind: "StorageV2",
      sku: { name: target.availabilityZones.length > 0 ? "Standard_ZRS" : "Standard_LRS" },
      accessTier: "Hot",
      publicNetworkAccess: "Disabled",
      networkRuleSet: {
        defaultAction: "Deny",
        bypass,
        ipRules: [],
        resourceAccessRules: [],
        virtualNetworkRules: [],
      },
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      sasPolicy: { sasExpirationPeriod: "0.01:00:00", expirationAction: "Block" },
      allowCrossTenantReplication: false,
      allowedCopyScope: "PrivateLink",
      isHnsEnabled: false,
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      enableNfsV3: false,
      identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId(key.purpose)] },
      encryption: {
        keySource: "Microsoft.Keyvault",
        // Without a version of the key, a new one is taken by itself.
        keyVaultProperties: {
          keyName: names.key(key.purpose),
          keyVaultUri: names.vaultUri(key.purpose),
        },
        encryptionIdentity: { encryptionUserAssignedIdentity: names.keyUserId(key.purpose) },
        requireInfrastructureEncryption: true,
        services: {
          blob: { enabled: true, keyType: "Account" },
          file: { enabled: true, keyType: "Account" },
          queue: { enabled: true, keyType: "Account" },
          table: { enabled: true, keyType: "Account" },
        },
      },
      ...(records === "immutable" || records === "locked"
        ? {
            immutableStorageWithVersioning: {
              enabled: true,
              immutabilityPolicy: {
                immutabilityPeriodSinceCreationInDays: retentionDays,
                // Services append to the records of an hour.
                allowProtectedAppendWrites: true,
                // Azure creates no policy that is locked already, and unlocks none.
                state: records === "locked" ? "Locked" : "Unlocked",
              },
            },
          }
        : {}),
      tags,
    },
    {
      parent: opts.parent,
      protect: true,
      dependsOn: [...opts.dependsOn, ...key.usable],
    },
  );
  const child = { parent: opts.parent, dependsOn: [account] };
  const softDelete = { enabled: true, days: longestSoftDeleteDays };
  const blobs = new storage.BlobServiceProperties(
    `${prefix}-blobs`,
    {
      blobServicesName: "default",
      accountName,
      resourceGroupName,
      isVersioningEnabled: true,
      deleteRetentionPolicy: { ...softDelete, allowPermanentDelete: false },
      containerDeleteRetentionPolicy: softDelete,
      cors: { corsRules: [] },
    },
    child,
  );
  const retention = new storage.ManagementPolicy(
    `${prefix}-retention`,
    {
      managementPolicyName: "default",
      accountName,
      resourceGroupName,
      policy: {
        rules: [
          {
            name: "retention",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["appendBlob", "blockBlob"] },
              actions: {
                ...(records === undefined
                  ? {}
                  : { baseBlob: { delete: { daysAfterCreationGreaterThan: retentionDays } } }),
                version: { delete: { daysAfterCreationGreaterThan: retentionDays } },
              },
            },
          },
        ],
      },
    },
    { ...child, dependsOn: [blobs] },
  );
  return { account, closed: [account, blobs, retention] };
}
