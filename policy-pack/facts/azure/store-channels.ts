import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  mayBe,
  mayNot,
  mayNotBe,
  must,
  out,
  part,
  reads,
  readsNamed,
  store,
  to,
  toNamed,
  toRegion,
  unless,
  type Read,
  type SideChannelType,
} from "./side-channel-type";

export const storageAccounts = ["azure-native:storage:storageaccount"] as const;
const workspaces = ["azure-native:healthcareapis:workspace"] as const;
const searchServices = ["azure-native:search:service"] as const;
const sqlServers = ["azure-native:sql:server"] as const;
const sqlDatabases = ["azure-native:sql:database"] as const;
const postgresServers = ["azure-native:dbforpostgresql:server"] as const;
const mysqlServers = ["azure-native:dbformysql:server"] as const;
const cosmosAccounts = ["azure-native:cosmosdb:databaseaccount"] as const;
const caches = ["azure-native:redis:redis"] as const;
const movedEndpoints = ["azure-native:storagemover:endpoint"] as const;

const ofAccount = readsNamed("accountName", ...storageAccounts);
const ofWorkspace = readsNamed("workspaceName", ...workspaces);
const ofSearch = readsNamed("searchServiceName", ...searchServices);
const ofSqlServer = readsNamed("serverName", ...sqlServers);
const ofPostgres = readsNamed("serverName", ...postgresServers);
const ofMysql = readsNamed("serverName", ...mysqlServers);
const ofCosmos = readsNamed("accountName", ...cosmosAccounts);

/** A part of a store by which nothing leaves. */
function inert(of: Read, ...exits: SideChannelType["exits"]): SideChannelType {
  return part("it sends what it holds elsewhere", of, ...exits);
}

const letsIn = "addresses are let at it past its private endpoint";
const everybody = mayNotBe("corsConfiguration.origins", ["*"], "pages of any site may read what it answers");

const account = store(
  ...unless(
    must("allowBlobPublicAccess", [false], "containers of it may let everybody read"),
    must("allowSharedKeyAccess", [false], "whoever has its key, or a link signed by it, is let in"),
    must("allowedCopyScope", ["PrivateLink", "AAD"], "what it holds may be copied to any account"),
    must("allowCrossTenantReplication", [false], "it may be replicated to another tenant"),
    mayBe("isSftpEnabled", [false], "it answers SFTP, with users of its own"),
    mayBe("isLocalUserEnabled", [false], "it has users of its own, whom no identity shows"),
    mayBe("enableNfsV3", [false], "it answers NFS, which asks for no identity"),
  ),
);

/**
 * The types by which what a store of Azure holds leaves it, or by which others are let at it, with no packet that a filter
 * sees, in the SDK's words (@pulumi/azure-native 3.28).
 */
export const storeChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Storage.
  ["azure-native:storage:storageaccount", account],
  [
    "azure-native:storage:blobcontainer",
    inert(ofAccount, ...unless(mayBe("publicAccess", ["None"], "everybody may read it"))),
  ],
  ["azure-native:storage:blob", inert(ofAccount)],
  ["azure-native:storage:fileshare", inert(ofAccount)],
  ["azure-native:storage:queue", inert(ofAccount)],
  ["azure-native:storage:table", inert(ofAccount)],
  ["azure-native:storage:managementpolicy", inert(ofAccount)],
  ["azure-native:storage:encryptionscope", inert(ofAccount)],
  ["azure-native:storage:blobcontainerimmutabilitypolicy", inert(ofAccount)],
  ["azure-native:storage:blobcontainerlegalhold", inert(ofAccount)],
  ["azure-native:storage:blobserviceproperties", inert(ofAccount)],
  [
    "azure-native:storage:objectreplicationpolicy",
    channel(
      "its objects are replicated to another account",
      [readsNamed("sourceAccount", ...storageAccounts)],
      toNamed("destinationAccount", ...storageAccounts),
    ),
  ],
  ["azure-native:storage:blobinventorypolicy", part("lists of what it holds are made", ofAccount, out)],
  [
    "azure-native:storage:localuser",
    part("a user of its own is let in, whom no identity shows", ofAccount, out),
  ],
  ["azure-native:storage:storagetaskassignment", part("a task works on all that it holds", ofAccount, out)],
  [
    "azure-native:storagemover:endpoint",
    {
      ...channel("it is moved by", [reads("properties.storageAccountResourceId", ...storageAccounts)]),
      takesZone: true,
    },
  ],
  [
    "azure-native:storagemover:jobdefinition",
    channel(
      "what it holds is moved to another store",
      [readsNamed("sourceName", ...movedEndpoints)],
      toNamed("targetName", ...movedEndpoints),
    ),
  ],

  // Health data.
  ["azure-native:healthcareapis:workspace", store()],
  [
    "azure-native:healthcareapis:fhirservice",
    {
      ...inert(
        ofWorkspace,
        toNamed("exportConfiguration.storageAccountName", ...storageAccounts),
        ...unless(
          mayBe(
            "importConfiguration.enabled",
            [false],
            "it takes in whatever a store holds, and writes there what it could not take",
          ),
          mayNot("acrConfiguration.loginServers", "its records are converted by templates of a registry"),
          mayNot("acrConfiguration.ociArtifacts", "its records are converted by templates of a registry"),
          mayBe(
            "authenticationConfiguration.smartProxyEnabled",
            [false],
            "apps of patients and clinicians are let in by a proxy of its own",
          ),
          mayNot(
            "authenticationConfiguration.smartIdentityProviders",
            "whoever has a token of another identity provider is let in",
          ),
          everybody,
        ),
      ),
    },
  ],
  [
    "azure-native:healthcareapis:dicomservice",
    inert(
      ofWorkspace,
      to("storageConfiguration.storageResourceId", ...storageAccounts),
      ...unless(everybody),
    ),
  ],
  [
    "azure-native:healthcareapis:iotconnector",
    part("messages of devices are taken in and put out by a service of its own", ofWorkspace, out),
  ],
  [
    "azure-native:healthcareapis:iotconnectorfhirdestination",
    {
      ...part("a connector of devices is let at it", ofWorkspace, out),
      reads: [reads("fhirServiceResourceId", "azure-native:healthcareapis:fhirservice")],
    },
  ],
  [
    "azure-native:healthcareapis:analyticsconnector",
    part("its records are copied to a data lake", ofWorkspace, out),
  ],
  [
    "azure-native:healthcareapis:service",
    {
      ...store(out),
      what: "a FHIR service of the kind that is retired has no private endpoint that closes it",
      remedy: "Use a FhirService in a Workspace.",
    },
  ],

  // Search.
  [
    "azure-native:search:service",
    store(
      ...unless(
        must("dataExfiltrationProtections", ["BlockAll"], "its indexers may write what they read anywhere"),
      ),
    ),
  ],
  [
    "azure-native:search:sharedprivatelinkresource",
    part(
      "its indexers reach a service by a private link of its own",
      ofSearch,
      to("properties.privateLinkResourceId"),
    ),
  ],

  // Databases.
  [
    "azure-native:sql:server",
    store(...unless(must("restrictOutboundNetworkAccess", ["Enabled"], "its queries may call any service"))),
  ],
  ["azure-native:sql:firewallrule", part(letsIn, ofSqlServer, out)],
  ["azure-native:sql:ipv6firewallrule", part(letsIn, ofSqlServer, out)],
  [
    "azure-native:sql:virtualnetworkrule",
    part("a subnet is let at it past its private endpoint", ofSqlServer, out),
  ],
  [
    "azure-native:sql:outboundfirewallrule",
    part("its queries may call a service by its name", ofSqlServer, out),
  ],
  [
    "azure-native:sql:failovergroup",
    part(
      "its databases are replicated to another server",
      ofSqlServer,
      to("partnerServers.id", ...sqlServers),
    ),
  ],
  ["azure-native:sql:syncgroup", part("its rows are copied to other databases", ofSqlServer, out)],
  ["azure-native:sql:syncmember", part("its rows are copied to another database", ofSqlServer, out)],
  [
    "azure-native:sql:database",
    {
      ...copy(
        "a replica or a restored copy of it is outside of the PHI zone",
        ["sourceDatabaseId", "sourceResourceId", "recoverableDatabaseId", "restorableDroppedDatabaseId"].map(
          (key) => reads(key, ...sqlDatabases, ...sqlServers),
        ),
      ),
      partOf: ofSqlServer,
    },
  ],
  [
    "azure-native:dbforpostgresql:server",
    copy("a replica or a restored copy of it is outside of the PHI zone", [
      reads("sourceServerResourceId", ...postgresServers),
    ]),
  ],
  ["azure-native:dbforpostgresql:firewallrule", part(letsIn, ofPostgres, out)],
  ["azure-native:dbforpostgresql:database", inert(ofPostgres)],
  ["azure-native:dbforpostgresql:configuration", inert(ofPostgres)],
  [
    "azure-native:dbformysql:server",
    copy("a replica or a restored copy of it is outside of the PHI zone", [
      reads("sourceServerResourceId", ...mysqlServers),
    ]),
  ],
  ["azure-native:dbformysql:firewallrule", part(letsIn, ofMysql, out)],
  [
    "azure-native:cosmosdb:databaseaccount",
    {
      ...copy(
        "a replica or a restored copy of it is outside of the PHI zone",
        [reads("restoreParameters.restoreSource", ...cosmosAccounts)],
        toRegion("locations.locationName"),
        ...unless(
          mayBe("enableAnalyticalStorage", [false], "what it holds is copied to a store for analysis"),
        ),
      ),
    },
  ],
  ["azure-native:cosmosdb:sqlresourcesqldatabase", inert(ofCosmos)],
  ["azure-native:cosmosdb:sqlresourcesqlcontainer", inert(ofCosmos)],
  ["azure-native:redis:redis", store()],
  ["azure-native:redis:firewallrule", part(letsIn, readsNamed("cacheName", ...caches), out)],
  [
    "azure-native:redis:linkedserver",
    part(
      "it is replicated to another cache",
      readsNamed("name", ...caches),
      to("linkedRedisCacheId", ...caches),
    ),
  ],
];
