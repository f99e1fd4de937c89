import type { Mutant } from "../mutants";
import { alter, append, put } from "../put";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { networkId, ofProcessing } from "./gcp-network-mutants";
import { each, emailOf, memberOf, more, one, projects, stranger, without } from "./single-fault";

const egress = "phi-zone-has-no-egress";
const admits = "phi-zone-admits-only-processing";
const declared = "zones-reach-only-declared-peers";
const isPrivate = "platform-services-are-private";
const audited = "traffic-is-audited";
const sealed = "network-defaults-are-sealed";
const assigned = "zone-assignment";

const documents = "bulkhead-document-store";
const documentClients = "bulkhead-document-store-clients";
const fhir = "bulkhead-fhir-store";
const fhirDataset = "bulkhead-fhir-store-dataset";
const fhirClients = "bulkhead-fhir-store-clients";
const vectors = "bulkhead-vector-index";
const phiKey = "bulkhead-phi-key";
const phiKeyUsers = "bulkhead-phi-key-users";
const platformKeyUsers = "bulkhead-platform-key-users";
const images = "bulkhead-images";
const secret = "bulkhead-fhir-proxy-secret";
const secretReaders = "bulkhead-fhir-proxy-secret-readers";
const records = "bulkhead-phi-records";
const routing = "bulkhead-phi-records-routing";
const calls = "bulkhead-phi-calls-recording";
const subnet = "bulkhead-fhir-proxy-subnet";
const names = "bulkhead-processing-names";
const namesPolicy = `${names}-policy`;
const everyOtherName = `${names}-every-other-name`;
const recording = `${names}-recording`;
const apisZone = "bulkhead-processing-googleapis-com-zone";
const apex = "bulkhead-processing-googleapis-com-apex";
const others = "bulkhead-processing-googleapis-com-others";
const endpoint = "bulkhead-processing-google-apis-endpoint";

const ofPhi = { project: projects.phi } as const;
const inRegion = { ...ofPhi, location: "us-central1" } as const;
const fhirDatasetId = "projects/hospital-phi/locations/us-central1/datasets/bulkhead-fhir-store";
const fhirStoreId = `${fhirDatasetId}/fhirStores/bulkhead-fhir-store`;
const keyId = "projects/hospital-phi/locations/us-central1/keyRings/bulkhead-phi/cryptoKeys/bulkhead-phi";
const bucketName = (stack: Sketch): string => {
  const bucket = stack.resources().find(({ name }) => name === documents);
  return String(bucket?.inputs?.["name"]);
};
const foreignTopic = `projects/${projects.foreign}/topics/somebodys`;

/** A grant of the bucket's own policy. */
function admit(stack: Sketch, role: string, member: string): void {
  alter(stack, documentClients, "policyData", (text) => {
    const policy = JSON.parse(String(text)) as { readonly bindings: readonly unknown[] };
    return JSON.stringify({ bindings: [...policy.bindings, { role, members: [member] }] });
  });
}

function ofBucket(
  fault: string,
  rule: Mutant["rule"],
  type: string,
  inputs: Properties,
  key = "bucket",
): Mutant {
  return more(fault, rule, type, (s) => ({ [key]: bucketName(s), ...inputs }));
}

const documentMutants: readonly Mutant[] = [
  ...each("document store: public access is", egress, documents, "publicAccessPrevention", [
    ["for its policies to say", "inherited"],
    ["as Google Cloud has it", undefined],
    ["perhaps prevented", unknownText],
  ]),
  ...each("document store: objects have lists of their own,", egress, documents, "uniformBucketLevelAccess", [
    ["as it says", false],
    ["as Google Cloud has it", undefined],
    ["perhaps", unknownText],
  ]),
  ...(
    [
      ["a stranger reads it", "roles/storage.objectViewer", stranger],
      ["whoever it is reads it", "roles/storage.objectViewer", "allUsers", egress],
      ["whoever has signed in reads it", "roles/storage.objectViewer", "allAuthenticatedUsers", egress],
      ["a workload without a flow reads it", "roles/storage.objectViewer", memberOf("rag-service")],
      [
        "viewers of its project read it, as Google Cloud has it",
        "roles/storage.legacyBucketReader",
        "projectViewer:hospital-phi",
      ],
      ["a domain of somebody's reads it", "roles/storage.objectViewer", "domain:attacker.example"],
    ] as readonly (readonly [string, string, string, Mutant["rule"]?])[]
  ).map(([what, role, member, rule = admits]): Mutant => ({
    fault: `document store: ${what}`,
    rule,
    dig: (s) => {
      admit(s, role, member);
    },
  })),
  ofBucket(
    "document store: a stranger reads it, by a grant of its own",
    admits,
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    {
      role: "roles/storage.objectViewer",
      member: stranger,
    },
  ),
  ofBucket(
    "document store: a workload without a flow reads it, by a binding of its own",
    admits,
    "gcp:storage/bucketIAMBinding:BucketIAMBinding",
    {
      role: "roles/storage.objectViewer",
      members: [memberOf("rag-service")],
    },
  ),
  ofBucket(
    "document store: who reads it by a grant of its own is not known",
    admits,
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    {
      role: "roles/storage.objectViewer",
      member: unknownText,
    },
  ),
  without("document store: nothing says whom it lets in", admits, documentClients),
  one("document store: its policy is not known", admits, documentClients, "policyData", unknownText),
  ofBucket(
    "document store: everybody is on its list",
    egress,
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    {
      entity: "allUsers",
      role: "READER",
    },
  ),
  ofBucket(
    "document store: it tells somebody of its objects",
    egress,
    "gcp:storage/notification:Notification",
    {
      payloadFormat: "JSON_API_V1",
      topic: foreignTopic,
    },
  ),
  more(
    "document store: a job takes its objects away",
    egress,
    "gcp:storage/transferJob:TransferJob",
    (s) => ({
      ...ofPhi,
      description: "hole",
      transferSpec: {
        gcsDataSource: { bucketName: bucketName(s) },
        awsS3DataSink: { bucketName: "somebodys" },
      },
    }),
  ),
  more(
    "document store: its list is written for somebody",
    egress,
    "gcp:storage/insightsReportConfig:InsightsReportConfig",
    (s) => ({
      ...inRegion,
      objectMetadataReportOptions: {
        storageFilters: { bucket: bucketName(s) },
        storageDestinationOptions: { bucket: "somebodys" },
      },
    }),
  ),
  one("document store: who asks for what is told to somebody", egress, documents, "logging", {
    logBucket: "somebodys",
  }),
  one("document store: it is a website", egress, documents, "website", { mainPageSuffix: "index.html" }),
  one("document store: it is in several regions", sealed, documents, "location", "US"),
  one("document store: it is in a region that is not known", sealed, documents, "location", unknownText),
  ...each("document store: it is encrypted with", sealed, documents, "encryption", [
    ["no key of ours", undefined],
    ["a key that is not known", unknownText],
  ]),
];

const fhirMutants: readonly Mutant[] = [
  one("FHIR store: it tells somebody of its resources", egress, fhir, "notificationConfigs", [
    { pubsubTopic: foreignTopic, sendFullResource: true },
  ]),
  one(
    "FHIR store: whom it tells of its resources is not known",
    egress,
    fhir,
    "notificationConfigs",
    unknownText,
  ),
  one(
    "FHIR store: it tells somebody of its resources, in the former form",
    egress,
    fhir,
    "notificationConfig",
    {
      pubsubTopic: foreignTopic,
    },
  ),
  one("FHIR store: it is copied into somebody's tables", egress, fhir, "streamConfigs", [
    {
      bigqueryDestination: {
        datasetUri: `bq://${projects.foreign}.somebodys`,
        schemaConfig: { recursiveStructureDepth: 3 },
      },
    },
  ]),
  one("FHIR store: where it is copied to is not known", egress, fhir, "streamConfigs", unknownText),
  one("FHIR store: a workload without a flow reads it", admits, fhirClients, "members", [
    memberOf("fhir-proxy"),
    memberOf("rag-service"),
  ]),
  one("FHIR store: a stranger reads it", admits, fhirClients, "members", [memberOf("fhir-proxy"), stranger]),
  one("FHIR store: whoever it is reads it", egress, fhirClients, "members", ["allUsers"]),
  one("FHIR store: who reads it is not known", admits, fhirClients, "members", unknownText),
  more(
    "FHIR store: a workload without a flow reads it, by a grant of its own",
    admits,
    "gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember",
    {
      fhirStoreId,
      role: "roles/healthcare.fhirResourceReader",
      member: memberOf("decision-point"),
    },
  ),
  more(
    "FHIR store: a stranger has a policy of its own",
    admits,
    "gcp:healthcare/fhirStoreIamPolicy:FhirStoreIamPolicy",
    {
      fhirStoreId,
      policyData: JSON.stringify({ bindings: [{ role: "roles/owner", members: [stranger] }] }),
    },
  ),
  more(
    "FHIR store: a workload without a flow reads its dataset",
    admits,
    "gcp:healthcare/datasetIamMember:DatasetIamMember",
    {
      datasetId: fhirDatasetId,
      role: "roles/healthcare.fhirResourceReader",
      member: memberOf("rag-service"),
    },
  ),
  one("FHIR store: no key of ours encrypts it", sealed, fhirDataset, "encryptionSpec", undefined),
  one(
    "FHIR store: the key that encrypts it is not known",
    sealed,
    fhirDataset,
    "encryptionSpec",
    unknownText,
  ),
  one("FHIR store: it is in several regions", sealed, fhirDataset, "location", "us"),
  more("PHI project: a pipeline takes records away", egress, "gcp:healthcare/pipelineJob:PipelineJob", {
    name: "hole",
    location: "us-central1",
    dataset: fhirDatasetId,
    backfillPipelineJob: { mappingPipelineJob: "somebodys" },
  }),
  more("PHI project: images are told to somebody", egress, "gcp:healthcare/dicomStore:DicomStore", {
    name: "hole",
    dataset: fhirDatasetId,
    notificationConfig: { pubsubTopic: foreignTopic },
  }),
  more("PHI project: messages are told to somebody", egress, "gcp:healthcare/hl7Store:Hl7Store", {
    name: "hole",
    dataset: fhirDatasetId,
    notificationConfigs: [{ pubsubTopic: foreignTopic }],
  }),
];

function access(fault: string, entry: Properties, rule: Mutant["rule"] = admits): Mutant {
  return {
    fault: `vector index: ${fault}`,
    rule,
    dig: (s) => {
      append(s, vectors, "accesses", entry);
    },
  };
}

const vectorMutants: readonly Mutant[] = [
  access("a workload without a flow reads it", { role: "READER", userByEmail: emailOf("decision-point") }),
  access("a stranger reads it", { role: "READER", userByEmail: "somebody@attacker.example" }),
  access("whoever has signed in reads it", { role: "READER", specialGroup: "allAuthenticatedUsers" }, egress),
  access("viewers of its project read it, as Google Cloud has it", {
    role: "READER",
    specialGroup: "projectReaders",
  }),
  access("a group reads it", { role: "READER", groupByEmail: "everybody@hospital.example" }),
  access("a domain of somebody's reads it", { role: "READER", domain: "attacker.example" }),
  access("whoever it is reads it", { role: "READER", iamMember: "allUsers" }, egress),
  access(
    "a view of somebody's reads it",
    {
      view: { projectId: projects.foreign, datasetId: "somebodys", tableId: "somebodys" },
    },
    egress,
  ),
  access("who reads it is not known", { role: "READER", userByEmail: unknownText }),
  one("vector index: its list is not known", admits, vectors, "accesses", unknownText),
  one("vector index: whom it lets in is as Google Cloud has it", admits, vectors, "accesses", undefined),
  more(
    "vector index: a stranger reads it, by an entry of its own",
    admits,
    "gcp:bigquery/datasetAccess:DatasetAccess",
    {
      ...ofPhi,
      datasetId: "bulkhead_vector_index",
      role: "READER",
      userByEmail: "somebody@attacker.example",
    },
  ),
  more(
    "vector index: a workload without a flow reads it, by a grant of its own",
    admits,
    "gcp:bigquery/datasetIamMember:DatasetIamMember",
    {
      ...ofPhi,
      datasetId: "bulkhead_vector_index",
      role: "roles/bigquery.dataViewer",
      member: memberOf("fhir-proxy"),
    },
  ),
  more(
    "vector index: a workload without a flow reads its table",
    admits,
    "gcp:bigquery/iamMember:IamMember",
    {
      ...ofPhi,
      datasetId: "bulkhead_vector_index",
      tableId: "embeddings",
      role: "roles/bigquery.dataViewer",
      member: memberOf("fhir-proxy"),
    },
  ),
  one(
    "vector index: no key of ours encrypts it",
    sealed,
    vectors,
    "defaultEncryptionConfiguration",
    undefined,
  ),
  one("vector index: it is in several regions", sealed, vectors, "location", "US"),
  more("vector index: a transfer copies it", egress, "gcp:bigquery/dataTransferConfig:DataTransferConfig", {
    ...inRegion,
    displayName: "hole",
    dataSourceId: "scheduled_query",
    destinationDatasetId: "somebodys",
  }),
  more("vector index: it is connected with another cloud", egress, "gcp:bigquery/connection:Connection", {
    ...inRegion,
    connectionId: "hole",
    aws: { accessRole: { iamRoleId: "arn:aws:iam::999988887777:role/somebodys" } },
  }),
  more("vector index: a job writes it elsewhere", egress, "gcp:bigquery/job:Job", {
    ...ofPhi,
    jobId: "hole",
    extract: {
      destinationUris: ["gs://somebodys/out"],
      sourceTable: { projectId: projects.phi, datasetId: "bulkhead_vector_index", tableId: "embeddings" },
    },
  }),
  more("vector index: it is listed for others", egress, "gcp:bigqueryanalyticshub/listing:Listing", {
    ...inRegion,
    dataExchangeId: "somebodys",
    listingId: "hole",
    displayName: "hole",
    bigqueryDataset: { dataset: "projects/hospital-phi/datasets/bulkhead_vector_index" },
  }),
];

/** What copies or moves records out of the PHI project, whatever store holds them. */
const pipelineMutants: readonly Mutant[] = [
  more("PHI project: messages are pushed to somebody", egress, "gcp:pubsub/subscription:Subscription", {
    ...ofPhi,
    name: "hole",
    topic: "projects/hospital-phi/topics/records",
    pushConfig: { pushEndpoint: "https://attacker.example" },
  }),
  more("PHI project: a pipeline with public addresses", egress, "gcp:dataflow/job:Job", {
    ...ofPhi,
    name: "hole",
    templateGcsPath: "gs://somebodys/template",
    tempGcsLocation: "gs://somebodys/temp",
  }),
  more("PHI project: a cluster of machines that copy", egress, "gcp:dataproc/cluster:Cluster", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
  }),
  more("PHI project: an integration that copies", egress, "gcp:datafusion/instance:Instance", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
    type: "BASIC",
  }),
  more("PHI project: a stream of changes", egress, "gcp:datastream/stream:Stream", {
    ...inRegion,
    streamId: "hole",
    displayName: "hole",
  }),
  more("PHI project: events are told to whom they like", egress, "gcp:eventarc/trigger:Trigger", {
    ...inRegion,
    name: "hole",
    destination: { httpEndpoint: { uri: "https://attacker.example" } },
  }),
  more("PHI project: steps call whom they like", egress, "gcp:workflows/workflow:Workflow", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
    sourceContents: "main: {}",
  }),
  more("PHI project: somebody is called every hour", egress, "gcp:cloudscheduler/job:Job", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
    httpTarget: { uri: "https://attacker.example" },
  }),
  more("PHI project: tasks call whom they like", egress, "gcp:cloudtasks/queue:Queue", {
    ...inRegion,
    name: "hole",
  }),
  more(
    "PHI project: a connector to somebody's system",
    egress,
    "gcp:integrationconnectors/connection:Connection",
    {
      ...inRegion,
      name: "hole",
      connectorVersion: "projects/x/locations/global/providers/x/connectors/x/versions/1",
    },
  ),
  more(
    "PHI project: a vault of backups under no key of ours",
    sealed,
    "gcp:backupdisasterrecovery/backupVault:BackupVault",
    {
      ...inRegion,
      backupVaultId: "hole",
      backupMinimumEnforcedRetentionDuration: "100000s",
    },
  ),
  more(
    "PHI project: a database with a public address",
    isPrivate,
    "gcp:sql/databaseInstance:DatabaseInstance",
    {
      ...ofPhi,
      name: "hole",
      region: "us-central1",
      databaseVersion: "POSTGRES_16",
      settings: { tier: "db-f1-micro" },
    },
  ),
  more("PHI project: a database in several regions", egress, "gcp:spanner/instance:Instance", {
    ...ofPhi,
    name: "hole",
    config: "nam3",
    displayName: "hole",
  }),
  more("PHI project: an index of search", egress, "gcp:discoveryengine/dataStore:DataStore", {
    ...ofPhi,
    location: "global",
    dataStoreId: "hole",
    displayName: "hole",
    industryVertical: "GENERIC",
    contentConfig: "NO_CONTENT",
  }),
  more("PHI project: an agent calls somebody", egress, "gcp:diagflow/cxWebhook:CxWebhook", {
    parent: "projects/hospital-phi/locations/us-central1/agents/records",
    displayName: "hole",
    genericWebService: { uri: "https://attacker.example" },
  }),
  more(
    "PHI project: a model of somebody's",
    egress,
    "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment",
    {
      ...inRegion,
      huggingFaceModelId: "somebody/something",
    },
  ),
];

const keyMutants: readonly Mutant[] = [
  one("PHI keys: a stranger uses them", egress, phiKeyUsers, "members", [stranger]),
  one("PHI keys: a workload uses them", admits, phiKeyUsers, "members", [memberOf("rag-service")]),
  one("PHI keys: whoever it is uses them", egress, phiKeyUsers, "members", ["allUsers"]),
  one("PHI keys: who uses them is not known", egress, phiKeyUsers, "members", unknownText),
  more(
    "PHI keys: a stranger uses them, by a grant of its own",
    egress,
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    {
      cryptoKeyId: keyId,
      role: "roles/cloudkms.cryptoKeyDecrypter",
      member: stranger,
    },
  ),
  more("PHI keys: a stranger uses all of their ring", egress, "gcp:kms/keyRingIAMMember:KeyRingIAMMember", {
    keyRingId: "projects/hospital-phi/locations/us-central1/keyRings/bulkhead-phi",
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member: stranger,
  }),
  ...each("PHI keys: they are made anew", sealed, phiKey, "rotationPeriod", [
    ["by nobody", undefined],
    ["every ten years", "315360000s"],
    ["when is not known", unknownText],
  ]),
  one("keys: a workload without a flow uses the platform's", declared, platformKeyUsers, "members", [
    "serviceAccount:somebody@hospital-ai.iam.gserviceaccount.com",
  ]),
];

const secretMutants: readonly Mutant[] = [
  one("secrets: another workload reads one", declared, secretReaders, "members", [
    memberOf("fhir-proxy"),
    stranger,
  ]),
  one("secrets: whoever it is reads one", declared, secretReaders, "members", ["allUsers"]),
  one("secrets: no key of ours encrypts one", sealed, secret, "replication", {
    userManaged: { replicas: [{ location: "us-central1" }] },
  }),
  one("secrets: one is copied into every region", sealed, secret, "replication", { auto: {} }),
  one("registry: no key of ours encrypts it", sealed, images, "kmsKeyName", undefined),
  more(
    "registry: whoever it is reads it",
    declared,
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    {
      ...ofProcessing,
      location: "us-central1",
      repository: "projects/hospital-ai/locations/us-central1/repositories/bulkhead-images",
      role: "roles/artifactregistry.reader",
      member: "allUsers",
    },
  ),
  more("accounts: a stranger acts as a workload", admits, "gcp:serviceaccount/iAMMember:IAMMember", {
    serviceAccountId: `projects/hospital-ai/serviceAccounts/${emailOf("fhir-proxy")}`,
    role: "roles/iam.serviceAccountTokenCreator",
    member: stranger,
  }),
  more("accounts: a workload acts as another", admits, "gcp:serviceaccount/iAMBinding:IAMBinding", {
    serviceAccountId: `projects/hospital-ai/serviceAccounts/${emailOf("fhir-proxy")}`,
    role: "roles/iam.serviceAccountUser",
    members: [memberOf("rag-service")],
  }),
];

const recordMutants: readonly Mutant[] = [
  ...(["gateway", "phi"] as const).flatMap((zone) => [
    without(
      `records: nothing of project ${zone} is routed to its bucket`,
      audited,
      `bulkhead-${zone}-records-routing`,
    ),
    without(
      `records: calls to project ${zone} are not recorded`,
      audited,
      `bulkhead-${zone}-calls-recording`,
    ),
    one(
      `records: those of project ${zone} are kept for a month`,
      audited,
      `bulkhead-${zone}-records`,
      "retentionDays",
      30,
    ),
    one(
      `records: those of project ${zone} are not locked`,
      audited,
      `bulkhead-${zone}-records`,
      "locked",
      false,
    ),
    one(
      `records: no key of ours encrypts those of project ${zone}`,
      audited,
      `bulkhead-${zone}-records`,
      "cmekSettings",
      undefined,
    ),
  ]),
  without("records: there is no bucket of the PHI project's", audited, records),
  ...each("records: those of the PHI project are kept", audited, records, "retentionDays", [
    ["as Google Cloud has it", undefined],
    ["for a time that is not known", unknownText],
  ]),
  ...each("records: those of the PHI project are locked", audited, records, "locked", [
    ["as Google Cloud has it", undefined],
    ["perhaps", unknownText],
  ]),
  one(
    "records: calls of the PHI project are written to somebody",
    egress,
    routing,
    "destination",
    `logging.googleapis.com/projects/${projects.foreign}/locations/us/buckets/somebodys`,
  ),
  one(
    "records: calls of the PHI project are written where is not known",
    egress,
    routing,
    "destination",
    unknownText,
  ),
  one("records: the routing of the PHI project is off", audited, routing, "disabled", true),
  one("records: the routing of the PHI project may be off", audited, routing, "disabled", unknownText),
  one("records: of the PHI project errors alone are routed", audited, routing, "filter", "severity >= ERROR"),
  one("records: what is routed of the PHI project is not known", audited, routing, "filter", unknownText),
  one("records: reads are left out of the PHI project's", audited, routing, "exclusions", [
    { name: "hole", filter: 'protoPayload.methodName:"get"' },
  ]),
  ...each("records: decisions are locked", audited, "bulkhead-access-decisions-records", "locked", [
    ["no more", false],
    ["perhaps", unknownText],
  ]),
  ...each("records: decisions are kept", audited, "bulkhead-access-decisions-records", "retentionDays", [
    ["for a month", 30],
    ["for a time that is not known", unknownText],
  ]),
  one(
    "records: decisions are encrypted by Google's key",
    audited,
    "bulkhead-access-decisions-records",
    "cmekSettings",
    undefined,
  ),
  one(
    "records: decisions are copied no more",
    audited,
    "bulkhead-access-decisions-routing",
    "disabled",
    true,
  ),
  one(
    "records: decisions are left out that were refused",
    audited,
    "bulkhead-access-decisions-routing",
    "exclusions",
    [{ name: "hole", filter: 'jsonPayload.message:"denied"' }],
  ),
  one(
    "records: decisions are copied to somebody",
    audited,
    "bulkhead-access-decisions-routing",
    "destination",
    `logging.googleapis.com/projects/${projects.foreign}/locations/us/buckets/somebodys`,
  ),
  more("records: a second sink writes to somebody", egress, "gcp:logging/projectSink:ProjectSink", {
    ...ofPhi,
    name: "hole",
    destination: "storage.googleapis.com/somebodys",
  }),
  more(
    "records: a sink above the projects writes to somebody",
    egress,
    "gcp:logging/organizationSink:OrganizationSink",
    {
      orgId: "123456789012",
      name: "hole",
      includeChildren: true,
      destination: "storage.googleapis.com/somebodys",
    },
  ),
  more(
    "records: a sink of a folder keeps what is recorded below",
    egress,
    "gcp:logging/folderSink:FolderSink",
    {
      folder: "folders/123456789012",
      name: "hole",
      includeChildren: true,
      interceptChildren: true,
      destination: "storage.googleapis.com/somebodys",
    },
  ),
  more(
    "records: reads are left out of the PHI project's, by a resource of its own",
    audited,
    "gcp:logging/projectExclusion:ProjectExclusion",
    {
      ...ofPhi,
      name: "hole",
      filter: 'protoPayload.methodName:"get"',
    },
  ),
  one("records: of the PHI project's calls reads are not recorded", audited, calls, "auditLogConfigs", [
    { logType: "ADMIN_READ" },
    { logType: "DATA_WRITE" },
  ]),
  one("records: a workload's calls are not recorded", audited, calls, "auditLogConfigs/1/exemptedMembers", [
    memberOf("fhir-proxy"),
  ]),
  one(
    "records: whose calls are not recorded is not known",
    audited,
    calls,
    "auditLogConfigs/1/exemptedMembers",
    unknownText,
  ),
  one("records: what is recorded of calls is not known", audited, calls, "auditLogConfigs", unknownText),
  one(
    "records: calls to one service alone are recorded",
    audited,
    calls,
    "service",
    "storage.googleapis.com",
  ),
  ...each("flows of a subnet:", audited, subnet, "logConfig", [
    ["are not recorded", undefined],
    ["may be recorded", unknownText],
  ]),
  ...each("flows of a subnet: recorded are", audited, subnet, "logConfig/flowSampling", [
    ["half of them", 0.5],
    ["half of them, as Google Cloud has it", undefined],
    ["some that are not known", unknownText],
  ]),
  one(
    "flows of a subnet: recorded are those of a filter",
    audited,
    subnet,
    "logConfig/filterExpr",
    "inIpRange(connection.src_ip, '10.0.0.0/8')",
  ),
  ...each("denials of egress:", audited, "bulkhead-processing-deny-all-egress", "enableLogging", [
    ["are not recorded", false],
    ["are recorded as Google Cloud has it", undefined],
  ]),
  ...each("queries for names: they are", audited, recording, "enableLogging", [
    ["not recorded", false],
    ["recorded as Google Cloud has it", undefined],
    ["perhaps recorded", unknownText],
  ]),
  without("queries for names: nothing says that they are recorded", audited, recording),
  ...each("requests at the entrance: they are", audited, "bulkhead-machine-entrance-backend", "logConfig", [
    ["not recorded", { enable: false }],
    ["recorded as Google Cloud has it", undefined],
  ]),
  one(
    "requests at the entrance: half are recorded",
    audited,
    "bulkhead-machine-entrance-backend",
    "logConfig/sampleRate",
    0.5,
  ),
];

const dnsPolicy = "gcp:dns/policy:Policy";

const nameMutants: readonly Mutant[] = [
  without("names: no final block", sealed, everyOtherName),
  one("names: the final block lets queries pass", sealed, everyOtherName, "localData", undefined),
  {
    fault: "names: the final block leaves every name to the Internet",
    rule: sealed,
    dig: (s) => {
      put(s, everyOtherName, "localData", undefined);
      put(s, everyOtherName, "behavior", "bypassResponsePolicy");
    },
  },
  one("names: the final block is of one domain", sealed, everyOtherName, "dnsName", "example."),
  one(
    "names: the final block is of a policy of elsewhere",
    sealed,
    everyOtherName,
    "responsePolicy",
    "somebodys",
  ),
  one("names: what the final block is of is not known", sealed, everyOtherName, "dnsName", unknownText),
  one("names: the policy is of the other network", sealed, namesPolicy, "networks", [
    { networkUrl: "projects/hospital-gateway/global/networks/bulkhead-gateway" },
  ]),
  one("names: the policy is of no network", sealed, namesPolicy, "networks", []),
  one("names: whose the policy is, is not known", sealed, namesPolicy, "networks", unknownText),
  more(
    "names: somebody's domain is left to the Internet",
    sealed,
    "gcp:dns/responsePolicyRule:ResponsePolicyRule",
    {
      ...ofProcessing,
      responsePolicy: "bulkhead-processing-names",
      ruleName: "hole",
      dnsName: "*.attacker.example.",
      behavior: "bypassResponsePolicy",
    },
  ),
  more(
    "names: a domain that is not known is left to the Internet",
    sealed,
    "gcp:dns/responsePolicyRule:ResponsePolicyRule",
    {
      ...ofProcessing,
      responsePolicy: "bulkhead-processing-names",
      ruleName: "hole",
      dnsName: unknownText,
      behavior: "bypassResponsePolicy",
    },
  ),
  without("names: those of Google's APIs are asked of the Internet", isPrivate, apisZone),
  one(
    "names: the zone of Google's APIs is of no network",
    isPrivate,
    apisZone,
    "privateVisibilityConfig",
    undefined,
  ),
  ...each("names: the zone of Google's APIs is", isPrivate, apisZone, "visibility", [
    ["public", "public"],
    ["public, as Google Cloud has it", undefined],
  ]),
  one("names: a server of elsewhere is asked", sealed, recording, "alternativeNameServerConfig", {
    targetNameServers: [{ ipv4Address: "203.0.113.53" }],
  }),
  one(
    "names: which server is asked is not known",
    sealed,
    recording,
    "alternativeNameServerConfig",
    unknownText,
  ),
  one("names: others may ask", sealed, recording, "enableInboundForwarding", true),
  more("names: a second policy asks a server of elsewhere", sealed, dnsPolicy, {
    ...ofProcessing,
    name: "hole",
    networks: [{ networkUrl: networkId }],
    alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: "203.0.113.53" }] },
  }),
  ...(
    [
      [
        "sent on to a server of elsewhere",
        { forwardingConfig: { targetNameServers: [{ ipv4Address: "203.0.113.53" }] } },
      ],
      [
        "asked in somebody's network",
        {
          peeringConfig: {
            targetNetwork: { networkUrl: `projects/${projects.foreign}/global/networks/somebodys` },
          },
        },
      ],
      [
        "found in a directory of services",
        { serviceDirectoryConfig: { namespace: { namespaceUrl: "projects/x/locations/y/namespaces/z" } } },
      ],
    ] as const
  ).map(([what, inputs]) =>
    more(`names: those of a domain are ${what}`, sealed, "gcp:dns/managedZone:ManagedZone", {
      ...ofProcessing,
      name: "hole",
      dnsName: "attacker.example.",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: networkId }] },
      ...inputs,
    }),
  ),
  one("names: Google's APIs lead to an address of the Internet", isPrivate, apex, "rrdatas", ["203.0.113.7"]),
  one("names: Google's APIs lead where is not known", isPrivate, apex, "rrdatas", unknownText),
  one("names: each of Google's APIs leads to somebody's name", isPrivate, others, "rrdatas", [
    "attacker.example.",
  ]),
  without("names: no record leads to Google's APIs", isPrivate, apex),
];

const endpointMutants: readonly Mutant[] = [
  without("endpoint of Google's APIs: there is none", isPrivate, endpoint),
  without(
    "endpoint of Google's APIs: it has no address",
    isPrivate,
    "bulkhead-processing-google-apis-address",
  ),
  one("endpoint of Google's APIs: leads to all of them", isPrivate, endpoint, "target", "all-apis"),
  one("endpoint of Google's APIs: leads where is not known", isPrivate, endpoint, "target", unknownText),
  one(
    "endpoint of Google's APIs: it is in the other network",
    isPrivate,
    endpoint,
    "network",
    "projects/hospital-gateway/global/networks/bulkhead-gateway",
  ),
  more(
    "processing: an endpoint of all of Google's APIs",
    isPrivate,
    "gcp:compute/globalForwardingRule:GlobalForwardingRule",
    {
      ...ofProcessing,
      name: "hole",
      network: networkId,
      ipAddress: "10.40.96.9",
      loadBalancingScheme: "",
      target: "all-apis",
    },
  ),
];

/** Labels that put something into another zone than the one that it is in. */
const zoneMutants: readonly Mutant[] = [
  one(
    "document store: it says that it is of processing",
    assigned,
    documents,
    "labels/bulkhead-zone",
    "processing",
  ),
  one(
    "document store: it says that it is of a zone that there is not",
    assigned,
    documents,
    "labels/bulkhead-zone",
    "ph1",
  ),
  one(
    "vector index: which zone it is of is not known",
    assigned,
    vectors,
    "labels/bulkhead-zone",
    unknownText,
  ),
];

/** Faults of the stores, the services and the records. */
export const gcpServiceMutants: readonly Mutant[] = [
  ...documentMutants,
  ...fhirMutants,
  ...vectorMutants,
  ...pipelineMutants,
  ...keyMutants,
  ...secretMutants,
  ...recordMutants,
  ...nameMutants,
  ...endpointMutants,
  ...zoneMutants,
];
