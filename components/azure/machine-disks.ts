import * as compute from "@pulumi/azure-native/compute";
import type * as pulumi from "@pulumi/pulumi";

import { zoneTags } from "../zone-facts";
import { sharedZone } from "../../model/tag";

import type { CustomerKey } from "./customer-key";
import type { PhysicalNames } from "./physical-names";

/** What encrypts the disks of machines: the platform's key, always its newest version. */
export function machineDisks(
  platform: string,
  { names, key }: { readonly names: PhysicalNames; readonly key: CustomerKey },
  parent: pulumi.Resource,
): compute.DiskEncryptionSet {
  return new compute.DiskEncryptionSet(
    `${platform}-machine-disks`,
    {
      diskEncryptionSetName: names.diskEncryptionSet,
      resourceGroupName: names.group("platform"),
      location: names.location,
      encryptionType: "EncryptionAtRestWithCustomerKey",
      identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId("platform")] },
      // Azure wants a version to begin with, and goes on to newer ones by itself.
      activeKey: { keyUrl: key.key.keyUriWithVersion },
      rotationToLatestKeyVersionEnabled: true,
      tags: zoneTags(platform, sharedZone),
    },
    { parent, dependsOn: [...key.usable] },
  );
}
