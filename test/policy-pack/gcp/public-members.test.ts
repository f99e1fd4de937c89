import { describe, expect, it } from "vitest";

import { inZone } from "../corpus/corpus-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import { storeFactsOf } from "./store-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const phi = { labels: inZone("phi") };
const dataset = "projects/hospital-ai/locations/us-central1/datasets/health";

const bucket: Inputs = {
  name: "documents",
  location: "us-central1",
  publicAccessPrevention: "enforced",
  uniformBucketLevelAccess: true,
};

function letIn(knowledge: Knowledge, build: (stack: Sketch) => unknown): readonly string[] {
  const stack = new Sketch(knowledge);
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::clinic:index:Projects::projects",
    type: "clinic:index:Projects",
    name: "projects",
    inputs: {},
    outputs: {
      zoneProjects: {
        processing: { id: "hospital-ai", number: "1111111111" },
        phi: { id: "hospital-phi", number: "2222222222" },
      },
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  build(stack);
  return briefly(storeFactsOf(stack).sideChannels);
}

/** Members, and how they stand to the projects `hospital-ai` and `hospital-phi`. */
const members: readonly (readonly [member: string, found: "open" | "perhaps" | "own"])[] = [
  ["allUsers", "open"],
  ["allusers", "open"],
  ["allAuthenticatedUsers", "open"],
  ["domain:elsewhere.example.com", "open"],
  ["principalSet://goog/public:all", "open"],
  ["principalSet://goog/cloudIdentityCustomerId/C01", "open"],
  ["user:somebody@gmail.com", "open"],
  ["user:somebody@elsewhere.example.com", "perhaps"],
  ["group:partners@elsewhere.example.com", "perhaps"],
  ["group:nurses@hospital.example.com", "own"],
  ["serviceAccount:reader@hospital-ai.iam.gserviceaccount.com", "own"],
  ["serviceAccount:reader@hospital-phi.iam.gserviceaccount.com", "own"],
  ["serviceAccount:reader@stranger.iam.gserviceaccount.com", "open"],
  ["serviceAccount:reader@cloud-stranger.iam.gserviceaccount.com", "open"],
  ["serviceAccount:reader@gcp-sa-stranger.iam.gserviceaccount.com", "open"],
  ["serviceAccount:service-2222222222@gcp-sa-healthcare.iam.gserviceaccount.com", "own"],
  ["serviceAccount:bq-1111111111@bigquery-encryption.iam.gserviceaccount.com", "own"],
  ["serviceAccount:service-9999999999@gcp-sa-pubsub.iam.gserviceaccount.com", "open"],
  ["serviceAccount:1111111111-compute@developer.gserviceaccount.com", "own"],
  ["serviceAccount:9999999999-compute@developer.gserviceaccount.com", "open"],
  ["serviceAccount:hospital-ai@appspot.gserviceaccount.com", "own"],
  ["serviceAccount:stranger@appspot.gserviceaccount.com", "open"],
  ["projectViewer:hospital-phi", "own"],
  ["projectViewer:stranger", "open"],
  [
    "principal://iam.googleapis.com/projects/1111111111/locations/global/workloadIdentityPools/p/subject/s",
    "own",
  ],
  [
    "principalSet://iam.googleapis.com/projects/9999999999/locations/global/workloadIdentityPools/p/*",
    "open",
  ],
  [
    "principalSet://iam.googleapis.com/projects/1111111111/locations/global/workloadIdentityPools/p/*",
    "open",
  ],
  ["principalSet://iam.googleapis.com/locations/global/workforcePools/p/*", "open"],
  ["principalSet://iam.googleapis.com/locations/global/workforcePools/p/group/nurses", "own"],
  ["deleted:serviceAccount:reader@stranger.iam.gserviceaccount.com?uid=1", "own"],
];

const of = (found: "open" | "perhaps" | "own", name: string): readonly string[] =>
  found === "own" ? [] : [`${found} ${name}`];

describe.each(knowledges)("who is let in at a store of the PHI zone, %s", (knowledge) => {
  const house = (stack: Sketch): void => {
    stack.add("gcp:essentialcontacts/contact:Contact", "house", { email: "privacy@hospital.example.com" });
  };

  it.each(members)("is of the stack's own projects: %s", (member, found) => {
    const inputs: readonly (readonly [type: string, inputs: Inputs])[] = [
      ["gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember", { member }],
      [
        "gcp:healthcare/fhirStoreIamBinding:FhirStoreIamBinding",
        { members: ["projectOwner:hospital-phi", member] },
      ],
      [
        "gcp:healthcare/fhirStoreIamPolicy:FhirStoreIamPolicy",
        { policyData: JSON.stringify({ bindings: [{ role: "roles/viewer", members: [member] }] }) },
      ],
    ];
    for (const [type, more] of inputs) {
      const grant = (store: Inputs): readonly string[] =>
        letIn(knowledge, (s) => {
          house(s);
          s.add("gcp:healthcare/fhirStore:FhirStore", "fhir", { dataset, name: "fhir", ...store });
          s.add(type, "grant", {
            fhirStoreId: `${dataset}/fhirStores/fhir`,
            role: "roles/healthcare.fhirResourceReader",
            ...more,
          });
        });
      expect(grant(phi)).toEqual(of(found, "grant"));
      expect(grant({})).toEqual([]);
    }
  });

  it("is who is made from what the stack makes", () => {
    const grant = (member: (s: Sketch) => string): readonly string[] =>
      letIn(knowledge, (s) => {
        s.add("gcp:storage/bucket:Bucket", "documents", { ...bucket, ...phi });
        s.add("gcp:storage/bucketIAMMember:BucketIAMMember", "grant", {
          bucket: "documents",
          role: "roles/storage.objectViewer",
          member: member(s),
        });
      });
    expect(
      grant(
        (s) =>
          `serviceAccount:${s.add("gcp:serviceaccount/account:Account", "rag", { accountId: "rag" })}.email`,
      ),
    ).toEqual([]);
    expect(grant(() => unknownText)).toEqual(["perhaps grant"]);
    expect(grant(() => "allUsers")).toEqual(["open grant"]);
  });

  const grants: readonly (readonly [type: string, target: Inputs])[] = [
    ["gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "documents" }],
    ["gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "projects/_/buckets/documents" }],
    [
      "gcp:storage/managedFolderIamMember:ManagedFolderIamMember",
      { bucket: "documents", managedFolder: "f" },
    ],
    ["gcp:bigquery/datasetIamMember:DatasetIamMember", { datasetId: "records" }],
    ["gcp:bigquery/iamMember:IamMember", { datasetId: "records", tableId: "visits" }],
    ["gcp:pubsub/topicIAMMember:TopicIAMMember", { topic: "told" }],
    ["gcp:pubsub/topicIAMMember:TopicIAMMember", { topic: "projects/hospital-ai/topics/told" }],
    ["gcp:secretmanager/secretIamMember:SecretIamMember", { secretId: "secret" }],
    [
      "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
      { cryptoKeyId: "projects/hospital-phi/locations/us-central1/keyRings/phi/cryptoKeys/phi" },
    ],
    ["gcp:kms/keyRingIAMMember:KeyRingIAMMember", { keyRingId: "hospital-phi/us-central1/phi" }],
    ["gcp:healthcare/datasetIamMember:DatasetIamMember", { datasetId: "hospital-ai/us-central1/health" }],
    [
      "gcp:healthcare/hl7StoreIamMember:Hl7StoreIamMember",
      { hl7V2StoreId: "projects/hospital-phi/locations/us-central1/datasets/d/hl7V2Stores/s" },
    ],
    ["gcp:projects/iAMMember:IAMMember", { project: "hospital-phi" }],
    ["gcp:folder/iAMMember:IAMMember", { folder: "folders/1" }],
    ["gcp:organizations/iAMMember:IAMMember", { orgId: "1" }],
    [
      "gcp:vertex/aiEndpointIamMember:AiEndpointIamMember",
      { endpoint: "projects/hospital-phi/locations/us-central1/endpoints/1" },
    ],
    [
      "gcp:serviceaccount/iAMMember:IAMMember",
      { serviceAccountId: "projects/hospital-phi/serviceAccounts/a@hospital-phi.iam.gserviceaccount.com" },
    ],
  ];

  it.each(grants)("is so on whatever is granted: %s", (type, target) => {
    const grant = (member: string): readonly string[] =>
      letIn(knowledge, (s) => {
        s.add("gcp:storage/bucket:Bucket", "documents", { ...bucket, ...phi });
        s.add("gcp:bigquery/dataset:Dataset", "records", { datasetId: "records", ...phi });
        s.add("gcp:pubsub/topic:Topic", "told", { name: "told", ...phi });
        s.add("gcp:secretmanager/secret:Secret", "secret", { secretId: "secret", ...phi });
        s.add("gcp:healthcare/dataset:Dataset", "health", {
          name: "health",
          location: "us-central1",
          ...phi,
        });
        s.add(type, "grant", { ...target, role: "roles/viewer", member });
      });
    expect(grant("serviceAccount:reader@stranger.iam.gserviceaccount.com")).toEqual(["open grant"]);
    expect(grant("serviceAccount:reader@hospital-ai.iam.gserviceaccount.com")).toEqual([]);
  });

  it("is so on nothing outside of the zone", () => {
    expect(
      letIn(knowledge, (s) => {
        s.add("gcp:storage/bucket:Bucket", "documents", { ...bucket, ...phi });
        s.add("gcp:storage/bucketIAMMember:BucketIAMMember", "grant", {
          bucket: "another",
          role: "r",
          member: "allUsers",
        });
      }),
    ).toEqual([]);
  });

  it("is read of people of the house for single stores, and not for a whole project", () => {
    const grant = (member: string): readonly string[] =>
      letIn(knowledge, (s) =>
        s.add("gcp:projects/iAMMember:IAMMember", "grant", {
          project: "hospital-phi",
          role: "roles/viewer",
          member,
        }),
      );
    expect(grant("group:nurses@hospital.example.com")).toEqual([]);
    expect(grant("user:somebody@gmail.com")).toEqual(["open grant"]);
  });

  it("is read of lists of a store's own", () => {
    const listed = (type: string, inputs: Inputs): readonly string[] =>
      letIn(knowledge, (s) => {
        s.add("gcp:storage/bucket:Bucket", "documents", { ...bucket, ...phi });
        s.add("gcp:bigquery/dataset:Dataset", "records", { datasetId: "records", ...phi });
        s.add(type, "list", inputs);
      });
    for (const type of ["bucketACL:BucketACL", "objectACL:ObjectACL", "defaultObjectACL:DefaultObjectACL"]) {
      const list = (entity: string): readonly string[] =>
        listed(`gcp:storage/${type}`, {
          bucket: "documents",
          object: "o",
          roleEntities: ["OWNER:project-owners-2222222222", entity],
        });
      expect(list("READER:allUsers")).toEqual(["open list"]);
      expect(list("READER:user-reader@stranger.iam.gserviceaccount.com")).toEqual(["open list"]);
      expect(list("READER:domain-elsewhere.example.com")).toEqual(["open list"]);
      expect(list("READER:user-reader@hospital-ai.iam.gserviceaccount.com")).toEqual([]);
      expect(list("READER:project-viewers-9999999999")).toEqual(["open list"]);
    }
    for (const type of [
      "bucketAccessControl:BucketAccessControl",
      "objectAccessControl:ObjectAccessControl",
      "defaultObjectAccessControl:DefaultObjectAccessControl",
    ]) {
      const list = (entity: string): readonly string[] =>
        listed(`gcp:storage/${type}`, { bucket: "documents", object: "o", role: "READER", entity });
      expect(list("allAuthenticatedUsers")).toEqual(["open list"]);
      expect(list(unknownText)).toEqual(["perhaps list"]);
      expect(list("user-reader@hospital-ai.iam.gserviceaccount.com")).toEqual([]);
    }
    const acl = (inputs: Inputs): readonly string[] =>
      listed("gcp:storage/bucketACL:BucketACL", { bucket: "documents", ...inputs });
    expect(acl({ predefinedAcl: "publicRead" })).toEqual(["open list"]);
    expect(acl({ defaultAcl: "authenticatedRead" })).toEqual(["open list"]);
    expect(acl({ predefinedAcl: "projectPrivate" })).toEqual([]);
    const access = "gcp:bigquery/datasetAccess:DatasetAccess";
    expect(
      listed(access, { datasetId: "records", role: "READER", specialGroup: "allAuthenticatedUsers" }),
    ).toEqual(["open list"]);
    expect(listed(access, { datasetId: "records", role: "READER", specialGroup: "projectReaders" })).toEqual(
      [],
    );
    expect(listed(access, { datasetId: "records", role: "READER", iamMember: "allUsers" })).toEqual([
      "open list",
    ]);
    expect(listed(access, { datasetId: "records", role: "READER", domain: "elsewhere.example.com" })).toEqual(
      ["open list"],
    );
    expect(
      listed(access, {
        datasetId: "records",
        role: "READER",
        userByEmail: "reader@hospital-ai.iam.gserviceaccount.com",
      }),
    ).toEqual([]);
    expect(
      listed(access, {
        datasetId: "records",
        role: "READER",
        userByEmail: "reader@stranger.iam.gserviceaccount.com",
      }),
    ).toEqual(["open list"]);
    const rows = "gcp:bigquery/rowAccessPolicy:RowAccessPolicy";
    expect(
      listed(rows, {
        datasetId: "records",
        tableId: "t",
        policyId: "p",
        grantees: ["allAuthenticatedUsers"],
      }),
    ).toEqual(["open list"]);
    expect(
      listed(rows, {
        datasetId: "records",
        tableId: "t",
        policyId: "p",
        grantees: ["serviceAccount:a@hospital-ai.iam.gserviceaccount.com"],
      }),
    ).toEqual([]);
    const inline = (accesses: unknown): readonly string[] =>
      letIn(knowledge, (s) =>
        s.add("gcp:bigquery/dataset:Dataset", "records", {
          datasetId: "records",
          location: "us-central1",
          accesses,
          ...phi,
        }),
      );
    expect(inline([{ role: "OWNER", specialGroup: "projectOwners" }])).toEqual([]);
    expect(
      inline([
        { role: "OWNER", specialGroup: "projectOwners" },
        { role: "READER", specialGroup: "allAuthenticatedUsers" },
      ]),
    ).toEqual(["open records"]);
    expect(inline(unknownText)).toEqual(["perhaps records"]);
  });
});
