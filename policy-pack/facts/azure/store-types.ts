import type { ResourceType } from "../../resource-type";

/** What a store lets somebody do with it, by the roles of Azure that open it. */
export type StoreFamily = "storage" | "health" | "search" | "database";

const families: ReadonlyMap<ResourceType, StoreFamily> = new Map<ResourceType, StoreFamily>([
  ["azure-native:storage:storageaccount", "storage"],
  ["azure-native:healthcareapis:workspace", "health"],
  ["azure-native:healthcareapis:fhirservice", "health"],
  ["azure-native:healthcareapis:dicomservice", "health"],
  ["azure-native:search:service", "search"],
  ["azure-native:cosmosdb:databaseaccount", "database"],
  ["azure-native:dbformysql:server", "database"],
  ["azure-native:dbforpostgresql:server", "database"],
  ["azure-native:eventhub:namespace", "database"],
  ["azure-native:redis:redis", "database"],
  ["azure-native:sql:server", "database"],
]);

/** Types that may be a data store of a platform. */
export const storeTypes: readonly ResourceType[] = [...families.keys()];

/** The family of a store; `undefined` for what is none. */
export function familyOf(type: ResourceType): StoreFamily | undefined {
  return families.get(type);
}
