import type { DataStore, DataStoreKind } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { workloadsCalling } from "../clients";

import type { RoleName } from "./role-definitions";

/** What a flow to a store lets a workload do with its records: read, write and search. Nothing exports, shares or reconfigures. */
export const storeRoles: Readonly<Record<DataStoreKind, RoleName>> = {
  fhir: "FHIR Data Writer",
  document: "Storage Blob Data Contributor",
  vector: "Search Index Data Contributor",
};

/** The workloads whose flows name a store, in the order of their ids. */
export function clientsOfStore({ id }: DataStore, spec: PlatformSpec): readonly Workload[] {
  return workloadsCalling(spec, (to) => to.kind === "data-store" && to.id === id);
}
