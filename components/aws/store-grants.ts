import type { DataStore, DataStoreKind } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { workloadsCalling } from "../clients";

/** The service of AWS that renders each kind of store, by the name that its actions and hosts begin with. */
export const storeServices = { fhir: "healthlake", document: "s3", vector: "aoss" } as const satisfies Record<
  DataStoreKind,
  string
>;

/**
 * What a flow to a store lets a workload do with its records: read, write and search. Nothing exports, imports, deletes,
 * shares or reconfigures.
 */
export const storeActions: Readonly<Record<DataStoreKind, readonly string[]>> = {
  fhir: [
    "healthlake:CreateResource",
    "healthlake:GetCapabilities",
    "healthlake:GetHistoryByResourceId",
    "healthlake:PatchResource",
    "healthlake:ReadResource",
    "healthlake:SearchWithGet",
    "healthlake:SearchWithPost",
    "healthlake:UpdateResource",
    "healthlake:ValidateResource",
    "healthlake:VersionReadResource",
  ],
  document: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  vector: ["aoss:APIAccessAll"],
};

/** What a flow to a document store lets a workload do with the bucket itself. */
export const bucketActions: readonly string[] = ["s3:ListBucket"];

/** What a flow to a vector index lets a workload do in the collection (OpenSearch Serverless, "Supported policy permissions"). */
export const indexPermissions: readonly string[] = [
  "aoss:CreateIndex",
  "aoss:DescribeIndex",
  "aoss:ReadDocument",
  "aoss:UpdateIndex",
  "aoss:WriteDocument",
];

/** The workloads whose flows name one of some stores, in the order of their ids. */
export function clientsOfStore(stores: readonly DataStore[], spec: PlatformSpec): readonly Workload[] {
  const ids = new Set(stores.map(({ id }) => id));
  return workloadsCalling(spec, (to) => to.kind === "data-store" && ids.has(to.id));
}
