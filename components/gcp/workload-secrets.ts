import * as secretmanager from "@pulumi/gcp/secretmanager";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { GcpEncryptionKeys } from "./encryption-keys";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import { clientsOf, predefinedRoles } from "./service-grants";

export interface GcpWorkloadSecretsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** What must stand before a secret is written: the perimeter. */
  readonly sealed: readonly pulumi.Resource[];
}

/** How long a version that somebody destroyed can be had back: thirty days. */
const versionDestroyTtl = "2592000s";

/**
 * The secrets of workloads on Google Cloud: one each for those whose flows name the secrets, in the platform's region only,
 * under the platform's key. The workload alone reads it; whoever else is let in by somebody is taken out again. What a secret
 * says is not the platform's to know: its versions are put there by who has them.
 */
export class GcpWorkloadSecrets extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:WorkloadSecrets";

  readonly zoneMembers: ZoneMembers;

  constructor(name: string, args: GcpWorkloadSecretsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, projectServices, serviceAccounts, encryptionKeys, sealed } = args;
    super(GcpWorkloadSecrets.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const project = names.project("processing");
    const clients = clientsOf("secrets", spec);
    for (const workload of clients) {
      const { id, zone } = workload;
      const secret = register.add(
        zone,
        new secretmanager.Secret(
          `${spec.name}-${id}-secret`,
          {
            secretId: names.accountId(workload),
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
            versionDestroyTtl,
            labels: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
          },
          // What it says is nowhere else.
          {
            parent: this,
            protect: true,
            dependsOn: [...projectServices.enabled.processing, ...encryptionKeys.usable.platform, ...sealed],
          },
        ),
      );
      new secretmanager.SecretIamBinding(
        `${spec.name}-${id}-secret-readers`,
        {
          project,
          secretId: names.secretId(workload),
          role: predefinedRoles.secretReader,
          members: [names.member(workload)],
        },
        { parent: this, dependsOn: [secret, serviceAccounts.of(workload)] },
      );
    }
    this.zoneMembers = register.members();
    this.registerOutputs({
      secretIds: Object.fromEntries(clients.map((workload) => [workload.id, names.secretId(workload)])),
      zoneMembers: this.zoneMembers,
    });
  }
}
