import type * as kms from "@pulumi/aws/kms";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { peerTagsOf, type ZoneRegister } from "../zone-facts";

import type { GuardSecret, PhysicalNames } from "./physical-names";
import { policyDocument } from "./policy-document";
import { secretStatements, type OtherReader } from "./secret-policy";

export interface GuardSecretsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly guard: Workload;
  readonly key: kms.Key;
  /** The certificates of the authorities that the firewall signs with, in PEM. */
  readonly authorities: pulumi.Output<string>;
  /** Who runs Pulumi, and so writes the authorities; whoever the account's own policies say, where it is `undefined`. */
  readonly deployerId: string | undefined;
  readonly register: ZoneRegister;
}

/** How long a deleted secret with the providers' keys can be brought back, in days. */
const recoveryDays = 30;

/**
 * What the egress guard alone reads: the providers' keys, which the hospital puts there itself, so that they are never in
 * the state of the stack; and whom the firewall signs as.
 *
 * Gives what must stand before the guard starts.
 */
export function guardSecrets(
  { spec, names, guard, key, authorities, deployerId, register }: GuardSecretsArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const { id, zone } = guard;
  const tags = peerTagsOf(spec.name, zone, { kind: "workload", id, zone });
  const secret = (
    of: GuardSecret,
    description: string,
    recoveryWindowInDays: number,
    other: OtherReader,
  ): { readonly secret: secretsmanager.Secret; readonly policy: pulumi.Resource } => {
    const prefix = `${spec.name}-${id}-${of}`;
    const created = register.add(
      zone,
      new secretsmanager.Secret(
        prefix,
        { name: names.guardSecret(of), description, kmsKeyId: key.arn, recoveryWindowInDays, tags },
        { parent, ...(recoveryWindowInDays === 0 ? {} : { protect: true }) },
      ),
    );
    const policy = new secretsmanager.SecretPolicy(
      `${prefix}-policy`,
      {
        secretArn: created.arn,
        blockPublicPolicy: true,
        policy: policyDocument(secretStatements(spec, names, guard, other)),
      },
      { parent },
    );
    return { secret: created, policy };
  };
  const keys = secret(
    "provider-keys",
    `The keys of external providers, of ${guard.spiffeId}; the hospital writes them`,
    recoveryDays,
    "nobody",
  );
  const trusted = secret("firewall-authorities", `Whom ${guard.spiffeId} takes for providers`, 0, {
    deployerId,
  });
  return [
    keys.policy,
    new secretsmanager.SecretVersion(
      `${spec.name}-${id}-firewall-authorities-value`,
      { secretId: trusted.secret.id, secretString: authorities },
      { parent, dependsOn: [trusted.policy] },
    ),
  ];
}
