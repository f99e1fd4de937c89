import * as keyvault from "@pulumi/azure-native/keyvault";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { IssuedCertificates } from "../issued-certificates";
import { WorkloadCredentials } from "../workload-credentials";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { workloadPeer } from "./replica-addresses";
import { roleAssignment } from "./role-assignment";
import { clientsOf } from "./service-grants";
import type { AzureWorkloadIdentities } from "./workload-identities";

export interface AzureWorkloadCredentialsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly identities: Pick<AzureWorkloadIdentities, "of">;
  /** The vault of secrets, which is there where a flow names it. */
  readonly vault: pulumi.Resource | undefined;
  readonly certificates: IssuedCertificates;
}

/**
 * The credentials of workloads on Azure: a secret each in the vault of secrets, which has no public network, and whose
 * contents nobody reads but by a role. The workload's own identity has one on its secret alone; the identity that starts it
 * has none.
 *
 * The vault encrypts with keys of its own, which Azure lets nobody choose ("About encryption in Azure Key Vault").
 */
export class AzureWorkloadCredentials extends WorkloadCredentials {
  readonly credentialIds: Readonly<Record<string, string>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload can read its credential, by workload. */
  readonly readable: ReadonlyMap<string, readonly pulumi.Resource[]>;

  constructor(
    name: string,
    { spec, names, identities, vault, certificates }: AzureWorkloadCredentialsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(WorkloadCredentials.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const readable = new Map<string, readonly pulumi.Resource[]>();
    // Without a flow to the vault a workload does not reach it, and has nothing there.
    const clients = clientsOf("secrets", spec);
    for (const workload of clients) {
      const { id, zone } = workload;
      const logicalName = `${spec.name}-${id}-credential`;
      const value = certificates.credentials.get(id);
      if (value === undefined) {
        throw new Error(`no certificates are issued to workload/${id}`);
      }
      const secret = register.add(
        zone,
        new keyvault.Secret(
          logicalName,
          {
            secretName: names.credential(workload),
            vaultName: names.vault("secrets"),
            resourceGroupName: names.group("platform"),
            properties: { value, contentType: "application/json", attributes: { enabled: true } },
            tags: peerTagsOf(spec.name, zone, workloadPeer(workload)),
          },
          { parent: this, dependsOn: vault === undefined ? [] : [vault] },
        ),
      );
      const role = roleAssignment(
        `${logicalName}-access`,
        {
          names,
          role: "Key Vault Secrets User",
          scope: names.credentialId(workload),
          identity: identities.of(workload, "workload"),
          identityId: names.identityId(workload),
        },
        { parent: this, dependsOn: [secret] },
      );
      readable.set(id, [secret, role]);
    }
    this.readable = readable;
    this.credentialIds = Object.fromEntries(
      clients.map((workload) => [workload.id, names.credentialUrl(workload)]),
    );
    this.zoneMembers = register.members();
    this.registerOutputs({ credentialIds: this.credentialIds, zoneMembers: this.zoneMembers });
  }
}
