import * as secretmanager from "@pulumi/gcp/secretmanager";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { IssuedCertificates } from "../issued-certificates";
import { WorkloadCredentials } from "../workload-credentials";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { GcpEncryptionKeys } from "./encryption-keys";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import { predefinedRoles } from "./service-grants";

export interface GcpWorkloadCredentialsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly certificates: Pick<IssuedCertificates, "credentials">;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** What must stand before a secret is written: the perimeter. */
  readonly sealed: readonly pulumi.Resource[];
}

/**
 * The credentials of workloads on Google Cloud: a secret of Secret Manager each, in the platform's region only, under the
 * platform's key. The workload alone reads it; whoever else is let in by somebody is taken out again. A version that the
 * next one takes the place of is destroyed for good: what it says can be issued again.
 */
export class GcpWorkloadCredentials extends WorkloadCredentials {
  /** The relative names of the secrets, of which an agent reads the newest version. */
  readonly credentialIds: Readonly<Record<string, string>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload finds its credential, by workload. */
  readonly readable: ReadonlyMap<string, readonly pulumi.Resource[]>;

  constructor(name: string, args: GcpWorkloadCredentialsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, certificates, projectServices, serviceAccounts, encryptionKeys, sealed } = args;
    super(WorkloadCredentials.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const project = names.project("processing");
    this.readable = new Map(
      spec.workloads.map((workload): readonly [string, readonly pulumi.Resource[]] => {
        const { id, zone } = workload;
        const credential = certificates.credentials.get(id);
        if (credential === undefined) {
          throw new Error(`workload/${id} has no certificates`);
        }
        const secret = register.add(
          zone,
          new secretmanager.Secret(
            `${spec.name}-${id}-credential`,
            {
              secretId: names.credential(workload),
              project,
              replication: {
                userManaged: {
                  replicas: [
                    {
                      location: names.region,
                      customerManagedEncryption: { kmsKeyName: names.keyId("platform") },
                    },
                  ],
                },
              },
              labels: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
            },
            {
              parent: this,
              dependsOn: [
                ...projectServices.enabled.processing,
                ...encryptionKeys.usable.platform,
                ...sealed,
              ],
            },
          ),
        );
        const readers = new secretmanager.SecretIamBinding(
          `${spec.name}-${id}-credential-readers`,
          {
            project,
            secretId: names.credentialId(workload),
            role: predefinedRoles.secretReader,
            members: [names.member(workload)],
          },
          { parent: this, dependsOn: [secret, serviceAccounts.of(workload)] },
        );
        const version = register.add(
          zone,
          new secretmanager.SecretVersion(
            `${spec.name}-${id}-credential-version`,
            {
              secret: names.credentialId(workload),
              secretData: credential,
              enabled: true,
              deletionPolicy: "DELETE",
            },
            // Who reads it is said before it says anything.
            { parent: this, dependsOn: [secret, readers] },
          ),
          { kind: "workload", id, zone },
        );
        return [id, [readers, version]];
      }),
    );
    this.credentialIds = Object.fromEntries(
      spec.workloads.map((workload) => [workload.id, names.credentialId(workload)]),
    );
    this.zoneMembers = register.members();
    this.registerOutputs({
      credentialIds: this.credentialIds,
      zoneMembers: this.zoneMembers,
      peerMembers: register.peerMembers(),
    });
  }
}
