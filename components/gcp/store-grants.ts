import type { DataStore, DataStoreKind } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { workloadsCalling } from "../clients";

import type { CustomRole } from "./service-grants";

/**
 * What a flow to a store lets a workload do with its records: read, write and search. Nothing deletes, exports, imports,
 * shares or reconfigures, and nothing is granted here that the perimeter would not let through (`storeOperations`). Google's
 * own roles for clients of stores are wider: `roles/healthcare.fhirResourceEditor` and `roles/storage.objectUser` delete, and
 * `roles/bigquery.dataEditor` deletes and exports tables.
 */
export const storeRoles: Readonly<Record<DataStoreKind, CustomRole>> = {
  fhir: {
    what: "fhir-client",
    title: "Reads, writes and searches FHIR resources",
    permissions: [
      "healthcare.fhirResources.create",
      "healthcare.fhirResources.get",
      "healthcare.fhirResources.patch",
      "healthcare.fhirResources.update",
      "healthcare.fhirStores.get",
      "healthcare.fhirStores.searchResources",
    ],
  },
  document: {
    what: "document-client",
    title: "Reads, writes and lists documents",
    // To overwrite is to delete as well (Cloud Storage documentation, "IAM permissions for JSON methods"), and who may delete
    // may delete older versions too: a document that changes is written under another name.
    permissions: ["storage.objects.create", "storage.objects.get", "storage.objects.list"],
  },
  vector: {
    what: "vector-client",
    title: "Reads, writes and searches vectors",
    permissions: ["bigquery.tables.get", "bigquery.tables.getData", "bigquery.tables.updateData"],
  },
};

/** What the deployer does with a bucket of documents, of which it reads none. */
export const bucketManager: CustomRole = {
  what: "bucket-manager",
  title: "Manages a bucket, and reads nothing of what is in it",
  permissions: [
    "storage.buckets.delete",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
  ],
};

/** The workloads whose flows name a store, in the order of their ids. */
export function clientsOfStore({ id }: DataStore, spec: PlatformSpec): readonly Workload[] {
  return workloadsCalling(spec, (to) => to.kind === "data-store" && to.id === id);
}
