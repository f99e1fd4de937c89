import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import {
  bucket,
  bucketEndpoint,
  foreignAccount,
  lambda,
  onlyThrough,
  ownAccount,
  policy,
  refused,
  role,
  rootOf,
  tagsOf,
  type Kind,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

const elsewhere = "arn:aws:s3:::elsewhere-copies";

/** Where copies, lists and logs of `phi-documents` go: to a bucket that nobody knows, or to another one of PHI. */
function destination(stack: Sketch, isForeign: boolean): string {
  return isForeign ? elsewhere : `${bucket(stack, "phi", "copies")}.arn`;
}

const replication = (to: string, more: Inputs = {}): Inputs => ({
  role: role("replication"),
  rules: [{ id: "all", status: "Enabled", destination: { bucket: to }, ...more }],
});

function copied(stack: Sketch, configuration: Inputs): void {
  stack.add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "replication", {
    bucket: bucket(stack, "phi"),
    ...configuration,
  });
}

const copies: readonly CorpusCase[] = [
  refused(
    "AE-33",
    "replication",
    (stack, isForeign: boolean) => {
      copied(stack, replication(destination(stack, isForeign)));
    },
    true,
    false,
  ),
  refused(
    "AE-33",
    "replication to a bucket of the stack that belongs to no zone",
    (stack, kind: Kind) => {
      copied(stack, replication(`${bucket(stack, kind, "copies")}.arn`));
    },
    "plain",
    "phi",
  ),
  refused(
    "AE-33",
    "replication that is in force",
    (stack, status: string) => {
      copied(stack, replication(elsewhere, { status }));
    },
    "Enabled",
    "Disabled",
  ),
  refused(
    "AE-33",
    "replication that gives the copies to another account",
    (stack, account: string) => {
      copied(
        stack,
        replication("", {
          destination: { bucket: destination(stack, false), account },
        }),
      );
    },
    foreignAccount,
    ownAccount,
  ),
  refused(
    "AE-33",
    "replication of which one rule leaves",
    (stack, isForeign: boolean) => {
      const home = destination(stack, false);
      copied(stack, {
        role: role("replication"),
        rules: [home, isForeign ? elsewhere : home].map((to, index) => ({
          id: `rule-${String(index)}`,
          priority: index,
          filter: { prefix: `${String(index)}/` },
          status: "Enabled",
          destination: { bucket: to },
        })),
      });
    },
    true,
    false,
  ),
  refused(
    "AE-33",
    "replication of a bucket by its name",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "replication", {
        bucket: `${kind}-documents`,
        ...replication(elsewhere),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-33",
    "replication inside a bucket",
    (stack, isForeign: boolean) => {
      const to = destination(stack, isForeign);
      bucket(stack, "phi");
      stack.change("phi-documents", (inputs) => ({ ...inputs, replicationConfiguration: replication(to) }));
    },
    true,
    false,
  ),
  refused(
    "AE-33",
    "replication inside a bucket of the second kind",
    (stack, kind: Kind) =>
      stack.add("aws:s3/bucketV2:BucketV2", "documents", {
        bucket: "documents",
        replicationConfigurations: [
          {
            role: role("replication"),
            rules: [{ id: "all", status: "Enabled", destinations: [{ bucket: elsewhere }] }],
          },
        ],
        ...tagsOf(kind),
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-33",
    "replication inside a bucket by aws-native",
    (stack, kind: Kind) =>
      stack.add("aws-native:s3:Bucket", "documents", {
        bucketName: "documents",
        replicationConfiguration: replication(elsewhere),
        tags: Object.entries(tagsOf(kind).tags ?? {}).map(([key, value]) => ({ key, value })),
      }),
    "phi",
    "plain",
  ),
];

const notifications: Readonly<Record<string, (stack: Sketch) => Inputs>> = {
  "the event bus": () => ({ eventbridge: true }),
  "another account's queue": () => ({
    queues: [
      { queueArn: `arn:aws:sqs:us-east-1:${foreignAccount}:elsewhere`, events: ["s3:ObjectCreated:*"] },
    ],
  }),
  "another account's topic": () => ({
    topics: [
      { topicArn: `arn:aws:sns:us-east-1:${foreignAccount}:elsewhere`, events: ["s3:ObjectCreated:*"] },
    ],
  }),
  "a function outside the network": (stack) => ({
    lambdaFunctions: [
      { lambdaFunctionArn: `${lambda(stack, undefined)}.arn`, events: ["s3:ObjectCreated:*"] },
    ],
  }),
};

const allowed = (principal: string): Inputs => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: "arn:aws:s3:::phi-documents/*",
});

/** The one statement that a bucket's policy makes beside what it allows an own role: the first leaves a gap. */
const gaps: readonly (readonly [name: string, gap: (endpoint: string) => Inputs])[] = [
  [
    "denies writing alone",
    (endpoint) => ({ ...onlyThrough(endpoint, "phi-documents"), Action: "s3:PutObject" }),
  ],
  [
    "denies the bucket but not what is in it",
    (endpoint) => ({
      ...onlyThrough(endpoint, "phi-documents"),
      Resource: "arn:aws:s3:::phi-documents",
    }),
  ],
  [
    "denies own endpoints rather than all others",
    (endpoint) => ({
      ...onlyThrough(endpoint, "phi-documents"),
      Condition: { StringEquals: { "aws:SourceVpce": endpoint } },
    }),
  ],
  [
    "denies all but an endpoint that nobody knows",
    () => onlyThrough("vpce-0123456789abcdef0", "phi-documents"),
  ],
  [
    "denies one role alone",
    (endpoint) => ({
      ...onlyThrough(endpoint, "phi-documents"),
      Principal: { AWS: role("intern") },
    }),
  ],
  [
    "denies only where a second condition holds",
    (endpoint) => ({
      ...onlyThrough(endpoint, "phi-documents"),
      Condition: {
        StringNotEquals: { "aws:SourceVpce": endpoint },
        Bool: { "aws:SecureTransport": "false" },
      },
    }),
  ],
];

function withPolicy(stack: Sketch, ...statements: readonly Inputs[]): void {
  bucket(stack, "phi");
  stack.change("phi-documents-policy", (inputs) => ({ ...inputs, policy: policy(...statements) }));
}

const bucketPolicies: readonly CorpusCase[] = [
  refused(
    "AE-33",
    "a policy that lets another account read, and denies nothing",
    (stack, principal: string) => {
      const deny = onlyThrough(bucketEndpoint(stack), "phi-documents");
      withPolicy(stack, allowed(principal), ...(principal === role("records") ? [deny] : []));
    },
    rootOf(foreignAccount),
    role("records"),
  ),
  refused(
    "AE-33",
    "a policy that lets everybody read, and denies nothing",
    (stack, principal: string) => {
      const deny = onlyThrough(bucketEndpoint(stack), "phi-documents");
      withPolicy(stack, allowed(principal), ...(principal === role("records") ? [deny] : []));
      blocking(stack, principal === role("records"));
    },
    "*",
    role("records"),
  ),
  refused(
    "AE-33",
    "a policy that lets an own role read from anywhere",
    (stack, isClosed: boolean) => {
      const deny = onlyThrough(bucketEndpoint(stack), "phi-documents");
      withPolicy(stack, allowed(role("records")), ...(isClosed ? [deny] : []));
    },
    false,
    true,
  ),
  ...gaps.map(([name, gap]) =>
    refused(
      "AE-33",
      `a policy that ${name}`,
      (stack, statement: (endpoint: string) => Inputs) => {
        withPolicy(stack, allowed(role("records")), statement(bucketEndpoint(stack)));
      },
      gap,
      (endpoint: string) => onlyThrough(endpoint, "phi-documents"),
    ),
  ),
  refused(
    "AE-33",
    "a policy as an object",
    (stack, isClosed: boolean) => {
      const endpoint = bucketEndpoint(stack);
      bucket(stack, "phi");
      stack.change("phi-documents-policy", (inputs) => ({
        ...inputs,
        policy: {
          Version: "2012-10-17",
          Statement: isClosed
            ? [allowed(role("records")), onlyThrough(endpoint, "phi-documents")]
            : [allowed(rootOf(foreignAccount))],
        },
      }));
    },
    false,
    true,
  ),
  refused(
    "AE-33",
    "a policy inside a bucket",
    (stack, isClosed: boolean) => {
      const deny = onlyThrough(bucketEndpoint(stack), "phi-documents");
      bucket(stack, "phi");
      stack.remove("phi-documents-policy").change("phi-documents", (inputs) => ({
        ...inputs,
        policy: isClosed ? policy(allowed(role("records")), deny) : policy(allowed(rootOf(foreignAccount))),
      }));
    },
    false,
    true,
  ),
  refused(
    "AE-33",
    "a policy by aws-native",
    (stack, isClosed: boolean) => {
      const deny = onlyThrough(bucketEndpoint(stack), "phi-documents");
      const id = bucket(stack, "phi");
      stack.remove("phi-documents-policy").add("aws-native:s3:BucketPolicy", "native-policy", {
        bucket: id,
        policyDocument: {
          Version: "2012-10-17",
          Statement: isClosed ? [allowed(role("records")), deny] : [allowed(rootOf(foreignAccount))],
        },
      });
    },
    false,
    true,
  ),
  refused(
    "AE-33",
    "a policy by Cloud Control, for a bucket by its name",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      if (kind === "phi") {
        stack.remove("phi-documents-policy");
      }
      stack.add("aws:cloudcontrol/resource:Resource", "control-policy", {
        typeName: "AWS::S3::BucketPolicy",
        desiredState: JSON.stringify({
          Bucket: `${kind}-documents`,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ ...allowed(rootOf(foreignAccount)), Resource: `arn:aws:s3:::${kind}-documents/*` }],
          },
        }),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-33",
    "a policy of a bucket on an outpost",
    (stack, principal: string) => {
      const id = stack.add("aws:s3control/bucket:Bucket", "outpost-documents", {
        bucket: "outpost-documents",
        outpostId: "op-0123456789abcdef0",
        tags: inZone("phi"),
      });
      stack.add("aws:s3control/bucketPolicy:BucketPolicy", "outpost-policy", {
        bucket: `${id}.arn`,
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: principal },
          Action: "s3-outposts:GetObject",
          Resource: `arn:aws:s3-outposts:us-east-1:${ownAccount}:outpost/op-0123456789abcdef0/bucket/outpost-documents/object/*`,
        }),
      });
    },
    rootOf(foreignAccount),
    role("records"),
  ),
];

function accessPoint(stack: Sketch, more: Inputs): string {
  return stack.add("aws:s3/accessPoint:AccessPoint", "access-point", {
    name: "access-point",
    bucket: bucket(stack, "phi"),
    ...more,
  });
}

const accessPoints: readonly CorpusCase[] = [
  refused(
    "AE-33",
    "an access point on the Internet",
    (stack, isInside: boolean) =>
      accessPoint(stack, isInside ? { vpcConfiguration: { vpcId: stack.id("vpc") } } : {}),
    false,
    true,
  ),
  refused(
    "AE-33",
    "an access point whose policy lets another account read",
    (stack, principal: string) =>
      stack.add("aws:s3control/accessPointPolicy:AccessPointPolicy", "access-point-policy", {
        accessPointArn: `${accessPoint(stack, { vpcConfiguration: { vpcId: stack.id("vpc") } })}.arn`,
        policy: policy({
          ...allowed(principal),
          Resource: `arn:aws:s3:us-east-1:${ownAccount}:accesspoint/access-point/object/*`,
        }),
      }),
    rootOf(foreignAccount),
    role("records"),
  ),
  refused(
    "AE-33",
    "an access point by aws-native on the Internet, of a bucket by its name",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("aws-native:s3:AccessPoint", "access-point", {
        name: "access-point",
        bucket: `${kind}-documents`,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-33",
    "an access point of many regions",
    (stack, kind: Kind) =>
      stack.add("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", "everywhere", {
        details: {
          name: "everywhere",
          regions: [{ bucket: bucket(stack, kind) }, { bucket: "elsewhere-copies" }],
        },
      }),
    "phi",
    "plain",
  ),
];

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Lists of who owns what: another account's, beside the owner's own. */
const grants = (isForeign: boolean): Inputs => ({
  accessControlPolicy: {
    owner: { id: "1".repeat(64) },
    grants: [
      {
        permission: isForeign ? "READ" : "FULL_CONTROL",
        grantee: { type: "CanonicalUser", id: (isForeign ? "9" : "1").repeat(64) },
      },
    ],
  },
});

function withAccessLists(stack: Sketch): string {
  const id = bucket(stack, "phi");
  stack.add("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "ownership", {
    bucket: id,
    rule: { objectOwnership: "BucketOwnerPreferred" },
  });
  return id;
}

function blocking(stack: Sketch, blocked: boolean): void {
  stack.change("phi-documents-access", ({ bucket: of }) => ({
    bucket: of,
    ...Object.fromEntries(blocks.map((block) => [block, blocked])),
  }));
}

const publicBuckets: readonly CorpusCase[] = [
  ...blocks.map((block) =>
    refused(
      "AE-33",
      `a block of public access without ${block}`,
      (stack, blocked: boolean) => {
        bucket(stack, "phi");
        stack.change("phi-documents-access", (inputs) => ({ ...inputs, [block]: blocked }));
      },
      false,
      true,
    ),
  ),
  refused(
    "AE-33",
    "a block of public access that does not say what it blocks",
    (stack, isSilent: boolean) => {
      bucket(stack, "phi");
      if (isSilent) {
        stack.change("phi-documents-access", ({ bucket: of }) => ({ bucket: of, blockPublicAcls: true }));
      }
    },
    true,
    false,
  ),
  {
    id: "AE-33",
    // Since 2023 a new bucket blocks public access unless somebody says that it shall not.
    name: "a block of public access that is taken away, rather than left to the account's default",
    expected: "refused",
    bad: (stack) => {
      bucket(stack, "phi");
      blocking(stack, false);
    },
    good: (stack) => {
      bucket(stack, "phi");
      stack.remove("phi-documents-access");
    },
  },
  ...["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"].flatMap((type) => [
    refused(
      "AE-33",
      `a public access list, as ${type}`,
      (stack, acl: string) => {
        stack.add(type, "access-list", { bucket: withAccessLists(stack), acl });
        blocking(stack, acl === "private");
      },
      "public-read",
      "private",
    ),
    refused(
      "AE-33",
      `an access list with another account, as ${type}`,
      (stack, isForeign: boolean) =>
        stack.add(type, "access-list", { bucket: withAccessLists(stack), ...grants(isForeign) }),
      true,
      false,
    ),
  ]),
  refused(
    "AE-33",
    "a public access list inside a bucket",
    (stack, acl: string) => {
      withAccessLists(stack);
      stack.change("phi-documents", (inputs) => ({ ...inputs, acl }));
      blocking(stack, acl === "private");
    },
    "public-read",
    "private",
  ),
];

const bucketSettings: readonly CorpusCase[] = [
  ...Object.entries(notifications).map(([name, to]) =>
    refused(
      "AE-33",
      `notifications to ${name}`,
      (stack, kind: Kind) =>
        stack.add("aws:s3/bucketNotification:BucketNotification", "notification", {
          bucket: bucket(stack, kind),
          ...to(stack),
        }),
      "phi",
      "plain",
    ),
  ),
  refused(
    "AE-33",
    "a list of what a bucket holds",
    (stack, isForeign: boolean) =>
      stack.add("aws:s3/inventory:Inventory", "inventory", {
        bucket: bucket(stack, "phi"),
        includedObjectVersions: "All",
        schedule: { frequency: "Daily" },
        destination: { bucket: { bucketArn: destination(stack, isForeign), format: "Parquet" } },
      }),
    true,
    false,
  ),
  ...["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"].map((type) =>
    refused(
      "AE-33",
      `a log of who asks for what, as ${type}`,
      (stack, isForeign: boolean) =>
        stack.add(type, "logging", {
          bucket: bucket(stack, "phi"),
          targetBucket: isForeign ? "elsewhere-copies" : bucket(stack, "phi", "copies"),
          targetPrefix: "log/",
        }),
      true,
      false,
    ),
  ),
  refused(
    "AE-33",
    "a log inside a bucket",
    (stack, isForeign: boolean) => {
      const targetBucket = isForeign ? "elsewhere-copies" : bucket(stack, "phi", "copies");
      bucket(stack, "phi");
      stack.change("phi-documents", (inputs) => ({
        ...inputs,
        logging: { targetBucket, targetPrefix: "log/" },
      }));
    },
    true,
    false,
  ),
  refused(
    "AE-33",
    "an analysis of what a bucket holds",
    (stack, isForeign: boolean) =>
      stack.add("aws:s3/analyticsConfiguration:AnalyticsConfiguration", "analysis", {
        bucket: bucket(stack, "phi"),
        storageClassAnalysis: {
          dataExport: {
            destination: { s3BucketDestination: { bucketArn: destination(stack, isForeign) } },
          },
        },
      }),
    true,
    false,
  ),
];

/** Ways out by the settings of buckets: row AE-33. */
export const awsWaysOutOfBuckets: readonly CorpusCase[] = [
  ...copies,
  ...bucketPolicies,
  ...accessPoints,
  ...publicBuckets,
  ...bucketSettings,
];
