import type * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";

import { anybody, type Statement } from "./policy-document";

export interface ClosedBucketArgs {
  /** The key that encrypts what is in it; S3's own where it is `undefined`, since not every service writes with another. */
  readonly key: kms.Key | undefined;
  readonly policy: pulumi.Input<string>;
  /** How long what is in it is kept after it was replaced or deleted, in days. */
  readonly retentionDays: number;
  /**
   * For records, which are written once: they expire after that time, and `locked` ones nobody can delete before. What is
   * not locked is kept as long again after it expired, in case something deleted it early.
   */
  readonly records?: "expiring" | "locked";
}

/** Statements that refuse what is not TLS 1.2 or later (Amazon S3 user guide, "Enforcing TLS 1.2 or higher"). */
export function secureTransport(bucketArn: string): readonly Statement[] {
  const deny = { Effect: "Deny", Principal: anybody, Action: ["s3:*"] } as const;
  const Resource = [bucketArn, `${bucketArn}/*`];
  return [
    { Sid: "SecureTransport", ...deny, Resource, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "Tls12", ...deny, Resource, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

/**
 * Closes a bucket: no public access, no access lists, encryption, versions that outlive deletion, a policy. Everything that
 * S3 leaves open or undecided is said.
 *
 * @param prefix begins the names of the resources.
 */
export function closedBucket(
  bucket: s3.Bucket,
  prefix: string,
  { key, policy, retentionDays, records }: ClosedBucketArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const child = { parent };
  const publicAccess = new s3.BucketPublicAccessBlock(
    `${prefix}-public-access`,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    child,
  );
  const ownership = new s3.BucketOwnershipControls(
    `${prefix}-ownership`,
    { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    child,
  );
  const versioning = new s3.BucketVersioning(
    `${prefix}-versioning`,
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    child,
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    `${prefix}-encryption`,
    {
      bucket: bucket.id,
      rules: [
        key === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
              bucketKeyEnabled: true,
            },
      ],
    },
    child,
  );
  const retention = new s3.BucketLifecycleConfiguration(
    `${prefix}-retention`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "retention",
          status: "Enabled",
          filter: {},
          ...(records === undefined ? {} : { expiration: { days: retentionDays } }),
          noncurrentVersionExpiration: { noncurrentDays: records === "locked" ? 1 : retentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    { ...child, dependsOn: [versioning] },
  );
  const lock =
    records === "locked"
      ? [
          new s3.BucketObjectLockConfiguration(
            `${prefix}-lock`,
            {
              bucket: bucket.id,
              rule: { defaultRetention: { mode: "COMPLIANCE", days: retentionDays } },
            },
            { ...child, dependsOn: [versioning] },
          ),
        ]
      : [];
  const admission = new s3.BucketPolicy(
    `${prefix}-policy`,
    { bucket: bucket.id, policy },
    { ...child, dependsOn: [publicAccess] },
  );
  return [publicAccess, ownership, versioning, encryption, retention, ...lock, admission];
}
