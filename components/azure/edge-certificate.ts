import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { roleAssignment } from "./role-assignment";

/** The certificate that gateways present, and the identity with which they read it. */
export interface EdgeCertificate {
  readonly identity: managedidentity.UserAssignedIdentity;
  /** The identity's id with Azure Resource Manager. */
  readonly identityId: string;
  /** Where the certificate is read. It names no version, so that a renewed one is taken. */
  readonly secretUrl: string;
  /** What must stand before a gateway can read it. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where a secret is read, by its id with Azure Resource Manager, whose form the model has checked. */
function secretUrlOf(certificateId: string): string {
  const [, vault = "", secret = ""] = /\/vaults\/([^/]+)\/secrets\/([^/]+)$/i.exec(certificateId) ?? [];
  return `https://${vault}.vault.azure.net/secrets/${secret}`;
}

/**
 * Lets gateways read the certificate that they present, and no other secret of its vault.
 *
 * @param certificateId the certificate's secret, in a vault that exists already.
 */
export function edgeCertificate(
  platform: string,
  names: PhysicalNames,
  certificateId: string,
  tags: Tags,
  opts: pulumi.CustomResourceOptions,
): EdgeCertificate {
  const name = names.owned("edge");
  const identity = new managedidentity.UserAssignedIdentity(
    `${platform}-edge-identity`,
    {
      resourceName: name,
      resourceGroupName: names.group("network"),
      location: names.location,
      tags,
    },
    opts,
  );
  const identityId = names.idIn("network", "Microsoft.ManagedIdentity/userAssignedIdentities", name);
  const access = roleAssignment(
    `${platform}-edge-certificate-access`,
    { names, role: "Key Vault Secrets User", scope: certificateId, identity, identityId },
    opts,
  );
  return {
    identity,
    identityId,
    secretUrl: secretUrlOf(certificateId),
    ready: [identity, access],
  };
}
