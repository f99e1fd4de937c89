import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  foreignOnly,
  inert,
  itself,
  mayBe,
  mayNot,
  mayNotBe,
  out,
  part,
  reads,
  readsSpoken,
  readsTold,
  store,
  to,
  toCallers,
  together,
  toMentioned,
  toOneRegion,
  toOwn,
  toRegion,
  toTold,
  unless,
  type SideChannelType,
  type Told,
} from "./side-channel-type";
import { buckets, datasets, projects, tables, topics } from "./store-channels";

const inDataset: Told = { project: "projectId", name: "datasetId" };
const ofDataset = reads("datasetId", ...datasets);
const connections = ["gcp:bigquery:connection"] as const;
const sqlInstances = ["gcp:sql:databaseinstance"] as const;
const alloyClusters = ["gcp:alloydb:cluster"] as const;
const spannerInstances = ["gcp:spanner:instance"] as const;
const bigtables = ["gcp:bigtable:instance"] as const;
const firestores = ["gcp:firestore:database"] as const;
/** Networks of the stack: who is in them is another rule's. */
const networks = ["gcp:compute:network"] as const;
const fileServers = ["gcp:filestore:instance"] as const;
const replica = "a replica or a restored copy of it is outside of the PHI zone";

const outer = "it and a server outside of Google are copies of each other";

const ofSql = reads("instance", ...sqlInstances);
const ofSpanner = reads("instance", ...spannerInstances);
const ofBigtable = reads("instanceName", ...bigtables);
const ofFirestore = reads("database", ...firestores);

/** What stands beside a dataset's own readers: views, routines and datasets that read it with its own rights. */
const authorised = (path: string): SideChannelType["exits"] => [
  toTold(`${path}view`, inDataset, ...datasets),
  toTold(`${path}routine`, inDataset, ...datasets),
];

const shared = "it is shared with others by a listing";

/** A cache that is copied to others, under a property. */
function cache(
  type: ResourceType,
  replication: string,
  kind: string,
  ...exits: SideChannelType["exits"]
): SideChannelType {
  return copy(
    replica,
    [
      reads(`${replication}.primary${kind}.${kind.toLowerCase()}`, type),
      reads("managedBackupSource.backup", type),
    ],
    to(`${replication}.secondary${kind}s.${kind.toLowerCase()}`, type),
    ...exits,
  );
}

/** The types by which what databases hold leaves them, in the SDK's words (@pulumi/gcp 9.37). */
export const databaseChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // BigQuery.
  [
    "gcp:bigquery:dataset",
    {
      ...store(
        ...authorised("accesses."),
        toTold("accesses.dataset.dataset", inDataset, ...datasets),
        to("externalCatalogDatasetOptions.defaultStorageLocationUri", ...buckets),
        itself,
      ),
      what: "something outside of the PHI zone reads it, or keeps what it holds",
      reads: [readsSpoken("externalDatasetReference.externalSource")],
    },
  ],
  [
    "gcp:bigquery:datasetaccess",
    part(
      "something outside of the PHI zone reads it with its own rights",
      ofDataset,
      ...authorised(""),
      toTold("authorizedDataset.dataset", inDataset, ...datasets),
    ),
  ],
  [
    "gcp:bigquery:table",
    {
      ...part(
        "a copy of what it holds is outside of the PHI zone",
        ofDataset,
        itself,
        to("biglakeConfiguration.storageUri", ...buckets),
        to("externalCatalogTableOptions.storageDescriptor.locationUri", ...buckets),
      ),
      reads: [
        readsTold(
          "tableReplicationInfo",
          { project: "sourceProjectId", name: "sourceDatasetId" },
          ...datasets,
        ),
        readsSpoken("externalDataConfiguration.sourceUris"),
        readsSpoken("materializedView.query"),
        readsSpoken("view.query"),
      ],
    },
  ],
  [
    "gcp:bigquery:routine",
    {
      ...part(
        "a function outside of the PHI zone is called with its rows",
        ofDataset,
        itself,
        to("remoteFunctionOptions.endpoint"),
        to("remoteFunctionOptions.connection", ...connections),
        to("externalRuntimeOptions.runtimeConnection", ...connections),
        ...unless(mayNot("sparkOptions", "code works on its rows in a service of Google's")),
      ),
      reads: [readsSpoken("definitionBody")],
    },
  ],
  ["gcp:bigquery:rowaccesspolicy", inert(ofDataset)],
  [
    "gcp:bigquery:datatransferconfig",
    foreignOnly({
      ...channel(
        "what it holds is copied to another dataset as it comes",
        [readsSpoken("params")],
        to("destinationDatasetId", ...datasets),
        to("notificationPubsubTopic", ...topics),
        toMentioned("params"),
      ),
      needsExit: true,
    }),
  ],
  [
    "gcp:bigquery:connection",
    foreignOnly({
      ...channel(
        "a connection leads its queries to something outside of the PHI zone",
        [
          reads("cloudSql.instanceId", ...sqlInstances),
          reads("cloudSpanner.database", "gcp:spanner:database", ...spannerInstances),
          reads("configuration.asset.googleCloudResource"),
        ],
        itself,
        to("cloudSql.instanceId", ...sqlInstances),
        to("cloudSpanner.database", "gcp:spanner:database", ...spannerInstances),
        to("configuration.asset.googleCloudResource"),
        ...unless(
          mayNot("aws", "a connection leads its queries to another cloud"),
          mayNot("azure", "a connection leads its queries to another cloud"),
          mayNot("configuration.endpoint", "a connection leads its queries to an address"),
          mayNot("spark", "code works on its rows in a service of Google's"),
          // Nothing has to be said in it.
          {
            ...mayNot(
              "cloudResource",
              "functions and models are called with its rows by an identity of its own",
            ),
            isMadeByEmpty: true,
          },
        ),
      ),
    }),
  ],
  [
    "gcp:bigquery:job",
    {
      ...channel(
        "a job puts what it holds elsewhere",
        [
          readsTold("copy.sourceTables", inDataset, ...datasets),
          readsTold("extract.sourceTable", inDataset, ...datasets),
          readsTold("extract.sourceModel", inDataset, ...datasets),
          readsTold("query.defaultDataset", inDataset, ...datasets),
          reads("copy.sourceTables.tableId", ...tables),
          reads("extract.sourceTable.tableId", ...tables),
          reads("load.sourceUris", ...buckets),
          readsSpoken("query.query"),
        ],
        toTold("copy.destinationTable", inDataset, ...datasets),
        toTold("load.destinationTable", inDataset, ...datasets),
        toTold("query.destinationTable", inDataset, ...datasets),
        to("extract.destinationUris", ...buckets),
        toMentioned("query.query"),
      ),
    },
  ],
  [
    "gcp:bigquery:reservation",
    channel("its queries may be worked on in another region", [], toRegion("secondaryLocation")),
  ],
  [
    "gcp:bigqueryanalyticshub:listing",
    channel(
      shared,
      [reads("bigqueryDataset.dataset", ...datasets), reads("pubsubTopic.topic", ...topics)],
      out,
    ),
  ],
  [
    "gcp:bigqueryanalyticshub:dataexchange",
    store(...unless(mayNotBe("discoveryType", ["DISCOVERY_TYPE_PUBLIC"], "everybody finds what it shares"))),
  ],
  ["gcp:bigqueryanalyticshub:listingsubscription", store()],
  ["gcp:bigqueryanalyticshub:dataexchangesubscription", store()],

  // SQL.
  [
    "gcp:sql:databaseinstance",
    copy(
      replica,
      [
        reads("masterInstanceName", ...sqlInstances),
        readsTold("clone", { project: "sourceProject", name: "sourceInstanceName" }, ...sqlInstances),
        readsTold("restoreBackupContext", { project: "project", name: "instanceId" }, ...sqlInstances),
        reads("pointInTimeRestoreContext.datasource"),
        reads("backupdrBackup"),
      ],
      toRegion("settings.backupConfiguration.location"),
      to("settings.sqlServerAuditConfig.bucket", ...buckets),
      to("replicationCluster.failoverDrReplicaName", ...sqlInstances),
      toCallers("settings.ipConfiguration.pscConfigs.allowedConsumerProjects", ...projects),
      ...unless(
        mayNot("replicaConfiguration.dumpFilePath", outer),
        mayNot("replicaConfiguration.username", outer),
        mayBe("settings.enableGoogleMlIntegration", [false], "its queries may call models"),
        mayBe("settings.enableDataplexIntegration", [false], "what is in it is listed in a catalogue"),
        mayBe(
          "settings.dataApiAccess",
          ["DISALLOW_DATA_API"],
          "its queries are answered by an API of Google's",
        ),
      ),
    ),
  ],
  ["gcp:sql:database", inert(ofSql)],
  ["gcp:sql:user", inert(ofSql)],
  ["gcp:sql:sslcert", inert(ofSql)],
  ["gcp:sql:provisionscript", part("a script works on all that it holds", ofSql, out)],
  [
    "gcp:alloydb:cluster",
    copy(
      replica,
      [
        reads("secondaryConfig.primaryClusterName", ...alloyClusters),
        reads("restoreContinuousBackupSource.cluster", ...alloyClusters),
        reads("restoreBackupSource.backupName", "gcp:alloydb:backup"),
        reads("restoreBackupdrBackupSource.backup"),
        reads("restoreBackupdrPitrSource.dataSource"),
      ],
      toRegion("automatedBackupPolicy.location"),
      ...unless(mayBe("dataplexConfig.enabled", [false], "what is in it is listed in a catalogue")),
    ),
  ],
  [
    "gcp:alloydb:instance",
    inert(
      reads("cluster", ...alloyClusters),
      toCallers("pscInstanceConfig.allowedConsumerProjects", ...projects),
      toCallers("pscInstanceConfig.pscAutoConnections.consumerProject", ...projects),
      ...unless(
        mayBe(
          "networkConfig.enableOutboundPublicIp",
          [false],
          "its queries may open connections to the Internet",
        ),
      ),
    ),
  ],
  ["gcp:alloydb:user", inert(reads("cluster", ...alloyClusters))],
  ["gcp:alloydb:backup", copy("a backup of it is elsewhere", [reads("clusterName", ...alloyClusters)])],
  ["gcp:spanner:instance", store(toOneRegion("config"))],
  ["gcp:spanner:instancepartition", inert(ofSpanner, toOneRegion("config"))],
  ["gcp:spanner:database", inert(ofSpanner)],
  ["gcp:spanner:backupschedule", inert(ofSpanner)],

  // Documents, rows, caches and files.
  ["gcp:firestore:database", store(toOneRegion("locationId"))],
  ["gcp:firestore:document", inert(ofFirestore)],
  ["gcp:firestore:field", inert(ofFirestore)],
  ["gcp:firestore:backupschedule", inert(ofFirestore)],
  ["gcp:firestore:changestream", inert(ofFirestore)],
  [
    "gcp:bigtable:instance",
    { ...store(together("clusters.zone")), what: "copies of it are kept in several regions" },
  ],
  ["gcp:bigtable:table", inert(ofBigtable, together("automatedBackupPolicy.locations"))],
  ["gcp:bigtable:authorizedview", inert(ofBigtable)],
  ["gcp:bigtable:gcpolicy", inert(ofBigtable)],
  ...["appprofile", "logicalview", "materializedview", "schemabundle"].map(
    (type): readonly [ResourceType, SideChannelType] => [
      `gcp:bigtable:${type}`,
      inert(reads("instance", ...bigtables)),
    ],
  ),
  ["gcp:redis:instance", store()],
  [
    "gcp:redis:cluster",
    cache(
      "gcp:redis:cluster",
      "crossClusterReplicationConfig",
      "Cluster",
      toOwn("pscConfigs.network", networks),
    ),
  ],
  [
    "gcp:memorystore:instance",
    cache(
      "gcp:memorystore:instance",
      "crossInstanceReplicationConfig",
      "Instance",
      toOwn("desiredAutoCreatedEndpoints.network", networks),
      toOwn("desiredPscAutoConnections.network", networks),
    ),
  ],
  ["gcp:memcache:instance", store()],
  [
    "gcp:filestore:instance",
    copy(
      replica,
      [reads("fileShares.sourceBackup", "gcp:filestore:backup")],
      to("initialReplication.replicas.peerInstance", ...fileServers),
    ),
  ],
  ["gcp:filestore:backup", copy("a backup of it is elsewhere", [reads("sourceInstance", ...fileServers)])],
  ["gcp:filestore:snapshot", copy("a snapshot of it is elsewhere", [reads("instance", ...fileServers)])],
];
