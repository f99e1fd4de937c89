import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

/** Where services of Azure's write what they record. */
export interface RecordsDestination {
  /** The id of the platform's own workspace of Log Analytics, where records are searched. */
  readonly workspaceId: string;
  /** The id of the platform's own storage account, where records are kept unchanged. */
  readonly accountId: string;
  /** What must stand before a service can write there. */
  readonly delivery: readonly pulumi.Resource[];
}

/**
 * Lets a resource record all that it can: each of its categories of logs, into the platform's workspace and its locked
 * storage, and nowhere else.
 *
 * @param prefix begins the name of the setting's resource.
 * @param resourceId the id of what is recorded. Of a storage account that is the id of its service of blobs.
 * @param destination where to. What holds the records itself records into the workspace alone, or each record would make
 * another.
 */
export function diagnostics(
  prefix: string,
  resourceId: string,
  { workspaceId, accountId }: Pick<RecordsDestination, "workspaceId"> & Partial<RecordsDestination>,
  opts: pulumi.CustomResourceOptions,
): monitor.DiagnosticSetting {
  return new monitor.DiagnosticSetting(
    `${prefix}-recording`,
    {
      name: "bulkhead-records",
      resourceUri: resourceId,
      workspaceId,
      ...(accountId === undefined ? {} : { storageAccountId: accountId }),
      // A table for each kind of record, rather than one for all.
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    },
    opts,
  );
}
