import type * as kms from "@pulumi/aws/kms";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { IssuedCertificates } from "../issued-certificates";
import { WorkloadCredentials } from "../workload-credentials";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { policyDocument } from "./policy-document";
import { secretStatements } from "./secret-policy";

export interface AwsWorkloadCredentialsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly key: kms.Key;
  readonly certificates: IssuedCertificates;
  /** Who runs Pulumi, and so writes the secrets; whoever the account's own policies say, where it is `undefined`. */
  readonly deployerId: string | undefined;
}

/**
 * The credentials of workloads on AWS: a secret of Secrets Manager each, under the platform's key, which its own policy
 * keeps from every other workload, and from other accounts.
 */
export class AwsWorkloadCredentials extends WorkloadCredentials {
  readonly credentialIds: Readonly<Record<string, string>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload finds its credential. */
  readonly written: ReadonlyMap<string, pulumi.Resource>;

  constructor(name: string, args: AwsWorkloadCredentialsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, key, certificates, deployerId } = args;
    super(WorkloadCredentials.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const written = new Map<string, pulumi.Resource>();
    for (const workload of spec.workloads) {
      const { id, zone, spiffeId } = workload;
      const credential = certificates.credentials.get(id);
      if (credential === undefined) {
        throw new Error(`no certificates are issued to workload/${id}`);
      }
      const prefix = `${spec.name}-${id}-credential`;
      const secret = register.add(
        zone,
        new secretsmanager.Secret(
          prefix,
          {
            name: names.credential(workload),
            description: `The certificates of ${spiffeId}`,
            kmsKeyId: key.arn,
            // What is deleted can be issued anew, and its name is free at once.
            recoveryWindowInDays: 0,
            tags: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
          },
          { parent: this },
        ),
      );
      const policy = new secretsmanager.SecretPolicy(
        `${prefix}-policy`,
        {
          secretArn: secret.arn,
          blockPublicPolicy: true,
          policy: policyDocument(secretStatements(spec, names, workload, { deployerId })),
        },
        { parent: this },
      );
      written.set(
        id,
        new secretsmanager.SecretVersion(
          `${prefix}-value`,
          { secretId: secret.id, secretString: credential },
          // Nobody reads it before its policy says who may.
          { parent: this, dependsOn: [policy] },
        ),
      );
    }
    this.written = written;
    this.credentialIds = Object.fromEntries(
      spec.workloads.map((workload) => [workload.id, names.credentialArn(workload)]),
    );
    this.zoneMembers = register.members();
    this.registerOutputs({ credentialIds: this.credentialIds, zoneMembers: this.zoneMembers });
  }
}
