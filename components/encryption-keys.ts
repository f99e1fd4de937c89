import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/**
 * What a customer-managed key encrypts: the PHI zone's stores, the audit trail, or the platform's images and secrets. One
 * key for each, so that who may read one may not read the others.
 */
export const keyPurposes = ["phi", "audit", "platform"] as const;

export type KeyPurpose = (typeof keyPurposes)[number];

/** The customer-managed keys of the platform, rotated every year. */
export abstract class EncryptionKeys extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:security:EncryptionKeys";

  /** The ids of the keys with the cloud, by purpose. */
  abstract readonly keyIds: Readonly<Record<KeyPurpose, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
