import { describe, expect, it } from "vitest";

import { Sketch, type Knowledge } from "../stack-sketch";

import { storeFactsOf } from "./store-facts-of";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const platform = "urn:pulumi:test::bulkhead::bulkhead:index:Platform::bulkhead";
const key = "projects/clinic-phi/locations/us-central1/keyRings/phi/cryptoKeys/phi";
const deployer = "deployer@clinic-operations.iam.gserviceaccount.com";
const proxy = "serviceAccount:fhir-proxy@clinic-processing.iam.gserviceaccount.com";

/** The stores of a platform as they are rendered, named by known texts alone, and no label on them. */
function rendered(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  stack.addRaw({
    urn: platform,
    type: "bulkhead:index:Platform",
    name: "bulkhead",
    inputs: {},
    outputs: {
      deployer,
      zoneProjects: {
        processing: { id: "clinic-processing", number: "1111111111" },
        phi: { id: "clinic-phi", number: "2222222222" },
      },
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  const project = "clinic-phi";
  const location = "us-central1";
  stack.add("gcp:kms/cryptoKey:CryptoKey", "key", {
    name: "phi",
    keyRing: `projects/${project}/locations/${location}/keyRings/phi`,
    purpose: "ENCRYPT_DECRYPT",
    rotationPeriod: "31536000s",
  });
  stack.add("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", "key-users", {
    cryptoKeyId: key,
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    members: [
      "serviceAccount:service-2222222222@gcp-sa-healthcare.iam.gserviceaccount.com",
      "serviceAccount:service-2222222222@gs-project-accounts.iam.gserviceaccount.com",
      "serviceAccount:bq-2222222222@bigquery-encryption.iam.gserviceaccount.com",
    ],
  });
  stack.add("gcp:healthcare/dataset:Dataset", "health", {
    name: "health",
    project,
    location,
    encryptionSpec: { kmsKeyName: key },
  });
  stack.add("gcp:healthcare/fhirStore:FhirStore", "fhir", {
    name: "fhir",
    dataset: `projects/${project}/locations/${location}/datasets/health`,
    notificationConfigs: [],
    streamConfigs: [],
  });
  stack.add("gcp:healthcare/fhirStoreIamBinding:FhirStoreIamBinding", "fhir-clients", {
    fhirStoreId: `projects/${project}/locations/${location}/datasets/health/fhirStores/fhir`,
    role: "roles/healthcare.fhirResourceEditor",
    members: [proxy],
  });
  stack.add("gcp:storage/bucket:Bucket", "documents", {
    name: "clinic-documents",
    project,
    location,
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    encryption: { defaultKmsKeyName: key },
    cors: [],
  });
  stack.add("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", "documents-clients", {
    bucket: "clinic-documents",
    policyData: JSON.stringify({
      bindings: [
        { role: "roles/storage.admin", members: [`serviceAccount:${deployer}`] },
        { role: "roles/storage.objectUser", members: [proxy] },
      ],
    }),
  });
  stack.add("gcp:bigquery/dataset:Dataset", "vectors", {
    datasetId: "vectors",
    project,
    location,
    defaultEncryptionConfiguration: { kmsKeyName: key },
    accesses: [
      { role: "OWNER", userByEmail: deployer },
      { role: "READER", userByEmail: proxy.replace("serviceAccount:", "") },
    ],
  });
  stack.add("gcp:bigquery/table:Table", "embeddings", {
    project,
    datasetId: "vectors",
    tableId: "embeddings",
  });
  stack.add("gcp:logging/projectBucketConfig:ProjectBucketConfig", "records", {
    project,
    location,
    bucketId: "records",
    cmekSettings: { kmsKeyName: key },
  });
  stack.add("gcp:logging/projectSink:ProjectSink", "records-routing", {
    name: "_Default",
    project,
    destination: `logging.googleapis.com/projects/${project}/locations/${location}/buckets/records`,
    exclusions: [],
  });
  return stack;
}

describe.each(knowledges)("the stores of a platform of ours, %s", (knowledge) => {
  const facts = (stack: Sketch): ReturnType<typeof storeFactsOf> =>
    storeFactsOf(stack, new Map([[platform, "bulkhead"]]));

  it("let nothing leave", () => {
    const { sideChannels, publicNames, missingSeals, blind } = facts(rendered(knowledge));
    expect({ sideChannels, publicNames, missingSeals, blind }).toEqual({
      sideChannels: [],
      publicNames: [],
      missingSeals: [],
      blind: [],
    });
  });

  it("show what is in order of them", () => {
    const { stores, seals } = facts(rendered(knowledge)).safeguards();
    const labels = (some: typeof stores): readonly string[] =>
      some.flatMap(({ evidence }) => evidence.map(({ label }) => label)).sort();
    expect(labels(stores)).toEqual(
      expect.arrayContaining(["Bucket documents", "Dataset vectors", "FhirStore fhir"]),
    );
    expect(labels(seals)).toEqual([
      "Bucket documents",
      "CryptoKey key",
      "Dataset health",
      "Dataset vectors",
      "ProjectBucketConfig records",
    ]);
  });

  it.each([
    ["documents", { publicAccessPrevention: "inherited" }],
    ["fhir", { notificationConfigs: [{ pubsubTopic: "projects/clinic-processing/topics/told" }] }],
    ["vectors", { accesses: [{ role: "READER", specialGroup: "allAuthenticatedUsers" }] }],
    [
      "documents-clients",
      { policyData: JSON.stringify({ bindings: [{ role: "r", members: ["allUsers"] }] }) },
    ],
    ["fhir-clients", { members: [proxy, "serviceAccount:x@stranger.iam.gserviceaccount.com"] }],
    ["records-routing", { destination: "pubsub.googleapis.com/projects/clinic-processing/topics/told" }],
  ] as const)("are open by one change: %s", (name, change) => {
    const stack = rendered(knowledge).change(name, (inputs) => ({ ...inputs, ...change }));
    const found = facts(stack).sideChannels;
    expect(
      found.map(({ urn, zone, platform: of, assumption }) => [urn.split("::").at(-1), zone, of, assumption]),
    ).toEqual([[name, "phi", "bulkhead", undefined]]);
  });
});
