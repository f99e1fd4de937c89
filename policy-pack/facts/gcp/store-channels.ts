import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  foreignOnly,
  inert,
  itself,
  mayBe,
  mayNot,
  mayNotBe,
  must,
  out,
  part,
  reads,
  store,
  to,
  unless,
  type SideChannelType,
} from "./side-channel-type";

export const buckets = ["gcp:storage:bucket"] as const;
export const topics = ["gcp:pubsub:topic"] as const;
export const datasets = ["gcp:bigquery:dataset"] as const;
/** A table, or the dataset that it is a part of. */
export const tables = ["gcp:bigquery:table", ...datasets] as const;
export const projects = ["gcp:organizations:project"] as const;
const fhirStores = ["gcp:healthcare:fhirstore"] as const;
const healthDatasets = ["gcp:healthcare:dataset"] as const;
const subscriptions = ["gcp:pubsub:subscription"] as const;

const ofHealthDataset = reads("dataset", ...healthDatasets);
const ofBucket = reads("bucket", ...buckets);
const ofTopic = reads("topic", ...topics);

const told = "what happens to it is told to a topic outside of the PHI zone";

/** What a subscription, or a topic, does with messages by itself. */
const transformed = unless(
  mayNot("messageTransforms.aiInference", "its messages are shown to a model by the way"),
);

const subscription: SideChannelType = {
  ...part(
    "its messages are handed to something outside of the PHI zone",
    ofTopic,
    itself,
    to("pushConfig.pushEndpoint"),
    to("cloudStorageConfig.bucket", ...buckets),
    to("bigqueryConfig.table", ...tables),
    to("deadLetterPolicy.deadLetterTopic", ...topics),
    ...transformed,
  ),
};

/** Where a job of Storage Transfer reads and writes, under a property. */
const moved = (spec: string): SideChannelType["exits"] => [
  to(`${spec}.gcsDataSink.bucketName`, ...buckets),
  ...unless(
    mayNot(`${spec}.posixDataSink`, "what it holds is moved to a file system"),
    mayNot(`${spec}.sinkAgentPoolName`, "what it holds is moved by agents of somebody's"),
  ),
];

/**
 * The types by which what stores of health data, objects and messages hold leaves them, with no packet that a filter sees,
 * in the SDK's words (@pulumi/gcp 9.37).
 */
export const storeChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Health data.
  ["gcp:healthcare:dataset", store()],
  [
    "gcp:healthcare:fhirstore",
    {
      ...inert(
        ofHealthDataset,
        to("notificationConfigs.pubsubTopic", ...topics),
        to("notificationConfig.pubsubTopic", ...topics),
        to("streamConfigs.bigqueryDestination.datasetUri", ...datasets),
        ...unless(
          ...["notificationConfigs", "notificationConfig"].flatMap((path) => [
            mayBe(`${path}.sendFullResource`, [false], "whole records are in the messages that it sends"),
            mayBe(
              `${path}.sendPreviousResourceOnDelete`,
              [false],
              "whole records are in the messages that it sends",
            ),
          ]),
        ),
      ),
      what: "its records are sent to something outside of the PHI zone",
    },
  ],
  [
    "gcp:healthcare:dicomstore",
    {
      ...inert(
        ofHealthDataset,
        to("notificationConfig.pubsubTopic", ...topics),
        to("streamConfigs.bigqueryDestination.tableUri", ...tables),
      ),
      what: "what it holds is sent to something outside of the PHI zone",
    },
  ],
  [
    "gcp:healthcare:hl7store",
    {
      ...inert(
        ofHealthDataset,
        to("notificationConfigs.pubsubTopic", ...topics),
        to("notificationConfig.pubsubTopic", ...topics),
      ),
      what: told,
    },
  ],
  ["gcp:healthcare:consentstore", inert(ofHealthDataset)],
  [
    "gcp:healthcare:pipelinejob",
    foreignOnly({
      ...part(
        "its records are mapped into a store outside of the PHI zone",
        ofHealthDataset,
        to("mappingPipelineJob.fhirStoreDestination", ...fhirStores),
        to("reconciliationPipelineJob.fhirStoreDestination", ...fhirStores),
      ),
      reads: [reads("mappingPipelineJob.fhirStreamingSource.fhirStore", ...fhirStores)],
      needsExit: true,
    }),
  ],
  [
    "gcp:healthcare:workspace",
    part(
      "a workspace reads it for other projects",
      ofHealthDataset,
      to("settings.dataProjectIds", ...projects),
    ),
  ],

  // Objects.
  [
    "gcp:storage:bucket",
    store(
      to("logging.logBucket", ...buckets),
      ...unless(
        must("publicAccessPrevention", ["enforced"], "everybody may be let in at it"),
        must(
          "uniformBucketLevelAccess",
          [true],
          "each of its objects may let others in by a list of its own",
        ),
        mayNot("website", "it answers as a site on the Internet"),
        mayBe("ipFilter.mode", ["Enabled"], "its own filter of addresses is not in force"),
        mayNotBe(
          "ipFilter.publicNetworkSource.allowedIpCidrRanges",
          ["0.0.0.0/0", "::/0"],
          "its own filter of addresses lets any address in",
        ),
        mayBe("ipFilter.allowCrossOrgVpcs", [false], "networks of other organisations may be let in at it"),
        mayBe(
          "ipFilter.allowAllServiceAgentAccess",
          [false],
          "services of Google's are let in past its filter of addresses",
        ),
      ),
    ),
  ],
  [
    "gcp:compute:backendbucket",
    channel("a load balancer serves what it holds", [reads("bucketName", ...buckets)], out),
  ],
  ["gcp:storage:bucketobject", inert(ofBucket)],
  ["gcp:storage:folder", inert(ofBucket)],
  ["gcp:storage:managedfolder", inert(ofBucket)],
  ["gcp:storage:anywherecache", inert(ofBucket)],
  [
    "gcp:storage:bucketacl",
    part(
      "a list of its own lets others in",
      ofBucket,
      ...unless(
        mayNotBe(
          "predefinedAcl",
          ["publicRead", "publicReadWrite", "authenticatedRead"],
          "everybody is let in at it",
        ),
        mayNotBe(
          "defaultAcl",
          ["publicRead", "publicReadWrite", "authenticatedRead"],
          "everybody is let in at its new objects",
        ),
      ),
    ),
  ],
  [
    "gcp:storage:objectacl",
    part(
      "a list of its own lets others in",
      ofBucket,
      ...unless(
        mayNotBe(
          "predefinedAcl",
          ["publicRead", "publicReadWrite", "authenticatedRead"],
          "everybody is let in at an object of it",
        ),
      ),
    ),
  ],
  ["gcp:storage:defaultobjectacl", inert(ofBucket)],
  ["gcp:storage:bucketaccesscontrol", inert(ofBucket)],
  ["gcp:storage:defaultobjectaccesscontrol", inert(ofBucket)],
  ["gcp:storage:objectaccesscontrol", inert(ofBucket)],
  [
    "gcp:storage:transferjob",
    {
      ...channel(
        "what it holds is moved to another store",
        [
          reads("transferSpec.gcsDataSource.bucketName", ...buckets),
          reads("replicationSpec.gcsDataSource.bucketName", ...buckets),
          reads("eventStream.name", ...subscriptions),
        ],
        ...moved("transferSpec"),
        ...moved("replicationSpec"),
        to("notificationConfig.pubsubTopic", ...topics),
      ),
      needsExit: true,
    },
  ],
  ["gcp:storage:notification", channel(told, [ofBucket], to("topic", ...topics))],
  [
    "gcp:compute:backendbucket",
    channel("a load balancer shows what it holds to its clients", [reads("bucketName", ...buckets)], out),
  ],
  [
    "gcp:storage:insightsreportconfig",
    {
      ...channel(
        "lists of what it holds are put into another store",
        [reads("objectMetadataReportOptions.storageFilters.bucket", ...buckets)],
        to("objectMetadataReportOptions.storageDestinationOptions.bucket", ...buckets),
      ),
      needsExit: true,
    },
  ],
  [
    "gcp:storage:insightsdatasetconfig",
    channel(
      "lists of what it holds are made for others",
      [
        reads("includeCloudStorageBuckets.cloudStorageBuckets.bucketName", ...buckets),
        reads("sourceProjects.projectNumbers", ...projects),
      ],
      out,
    ),
  ],
  [
    "gcp:storage:batchoperationsjob",
    foreignOnly(
      channel(
        "its objects are encrypted anew by a key outside of the PHI zone",
        [reads("bucketList.buckets.bucket", ...buckets)],
        to("rewriteObject.kmsKey", "gcp:kms:cryptokey"),
      ),
    ),
  ],
  [
    "gcp:storage:hmackey",
    {
      ...store(out),
      what: "whoever has a key that no identity of Google's shows is let in",
      remedy: "Take the key away, and call with the identity of a service account.",
    },
  ],

  // Messages.
  [
    "gcp:pubsub:topic",
    store(
      to("ingestionDataSourceSettings.cloudStorage.bucket", ...buckets),
      ...unless(
        ...["awsKinesis", "awsMsk", "azureEventHubs", "confluentCloud"].map((source) =>
          mayNot(`ingestionDataSourceSettings.${source}`, "a service of another cloud is joined to it"),
        ),
      ),
      ...transformed,
    ),
  ],
  ["gcp:pubsub:subscription", subscription],
  ["gcp:pubsub:litetopic", store()],
  [
    "gcp:pubsub:litesubscription",
    copy("its messages are handed to something outside of the PHI zone", [
      reads("topic", "gcp:pubsub:litetopic"),
    ]),
  ],
];
