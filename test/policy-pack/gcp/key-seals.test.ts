import { describe, expect, it } from "vitest";

import { inZone } from "../corpus/corpus-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { storeFactsOf } from "./store-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const key = "projects/hospital-phi/locations/us-central1/keyRings/phi/cryptoKeys/phi";
const one = "us-central1";

/** What a store says that has a key of the customer's and is in one region; where its key is said. */
const stores: readonly (readonly [type: string, keyed: Inputs, path: readonly string[]])[] = [
  ["healthcare/dataset:Dataset", { location: one, encryptionSpec: { kmsKeyName: key } }, ["encryptionSpec"]],
  [
    "storage/bucket:Bucket",
    { location: "US-CENTRAL1", encryption: { defaultKmsKeyName: key } },
    ["encryption", "defaultKmsKeyName"],
  ],
  [
    "bigquery/dataset:Dataset",
    { datasetId: "d", location: one, defaultEncryptionConfiguration: { kmsKeyName: key } },
    ["defaultEncryptionConfiguration"],
  ],
  [
    "pubsub/topic:Topic",
    { kmsKeyName: key, messageStoragePolicy: { allowedPersistenceRegions: [one] } },
    ["kmsKeyName"],
  ],
  ["sql/databaseInstance:DatabaseInstance", { encryptionKeyName: key }, ["encryptionKeyName"]],
  ["alloydb/cluster:Cluster", { encryptionConfig: { kmsKeyName: key } }, ["encryptionConfig", "kmsKeyName"]],
  [
    "spanner/database:Database",
    { instance: "i", encryptionConfig: { kmsKeyName: key } },
    ["encryptionConfig"],
  ],
  [
    "spanner/database:Database",
    { instance: "i", encryptionConfig: { kmsKeyNames: [key] } },
    ["encryptionConfig"],
  ],
  ["firestore/database:Database", { cmekConfig: { kmsKeyName: key } }, ["cmekConfig"]],
  ["redis/cluster:Cluster", { kmsKey: key }, ["kmsKey"]],
  ["redis/instance:Instance", { customerManagedKey: key }, ["customerManagedKey"]],
  ["vertex/aiIndex:AiIndex", { encryptionSpec: { kmsKeyName: key } }, ["encryptionSpec"]],
  ["compute/disk:Disk", { diskEncryptionKey: { kmsKeySelfLink: key } }, ["diskEncryptionKey"]],
  [
    "secretmanager/secret:Secret",
    {
      replication: {
        userManaged: { replicas: [{ location: one, customerManagedEncryption: { kmsKeyName: key } }] },
      },
    },
    ["replication", "userManaged", "replicas"],
  ],
  [
    "logging/projectBucketConfig:ProjectBucketConfig",
    { cmekSettings: { kmsKeyName: key } },
    ["cmekSettings"],
  ],
  ["artifactregistry/repository:Repository", { kmsKeyName: key }, ["kmsKeyName"]],
];

function having(inputs: Inputs, [first = "", ...rest]: readonly string[], value: unknown): Inputs {
  const within = rest.length === 0 ? value : having((inputs[first] ?? {}) as Inputs, rest, value);
  return Object.fromEntries(
    Object.entries({ ...inputs, [first]: within }).filter(([, each]) => each !== undefined),
  );
}

function seals(
  knowledge: Knowledge,
  type: string,
  inputs: Inputs,
  zone: "phi" | "processing" | "none" = "phi",
  isOurs = false,
): readonly string[] {
  const stack = new Sketch(knowledge);
  stack.add(`gcp:${type}`, "it", { ...inputs, ...(zone === "none" ? {} : { labels: inZone(zone) }) });
  const facts = storeFactsOf(stack, isOurs ? new Map([["urn:platform", "platform"]]) : new Map());
  return facts.missingSeals.map(
    ({ what, assumption }) => `${assumption === undefined ? "" : "perhaps: "}${what}`,
  );
}

const unkeyed = "No key of the customer's encrypts what is in it.";
const wide = "Google Cloud keeps what is in it in several regions, and chooses which.";
const lasting = "Nothing makes it anew within a year, so that what it encrypts hangs on one key for ever.";

describe.each(knowledges)("a store of the PHI zone, %s", (knowledge) => {
  it.each(stores)("is encrypted by a key of the customer's: %s", (type, keyed, path) => {
    expect(seals(knowledge, type, keyed)).toEqual([]);
    expect(seals(knowledge, type, keyed, "processing", true)).toEqual([]);
    const bare =
      type === "secretmanager/secret:Secret"
        ? having(keyed, path, [{ location: one }])
        : having(keyed, path, undefined);
    expect(seals(knowledge, type, bare)).toEqual([unkeyed]);
    expect(seals(knowledge, type, bare, "processing", true)).toEqual([unkeyed]);
    expect(seals(knowledge, type, bare, "processing")).toEqual([]);
    expect(seals(knowledge, type, bare, "none")).toEqual([]);
  });

  it("has a key for each of its clusters", () => {
    const clusters = (...keys: readonly (string | undefined)[]): readonly string[] =>
      seals(knowledge, "bigtable/instance:Instance", {
        clusters: keys.map((kmsKeyName, index) => ({
          clusterId: `c${String(index)}`,
          zone: "us-central1-a",
          ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
        })),
      });
    expect(clusters(key, key)).toEqual([]);
    expect(clusters(key, undefined)).toEqual([unkeyed]);
  });

  it("is in one region", () => {
    const bucket = (location: unknown): readonly string[] =>
      seals(knowledge, "storage/bucket:Bucket", { location, encryption: { defaultKmsKeyName: key } });
    expect(bucket("us-central1")).toEqual([]);
    expect(bucket("US")).toEqual([wide]);
    expect(bucket("NAM4")).toEqual([wide]);
    expect(bucket(undefined)).toEqual([wide]);
    expect(bucket(unknownText)).toEqual([`perhaps: ${wide}`]);
    expect(
      seals(knowledge, "secretmanager/secret:Secret", {
        replication: { auto: { customerManagedEncryption: { kmsKeyName: key } } },
      }),
    ).toEqual([wide]);
  });

  it("hangs on a key that is made anew, and that Google Cloud made", () => {
    const crypto = (inputs: Inputs): readonly string[] => seals(knowledge, "kms/cryptoKey:CryptoKey", inputs);
    expect(crypto({ rotationPeriod: "7776000s" })).toEqual([]);
    expect(crypto({})).toEqual([lasting]);
    expect(crypto({ rotationPeriod: "31536000s" })).toEqual([]);
    expect(crypto({ rotationPeriod: "63072000s" })).toEqual([lasting]);
    expect(crypto({ rotationPeriod: unknownText })).toEqual([lasting]);
    expect(crypto({ purpose: "ASYMMETRIC_SIGN" })).toEqual([]);
    expect(crypto({ rotationPeriod: "7776000s", importOnly: true })).toEqual([
      "Its versions are brought from elsewhere, where somebody may have kept them.",
    ]);
    expect(seals(knowledge, "kms/keyRingImportJob:KeyRingImportJob", { keyRing: "r" })).toEqual([
      "A key is brought into its ring from elsewhere, where somebody may have kept it.",
    ]);
  });
});

describe("what is shown of a PHI zone in order", () => {
  it("is each store and each key", () => {
    const stack = new Sketch("deployed");
    const labels = inZone("phi");
    stack.add("gcp:kms/cryptoKey:CryptoKey", "key", { rotationPeriod: "7776000s", labels });
    stack.add("gcp:storage/bucket:Bucket", "bucket", {
      location: one,
      publicAccessPrevention: "enforced",
      uniformBucketLevelAccess: true,
      encryption: { defaultKmsKeyName: key },
      labels,
    });
    stack.add("gcp:sql/databaseInstance:DatabaseInstance", "db", {
      settings: { ipConfiguration: { ipv4Enabled: false } },
      labels,
    });
    const named = (
      safeguards: readonly { readonly evidence: readonly { readonly urn: string }[] }[],
    ): unknown =>
      safeguards.flatMap(({ evidence }) => evidence.map(({ urn }) => urn.split("::").at(-1))).sort();
    const { seals: sealed, stores: closed, privateStores } = storeFactsOf(stack).safeguards();
    expect(named(sealed)).toEqual(["bucket", "key"]);
    expect(named(closed)).toEqual(["bucket"]);
    expect(named(privateStores)).toEqual(["db"]);
    stack.change("bucket", (inputs) => ({ ...inputs, website: { mainPageSuffix: "index.html" } }));
    expect(named(storeFactsOf(stack).safeguards().stores)).toEqual([]);
  });

  it("is no code of the customer's in the PHI zone of a platform of ours", () => {
    const stack = new Sketch("deployed");
    stack.add("gcp:cloudrunv2/service:Service", "code", { labels: inZone("phi") });
    stack.add("gcp:cloudrunv2/service:Service", "work", { labels: inZone("processing") });
    const blind = (platforms: ReadonlyMap<string, string>): readonly string[] =>
      storeFactsOf(stack, platforms).blind.map(({ label }) => label);
    expect(blind(new Map([["urn:platform", "platform"]]))).toEqual(["Service code"]);
    expect(blind(new Map())).toEqual([]);
  });
});
