import type { ResourceType } from "../../resource-type";

const regional = (collection: string, name: string): readonly string[] => [
  `projects/{project}/locations/{location}/${collection}/{${name}}`,
];
const inRegion = (collection: string): readonly string[] => [
  `projects/{project}/locations/{region}/${collection}/{name}`,
];

/**
 * How stores, and what carries on what they hold, are called on Google Cloud, in the templates of
 * {@link gcpTypes}.
 */
export const storeNames: readonly (readonly [ResourceType, readonly string[]])[] = [
  ["gcp:alloydb:backup", regional("backups", "backupId")],
  ["gcp:alloydb:cluster", regional("clusters", "clusterId")],
  ["gcp:alloydb:instance", ["{cluster}/instances/{instanceId}"]],
  ["gcp:backupdisasterrecovery:backupplan", regional("backupPlans", "backupPlanId")],
  ["gcp:backupdisasterrecovery:backupvault", regional("backupVaults", "backupVaultId")],
  ["gcp:bigquery:connection", regional("connections", "connectionId")],
  ["gcp:bigquery:routine", ["projects/{project}/datasets/{datasetId}/routines/{routineId}"]],
  ["gcp:bigqueryanalyticshub:dataexchange", regional("dataExchanges", "dataExchangeId")],
  [
    "gcp:bigqueryanalyticshub:listing",
    ["projects/{project}/locations/{location}/dataExchanges/{dataExchangeId}/listings/{listingId}"],
  ],
  ["gcp:bigtable:instance", ["projects/{project}/instances/{name}"]],
  ["gcp:bigtable:table", ["projects/{project}/instances/{instanceName}/tables/{name}"]],
  ["gcp:cloudfunctions:function", inRegion("functions")],
  ["gcp:cloudfunctionsv2:function", regional("functions", "name")],
  ["gcp:compute:disk", ["projects/{project}/zones/{zone}/disks/{name}"]],
  ["gcp:compute:image", ["projects/{project}/global/images/{name}"]],
  ["gcp:compute:instantsnapshot", ["projects/{project}/zones/{zone}/instantSnapshots/{name}"]],
  ["gcp:compute:machineimage", ["projects/{project}/global/machineImages/{name}"]],
  ["gcp:compute:regiondisk", ["projects/{project}/regions/{region}/disks/{name}"]],
  ["gcp:compute:snapshot", ["projects/{project}/global/snapshots/{name}"]],
  ["gcp:datastream:connectionprofile", regional("connectionProfiles", "connectionProfileId")],
  ["gcp:diagflow:cxagent", regional("agents", "name")],
  [
    "gcp:discoveryengine:datastore",
    ["projects/{project}/locations/{location}/collections/default_collection/dataStores/{dataStoreId}"],
  ],
  ["gcp:eventarc:messagebus", regional("messageBuses", "messageBusId")],
  ["gcp:filestore:instance", regional("instances", "name")],
  ["gcp:firestore:database", ["projects/{project}/databases/{name}"]],
  ["gcp:healthcare:consentstore", ["{dataset}/consentStores/{name}"]],
  ["gcp:healthcare:pipelinejob", ["{dataset}/pipelineJobs/{name}"]],
  ["gcp:memorystore:instance", regional("instances", "instanceId")],
  ["gcp:pubsub:litetopic", ["projects/{project}/locations/{zone}/topics/{name}"]],
  ["gcp:pubsub:subscription", ["projects/{project}/subscriptions/{name}"]],
  ["gcp:redis:cluster", inRegion("clusters")],
  ["gcp:redis:instance", inRegion("instances")],
  ["gcp:secretmanager:regionalsecret", regional("secrets", "secretId")],
  ["gcp:spanner:database", ["projects/{project}/instances/{instance}/databases/{name}"]],
  ["gcp:vectorsearch:collection", regional("collections", "collectionId")],
  ["gcp:vertex:aifeaturegroup", inRegion("featureGroups")],
  ["gcp:vertex:aifeatureonlinestore", inRegion("featureOnlineStores")],
  ["gcp:workflows:workflow", inRegion("workflows")],
];
