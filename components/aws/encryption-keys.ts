import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { ZoneId } from "../../model/zone";
import { recordStreams } from "../audit-log";
import { EncryptionKeys, type KeyPurpose } from "../encryption-keys";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { guardedProviders } from "./guarded-models";
import { keyUse } from "./key-use";
import { firewallLogs, type PhysicalNames } from "./physical-names";
import { anybody, policyDocument, type Conditions, type Statement } from "./policy-document";
import { clientsOf } from "./service-grants";
import { clientsOfStore, storeServices } from "./store-grants";

export interface AwsEncryptionKeysArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** Who runs Pulumi, and so creates the stores; whoever the account's own policies say, where it is `undefined`. */
  readonly deployerId: string | undefined;
}

/**
 * What administrators of a key do with it: all but use it, or let others use it by a grant (AWS KMS developer guide,
 * "Allows key administrators to administer the KMS key").
 */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:Delete*",
  "kms:Describe*",
  "kms:Disable*",
  "kms:Enable*",
  "kms:Get*",
  "kms:List*",
  "kms:Put*",
  "kms:Revoke*",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:Update*",
];

const purposes: Readonly<Record<KeyPurpose, { readonly zone: ZoneId | undefined; readonly what: string }>> = {
  phi: { zone: "phi", what: "data stores of the PHI zone" },
  audit: { zone: undefined, what: "audit trail" },
  platform: { zone: undefined, what: "images, secrets and workloads" },
};

/** The statements of a key's policy. In a key's policy `*` is the key itself. */
function statementsOf(
  purpose: KeyPurpose,
  { spec, names, deployerId }: AwsEncryptionKeysArgs,
): readonly Statement[] {
  const principal = { AWS: names.accountRoot };
  const allow = (
    Sid: string,
    Action: readonly string[],
    Condition?: Conditions,
    Principal: Statement["Principal"] = principal,
  ): Statement => ({
    Sid,
    Effect: "Allow",
    Principal,
    Action,
    Resource: ["*"],
    ...(Condition === undefined ? {} : { Condition }),
  });
  const administer = allow("Administration", administration);
  const hasEgress = spec.zones.some(({ id }) => id === "egress");
  const via = (services: readonly string[]): Conditions => ({
    StringEquals: {
      "kms:CallerAccount": names.accountId,
      "kms:ViaService": services.map((service) => names.serviceHost(service)),
    },
  });
  /** What services do on behalf of whoever creates a resource that is encrypted with the key. */
  const serve = (services: readonly string[], who: Conditions = {}): readonly Statement[] => [
    allow("ServicesUse", keyUse, { ...via(services), ...who }),
    allow("ServicesTakeGrants", ["kms:CreateGrant"], {
      ...via(services),
      ...who,
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
  ];
  const cluster = {
    "kms:EncryptionContext:aws:ecs:clusterAccount": names.accountId,
    "kms:EncryptionContext:aws:ecs:clusterName": names.cluster,
  };
  const fargate = { Service: "fargate.amazonaws.com" };
  /** The disks of workloads (Amazon ECS developer guide, "Customer managed keys for AWS Fargate ephemeral storage"). */
  const ofDisks = (): readonly Statement[] => [
    allow("DisksAreMade", ["kms:GenerateDataKeyWithoutPlaintext"], { StringEquals: cluster }, fargate),
    allow(
      "DisksAreRead",
      ["kms:CreateGrant"],
      { StringEquals: cluster, "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
      fargate,
    ),
  ];
  /** Alarms that are published on a topic under the key (Amazon SNS developer guide, "Key management"). */
  const ofAlarms = (): readonly Statement[] => [
    allow(
      "AlarmsArePublished",
      ["kms:Decrypt", "kms:GenerateDataKey*"],
      {
        StringEquals: { "aws:SourceAccount": names.accountId },
        ArnLike: { "aws:SourceArn": names.owned("cloudwatch", "alarm:*") },
      },
      { Service: "cloudwatch.amazonaws.com" },
    ),
  ];
  switch (purpose) {
    case "phi": {
      const clients = clientsOfStore(spec.dataStores, spec).map((workload) =>
        names.roleArn(workload, "workload"),
      );
      const services = [...new Set(spec.dataStores.map(({ kind }) => storeServices[kind]))].sort();
      // Buckets need no grant, so with them nobody but their clients uses the key.
      const granted = services.filter((service) => service !== storeServices.document);
      return [
        administer,
        ...(granted.length === 0
          ? []
          : serve(
              granted,
              deployerId === undefined ? {} : { ArnEquals: { "aws:PrincipalArn": [deployerId] } },
            )),
        ...(clients.length === 0
          ? []
          : [
              allow("StoresServeTheirClients", keyUse, {
                ...via(services),
                ArnEquals: { "aws:PrincipalArn": clients },
              }),
            ]),
      ];
    }
    case "audit": {
      const trailArn = names.owned("cloudtrail", `trail/${names.trail}`);
      return [
        administer,
        allow(
          "RecordsAreWritten",
          ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn": [
                ...recordStreams.map((stream) => names.logGroupArn(names.logGroup(stream))),
                ...spec.workloads.map((workload) => names.logGroupArn(names.workloadLogGroup(workload))),
                ...(spec.mesh.kind === "envoy" ? [names.logGroupArn(names.clusterMetricsGroup)] : []),
                ...(hasEgress
                  ? firewallLogs.map((kind) => names.logGroupArn(names.firewallLogGroup(kind)))
                  : []),
              ],
            },
          },
          { Service: `logs.${names.region}.amazonaws.com` },
        ),
        // Who writes to a group, or reads it, uses the key through the service as well.
        allow(
          "RecordsAreUsed",
          ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          via(["logs"]),
          anybody,
        ),
        allow(
          "TrailIsWritten",
          // It decrypts because the bucket uses a bucket key (CloudTrail user guide, "Configure AWS KMS key policies").
          ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
          { StringEquals: { "aws:SourceArn": trailArn } },
          { Service: "cloudtrail.amazonaws.com" },
        ),
        // The disks of what copies records, and the bucket that it copies them to.
        allow("DeliveryTakesGrants", ["kms:CreateGrant"], {
          ...via(["firehose"]),
          Bool: { "kms:GrantIsForAWSResource": "true" },
        }),
        allow("RecordsAreKept", ["kms:Decrypt", "kms:GenerateDataKey"], {
          ...via(["s3"]),
          ArnEquals: { "aws:PrincipalArn": [names.recordsRoleArn("delivery")] },
        }),
        // Who may read the trail is for the account's own policies to say; they cannot without this.
        allow("TrailIsRead", ["kms:Decrypt"], {
          StringEquals: { "kms:CallerAccount": names.accountId },
          StringLike: {
            "kms:EncryptionContext:aws:cloudtrail:arn": names.owned("cloudtrail", "trail/*"),
          },
        }),
      ];
    }
    case "platform": {
      const clients = clientsOf("keys", spec).map((workload) => names.roleArn(workload, "workload"));
      return [
        administer,
        ...serve([
          ...(guardedProviders(spec).length > 0 ? ["bedrock"] : []),
          "ecr",
          ...(hasEgress ? ["network-firewall"] : []),
          "secretsmanager",
        ]),
        ...(clients.length === 0
          ? []
          : [allow("Workloads", keyUse, { ArnEquals: { "aws:PrincipalArn": clients } })]),
        ...(spec.mesh.kind === "envoy" ? [...ofDisks(), ...ofAlarms()] : []),
      ];
    }
  }
}

/**
 * The keys on AWS: a KMS key for each purpose. Its policy lets administrators administer it, and lets it be used by the
 * roles that flows name, and through the services that encrypt with it by whom the account's own policies give that.
 */
export class AwsEncryptionKeys extends EncryptionKeys {
  readonly keyIds: Readonly<Record<KeyPurpose, pulumi.Output<string>>>;
  readonly keys: Readonly<Record<KeyPurpose, kms.Key>>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, args: AwsEncryptionKeysArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(EncryptionKeys.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const key = (purpose: KeyPurpose): kms.Key => {
      const { zone, what } = purposes[purpose];
      const created = new kms.Key(
        `${spec.name}-${purpose}-key`,
        {
          description: `Bulkhead ${spec.name}: ${what}`,
          enableKeyRotation: true,
          deletionWindowInDays: 30,
          multiRegion: false,
          policy: policyDocument(statementsOf(purpose, args)),
          tags: zoneTags(spec.name, zone ?? sharedZone),
        },
        // Without its key what is encrypted with it is lost.
        { parent: this, protect: true },
      );
      new kms.Alias(
        `${spec.name}-${purpose}-key-alias`,
        { name: names.keyAlias(purpose), targetKeyId: created.id },
        { parent: this },
      );
      return zone === undefined ? created : register.add(zone, created);
    };
    this.keys = { phi: key("phi"), audit: key("audit"), platform: key("platform") };
    this.keyIds = { phi: this.keys.phi.arn, audit: this.keys.audit.arn, platform: this.keys.platform.arn };
    this.zoneMembers = register.members();
    this.registerOutputs({ keyIds: this.keyIds, zoneMembers: this.zoneMembers });
  }
}
