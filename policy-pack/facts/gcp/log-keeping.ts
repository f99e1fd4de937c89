import { minimumRetentionDays } from "../../../model/audit-policy";

import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { readAt } from "../property-path";

/** What keeps the records of a project, of a folder or of the organisation. */
export const logBucketTypes: readonly ResourceType[] = [
  "gcp:logging:projectbucketconfig",
  "gcp:logging:folderbucketconfig",
  "gcp:logging:organizationbucketconfig",
  "gcp:logging:billingaccountbucketconfig",
];

/** What sends records on. */
export const sinkTypes: readonly ResourceType[] = [
  "gcp:logging:projectsink",
  "gcp:logging:foldersink",
  "gcp:logging:organizationsink",
  "gcp:logging:billingaccountsink",
];

/** What drops records before anything keeps them. */
export const exclusionTypes: readonly ResourceType[] = [
  "gcp:logging:projectexclusion",
  "gcp:logging:folderexclusion",
  "gcp:logging:organizationexclusion",
  "gcp:logging:billingaccountexclusion",
];

const storageType: ResourceType = "gcp:storage:bucket";
const destinationTypes: readonly ResourceType[] = [
  ...logBucketTypes,
  storageType,
  "gcp:bigquery:dataset",
  "gcp:pubsub:topic",
];

const days = String(minimumRetentionDays);

/** Google keeps records for a month where nobody says how long (Cloud Logging, "Quotas and limits"). */
const defaultDays = 30;

function isTrue(read: Reading<unknown>): boolean {
  const flag = flagOf(read);
  return flag.kind === "known" && flag.value;
}

/** What keeps records in a bucket of Cloud Logging from being kept. */
function logBucketProblems(graph: StackGraph, bucket: Node): readonly string[] {
  const said = integerOf(graph.read(bucket, "retentionDays"));
  const kept =
    said.kind === "absent" || (said.kind === "known" && said.value === 0) ? defaultDays : undefined;
  const known = kept ?? (said.kind === "known" ? said.value : undefined);
  return [
    ...(known !== undefined && known >= minimumRetentionDays
      ? []
      : [
          known === undefined
            ? "for how long its records are kept is not known"
            : `its records are kept for ${String(known)} days, and HIPAA's six years are ${days}`,
        ]),
    ...(isTrue(graph.read(bucket, "locked"))
      ? []
      : ["nothing keeps its records from being deleted before their time (locked)"]),
    ...(readAt(graph, bucket, "cmekSettings").kind === "absent"
      ? ["no key of the customer's encrypts it"]
      : []),
  ];
}

/** What keeps records in a bucket of Cloud Storage from being kept. */
function storageProblems(graph: StackGraph, bucket: Node): readonly string[] {
  const period = integerOf(readAt(graph, bucket, "retentionPolicy.retentionPeriod"));
  const isLong = period.kind === "known" && period.value >= minimumRetentionDays * 86_400;
  return [
    ...(isLong && isTrue(readAt(graph, bucket, "retentionPolicy.isLocked"))
      ? []
      : ["nothing keeps its records from being deleted before their time (retentionPolicy)"]),
    ...(readAt(graph, bucket, "encryption.defaultKmsKeyName").kind === "absent"
      ? ["no key of the customer's encrypts it"]
      : []),
  ];
}

/** What keeps records in a place from being kept for six years, unchanged and under a key of the customer's. */
export function keepingProblems(graph: StackGraph, place: Node): readonly string[] {
  if (logBucketTypes.includes(place.resourceType)) {
    return logBucketProblems(graph, place);
  }
  return place.resourceType === storageType
    ? storageProblems(graph, place)
    : ["nothing keeps its records from being deleted before their time"];
}

/** What a sink writes to: `logging.googleapis.com/projects/p/locations/l/buckets/b`, `storage.googleapis.com/b`. */
export function destinationsOf(graph: StackGraph, sink: Node): readonly Referent[] {
  const said = textOf(graph.read(sink, "destination"));
  return graph.referentsOf(
    sink,
    "destination",
    said.kind === "known"
      ? { kind: "known", value: said.value.replace(/^[a-z]+\.googleapis\.com\//, "") }
      : said,
    destinationTypes,
  );
}

/** What a sink leaves out, or may. */
export function sinkProblems(graph: StackGraph, sink: Node): readonly string[] {
  const disabled = flagOf(graph.read(sink, "disabled"));
  const exclusions = itemsOf(graph.read(sink, "exclusions")).filter(
    (item) => !isTrue(memberReading(recordOf(item), "disabled")),
  );
  return [
    ...(disabled.kind === "absent" || (disabled.kind === "known" && !disabled.value)
      ? []
      : ["it is not enabled"]),
    ...(exclusions.length === 0 ? [] : ["it leaves out some records (exclusions)"]),
  ];
}

/** A filter that every record passes: each has a severity, and none is less than this (Cloud Logging API, `LogSeverity`). */
const everyRecord = /^severity>=(?:DEFAULT|0)$/i;

/** Whether a sink takes every record. */
export function takesAll(graph: StackGraph, sink: Node): boolean {
  const filter = textOf(graph.read(sink, "filter"));
  const isEvery =
    filter.kind === "absent" ||
    (filter.kind === "known" && everyRecord.test(filter.value.replaceAll(/\s/g, "")));
  return isEvery && sinkProblems(graph, sink).length === 0;
}
