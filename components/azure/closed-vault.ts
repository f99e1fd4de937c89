import * as keyvault from "@pulumi/azure-native/keyvault";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../zone-facts";

import { groupOfVault, type PhysicalNames, type VaultPurpose } from "./physical-names";

/**
 * Who gets past the closed network of a vault or of a storage account, besides its private endpoints: nobody, or services
 * of Azure's own, which still have to be an identity that has a role (Azure documentation, "Trusted services").
 */
export type NetworkBypass = "None" | "AzureServices";

export interface ClosedVaultArgs {
  readonly names: PhysicalNames;
  readonly purpose: VaultPurpose;
  readonly bypass: NetworkBypass;
  readonly tags: Tags;
}

/**
 * A vault that is closed: no public network, roles rather than access policies, nothing for the use of machines, and
 * whatever is deleted can be had back for ninety days, by nobody's decision sooner gone.
 */
export function closedVault(
  logicalName: string,
  { names, purpose, bypass, tags }: ClosedVaultArgs,
  opts: pulumi.CustomResourceOptions,
): keyvault.Vault {
  return new keyvault.Vault(
    logicalName,
    {
      vaultName: names.vault(purpose),
      resourceGroupName: names.group(groupOfVault[purpose]),
      location: names.location,
      properties: {
        tenantId: names.tenantId,
        sku: { family: "A", name: "standard" },
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass, ipRules: [], virtualNetworkRules: [] },
        enableRbacAuthorization: true,
        accessPolicies: [],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
      },
      tags,
    },
    // Without its vault what is encrypted with its key is lost.
    { ...opts, protect: true },
  );
}
