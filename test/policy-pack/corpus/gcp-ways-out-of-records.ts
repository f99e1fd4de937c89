import { unknownText, type Sketch } from "../stack-sketch";

import { labelled } from "./gcp-base";
import { gcp } from "./gcp-network-pieces";
import {
  either,
  fhir,
  foreignMember,
  foreignTopic,
  phiOnly,
  projectOf,
  records,
  strangers,
  tables,
  topic,
  wrongly,
} from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import type { Kind } from "./stranger-pieces";

const told = (pubsubTopic: string, more: Inputs = {}): Inputs => ({
  notificationConfigs: [{ pubsubTopic, sendFullResource: false, ...more }],
});

const streamed = (datasetUri: string): Inputs => ({
  streamConfigs: [
    {
      resourceTypes: ["Observation"],
      bigqueryDestination: {
        datasetUri,
        schemaConfig: { schemaType: "ANALYTICS_V2", recursiveStructureDepth: 3 },
      },
    },
  ],
});

/** The address of a data set, as a store of records writes it. */
function datasetUri(kind: Kind): string {
  return `bq://${projectOf(kind)}.${kind}_tables`;
}

const stores: readonly CorpusCase[] = [
  wrongly("GE-20", "a store of PHI that tells somebody else what changed", fhir, told(foreignTopic)),
  either(
    "GE-20",
    "a store of PHI that tells a topic what changed, of nobody or of PHI",
    (stack, kind: Kind) => fhir(stack, "phi", told(topic(stack, kind))),
    "plain",
    "phi",
  ),
  either(
    "GE-20",
    "a store of PHI that tells what it holds, or only that it changed",
    (stack, sendFullResource: boolean) => fhir(stack, "phi", told(topic(stack, "phi"), { sendFullResource })),
    true,
    false,
  ),
  either(
    "GE-20",
    "a store of PHI that tells what was deleted",
    (stack, more: Inputs) => fhir(stack, "phi", told(topic(stack, "phi"), more)),
    { sendFullResource: true, sendPreviousResourceOnDelete: true },
    { sendFullResource: undefined },
  ),
  wrongly("GE-20", "a store of PHI that tells nobody knows whom", fhir, told(unknownText)),
  wrongly("GE-20", "a store of PHI of which nobody knows whom it tells", fhir, {
    notificationConfigs: unknownText,
  }),
  wrongly("GE-20", "a store of PHI that tells somebody else, in the old words", fhir, {
    notificationConfig: { pubsubTopic: foreignTopic },
  }),
  wrongly(
    "GE-20",
    "a store of PHI that writes all to somebody else's tables",
    fhir,
    streamed("bq://somebody-else.records"),
  ),
  either(
    "GE-20",
    "a store of PHI that writes all to tables, of nobody or of PHI",
    (stack, kind: Kind) => {
      tables(stack, kind);
      fhir(stack, "phi", streamed(datasetUri(kind)));
    },
    "plain",
    "phi",
  ),
  wrongly("GE-20", "a store of PHI that writes all nobody knows where", fhir, { streamConfigs: unknownText }),
  phiOnly("GE-20", "a store that tells somebody else what it holds", (stack, kind) =>
    fhir(stack, kind, told(foreignTopic, { sendFullResource: true })),
  ),
];

function images(stack: Sketch, kind: Kind, more: Inputs): string {
  return stack.add(gcp("healthcare", "DicomStore"), "images", {
    name: "images",
    dataset: records(stack, kind),
    ...(kind === "phi" ? labelled("phi") : {}),
    ...more,
  });
}

function messages(stack: Sketch, kind: Kind, more: Inputs): string {
  return stack.add(gcp("healthcare", "Hl7Store"), "messages", {
    name: "messages",
    dataset: records(stack, kind),
    ...(kind === "phi" ? labelled("phi") : {}),
    ...more,
  });
}

const otherStores: readonly CorpusCase[] = [
  wrongly(
    "GE-20",
    "images of PHI that are told of to somebody else",
    (stack, kind, more = {}) => images(stack, kind, more),
    {
      notificationConfig: { pubsubTopic: foreignTopic },
    },
  ),
  wrongly(
    "GE-20",
    "images of PHI that are written to somebody else's tables",
    (stack, kind, more = {}) => images(stack, kind, more),
    {
      streamConfigs: [{ bigqueryDestination: { tableUri: "bq://somebody-else.records.images" } }],
    },
  ),
  phiOnly("GE-20", "images that are told of to somebody else", (stack, kind) =>
    images(stack, kind, { notificationConfig: { pubsubTopic: foreignTopic } }),
  ),
  wrongly(
    "GE-20",
    "messages of PHI that are told of to somebody else",
    (stack, kind, more = {}) => messages(stack, kind, more),
    {
      notificationConfigs: [{ pubsubTopic: foreignTopic }],
    },
  ),
  either(
    "GE-20",
    "messages of PHI that are told of to a topic, of nobody or of PHI",
    (stack, kind: Kind) =>
      messages(stack, "phi", { notificationConfigs: [{ pubsubTopic: topic(stack, kind) }] }),
    "plain",
    "phi",
  ),
  phiOnly("GE-20", "a pipeline that maps records into somebody else's store", (stack, kind) =>
    stack.add(gcp("healthcare", "PipelineJob"), "pipeline", {
      name: "pipeline",
      location: "us-central1",
      dataset: records(stack, kind),
      mappingPipelineJob: {
        fhirStreamingSource: { fhirStore: fhir(stack, kind) },
        fhirStoreDestination: "projects/somebody-else/locations/us-central1/datasets/records/fhirStores/fhir",
        mappingConfig: {
          whistleConfigSource: { uri: "gs://code/main.wstl", importUriPrefix: "gs://code" },
        },
      },
      ...(kind === "phi" ? labelled("phi") : {}),
    }),
  ),
];

/** Whom a store lets read. */
const readers: readonly CorpusCase[] = [
  ...strangers.flatMap((member) => [
    phiOnly("GE-20", `a store that lets ${member} read`, (stack, kind) =>
      stack.add(gcp("healthcare", "FhirStoreIamMember"), "reader", {
        fhirStoreId: fhir(stack, kind),
        role: "roles/healthcare.fhirResourceReader",
        member,
      }),
    ),
    either(
      "GE-20",
      `a store of PHI that lets ${member} read, or processing`,
      (stack, who: string) =>
        stack.add(gcp("healthcare", "FhirStoreIamMember"), "reader", {
          fhirStoreId: fhir(stack, "phi"),
          role: "roles/healthcare.fhirResourceReader",
          member: who,
        }),
      member,
      "serviceAccount:processing@hospital-ai.iam.gserviceaccount.com",
    ),
  ]),
  phiOnly("GE-20", "a store that lets a list of callers read, of which one is a stranger", (stack, kind) =>
    stack.add(gcp("healthcare", "FhirStoreIamBinding"), "readers", {
      fhirStoreId: fhir(stack, kind),
      role: "roles/healthcare.fhirResourceReader",
      members: ["serviceAccount:processing@hospital-ai.iam.gserviceaccount.com", foreignMember],
    }),
  ),
  phiOnly("GE-20", "a data set of records that lets a stranger read", (stack, kind) =>
    stack.add(gcp("healthcare", "DatasetIamMember"), "reader", {
      datasetId: records(stack, kind),
      role: "roles/healthcare.datasetViewer",
      member: foreignMember,
    }),
  ),
  phiOnly("GE-20", "a store that lets nobody knows whom read", (stack, kind) =>
    stack.add(gcp("healthcare", "FhirStoreIamMember"), "reader", {
      fhirStoreId: fhir(stack, kind),
      role: "roles/healthcare.fhirResourceReader",
      member: unknownText,
    }),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to stores of health records: row GE-20. */
export const gcpWaysOutOfRecords: readonly CorpusCase[] = [...stores, ...otherStores, ...readers];
