import type { Sketch } from "../stack-sketch";

import { labelled, phiProject } from "./gcp-base";
import { authority, besideNetworks, gcpEntrance } from "./gcp-entrance";
import { advice, gcp, onNetworks, silentResolver } from "./gcp-network-pieces";
import { bucket, inPerimeter, key, said } from "./gcp-service-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import { advised } from "./stranger-pieces";

const wholly: Inputs = {
  aggregationInterval: "INTERVAL_5_SEC",
  flowSampling: 1,
  metadata: "INCLUDE_ALL_METADATA",
};

function logged(stack: Sketch, logConfig: Inputs | undefined, subnet = "phi-subnet"): Sketch {
  return amend(stack, subnet, { logConfig });
}

const flowLogs: readonly CorpusCase[] = [
  advised(
    "must-1",
    "a subnet of PHI without a log of packets",
    (stack, log: Inputs | undefined) => logged(stack, log),
    undefined,
    wholly,
  ),
  advised(
    "must-1",
    "a subnet of PHI with a log of half of its packets",
    (stack, log: Inputs | undefined) => logged(stack, log),
    { ...wholly, flowSampling: 0.5 },
    wholly,
  ),
  advised(
    "must-1",
    "a subnet of PHI with a log that does not say of how many packets",
    (stack, log: Inputs | undefined) => logged(stack, log),
    { aggregationInterval: "INTERVAL_5_SEC" },
    wholly,
  ),
  onNetworks(
    advised(
      "must-1",
      "a subnet without a log of packets",
      (stack, log: Inputs | undefined) => logged(stack, log),
      undefined,
      wholly,
    ),
  ),
  advised(
    "must-1",
    "a log of packets of another subnet",
    (stack, subnet: string) => logged(stack, wholly, subnet),
    "gateway-subnet",
    "phi-subnet",
  ),
];

const denials: readonly CorpusCase[] = [
  advised(
    "must-2",
    "a denial that tells nobody what it denied",
    (stack, enableLogging: boolean) => amend(stack, "deny-out", { enableLogging }),
    false,
    true,
  ),
  advised(
    "must-2",
    "a denial that does not say that it tells",
    (stack, enableLogging: boolean | undefined) => amend(stack, "deny-out", { enableLogging }),
    undefined,
    true,
  ),
];

function resolver(stack: Sketch, inputs: Inputs): string {
  return stack.add(gcp("dns", "Policy"), "resolver", {
    name: "resolver",
    enableLogging: true,
    enableInboundForwarding: false,
    networks: [{ networkUrl: stack.id("phi-vpc") }],
    ...inputs,
  });
}

const names: readonly CorpusCase[] = [
  onNetworks(
    advice(
      "must-3",
      "names that are asked in a network without a log",
      () => undefined,
      (stack) => resolver(stack, {}),
    ),
  ),
  onNetworks(
    advice(
      "must-3",
      "a log of names that is off",
      (stack) => resolver(stack, { enableLogging: false }),
      (stack) => resolver(stack, {}),
    ),
  ),
  onNetworks(
    advice(
      "must-3",
      "a log of another network's names",
      (stack) => resolver(stack, { networks: [{ networkUrl: stack.id("vpc") }] }),
      (stack) => resolver(stack, {}),
    ),
  ),
  onNetworks(
    advice(
      "must-3",
      "names that nobody guards, and no code to ask for them",
      () => undefined,
      (stack) => silentResolver(stack, stack.id("phi-vpc")),
    ),
  ),
];

function audited(stack: Sketch, logTypes: readonly string[], more: Inputs = {}): string {
  return stack.add(gcp("projects", "IAMAuditConfig"), "audit", {
    project: phiProject,
    service: "allServices",
    auditLogConfigs: logTypes.map((logType) => ({ logType })),
    ...more,
  });
}

const all = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"];

const audits: readonly CorpusCase[] = [
  inPerimeter(
    advice(
      "must-4",
      "reading in the project of PHI that nobody is told of",
      () => undefined,
      (stack) => audited(stack, all),
    ),
  ),
  inPerimeter(
    advice(
      "must-4",
      "writing in the project of PHI alone is told of",
      (stack) => audited(stack, ["DATA_WRITE"]),
      (stack) => audited(stack, all),
    ),
  ),
  inPerimeter(
    advice(
      "must-4",
      "reading in the project of PHI that is told of but for some readers",
      (stack) =>
        audited(stack, all, {
          auditLogConfigs: all.map((logType) => ({
            logType,
            exemptedMembers: ["serviceAccount:processing@hospital-ai.iam.gserviceaccount.com"],
          })),
        }),
      (stack) => audited(stack, all),
    ),
  ),
  inPerimeter(
    advice(
      "must-4",
      "reading in another project is told of",
      (stack) => audited(stack, all, { project: "hospital-ai" }),
      (stack) => audited(stack, all),
    ),
  ),
];

function kept(stack: Sketch, more: Inputs): string {
  return stack.add(
    gcp("logging", "ProjectBucketConfig"),
    "kept",
    said({
      project: phiProject,
      location: "us-central1",
      bucketId: "audit",
      retentionDays: 2192,
      locked: true,
      cmekSettings: {
        kmsKeyName: "projects/hospital-phi/locations/us-central1/keyRings/keys/cryptoKeys/logs",
      },
      ...more,
    }),
  );
}

const retention: readonly CorpusCase[] = [
  ...(
    [
      ["for a month", { retentionDays: 30 }],
      ["for nobody says how long", { retentionDays: undefined }],
      ["as long as nobody takes that back", { locked: false }],
      ["under a key of Google's", { cmekSettings: undefined }],
    ] as const
  ).map(([name, bad]) =>
    inPerimeter(
      advised(
        "must-5",
        `logs of PHI that are kept ${name}`,
        (stack, more: Inputs) => kept(stack, more),
        bad as Inputs,
        {},
      ),
    ),
  ),
];

const keys: readonly CorpusCase[] = [
  inPerimeter(
    advised(
      "must-6",
      "a key of PHI that never turns",
      (stack, more: Inputs) => key(stack, "phi", more),
      { rotationPeriod: undefined },
      { rotationPeriod: "7776000s" },
    ),
  ),
];

const ownKey = "projects/hospital-phi/locations/us-central1/keyRings/keys/cryptoKeys/stores";

const encryption: readonly CorpusCase[] = [
  inPerimeter(
    advised(
      "must-7",
      "a bucket of PHI with a key of Google's",
      (stack, encryptionOf: Inputs | undefined) => bucket(stack, "phi", { encryption: encryptionOf }),
      undefined,
      { defaultKmsKeyName: ownKey },
    ),
  ),
  inPerimeter(
    advised(
      "must-7",
      "records of PHI with a key of Google's",
      (stack, encryptionSpec: Inputs | undefined) =>
        stack.add(
          gcp("healthcare", "Dataset"),
          "records",
          said({ name: "records", location: "us-central1", project: phiProject, encryptionSpec }),
        ),
      undefined,
      { kmsKeyName: ownKey },
    ),
  ),
  inPerimeter(
    advised(
      "must-7",
      "tables of PHI with a key of Google's",
      (stack, defaultEncryptionConfiguration: Inputs | undefined) =>
        stack.add(
          gcp("bigquery", "Dataset"),
          "tables",
          said({
            datasetId: "tables",
            location: "us-central1",
            project: phiProject,
            defaultEncryptionConfiguration,
            ...labelled("phi"),
          }),
        ),
      undefined,
      { kmsKeyName: ownKey },
    ),
  ),
];

const listeners: readonly CorpusCase[] = [
  advice(
    "must-8",
    "an authority of clients that no entrance trusts",
    (stack) =>
      gcpEntrance(stack).add(gcp("certificatemanager", "TrustConfig"), "idle", {
        name: "idle",
        location: "global",
        trustStores: [{ trustAnchors: [{ pemCertificate: authority }] }],
      }),
    gcpEntrance,
  ),
  {
    id: "must-8",
    name: "an entrance whose policy of clients is not in force on its proxy",
    expected: "refused",
    bad: (stack) => amend(gcpEntrance(stack), "proxy", { serverTlsPolicy: undefined }),
    good: gcpEntrance,
  },
  advice(
    "must-8",
    "requests at the entrance that nobody records",
    (stack) => amend(gcpEntrance(stack), "behind", { logConfig: undefined }),
    gcpEntrance,
  ),
];

/** What must exist on Google Cloud. What is missing and opens no layer is advice. */
export const gcpMustExist: readonly CorpusCase[] = [
  ...flowLogs,
  ...denials,
  ...names,
  ...audits,
  ...retention,
  ...keys,
  ...encryption,
  ...listeners.map(besideNetworks),
];
