import { unknownText, type Sketch } from "../stack-sketch";

import { emailText } from "./gcp-base";
import { foreignProject, gcp } from "./gcp-network-pieces";
import {
  bucket,
  bucketName,
  collector,
  either,
  foreignBucket,
  foreignMember,
  foreignTopic,
  ofKind,
  phiOnly,
  projectOf,
  strangers,
  tables,
  topic,
  wrongly,
} from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import type { Kind } from "./stranger-pieces";

const processing = `serviceAccount:${emailText("processing")}`;

const settings: readonly CorpusCase[] = [
  ...(
    [
      ["that may be made public", { publicAccessPrevention: "inherited" }],
      ["that does not say that it may not be made public", { publicAccessPrevention: undefined }],
      ["of which nobody knows whether it may be made public", { publicAccessPrevention: unknownText }],
      ["whose objects have lists of their own", { uniformBucketLevelAccess: false }],
      [
        "that does not say that its objects have no lists of their own",
        { uniformBucketLevelAccess: undefined },
      ],
      [
        "of which nobody knows whether its objects have lists of their own",
        { uniformBucketLevelAccess: unknownText },
      ],
    ] as const
  ).map(([name, bad]) =>
    wrongly("GE-21", `a bucket of PHI ${name}`, (stack, kind, more) => bucket(stack, kind, more), bad),
  ),
  phiOnly("GE-21", "a bucket that may be made public", (stack, kind) =>
    bucket(stack, kind, { publicAccessPrevention: undefined, uniformBucketLevelAccess: undefined }),
  ),
  phiOnly("GE-21", "a bucket that is shown to the world at the edge", (stack, kind) =>
    stack.add(gcp("compute", "BackendBucket"), "shown", {
      name: "shown",
      bucketName: bucketName(stack, kind),
      enableCdn: true,
    }),
  ),
];

const readers: readonly CorpusCase[] = [
  ...strangers.map((member) =>
    either(
      "GE-21",
      `a bucket of PHI that lets ${member} read, or processing`,
      (stack, who: string) =>
        stack.add(gcp("storage", "BucketIAMMember"), "reader", {
          bucket: bucketName(stack, "phi"),
          role: "roles/storage.objectViewer",
          member: who,
        }),
      member,
      processing,
    ),
  ),
  ...(
    [
      ["BucketIAMBinding", { role: "roles/storage.objectViewer", members: [processing, foreignMember] }],
      [
        "BucketIAMPolicy",
        {
          policyData: JSON.stringify({
            bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }],
          }),
        },
      ],
      ["BucketACL", { roleEntities: ["READER:allUsers"] }],
      ["BucketAccessControl", { role: "READER", entity: "allUsers" }],
      ["DefaultObjectACL", { roleEntities: ["READER:allAuthenticatedUsers"] }],
      ["DefaultObjectAccessControl", { role: "READER", entity: "allUsers" }],
    ] as const
  ).map(([type, inputs]) =>
    phiOnly("GE-21", `${type}: a bucket that lets strangers read`, (stack, kind) =>
      stack.add(gcp("storage", type), "readers", { bucket: bucketName(stack, kind), ...inputs }),
    ),
  ),
  phiOnly("GE-21", "a bucket that lets nobody knows whom read", (stack, kind) =>
    stack.add(gcp("storage", "BucketIAMMember"), "reader", {
      bucket: bucketName(stack, kind),
      role: "roles/storage.objectViewer",
      member: unknownText,
    }),
  ),
  either(
    "GE-21",
    "a bucket of PHI that lets the gateway read, or processing",
    (stack, zone: "gateway" | "processing") =>
      stack.add(gcp("storage", "BucketIAMMember"), "reader", {
        bucket: bucketName(stack, "phi"),
        role: "roles/storage.objectViewer",
        member: `serviceAccount:${stack.id(`${zone}-account`)}.email`,
      }),
    "gateway",
    "processing",
  ),
];

function transfer(stack: Sketch, transferSpec: Inputs): string {
  return stack.add(gcp("storage", "TransferJob"), "transfer", {
    description: "copies",
    transferSpec,
    schedule: { scheduleStartDate: { year: 2026, month: 11, day: 1 } },
  });
}

const copies: readonly CorpusCase[] = [
  either(
    "GE-21",
    "what is in a bucket is copied to somebody else's: of PHI, or of nobody",
    (stack, kind: Kind) =>
      transfer(stack, {
        gcsDataSource: { bucketName: bucketName(stack, kind) },
        gcsDataSink: { bucketName: foreignBucket },
      }),
    "phi",
    "plain",
  ),
  either(
    "GE-21",
    "what is in a bucket of PHI is copied to one of nobody, or the reverse",
    (stack, [from, to]: readonly [Kind, Kind]) =>
      transfer(stack, {
        gcsDataSource: { bucketName: bucketName(stack, from) },
        gcsDataSink: { bucketName: bucketName(stack, to, "more") },
      }),
    ["phi", "plain"],
    ["plain", "plain"],
  ),
  phiOnly("GE-21", "what is in a bucket is copied to a disk of a clinic", (stack, kind) =>
    transfer(stack, {
      gcsDataSource: { bucketName: bucketName(stack, kind) },
      posixDataSink: { rootDirectory: "/copies" },
      sinkAgentPoolName: `projects/${foreignProject}/agentPools/theirs`,
    }),
  ),
  phiOnly("GE-21", "what is in a bucket is always copied to somebody else's", (stack, kind) =>
    stack.add(gcp("storage", "TransferJob"), "transfer", {
      description: "copies",
      replicationSpec: {
        gcsDataSource: { bucketName: bucketName(stack, kind) },
        gcsDataSink: { bucketName: foreignBucket },
      },
    }),
  ),
  phiOnly("GE-21", "what changes in a bucket is told to somebody else", (stack, kind) =>
    stack.add(gcp("storage", "Notification"), "told", {
      bucket: bucketName(stack, kind),
      topic: foreignTopic,
      payloadFormat: "JSON_API_V1",
    }),
  ),
  either(
    "GE-21",
    "what changes in a bucket of PHI is told to a topic, of nobody or of PHI",
    (stack, kind: Kind) =>
      stack.add(gcp("storage", "Notification"), "told", {
        bucket: bucketName(stack, "phi"),
        topic: topic(stack, kind),
        payloadFormat: "NONE",
      }),
    "plain",
    "phi",
  ),
  phiOnly("GE-21", "what is in a bucket is listed in somebody else's", (stack, kind) =>
    stack.add(gcp("storage", "InsightsReportConfig"), "lists", {
      location: "us-central1",
      project: projectOf(kind),
      frequencyOptions: {
        frequency: "DAILY",
        startDate: { day: 1, month: 11, year: 2026 },
        endDate: { day: 1, month: 11, year: 2030 },
      },
      objectMetadataReportOptions: {
        metadataFields: ["name", "size"],
        storageFilters: { bucket: bucketName(stack, kind) },
        storageDestinationOptions: { bucket: foreignBucket, destinationPath: "lists" },
      },
    }),
  ),
];

const dataSets: readonly CorpusCase[] = [
  phiOnly("GE-21", "tables that are copied on a schedule into another project", (stack, kind) =>
    stack.add(gcp("bigquery", "DataTransferConfig"), "copies", {
      displayName: "copies",
      location: "us-central1",
      project: projectOf("plain"),
      dataSourceId: "cross_region_copy",
      destinationDatasetId: "copies",
      params: { source_project_id: projectOf(kind), source_dataset_id: `${kind}_tables` },
    }),
  ),
  phiOnly("GE-21", "tables that are joined to another cloud", (stack, kind) =>
    stack.add(gcp("bigquery", "Connection"), "connection", {
      connectionId: "connection",
      location: "aws-us-east-1",
      project: projectOf(kind),
      aws: { accessRole: { iamRoleId: "arn:aws:iam::111122223333:role/omni" } },
    }),
  ),
  phiOnly("GE-21", "tables that are joined to what else is in the cloud", (stack, kind) =>
    stack.add(gcp("bigquery", "Connection"), "connection", {
      connectionId: "connection",
      location: "us-central1",
      project: projectOf(kind),
      cloudResource: {},
    }),
  ),
  ...(
    [
      ["everybody who has an account", { role: "READER", specialGroup: "allAuthenticatedUsers" }],
      ["everybody", { role: "READER", iamMember: "allUsers" }],
      [
        "somebody else's service",
        { role: "READER", userByEmail: "reader@somebody-else.iam.gserviceaccount.com" },
      ],
      ["somebody else's domain", { role: "READER", domain: "other.example" }],
      ["somebody else's view", { view: { projectId: foreignProject, datasetId: "records", tableId: "all" } }],
      [
        "somebody else's tables",
        {
          authorizedDataset: {
            dataset: { projectId: foreignProject, datasetId: "records" },
            targetTypes: ["VIEWS"],
          },
        },
      ],
    ] as const
  ).flatMap(([whom, access]) => [
    phiOnly("GE-21", `DatasetAccess: tables that let ${whom} read`, (stack, kind) => {
      tables(stack, kind);
      stack.add(gcp("bigquery", "DatasetAccess"), "access", {
        datasetId: `${kind}_tables`,
        project: projectOf(kind),
        ...access,
      });
    }),
    phiOnly("GE-21", `tables that say themselves that ${whom} may read`, (stack, kind) =>
      tables(stack, kind, {
        accesses: ["authorizedDataset" in access ? { dataset: access.authorizedDataset } : access],
      }),
    ),
  ]),
  phiOnly("GE-21", "DatasetIamMember: tables that let a stranger read", (stack, kind) => {
    tables(stack, kind);
    stack.add(gcp("bigquery", "DatasetIamMember"), "reader", {
      datasetId: `${kind}_tables`,
      project: projectOf(kind),
      role: "roles/bigquery.dataViewer",
      member: foreignMember,
    });
  }),
  phiOnly("GE-21", "tables that are offered to others", (stack, kind) =>
    stack.add(gcp("bigqueryanalyticshub", "Listing"), "offer", {
      location: "us-central1",
      project: projectOf(kind),
      dataExchangeId: "exchange",
      listingId: "offer",
      displayName: "offer",
      bigqueryDataset: { dataset: tables(stack, kind) },
    }),
  ),
  phiOnly("GE-21", "a table that is written into somebody else's bucket", (stack, kind) =>
    stack.add(gcp("bigquery", "Job"), "extract", {
      jobId: "extract",
      location: "us-central1",
      project: projectOf(kind),
      extract: {
        destinationUris: [`gs://${foreignBucket}/records`],
        sourceTable: { projectId: projectOf(kind), datasetId: `${kind}_tables`, tableId: "all" },
      },
    }),
  ),
  phiOnly("GE-21", "a table that is copied into somebody else's tables", (stack, kind) =>
    stack.add(gcp("bigquery", "Job"), "copy", {
      jobId: "copy",
      location: "us-central1",
      project: projectOf(kind),
      copy: {
        sourceTables: [{ projectId: projectOf(kind), datasetId: `${kind}_tables`, tableId: "all" }],
        destinationTable: { projectId: foreignProject, datasetId: "records", tableId: "all" },
      },
    }),
  ),
];

function subscription(stack: Sketch, of: Kind, more: Inputs = {}): string {
  return stack.add(gcp("pubsub", "Subscription"), "subscription", {
    name: "subscription",
    topic: topic(stack, of),
    ...ofKind(of),
    ...more,
  });
}

function subscriptionCase(name: string, more: Inputs): readonly CorpusCase[] {
  return [
    phiOnly("GE-21", `a subscription ${name}`, (stack, kind) => subscription(stack, kind, more)),
    either(
      "GE-21",
      `a subscription of PHI ${name}, or one that waits to be asked`,
      (stack, inputs: Inputs) => subscription(stack, "phi", inputs),
      more,
      {},
    ),
  ];
}

const topics: readonly CorpusCase[] = [
  ...subscriptionCase("that sends all to a place on the Internet", {
    pushConfig: { pushEndpoint: collector },
  }),
  ...subscriptionCase("that sends all nobody knows where", { pushConfig: { pushEndpoint: unknownText } }),
  ...subscriptionCase("that writes all into somebody else's bucket", {
    cloudStorageConfig: { bucket: foreignBucket },
  }),
  ...subscriptionCase("that writes all into somebody else's tables", {
    bigqueryConfig: { table: `${foreignProject}.records.all` },
  }),
  ...subscriptionCase("that sends what it cannot read to somebody else", {
    deadLetterPolicy: { deadLetterTopic: foreignTopic },
  }),
  either(
    "GE-21",
    "a subscription of PHI that writes all into a bucket, of nobody or of PHI",
    (stack, kind: Kind) =>
      subscription(stack, "phi", { cloudStorageConfig: { bucket: bucketName(stack, kind) } }),
    "plain",
    "phi",
  ),
  phiOnly("GE-21", "somebody else's subscription of a topic", (stack, kind) =>
    subscription(stack, "plain", { topic: topic(stack, kind), project: foreignProject }),
  ),
  ...([foreignMember, "allUsers"] as const).map((member) =>
    phiOnly("GE-21", `a topic that lets ${member} listen`, (stack, kind) =>
      stack.add(gcp("pubsub", "TopicIAMMember"), "listener", {
        topic: topic(stack, kind),
        project: projectOf(kind),
        role: "roles/pubsub.subscriber",
        member,
      }),
    ),
  ),
  phiOnly("GE-21", "a topic that takes what is in another cloud", (stack, kind) =>
    topic(stack, kind, {
      ingestionDataSourceSettings: {
        awsKinesis: {
          streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/records",
          consumerArn: "arn:aws:kinesis:us-east-1:111122223333:stream/records/consumer/c:1",
          awsRoleArn: "arn:aws:iam::111122223333:role/reader",
          gcpServiceAccount: emailText("processing"),
        },
      },
    }),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to buckets, tables and topics: row GE-21. */
export const gcpWaysOutOfStorage: readonly CorpusCase[] = [
  ...settings,
  ...readers,
  ...copies,
  ...dataSets,
  ...topics,
];
