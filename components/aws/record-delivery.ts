import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as kinesis from "@pulumi/aws/kinesis";
import type * as kms from "@pulumi/aws/kms";
import type * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { programStreams, type ProgramStream } from "../audit-log";
import { ownId } from "../own-id";
import type { Tags } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { policyDocument, trustPolicy, type Statement } from "./policy-document";

export interface RecordDeliveryArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The key of the audit trail. */
  readonly key: kms.Key;
  /** The groups into which the programs' streams are written. */
  readonly groups: Readonly<Record<ProgramStream, cloudwatch.LogGroup>>;
  /** The bucket of audit records, whose objects nobody can delete before their time, and what closes it. */
  readonly bucket: s3.Bucket;
  readonly closed: readonly pulumi.Resource[];
  /** The limit of what the roles may ever be allowed. */
  readonly boundary: iam.Policy;
  readonly tags: Tags;
}

/** How long records are gathered before an object is made of them, in seconds, and how many of them, in MiB. */
const gathering = { bufferingInterval: 60, bufferingSize: 5 } as const;

/** What CloudWatch Logs may do to hand the programs' streams over. */
export function subscriptionStatements(names: PhysicalNames): readonly Statement[] {
  return [
    {
      Sid: "HandOver",
      Effect: "Allow",
      Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
      Resource: programStreams.map((stream) => names.deliveryArn(stream)),
    },
  ];
}

/** What Firehose may do to put objects under the prefixes of the streams, and nothing else, into the bucket. */
export function deliveryStatements(names: PhysicalNames): readonly Statement[] {
  const bucketArn = names.bucketArn("audit-records");
  return [
    {
      Sid: "FindBucket",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: [bucketArn],
    },
    {
      Sid: "AddRecords",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: programStreams.map((stream) => `${bucketArn}/${stream}/*`),
    },
    {
      Sid: "RecordsKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [names.owned("kms", "key/*")],
      Condition: {
        StringEquals: { "kms:ViaService": [names.serviceHost("s3")] },
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias("audit") },
      },
    },
  ];
}

/**
 * Copies the streams of the programs, as they come and without leaving a line out, from their log groups into the bucket
 * whose objects nobody can delete before their time: by Firehose, which unpacks what CloudWatch Logs hands over, so that an
 * object holds the programs' lines alone (Amazon Data Firehose developer guide, "Send CloudWatch Logs to Firehose").
 *
 * What Firehose cannot unpack it puts under `<stream>/failed/` as it is. What it cannot put anywhere within a day it drops;
 * the log groups still have that.
 */
export function recordDelivery(args: RecordDeliveryArgs, parent: pulumi.Resource): void {
  const { spec, names, key, groups, bucket, closed, boundary, tags } = args;
  const child = { parent };
  const role = (
    what: "subscription" | "delivery",
    description: string,
    assumeRolePolicy: string,
    statements: readonly Statement[],
  ): { readonly role: iam.Role; readonly permission: pulumi.Resource } => {
    const created = new iam.Role(
      `${spec.name}-records-${what}-role`,
      {
        name: names.recordsRole(what),
        path: names.path,
        description,
        assumeRolePolicy,
        permissionsBoundary: boundary.arn,
        tags,
      },
      child,
    );
    const permission = new iam.RolePolicy(
      `${spec.name}-records-${what}-permission`,
      { role: created.name, policy: policyDocument(statements) },
      child,
    );
    return { role: created, permission };
  };
  const subscription = role(
    "subscription",
    `Hands the records of ${spec.name} over`,
    trustPolicy("logs.amazonaws.com", names.accountId, names.owned("logs", "*")),
    subscriptionStatements(names),
  );
  const delivery = role(
    "delivery",
    `Keeps the records of ${spec.name}`,
    trustPolicy("firehose.amazonaws.com", names.accountId, names.owned("firehose", "deliverystream/*")),
    deliveryStatements(names),
  );
  for (const stream of programStreams) {
    const prefix = `${spec.name}-${stream}`;
    const delivered = new kinesis.FirehoseDeliveryStream(
      `${prefix}-delivery`,
      {
        name: names.delivery(stream),
        destination: "extended_s3",
        serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: key.arn },
        extendedS3Configuration: {
          bucketArn: bucket.arn,
          roleArn: delivery.role.arn,
          kmsKeyArn: key.arn,
          prefix: `${stream}/!{timestamp:yyyy/MM/dd}/`,
          errorOutputPrefix: `${stream}/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
          ...gathering,
          compressionFormat: "UNCOMPRESSED",
          fileExtension: ".jsonl",
          processingConfiguration: {
            enabled: true,
            processors: [
              {
                type: "Decompression",
                parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
              },
              {
                type: "CloudWatchLogProcessing",
                parameters: [{ parameterName: "DataMessageExtraction", parameterValue: "true" }],
              },
              { type: "AppendDelimiterToRecord" },
            ],
          },
          s3BackupMode: "Disabled",
        },
        tags,
      },
      { parent, dependsOn: [delivery.permission, ...closed] },
    );
    new cloudwatch.LogSubscriptionFilter(
      `${prefix}-subscription`,
      {
        name: names.delivery(stream),
        logGroup: groups[stream].name,
        // Every line.
        filterPattern: "",
        destinationArn: ownId(delivered, names.deliveryArn(stream)),
        roleArn: subscription.role.arn,
      },
      { parent, dependsOn: [subscription.permission] },
    );
  }
}
