import * as keyvault from "@pulumi/azure-native/keyvault";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../zone-facts";

import { closedVault, type NetworkBypass } from "./closed-vault";
import { groupOfVault, type KeyVaultPurpose, type PhysicalNames } from "./physical-names";
import { roleAssignment } from "./role-assignment";

/** A key of the customer's, alone in its vault, and the identity with which services of Azure use it. */
export interface CustomerKey {
  readonly purpose: KeyVaultPurpose;
  readonly vault: keyvault.Vault;
  readonly key: keyvault.Key;
  readonly identity: managedidentity.UserAssignedIdentity;
  /** All that was made, which a zone may have as its members. */
  readonly members: readonly pulumi.Resource[];
  /** What must stand before a service encrypts with the key. */
  readonly usable: readonly pulumi.Resource[];
}

export interface CustomerKeyArgs {
  /** The name of the platform. */
  readonly platform: string;
  readonly names: PhysicalNames;
  readonly purpose: KeyVaultPurpose;
  readonly bypass: NetworkBypass;
  /** Whether workloads encrypt with it by themselves, rather than services of Azure alone. */
  readonly isForWorkloads: boolean;
  readonly tags: Tags;
}

/**
 * A key of the customer's: RSA of 3072 bits, the longest that Azure Health Data Services takes (Azure documentation,
 * "Configure customer-managed keys for the FHIR service"), with a new version each year. It cannot leave its vault.
 *
 * Services name it without a version, and so go on to its newest one by themselves.
 */
export function customerKey(
  { platform, names, purpose, bypass, isForWorkloads, tags }: CustomerKeyArgs,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): CustomerKey {
  const options = { parent: opts.parent, dependsOn: [...opts.dependsOn] };
  const resourceGroupName = names.group(groupOfVault[purpose]);
  const vault = closedVault(`${platform}-${purpose}-vault`, { names, purpose, bypass, tags }, options);
  const key = new keyvault.Key(
    `${platform}-${purpose}-key`,
    {
      keyName: names.key(purpose),
      vaultName: names.vault(purpose),
      resourceGroupName,
      properties: {
        kty: "RSA",
        keySize: 3072,
        keyOps: isForWorkloads ? ["decrypt", "encrypt", "unwrapKey", "wrapKey"] : ["unwrapKey", "wrapKey"],
        attributes: { enabled: true, exportable: false },
        rotationPolicy: {
          lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P1Y" } }],
        },
      },
      tags,
    },
    { parent: opts.parent, dependsOn: [vault], protect: true },
  );
  const identity = new managedidentity.UserAssignedIdentity(
    `${platform}-${purpose}-encryption-identity`,
    { resourceName: names.keyUser(purpose), resourceGroupName, location: names.location, tags },
    options,
  );
  const use = roleAssignment(
    `${platform}-${purpose}-encryption`,
    {
      names,
      role: "Key Vault Crypto Service Encryption User",
      scope: names.keyId(purpose),
      identity,
      identityId: names.keyUserId(purpose),
    },
    { parent: opts.parent, dependsOn: [key] },
  );
  return { purpose, vault, key, identity, members: [vault, key, identity], usable: [key, use] };
}
