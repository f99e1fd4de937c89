import * as cloudtrail from "@pulumi/aws/cloudtrail";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { AuditLog, type ProgramStream, type RecordStream } from "../audit-log";
import { peerTagsOf, zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { closedBucket, secureTransport } from "./closed-bucket";
import { logRetentionDays } from "./log-retention";
import { firewallLogs, type FirewallLog, type PhysicalNames } from "./physical-names";
import { anybody, policyDocument, trustPolicy, type Statement } from "./policy-document";
import { deliveryStatements, recordDelivery, subscriptionStatements } from "./record-delivery";
import { networkPrefix, type AwsNetwork } from "./zone-network";

export interface AwsAuditLogArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The ids of the platform's networks. */
  readonly networkIds: ReadonlyMap<AwsNetwork, pulumi.Output<string>>;
  readonly key: kms.Key;
}

/**
 * The audit trail on AWS: a log group for each stream of records and for each workload's output, the flows of the whole
 * network, and a trail of every call to the account with the reads and writes of the PHI zone's stores, in a bucket whose
 * objects nobody can delete before their time. Decisions and tool calls are copied to that bucket as they come.
 */
export class AwsAuditLog extends AuditLog {
  readonly streamIds: Readonly<Record<RecordStream, pulumi.Output<string>>>;
  readonly workloadLogNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a service of AWS can write to a stream by itself. */
  readonly delivery: readonly pulumi.Resource[];
  /** What must stand before ECS records how workloads do: where there is no group it makes one, without a key. */
  readonly clusterMetrics: readonly pulumi.Resource[];
  /** The names of the groups into which the firewall of an egress zone writes, by what it records. */
  readonly firewallLogNames: ReadonlyMap<FirewallLog, pulumi.Output<string>>;
  readonly #args: AwsAuditLogArgs;
  readonly #tags: Tags;

  constructor(name: string, args: AwsAuditLogArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(AuditLog.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, sharedZone);
    const register = new ZoneRegister();

    const stream = (id: RecordStream): cloudwatch.LogGroup =>
      this.#logGroup(`${spec.name}-${id}-records`, names.logGroup(id), this.#tags, { parent: this });
    const ofPrograms: Readonly<Record<ProgramStream, cloudwatch.LogGroup>> = {
      "access-decisions": stream("access-decisions"),
      "tool-calls": stream("tool-calls"),
      "egress-inspections": stream("egress-inspections"),
    };
    this.streamIds = {
      "network-flows": stream("network-flows").arn,
      "name-queries": stream("name-queries").arn,
      "web-firewall": stream("web-firewall").arn,
      "access-decisions": ofPrograms["access-decisions"].arn,
      "tool-calls": ofPrograms["tool-calls"].arn,
      "egress-inspections": ofPrograms["egress-inspections"].arn,
    };
    const workloadLogNames = new Map<string, pulumi.Output<string>>();
    for (const workload of spec.workloads) {
      const log = register.add(
        workload.zone,
        this.#logGroup(
          `${spec.name}-${workload.id}-output`,
          names.workloadLogGroup(workload),
          peerTagsOf(spec.name, workload.zone, { kind: "workload", id: workload.id, zone: workload.zone }),
          // A workload may go; what it wrote is kept for its time, and AWS would refuse to delete it.
          { parent: this, retainOnDelete: true },
        ),
      );
      workloadLogNames.set(workload.id, log.name);
    }
    this.workloadLogNames = Object.fromEntries(workloadLogNames);
    this.clusterMetrics =
      spec.mesh.kind === "envoy"
        ? [
            this.#logGroup(`${spec.name}-cluster-metrics`, names.clusterMetricsGroup, this.#tags, {
              parent: this,
            }),
          ]
        : [];
    this.firewallLogNames = new Map(
      this.#firewallLogs().map((kind) => [
        kind,
        register.add(
          "egress",
          this.#logGroup(
            `${spec.name}-firewall-${kind.toLowerCase()}-records`,
            names.firewallLogGroup(kind),
            zoneTags(spec.name, "egress"),
            // An egress zone may go; what its firewall saw is kept for its time.
            { parent: this, retainOnDelete: true },
          ),
        ).name,
      ]),
    );
    this.delivery = [this.#services()];
    const boundary = this.#boundary();
    this.#networkFlows(boundary);
    const records = this.#trail();
    recordDelivery(
      { spec, names, key: args.key, groups: ofPrograms, ...records, boundary, tags: this.#tags },
      this,
    );

    this.zoneMembers = register.members();
    this.registerOutputs({
      streamIds: this.streamIds,
      workloadLogNames: this.workloadLogNames,
      zoneMembers: this.zoneMembers,
    });
  }

  /** What is recorded by the firewall that a platform with an egress zone has. */
  #firewallLogs(): readonly FirewallLog[] {
    return this.#args.spec.zones.some(({ id }) => id === "egress") ? firewallLogs : [];
  }

  #logGroup(
    name: string,
    physicalName: string,
    tags: Tags,
    opts: pulumi.CustomResourceOptions,
  ): cloudwatch.LogGroup {
    const { spec, key } = this.#args;
    return new cloudwatch.LogGroup(
      name,
      {
        name: physicalName,
        kmsKeyId: key.arn,
        retentionInDays: logRetentionDays(spec.audit.retentionDays),
        deletionProtectionEnabled: true,
        tags,
      },
      opts,
    );
  }

  /** Lets the services that write records by themselves write them, for this account's resources only. */
  #services(): pulumi.Resource {
    const { spec, names } = this.#args;
    return new cloudwatch.LogResourcePolicy(
      `${spec.name}-records-policy`,
      {
        policyName: `${spec.name}-records`,
        policyDocument: policyDocument([
          {
            Sid: "RecordsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "delivery.logs.amazonaws.com" },
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: [
              ...(["name-queries", "web-firewall"] as const).map((id) => names.logGroup(id)),
              ...this.#firewallLogs().map((kind) => names.firewallLogGroup(kind)),
            ].map((group) => `${names.logGroupArn(group)}:log-stream:*`),
            Condition: {
              StringEquals: { "aws:SourceAccount": names.accountId },
              ArnLike: { "aws:SourceArn": names.owned("logs", "*") },
            },
          },
        ]),
      },
      { parent: this },
    );
  }

  /** What it takes to write the network's flows. */
  #flowStatements(): readonly Statement[] {
    const { names } = this.#args;
    const logGroup = names.logGroupArn(names.logGroup("network-flows"));
    return [
      {
        Sid: "WriteFlows",
        Effect: "Allow",
        Action: [
          "logs:CreateLogStream",
          "logs:DescribeLogGroups",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        Resource: [logGroup, `${logGroup}:*`],
      },
    ];
  }

  /** The most that the roles by which AWS's services record may ever be allowed. */
  #boundary(): iam.Policy {
    const { spec, names } = this.#args;
    return new iam.Policy(
      `${spec.name}-component-boundary`,
      {
        name: names.boundary("component"),
        path: names.path,
        description: `The most that a role of a part of ${spec.name} may do`,
        policy: policyDocument([
          ...this.#flowStatements(),
          ...subscriptionStatements(names),
          ...deliveryStatements(names),
        ]),
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  /** The flows of every network as a whole, accepted and rejected, once a minute. */
  #networkFlows(boundary: iam.Policy): void {
    const { spec, names, networkIds } = this.#args;
    const role = new iam.Role(
      `${spec.name}-network-flows-role`,
      {
        name: names.networkFlowsRole,
        path: names.path,
        description: `Writes the network flows of ${spec.name}`,
        assumeRolePolicy: trustPolicy(
          "vpc-flow-logs.amazonaws.com",
          names.accountId,
          names.owned("ec2", "vpc-flow-log/*"),
        ),
        permissionsBoundary: boundary.arn,
        tags: this.#tags,
      },
      { parent: this },
    );
    const permission = new iam.RolePolicy(
      `${spec.name}-network-flows-permission`,
      { role: role.name, policy: policyDocument(this.#flowStatements()) },
      { parent: this },
    );
    for (const [network, vpcId] of networkIds) {
      new ec2.FlowLog(
        `${networkPrefix(spec.name, network)}-network-flows`,
        {
          vpcId,
          trafficType: "ALL",
          maxAggregationInterval: 60,
          logDestinationType: "cloud-watch-logs",
          logDestination: this.streamIds["network-flows"],
          iamRoleArn: role.arn,
          tags: this.#tags,
        },
        { parent: this, dependsOn: [permission] },
      );
    }
  }

  /**
   * Every call to the account, and each read and write of a record in the PHI zone's stores.
   *
   * Gives the bucket of records, and what closes it.
   */
  #trail(): { readonly bucket: s3.Bucket; readonly closed: readonly pulumi.Resource[] } {
    const { spec, names, key } = this.#args;
    const bucketArn = names.bucketArn("audit-records");
    const bucket = new s3.Bucket(
      `${spec.name}-audit-records-bucket`,
      {
        bucket: names.bucket("audit-records"),
        forceDestroy: false,
        objectLockEnabled: true,
        tags: this.#tags,
      },
      { parent: this, protect: true },
    );
    const ofTrail = {
      "aws:SourceArn": names.owned("cloudtrail", `trail/${names.trail}`),
    };
    const service = { Service: "cloudtrail.amazonaws.com" };
    const closed = closedBucket(
      bucket,
      `${spec.name}-audit-records`,
      {
        key,
        retentionDays: spec.audit.retentionDays,
        records: "locked",
        policy: policyDocument([
          ...secureTransport(bucketArn),
          {
            Sid: "TrailIsChecked",
            Effect: "Allow",
            Principal: service,
            Action: ["s3:GetBucketAcl"],
            Resource: [bucketArn],
            Condition: { StringEquals: ofTrail },
          },
          {
            Sid: "TrailIsWritten",
            Effect: "Allow",
            Principal: service,
            Action: ["s3:PutObject"],
            Resource: [`${bucketArn}/AWSLogs/${names.accountId}/*`],
            Condition: { StringEquals: { ...ofTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
          },
          {
            Sid: "RecordsAreKept",
            Effect: "Deny",
            Principal: anybody,
            Action: ["s3:BypassGovernanceRetention", "s3:DeleteObject*"],
            Resource: [`${bucketArn}/*`],
          },
        ]),
      },
      this,
    );
    const documents = spec.dataStores.filter(({ kind }) => kind === "document");
    new cloudtrail.Trail(
      `${spec.name}-trail`,
      {
        name: names.trail,
        s3BucketName: bucket.id,
        kmsKeyId: key.arn,
        enableLogging: true,
        enableLogFileValidation: true,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        advancedEventSelectors: [
          {
            name: "Every call that manages something",
            fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
          },
          ...(documents.length === 0
            ? []
            : [
                {
                  name: "Reads and writes of documents",
                  fieldSelectors: [
                    { field: "eventCategory", equals: ["Data"] },
                    { field: "resources.type", equals: ["AWS::S3::Object"] },
                    {
                      field: "resources.ARN",
                      startsWiths: documents.map(({ id }) => `${names.bucketArn(id)}/`),
                    },
                  ],
                },
              ]),
          // HealthLake has no type of data event for its stores, and documents its reads and writes among other calls.
          ...(spec.dataStores.some(({ kind }) => kind === "vector")
            ? [
                {
                  name: "Reads and writes of vectors",
                  fieldSelectors: [
                    { field: "eventCategory", equals: ["Data"] },
                    { field: "resources.type", equals: ["AWS::AOSS::Collection"] },
                  ],
                },
              ]
            : []),
        ],
        tags: this.#tags,
      },
      { parent: this, dependsOn: [...closed] },
    );
    return { bucket, closed };
  }
}
