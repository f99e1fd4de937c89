import { describe, expect, it } from "vitest";

import { pipelines } from "../../../policy-pack/facts/gcp/pipeline-channels";
import { sideChannelTypes } from "../../../policy-pack/facts/gcp/side-channel-types";
import { resourceType } from "../../../policy-pack/resource-type";
import { inZone } from "../corpus/corpus-case";
import { ownProject, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import { storeFactsOf } from "./store-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const phi = { labels: inZone("phi") };
const place = "projects/hospital-ai/locations/us-central1";

function channels(knowledge: Knowledge, build: (stack: Sketch) => unknown): readonly string[] {
  const stack = new Sketch(knowledge);
  build(stack);
  return briefly(storeFactsOf(stack).sideChannels);
}

/** What says that the project `hospital-phi` is of the PHI zone, beside `hospital-ai`, which is of none. */
function phiProject(stack: Sketch): void {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::clinic:index:Projects::projects",
    type: "clinic:index:Projects",
    name: "projects",
    inputs: {},
    outputs: { zoneProjects: { phi: { id: "hospital-phi", number: "1234567890" } } },
    custom: false,
    parent: undefined,
    computed: [],
  });
}

/** A resource that is right, by its kind. */
const right: Readonly<Record<string, readonly [type: string, inputs: Inputs]>> = {
  fhir: [
    "gcp:healthcare/fhirStore:FhirStore",
    {
      dataset: `${place}/datasets/health`,
      notificationConfigs: [{ pubsubTopic: "projects/hospital-ai/topics/told", sendFullResource: false }],
      streamConfigs: [{ bigqueryDestination: { datasetUri: "bq://hospital-ai.records" } }],
    },
  ],
  dicom: ["gcp:healthcare/dicomStore:DicomStore", { dataset: `${place}/datasets/health` }],
  hl7: ["gcp:healthcare/hl7Store:Hl7Store", { dataset: `${place}/datasets/health` }],
  bucket: [
    "gcp:storage/bucket:Bucket",
    {
      name: "it",
      location: "US-CENTRAL1",
      publicAccessPrevention: "enforced",
      uniformBucketLevelAccess: true,
    },
  ],
  dataset: ["gcp:bigquery/dataset:Dataset", { datasetId: "records", location: "us-central1" }],
  topic: ["gcp:pubsub/topic:Topic", { name: "told" }],
  sql: ["gcp:sql/databaseInstance:DatabaseInstance", { name: "db", region: "us-central1" }],
  alloy: ["gcp:alloydb/cluster:Cluster", { clusterId: "db", location: "us-central1" }],
  alloyInstance: ["gcp:alloydb/instance:Instance", { cluster: `${place}/clusters/db`, instanceId: "one" }],
  spanner: ["gcp:spanner/instance:Instance", { name: "db", config: "regional-us-central1" }],
  firestore: ["gcp:firestore/database:Database", { name: "docs", locationId: "us-central1" }],
  bigtable: [
    "gcp:bigtable/instance:Instance",
    {
      name: "rows",
      clusters: [
        { clusterId: "a", zone: "us-central1-a" },
        { clusterId: "b", zone: "us-central1-b" },
      ],
    },
  ],
  vault: [
    "gcp:backupdisasterrecovery/backupVault:BackupVault",
    { backupVaultId: "vault", location: "us-central1" },
  ],
  policy: [
    "gcp:compute/resourcePolicy:ResourcePolicy",
    {
      region: "us-central1",
      snapshotSchedulePolicy: { snapshotProperties: { storageLocations: "us-central1" } },
    },
  ],
  exchange: [
    "gcp:bigqueryanalyticshub/dataExchange:DataExchange",
    { dataExchangeId: "exchange", location: "us-central1" },
  ],
  reservation: ["gcp:bigquery/reservation:Reservation", { name: "slots", location: "us-central1" }],
  secret: ["gcp:secretmanager/secret:Secret", { secretId: "secret" }],
  endpoint: ["gcp:vertex/aiEndpoint:AiEndpoint", { location: "us-central1" }],
  garden: [
    "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment",
    { location: "us-central1", publisherModelName: "publishers/google/models/gemma@1" },
  ],
  engine: [
    "gcp:vertex/aiReasoningEngine:AiReasoningEngine",
    {
      spec: {
        deploymentSpec: {
          pscInterfaceConfig: {
            networkAttachment: "projects/hospital-ai/regions/us-central1/networkAttachments/a",
          },
        },
      },
    },
  ],
  search: ["gcp:discoveryengine/dataStore:DataStore", { dataStoreId: "it", location: "us" }],
  agent: ["gcp:diagflow/cxAgent:CxAgent", { location: "us-central1" }],
  dataproc: [
    "gcp:dataproc/cluster:Cluster",
    { region: "us-central1", clusterConfig: { gceClusterConfig: { internalIpOnly: true } } },
  ],
  dataflow: [
    "gcp:dataflow/job:Job",
    {
      ipConfiguration: "WORKER_IP_PRIVATE",
      tempGcsLocation: "gs://it-scratch/temp",
      parameters: { input: "projects/hospital-ai/topics/told", window: "5m" },
    },
  ],
  fusion: ["gcp:datafusion/instance:Instance", { privateInstance: true, type: "BASIC" }],
  sink: [
    "gcp:logging/projectSink:ProjectSink",
    { destination: `logging.googleapis.com/${place}/buckets/records` },
  ],
};

const scratch: readonly (keyof typeof right)[] = ["dataflow"];

/** What stands beside a kind that needs something in its project. */
function beside(stack: Sketch, kind: string): void {
  if (scratch.includes(kind)) {
    stack.add("gcp:storage/bucket:Bucket", "it-scratch", {
      name: "it-scratch",
      location: "US-CENTRAL1",
      publicAccessPrevention: "enforced",
      uniformBucketLevelAccess: true,
      ...phi,
    });
  }
}

const foreignTopic = "projects/stranger/topics/told";

/** One setting of a right resource, and what it is when it is wrong; a wrong one that is `undefined` is not said. */
const settings: readonly (readonly [kind: string, path: string, wrong: readonly unknown[]])[] = [
  ["fhir", "notificationConfigs", [[{ pubsubTopic: foreignTopic }]]],
  [
    "fhir",
    "notificationConfigs",
    [
      [
        { pubsubTopic: "projects/hospital-ai/topics/told" },
        { pubsubTopic: `//pubsub.googleapis.com/${foreignTopic}` },
      ],
    ],
  ],
  [
    "fhir",
    "notificationConfigs",
    [[{ pubsubTopic: "projects/hospital-ai/topics/told", sendFullResource: true }]],
  ],
  [
    "fhir",
    "notificationConfigs",
    [[{ pubsubTopic: "projects/hospital-ai/topics/told", sendPreviousResourceOnDelete: true }]],
  ],
  ["fhir", "notificationConfig", [{ pubsubTopic: foreignTopic }]],
  ["fhir", "streamConfigs", [[{ bigqueryDestination: { datasetUri: "bq://stranger.records" } }]]],
  ["dicom", "notificationConfig", [{ pubsubTopic: foreignTopic }]],
  ["dicom", "streamConfigs", [[{ bigqueryDestination: { tableUri: "bq://stranger.records.images" } }]]],
  ["hl7", "notificationConfigs", [[{ pubsubTopic: foreignTopic }]]],
  ["bucket", "publicAccessPrevention", ["inherited", undefined]],
  ["bucket", "uniformBucketLevelAccess", [false, undefined]],
  ["bucket", "website", [{ mainPageSuffix: "index.html" }]],
  ["bucket", "ipFilter", [{ mode: "Disabled" }]],
  ["bucket", "ipFilter", [{ mode: "Enabled", publicNetworkSource: { allowedIpCidrRanges: ["0.0.0.0/0"] } }]],
  ["bucket", "ipFilter", [{ mode: "Enabled", allowCrossOrgVpcs: true }]],
  ["bucket", "ipFilter", [{ mode: "Enabled", allowAllServiceAgentAccess: true }]],
  ["bucket", "logging", [{ logBucket: "elsewhere" }]],
  ["dataset", "accesses", [[{ view: { projectId: "stranger", datasetId: "x", tableId: "y" } }]]],
  ["dataset", "accesses", [[{ routine: { projectId: "stranger", datasetId: "x", routineId: "y" } }]]],
  [
    "dataset",
    "accesses",
    [[{ dataset: { dataset: { projectId: "stranger", datasetId: "x" }, targetTypes: ["VIEWS"] } }]],
  ],
  ["dataset", "externalCatalogDatasetOptions", [{ defaultStorageLocationUri: "gs://elsewhere/" }]],
  ["topic", "ingestionDataSourceSettings", [{ awsKinesis: { streamArn: "arn" } }]],
  ["topic", "ingestionDataSourceSettings", [{ azureEventHubs: { eventHub: "hub" } }]],
  ["topic", "ingestionDataSourceSettings", [{ cloudStorage: { bucket: "elsewhere" } }]],
  ["topic", "messageTransforms", [[{ aiInference: { endpoint: "somewhere" } }]]],
  ["sql", "settings.backupConfiguration.location", ["us", "europe-west1"]],
  ["sql", "settings.sqlServerAuditConfig.bucket", ["gs://elsewhere"]],
  ["sql", "settings.enableGoogleMlIntegration", [true]],
  ["sql", "settings.enableDataplexIntegration", [true]],
  ["sql", "settings.dataApiAccess", ["ALLOW_DATA_API"]],
  ["sql", "replicationCluster.failoverDrReplicaName", ["stranger:db"]],
  ["sql", "settings.ipConfiguration.pscConfigs", [[{ allowedConsumerProjects: ["stranger"] }]]],
  ["alloy", "automatedBackupPolicy.location", ["europe-west1"]],
  ["alloy", "dataplexConfig.enabled", [true]],
  ["alloyInstance", "networkConfig.enableOutboundPublicIp", [true]],
  ["alloyInstance", "pscInstanceConfig.allowedConsumerProjects", [["stranger"]]],
  ["spanner", "config", ["nam3", "projects/hospital-ai/instanceConfigs/nam-eur-asia1", "custom-wide"]],
  ["firestore", "locationId", ["nam5", "eur3"]],
  ["bigtable", "clusters", [[{ zone: "us-central1-a" }, { zone: "europe-west1-b" }]]],
  ["vault", "accessRestriction", ["UNRESTRICTED", "WITHIN_ORG_BUT_UNRESTRICTED_FOR_BA"]],
  ["policy", "snapshotSchedulePolicy.snapshotProperties.storageLocations", ["us", "europe-west1"]],
  ["exchange", "discoveryType", ["DISCOVERY_TYPE_PUBLIC"]],
  ["reservation", "secondaryLocation", ["us-west1"]],
  ["secret", "topics", [[{ name: foreignTopic }]]],
  [
    "endpoint",
    "predictRequestResponseLoggingConfig.bigqueryDestination.outputUri",
    ["bq://stranger.logs.told"],
  ],
  ["endpoint", "privateServiceConnectConfig.projectAllowlists", [["hospital-ai", "stranger"]]],
  ["garden", "publisherModelName", ["publishers/meta/models/llama3"]],
  ["garden", "huggingFaceModelId", ["meta/llama"]],
  ["garden", "modelConfig.containerSpec.imageUri", ["us-docker.pkg.dev/somebody/image"]],
  ["engine", "spec.deploymentSpec.pscInterfaceConfig", [undefined, {}]],
  ["engine", "spec.deploymentSpec.agentGatewayConfig", [{ agentToAnywhereConfig: { agentGateway: "g" } }]],
  ["search", "contentConfig", ["PUBLIC_WEBSITE"]],
  ["search", "location", ["global"]],
  ["agent", "advancedSettings.audioExportGcsDestination.uri", ["gs://elsewhere/audio"]],
  ["agent", "gitIntegrationSettings", [{ githubSettings: { repositoryUri: "https://github.com/x/y" } }]],
  ["dataproc", "clusterConfig.gceClusterConfig.internalIpOnly", [false, undefined]],
  ["dataproc", "clusterConfig.stagingBucket", ["elsewhere"]],
  ["dataproc", "clusterConfig.endpointConfig.enableHttpPortAccess", [true]],
  ["dataflow", "ipConfiguration", ["WORKER_IP_PUBLIC", undefined]],
  ["dataflow", "tempGcsLocation", ["gs://elsewhere/temp"]],
  ["dataflow", "parameters", [{ output: "gs://elsewhere/out" }, { output: foreignTopic }]],
  ["fusion", "privateInstance", [false, undefined]],
  [
    "sink",
    "destination",
    ["storage.googleapis.com/elsewhere", `pubsub.googleapis.com/${foreignTopic}`, undefined],
  ],
  ["sink", "destination", ["logging.googleapis.com/projects/stranger/locations/global/buckets/b"]],
  ["sink", "destination", ["bigquery.googleapis.com/projects/stranger/datasets/d"]],
];

/** Inputs with something else at a path. */
function having(inputs: Inputs, [first = "", ...rest]: readonly string[], value: unknown): Inputs {
  const within = rest.length === 0 ? value : having((inputs[first] ?? {}) as Inputs, rest, value);
  return Object.fromEntries(
    Object.entries({ ...inputs, [first]: within }).filter(([, one]) => one !== undefined),
  );
}

describe.each(knowledges)("a store of the PHI zone, %s", (knowledge) => {
  it.each(Object.entries(right))("keeps what it holds where it is right: %s", (kind, [type, inputs]) => {
    expect(
      channels(knowledge, (s) => {
        beside(s, kind);
        s.add(type, "it", { ...inputs, ...phi });
      }),
    ).toEqual([]);
  });

  it.each(settings)("of the kind %s may not say otherwise of %s", (kind, path, wrong) => {
    const [type, inputs] = right[kind] ?? ["", {}];
    const found = (value: unknown, zone: Inputs, token = type): readonly string[] =>
      channels(knowledge, (s) => {
        beside(s, kind);
        s.add(token, "it", { ...having(inputs, path.split("."), value), ...zone });
      });
    for (const value of wrong) {
      expect(found(value, phi)).toEqual(["open it"]);
      expect(found(value, phi, resourceType(type))).toEqual(["open it"]);
    }
    expect(found(unknownText, phi)).toEqual(["perhaps it"]);
  });

  it.each(settings)("of the kind %s is held to nothing of %s outside of the zone", (kind, path, wrong) => {
    const [type, inputs] = right[kind] ?? ["", {}];
    for (const value of wrong) {
      const bad = having(inputs, path.split("."), value);
      expect(channels(knowledge, (s) => s.add(type, "it", bad))).toEqual([]);
    }
  });

  it("is one by its project, as by its label", () => {
    const found = (project: string): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        s.add("gcp:storage/bucket:Bucket", "it", { name: "it", project, location: "US" });
      });
    expect(found("hospital-phi")).toEqual(["open it"]);
    expect(found("projects/hospital-phi")).toEqual(["open it"]);
    expect(found("hospital-ai")).toEqual([]);
  });
});

const bucketIn = (stack: Sketch, more: Inputs): string => {
  stack.add("gcp:storage/bucket:Bucket", "there", {
    name: "there",
    location: "us-central1",
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    ...more,
  });
  return "there";
};

describe.each(knowledges)("what reads a store of the PHI zone, %s", (knowledge) => {
  const documents = (s: Sketch, more: Inputs = phi): string => {
    s.add("gcp:storage/bucket:Bucket", "documents", {
      name: "documents",
      location: "us-central1",
      publicAccessPrevention: "enforced",
      uniformBucketLevelAccess: true,
      ...more,
    });
    return "documents";
  };
  const transfer = (source: string, sink: unknown, more: Inputs = phi): readonly string[] =>
    channels(knowledge, (s) => {
      phiProject(s);
      documents(s, more);
      bucketIn(s, { project: "hospital-phi" });
      s.add("gcp:storage/bucket:Bucket", "processing", { name: "processing", labels: inZone("processing") });
      s.add("gcp:storage/transferJob:TransferJob", "job", {
        transferSpec: { gcsDataSource: { bucketName: source }, gcsDataSink: { bucketName: sink } },
      });
    });

  it("moves objects within the zone, and nowhere else", () => {
    expect(transfer("documents", "there")).toEqual([]);
    expect(transfer("documents", "elsewhere")).toEqual(["open job"]);
    expect(transfer("documents", "processing")).toEqual(["open job"]);
    expect(transfer("documents", unknownText)).toEqual(["perhaps job"]);
    expect(transfer("another", "elsewhere")).toEqual([]);
    expect(transfer(unknownText, "elsewhere")).toEqual(["perhaps job"]);
    expect(transfer("documents", "elsewhere", {})).toEqual([]);
  });

  it("is found by the outputs of a bucket", () => {
    const made = (sink: (id: string) => string): readonly string[] =>
      channels(knowledge, (s) => {
        documents(s);
        const id = s.add("gcp:storage/bucket:Bucket", "there", {
          location: "us-central1",
          publicAccessPrevention: "enforced",
          uniformBucketLevelAccess: true,
          ...phi,
        });
        s.add("gcp:storage/transferJob:TransferJob", "job", {
          transferSpec: {
            gcsDataSource: { bucketName: "documents" },
            gcsDataSink: { bucketName: sink(id) },
          },
        });
      });
    expect(made((id) => id)).toEqual([]);
    expect(made(() => "elsewhere")).toEqual(["open job"]);
  });

  it("says where it leads", () => {
    const job = (transferSpec: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        documents(s);
        s.add("gcp:storage/transferJob:TransferJob", "job", { transferSpec });
      });
    const from = { gcsDataSource: { bucketName: "documents" } };
    expect(job(from)).toEqual(["open job"]);
    expect(job({ ...from, posixDataSink: { rootDirectory: "/out" } })).toEqual(["open job"]);
  });

  it("tells topics of the zone alone", () => {
    const notified = (topic: (s: Sketch) => unknown): readonly string[] =>
      channels(knowledge, (s) => {
        documents(s);
        s.add("gcp:storage/notification:Notification", "told", { bucket: "documents", topic: topic(s) });
      });
    const own = (s: Sketch, more: Inputs): string =>
      s.add("gcp:pubsub/topic:Topic", "topic", { name: "topic", ...more });
    expect(notified((s) => own(s, phi))).toEqual([]);
    expect(notified((s) => own(s, {}))).toEqual([]);
    expect(notified((s) => `//pubsub.googleapis.com/${own(s, {})}`)).toEqual([]);
    expect(notified((s) => own(s, { labels: inZone("processing") }))).toEqual(
      knowledge === "preview" ? ["perhaps told"] : ["open told"],
    );
    expect(notified(() => foreignTopic)).toEqual(["open told"]);
    expect(notified(() => unknownText)).toEqual(["perhaps told"]);
  });

  it("follows what a topic is told to where its subscriptions hand it on", () => {
    const handed = (subscription: Inputs, topic: Inputs = {}): readonly string[] =>
      channels(knowledge, (s) => {
        documents(s);
        s.add("gcp:pubsub/topic:Topic", "topic", { name: "topic", ...topic });
        s.add("gcp:storage/notification:Notification", "told", {
          bucket: "documents",
          topic: "projects/hospital-ai/topics/topic",
        });
        s.add("gcp:pubsub/subscription:Subscription", "subscription", { topic: "topic", ...subscription });
      });
    expect(handed({})).toEqual([]);
    expect(handed({ pushConfig: { pushEndpoint: "https://collector.example.com/" } })).toEqual([
      "open subscription",
    ]);
    expect(handed({ cloudStorageConfig: { bucket: "elsewhere" } })).toEqual(["open subscription"]);
    expect(handed({ bigqueryConfig: { table: "stranger.records.told" } })).toEqual(["open subscription"]);
    expect(handed({ bigqueryConfig: { table: "hospital-ai.records.told" } })).toEqual([]);
    expect(handed({ deadLetterPolicy: { deadLetterTopic: foreignTopic } })).toEqual(["open subscription"]);
    expect(handed({ pushConfig: { pushEndpoint: unknownText } })).toEqual(["perhaps subscription"]);
    expect(handed({ topic: "projects/hospital-ai/topics/topic", project: "stranger" })).toEqual([
      "open subscription",
    ]);
    expect(handed({ topic: foreignTopic, pushConfig: { pushEndpoint: "https://elsewhere" } })).toEqual([]);
  });

  it("is an export, a copy or a query of BigQuery's", () => {
    const job = (inputs: Inputs, dataset: Inputs = phi): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("gcp:bigquery/dataset:Dataset", "records", {
          datasetId: "records",
          location: "us-central1",
          ...dataset,
        });
        bucketIn(s, phi);
        s.add("gcp:bigquery/job:Job", "job", { jobId: "job", ...inputs });
      });
    const sourceTable = { projectId: "hospital-ai", datasetId: "records", tableId: "visits" };
    const extract = (uri: unknown): Inputs => ({ extract: { sourceTable, destinationUris: [uri] } });
    expect(job(extract("gs://there/visits.csv"))).toEqual([]);
    expect(job(extract("gs://elsewhere/visits.csv"))).toEqual(["open job"]);
    expect(job(extract("gs://elsewhere/visits.csv"), {})).toEqual([]);
    expect(job(extract(unknownText))).toEqual(["perhaps job"]);
    const copied = (destinationTable: Inputs): Inputs => ({
      copy: { sourceTables: [sourceTable], destinationTable },
    });
    expect(job(copied({ datasetId: "records", tableId: "more" }))).toEqual([]);
    expect(job(copied({ projectId: "stranger", datasetId: "records", tableId: "more" }))).toEqual([
      "open job",
    ]);
    expect(
      job({
        copy: {
          sourceTables: [{ tableId: "projects/hospital-ai/datasets/records/tables/visits" }],
          destinationTable: {
            tableId: "projects/stranger/datasets/x/tables/y",
            datasetId: "projects/stranger/datasets/x",
          },
        },
      }),
    ).toEqual(["open job"]);
    expect(
      job({
        query: {
          query: "SELECT * FROM `hospital-ai.records.visits`",
          destinationTable: { projectId: "stranger", datasetId: "d", tableId: "t" },
        },
      }),
    ).toEqual(["open job"]);
    expect(
      job({
        query: { query: "EXPORT DATA OPTIONS (uri='gs://elsewhere/*') AS SELECT * FROM records.visits" },
      }),
    ).toEqual(["open job"]);
    expect(job({ query: { query: "SELECT 1" } })).toEqual([]);
  });

  it("is a share, a transfer or a function of BigQuery's", () => {
    const by = (type: string, inputs: Inputs, dataset: Inputs = phi): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("gcp:bigquery/dataset:Dataset", "records", {
          datasetId: "records",
          location: "us-central1",
          ...dataset,
        });
        s.add(type, "it", inputs);
      });
    const listing = "gcp:bigqueryanalyticshub/listing:Listing";
    const shared = {
      location: "us",
      dataExchangeId: "e",
      listingId: "l",
      bigqueryDataset: { dataset: "projects/hospital-ai/datasets/records" },
    };
    expect(by(listing, shared)).toEqual(["open it"]);
    expect(by(listing, shared, {})).toEqual([]);
    const access = "gcp:bigquery/datasetAccess:DatasetAccess";
    const view = { projectId: "stranger", datasetId: "d", tableId: "t" };
    expect(by(access, { datasetId: "records", view })).toEqual(["open it"]);
    expect(
      by(access, { datasetId: "records", view: { ...view, projectId: "hospital-ai", datasetId: "records" } }),
    ).toEqual([]);
    expect(by(access, { datasetId: "other", view })).toEqual([]);
    const routine = "gcp:bigquery/routine:Routine";
    const remote = {
      endpoint: "https://elsewhere.example.com",
      connection: "projects/hospital-ai/locations/us/connections/c",
    };
    expect(by(routine, { datasetId: "records", routineId: "r", remoteFunctionOptions: remote })).toEqual([
      "open it",
    ]);
    expect(by(routine, { datasetId: "records", routineId: "r", definitionBody: "x" })).toEqual([]);
    const copied = "gcp:bigquery/dataTransferConfig:DataTransferConfig";
    const params = { source_project_id: "hospital-ai", query: "SELECT * FROM records.visits" };
    expect(by(copied, { dataSourceId: "scheduled_query", params, destinationDatasetId: "records" })).toEqual(
      [],
    );
    expect(by(copied, { dataSourceId: "scheduled_query", params })).toEqual(["open it"]);
    expect(
      by(copied, {
        dataSourceId: "scheduled_query",
        params,
        destinationDatasetId: "records",
        notificationPubsubTopic: foreignTopic,
      }),
    ).toEqual(["open it"]);
    const table = "gcp:bigquery/table:Table";
    expect(
      by(table, {
        project: "stranger",
        datasetId: "d",
        tableId: "t",
        materializedView: { query: "SELECT * FROM `hospital-ai.records.visits`" },
      }),
    ).toEqual(["open it"]);
    expect(
      by(table, {
        project: "stranger",
        datasetId: "d",
        tableId: "t",
        tableReplicationInfo: {
          sourceProjectId: "hospital-ai",
          sourceDatasetId: "records",
          sourceTableId: "visits",
        },
      }),
    ).toEqual(["open it"]);
  });

  it("keeps replicas and restored copies of a database in the zone and in its region", () => {
    const copied = (inputs: Inputs, source: Inputs = {}): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("gcp:sql/databaseInstance:DatabaseInstance", "db", {
          name: "db",
          region: "us-central1",
          settings: { userLabels: {} },
          ...phi,
          ...source,
        });
        s.add("gcp:sql/databaseInstance:DatabaseInstance", "copy", { region: "us-central1", ...inputs });
      });
    expect(copied({ masterInstanceName: "db" })).toEqual([]);
    expect(copied({ masterInstanceName: "hospital-ai:db", project: "stranger" })).toEqual(["open copy"]);
    expect(copied({ masterInstanceName: "db", region: "europe-west1" })).toEqual(["open copy"]);
    expect(copied({ masterInstanceName: "db", labels: inZone("processing") })).toEqual(["open copy"]);
    expect(copied({ clone: { sourceInstanceName: "db" } })).toEqual([]);
    expect(
      copied({ clone: { sourceInstanceName: "db", sourceProject: "hospital-ai" }, project: "stranger" }),
    ).toEqual(["open copy"]);
    expect(
      copied({ restoreBackupContext: { instanceId: "db", project: "hospital-ai" }, project: "stranger" }),
    ).toEqual(["open copy"]);
    expect(copied({ masterInstanceName: "another", project: "stranger" })).toEqual([]);
    expect(copied({ masterInstanceName: unknownText, labels: inZone("processing") })).toEqual([
      "perhaps copy",
    ]);
  });

  it("is a table that is elsewhere, whose rows are in a bucket of the zone", () => {
    const table = (inputs: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        bucketIn(s, { project: "hospital-phi" });
        s.add("gcp:bigquery/table:Table", "table", { datasetId: "shown", tableId: "table", ...inputs });
      });
    const of = (uri: string): Inputs => ({ externalDataConfiguration: { sourceUris: [uri] } });
    expect(table(of("gs://there/visits/*.csv"))).toEqual(["open table"]);
    expect(table(of("gs://elsewhere/visits/*.csv"))).toEqual([]);
    expect(table({ project: "hospital-phi", ...of("gs://there/visits/*.csv") })).toEqual([]);
  });

  it("is a dataset that stands for a database of the zone", () => {
    const dataset = (instance: string, inputs: Inputs = {}): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        s.add("gcp:bigquery/dataset:Dataset", "dataset", {
          datasetId: "dataset",
          externalDatasetReference: {
            externalSource: `google-cloudspanner:/projects/${instance}/instances/records/databases/visits`,
          },
          ...inputs,
        });
      });
    expect(dataset("hospital-phi")).toEqual(["open dataset"]);
    expect(dataset("stranger")).toEqual([]);
    expect(dataset("hospital-phi", { project: "hospital-phi" })).toEqual([]);
  });

  it("is a call by the clock that lets a store copy what it holds", () => {
    const job = (path: string): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        s.add("gcp:cloudscheduler/job:Job", "job", {
          httpTarget: { uri: `https://healthcare.googleapis.com/v1/projects/hospital-phi/${path}` },
        });
      });
    expect(job("locations/us-central1/datasets/health/fhirStores/records/fhir/Patient")).toEqual([]);
    expect(job("locations/us-central1/datasets/health/fhirStores/records:export")).toEqual(["open job"]);
    expect(job("locations/us-central1/datasets/health:deidentify")).toEqual(["open job"]);
  });

  it("lets subnets of the stack read its messages, and no others", () => {
    const cluster = (subnet: (s: Sketch) => unknown): readonly string[] =>
      channels(knowledge, (s) =>
        s.add("gcp:managedkafka/cluster:Cluster", "messages", {
          location: "us-central1",
          gcpConfig: { accessConfig: { networkConfigs: [{ subnet: subnet(s) }] } },
          ...phi,
        }),
      );
    expect(cluster((s) => s.add("gcp:compute/subnetwork:Subnetwork", "subnet", {}))).toEqual([]);
    expect(cluster(() => "projects/stranger/regions/us-central1/subnetworks/subnet")).toEqual([
      "open messages",
    ]);
    expect(cluster(() => unknownText)).toEqual(["perhaps messages"]);
  });

  it("lets networks of the stack reach a cache, and no others", () => {
    const cache = (network: (s: Sketch) => unknown): readonly string[] =>
      channels(knowledge, (s) =>
        s.add("gcp:redis/cluster:Cluster", "cache", {
          region: "us-central1",
          pscConfigs: [{ network: network(s) }],
          ...phi,
        }),
      );
    expect(cache((s) => s.add("gcp:compute/network:Network", "vpc", {}))).toEqual([]);
    expect(cache(() => "projects/stranger/global/networks/vpc")).toEqual(["open cache"]);
    expect(cache(() => unknownText)).toEqual(["perhaps cache"]);
  });

  it("attaches disks to machines of the zone", () => {
    const attached = (instance: string): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("gcp:compute/disk:Disk", "disk", { name: "disk", zone: "us-central1-a", ...phi });
        s.add("gcp:compute/attachedDisk:AttachedDisk", "attached", {
          disk: "projects/hospital-ai/zones/us-central1-a/disks/disk",
          instance,
        });
      });
    expect(attached("projects/hospital-ai/zones/us-central1-a/instances/own")).toEqual([]);
    expect(attached("projects/stranger/zones/us-central1-a/instances/own")).toEqual(["open attached"]);
  });

  it("serves an index by an endpoint of the zone", () => {
    const served = (endpoint: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        const index = s.add("gcp:vertex/aiIndex:AiIndex", "index", { region: "us-central1", ...phi });
        const at = s.add("gcp:vertex/aiIndexEndpoint:AiIndexEndpoint", "endpoint", endpoint);
        s.add("gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex", "deployed", {
          index,
          indexEndpoint: at,
        });
      });
    expect(served(phi)).toEqual([]);
    expect(served({})).toEqual([]);
    const led = knowledge === "preview" ? "perhaps deployed" : "open deployed";
    expect(served({ labels: inZone("processing") })).toEqual([led]);
    expect(served({ project: "stranger" })).toEqual([led]);
  });

  it("copies a disk by what it was made from, over several steps", () => {
    const copied = (source: Inputs, snapshot: Inputs = {}, restored: Inputs = {}): readonly string[] =>
      channels(knowledge, (s) => {
        const disk = s.add("gcp:compute/disk:Disk", "disk", { zone: "us-central1-a", ...source });
        const id = s.add("gcp:compute/snapshot:Snapshot", "snapshot", {
          sourceDisk: disk,
          storageLocations: ["us-central1"],
          ...snapshot,
        });
        s.add("gcp:compute/disk:Disk", "restored", {
          zone: "us-central1-b",
          snapshot: `${id}.selfLink`,
          ...restored,
        });
      });
    expect(copied(phi)).toEqual([]);
    expect(copied(phi, { storageLocations: ["us"] })).toEqual(["open snapshot"]);
    expect(copied(phi, {}, { project: "stranger" })).toEqual(["open restored"]);
    expect(copied({}, { storageLocations: ["us"] }, { project: "stranger" })).toEqual([]);
  });

  it("sends logs to a bucket of logs of the stack, or to what is of the zone", () => {
    const sunk = (type: string, inputs: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        documents(s);
        bucketIn(s, { project: "hospital-phi" });
        s.add("gcp:logging/projectBucketConfig:ProjectBucketConfig", "logs", {
          project: "hospital-logs",
          location: "us-central1",
          bucketId: "records",
        });
        s.add(type, "sink", inputs);
      });
    const projectSink = "gcp:logging/projectSink:ProjectSink";
    const logs = "logging.googleapis.com/projects/hospital-logs/locations/us-central1/buckets/records";
    expect(sunk(projectSink, { destination: logs })).toEqual([]);
    expect(sunk(projectSink, { destination: "storage.googleapis.com/there" })).toEqual([]);
    expect(sunk(projectSink, { destination: "storage.googleapis.com/elsewhere" })).toEqual(["open sink"]);
    expect(
      sunk(projectSink, { destination: "storage.googleapis.com/elsewhere", project: "stranger" }),
    ).toEqual([]);
    expect(sunk(projectSink, { destination: logs.replace("hospital-logs", "stranger") })).toEqual([
      "open sink",
    ]);
    expect(sunk(projectSink, { destination: unknownText })).toEqual(["perhaps sink"]);
    const folderSink = "gcp:logging/folderSink:FolderSink";
    const elsewhere = { folder: "folders/1", destination: "storage.googleapis.com/elsewhere" };
    expect(sunk(folderSink, { ...elsewhere, includeChildren: true })).toEqual(["open sink"]);
    expect(sunk(folderSink, { ...elsewhere, includeChildren: false })).toEqual([]);
    expect(sunk(folderSink, elsewhere)).toEqual([]);
    expect(sunk(folderSink, { ...elsewhere, includeChildren: unknownText })).toEqual(["perhaps sink"]);
    expect(sunk(folderSink, { folder: "folders/1", destination: logs, includeChildren: true })).toEqual([]);
    expect(sunk(folderSink, { folder: "folders/1", destination: logs, interceptChildren: true })).toEqual([
      "open sink",
    ]);
    const organizationSink = "gcp:logging/organizationSink:OrganizationSink";
    expect(sunk(organizationSink, { orgId: "1", ...elsewhere, includeChildren: true })).toEqual([
      "open sink",
    ]);
    expect(
      sunk("gcp:logging/billingAccountSink:BillingAccountSink", { billingAccount: "1", ...elsewhere }),
    ).toEqual(["open sink"]);
  });

  it("keeps backups in a vault of the zone", () => {
    const backedUp = (backupVault: string, restored: Inputs = {}): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        s.add("gcp:backupdisasterrecovery/backupPlan:BackupPlan", "plan", {
          project: "hospital-phi",
          backupPlanId: "plan",
          location: "us-central1",
          backupVault,
        });
        s.add("gcp:backupdisasterrecovery/restoreWorkload:RestoreWorkload", "restore", {
          backupVaultId: "projects/hospital-phi/locations/us-central1/backupVaults/v",
          diskTargetEnvironment: { project: "hospital-phi", zone: "us-central1-a" },
          ...restored,
        });
      });
    const own = "projects/hospital-phi/locations/us-central1/backupVaults/v";
    expect(backedUp(own)).toEqual([]);
    expect(backedUp(own.replace("hospital-phi", "stranger"))).toEqual(["open plan"]);
    expect(backedUp(own, { diskTargetEnvironment: { project: "stranger", zone: "us-central1-a" } })).toEqual([
      "open restore",
    ]);
  });

  it.each(pipelines)("is a %s that speaks of it, and goes anywhere", (type) => {
    const carried = (more: Inputs, told: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        phiProject(s);
        documents(s, more);
        s.add(type, "way", { somewhere: { in: told } });
      });
    expect(carried(phi, { uri: "gs://documents/a" })).toEqual(["open way"]);
    expect(carried({}, { uri: "gs://documents/a" })).toEqual([]);
    expect(carried({}, { name: "projects/hospital-phi/locations/us-central1/datasets/d" })).toEqual([
      "open way",
    ]);
    expect(carried({}, { script: "bq extract hospital-phi:d.t x" })).toEqual(["open way"]);
    expect(carried({}, { as: "runner@hospital-phi.iam.gserviceaccount.com" })).toEqual([]);
    expect(carried(phi, { uri: unknownText })).toEqual(["perhaps way"]);
  });
});

describe.each(knowledges)("services that are told PHI outside of the PHI zone, %s", (knowledge) => {
  const names = (
    type: string,
    inputs: Inputs,
    zone: Inputs = { labels: inZone("processing") },
  ): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add(type, "it", { ...inputs, ...zone });
    return briefly(storeFactsOf(stack).publicNames);
  };

  it("send on nothing of what they are told", () => {
    const garden = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment";
    expect(names(garden, { publisherModelName: "publishers/google/models/gemma" })).toEqual([]);
    expect(names(garden, { publisherModelName: "publishers/meta/models/llama" })).toEqual(["open it"]);
    expect(names(garden, { publisherModelName: "publishers/meta/models/llama" }, {})).toEqual([]);
    expect(names(garden, { huggingFaceModelId: unknownText })).toEqual(["perhaps it"]);
    const webhook = "gcp:diagflow/cxWebhook:CxWebhook";
    expect(names(webhook, { genericWebService: { uri: "https://elsewhere.example.com" } })).toEqual([
      "open it",
    ]);
    const endpoint = "gcp:vertex/aiEndpoint:AiEndpoint";
    const logged = (outputUri: string): Inputs => ({
      predictRequestResponseLoggingConfig: { bigqueryDestination: { outputUri } },
    });
    expect(names(endpoint, logged(`bq://${ownProject}.logs`))).toEqual([]);
    expect(names(endpoint, logged("bq://stranger.logs"))).toEqual(["open it"]);
  });
});

describe("types of the PHI zone of a platform of ours", () => {
  const open = (type: string, inputs: Inputs, isOurs: boolean): readonly string[] => {
    const stack = new Sketch("deployed");
    stack.add("gcp:bigquery/dataset:Dataset", "records", {
      datasetId: "records",
      location: "us-central1",
      ...phi,
    });
    stack.add(type, "it", { ...inputs, ...phi });
    return briefly(
      storeFactsOf(stack, isOurs ? new Map([["urn:platform", "platform"]]) : new Map()).sideChannels,
    );
  };

  it.each([
    [
      "gcp:bigquery/dataTransferConfig:DataTransferConfig",
      { dataSourceId: "x", destinationDatasetId: "records" },
    ],
    ["gcp:bigquery/connection:Connection", {}],
    ["gcp:discoveryengine/dataStore:DataStore", { dataStoreId: "it", location: "us" }],
  ] as const)("have no %s", (type, inputs) => {
    expect(open(type, inputs, true)).toEqual(["open it"]);
    expect(open(type, inputs, false)).toEqual([]);
  });
});

/** Each property of a type by which something may be led out, with what names something of a stranger's there. */
const led = [...sideChannelTypes]
  // The project of a join of two is that of what it leads to, unless it says another.
  .filter(([type]) => !/:(?:attacheddisk|aiindexendpointdeployedindex)$/.test(type))
  .flatMap(([type, { exits }]) =>
    exits.flatMap((exit): readonly (readonly [type: string, path: string, stranger: unknown])[] =>
      exit.kind === "resource"
        ? [
            [
              type,
              exit.path.join("."),
              exit.told === undefined
                ? "projects/stranger/locations/us/things/one"
                : { [exit.told.project]: "stranger", [exit.told.name]: "one" },
            ],
          ]
        : [],
    ),
  );

describe.each(knowledges)("what leads out of the PHI zone, %s", (knowledge) => {
  const found = (type: string, inputs: Inputs, zone: Inputs): readonly string[] =>
    channels(knowledge, (s) => s.add(type, "it", { ...inputs, ...zone }));

  it.each(led)("is a %s by %s, where that is a stranger's or is not known", (type, path, stranger) => {
    const leading = (value: unknown): Inputs => having({}, path.split("."), value);
    expect(found(type, leading(stranger), phi)).toContain("open it");
    expect(found(type, leading([stranger]), phi)).toContain("open it");
    expect(found(type, leading(unknownText), phi)).not.toEqual([]);
    expect(found(type, leading(stranger), {})).toEqual([]);
  });
});

it("knows the types that it reads by their names in the SDK", () => {
  for (const type of sideChannelTypes.keys()) {
    expect(resourceType(type)).toBe(type);
  }
});
