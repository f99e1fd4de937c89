import { ownGroup, unknownText, type Sketch } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import {
  cosmos,
  foreignId,
  here,
  phiOnly,
  postgres,
  sqlServer,
  wrongly,
  type Service,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind } from "./stranger-pieces";

function of(
  service: (stack: Sketch, kind: Kind, more: Inputs, type: string) => string,
  type: string,
): Service {
  return (stack, kind, more = {}) => service(stack, kind, more, type);
}

const onInternet: readonly (readonly [name: string, value: string | undefined])[] = [
  ["on the Internet", "Enabled"],
  ["that does not say that it is not on the Internet", undefined],
  ["of which nobody knows whether it is on the Internet", unknownText],
];

const anyAddress = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
/** The range by which Azure calls all that is in Azure, of whomever. */
const anyOfAzure = { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" };

const servers: readonly CorpusCase[] = [
  ...onInternet.map(([name, publicNetworkAccess]) =>
    wrongly("ZE-27", `a SQL server ${name}`, sqlServer, { publicNetworkAccess }),
  ),
  wrongly("ZE-27", "a SQL server that may call anybody", sqlServer, {
    restrictOutboundNetworkAccess: "Disabled",
  }),
  wrongly("ZE-27", "a SQL server that does not say whom it may call", sqlServer, {
    restrictOutboundNetworkAccess: undefined,
  }),
  wrongly(
    "ZE-27",
    "a SQL server of an old version that may call anybody",
    of(sqlServer, "azure-native:sql/v20211101:Server"),
    { restrictOutboundNetworkAccess: "Disabled" },
  ),
  phiOnly("ZE-27", "a SQL server that any address may call", (stack, kind) =>
    stack.add("azure-native:sql:FirewallRule", "any", {
      resourceGroupName: ownGroup,
      serverName: `${sqlServer(stack, kind)}.name`,
      firewallRuleName: "any",
      ...anyAddress,
    }),
  ),
  phiOnly("ZE-27", "a SQL server, by its name, that all of Azure may call", (stack, kind) => {
    sqlServer(stack, kind);
    stack.add("azure-native:sql/v20230801:FirewallRule", "azure", {
      resourceGroupName: ownGroup,
      serverName: `${kind}-sql`,
      firewallRuleName: "AllowAllWindowsAzureIps",
      ...anyOfAzure,
    });
  }),
  phiOnly("ZE-27", "a SQL server that may call a stranger", (stack, kind) =>
    stack.add("azure-native:sql:OutboundFirewallRule", "out", {
      resourceGroupName: ownGroup,
      serverName: `${sqlServer(stack, kind)}.name`,
      outboundRuleFqdn: "elsewhere.blob.core.windows.net",
    }),
  ),
  phiOnly("ZE-27", "a SQL server with a double of a stranger's", (stack, kind) =>
    stack.add("azure-native:sql:FailoverGroup", "failover", {
      resourceGroupName: ownGroup,
      serverName: `${sqlServer(stack, kind)}.name`,
      failoverGroupName: "failover",
      databases: [`${textId("Microsoft.Sql/servers", `${kind}-sql`)}/databases/records`],
      partnerServers: [{ id: foreignId("Microsoft.Sql/servers", "elsewhere") }],
      readWriteEndpoint: { failoverPolicy: "Manual" },
    }),
  ),
  ...onInternet.map(([name, publicNetworkAccess]) =>
    wrongly("ZE-27", `a PostgreSQL server ${name}`, postgres, {
      network: publicNetworkAccess === undefined ? undefined : { publicNetworkAccess },
    }),
  ),
  wrongly(
    "ZE-27",
    "a PostgreSQL server by a package of one version, on the Internet",
    of(postgres, "azure-native_dbforpostgresql_v20240801:dbforpostgresql:Server"),
    { network: { publicNetworkAccess: "Enabled" } },
  ),
  phiOnly("ZE-27", "a copy of a PostgreSQL server in another region", (stack, kind) =>
    stack.add("azure-native:dbforpostgresql:Server", "copy", {
      resourceGroupName: ownGroup,
      location: "westeurope",
      serverName: "copy",
      createMode: "Replica",
      sourceServerResourceId: postgres(stack, kind),
      replica: { role: "AsyncReplica" },
      network: { publicNetworkAccess: "Disabled" },
    }),
  ),
  phiOnly("ZE-27", "a copy of a PostgreSQL server by its id, as it was", (stack, kind) => {
    postgres(stack, kind);
    stack.add("azure-native:dbforpostgresql/v20230601preview:Server", "copy", {
      ...here,
      serverName: "copy",
      createMode: "PointInTimeRestore",
      pointInTimeUTC: "2026-11-28T00:00:00Z",
      sourceServerResourceId: textId("Microsoft.DBforPostgreSQL/flexibleServers", `${kind}-postgres`),
      network: { publicNetworkAccess: "Enabled" },
    });
  }),
  phiOnly("ZE-27", "a PostgreSQL server that any address may call", (stack, kind) =>
    stack.add("azure-native:dbforpostgresql:FirewallRule", "any", {
      resourceGroupName: ownGroup,
      serverName: `${postgres(stack, kind)}.name`,
      firewallRuleName: "any",
      ...anyAddress,
    }),
  ),
];

const place = (locationName: string, failoverPriority: number): Inputs => ({
  locationName,
  failoverPriority,
});

const cosmosAccounts: readonly CorpusCase[] = [
  ...onInternet.map(([name, publicNetworkAccess]) =>
    wrongly("ZE-27", `an account of Cosmos DB ${name}`, cosmos, { publicNetworkAccess }),
  ),
  wrongly("ZE-27", "an account of Cosmos DB that every service of Azure may call", cosmos, {
    networkAclBypass: "AzureServices",
  }),
  wrongly(
    "ZE-27",
    "an account of Cosmos DB with a second store for questions",
    cosmos,
    { enableAnalyticalStorage: true },
    { enableAnalyticalStorage: undefined },
  ),
  wrongly("ZE-27", "an account of Cosmos DB in another region too", cosmos, {
    locations: [place("eastus2", 0), place("westeurope", 1)],
  }),
  wrongly(
    "ZE-27",
    "an account of Cosmos DB of an old version, in another region too",
    of(cosmos, "azure-native:cosmosdb/v20230415:DatabaseAccount"),
    { locations: [place("East US 2", 0), place("West Europe", 1)] },
    { locations: [place("East US 2", 0)] },
  ),
  refused(
    "ZE-27",
    "an account of Cosmos DB that one address may call",
    (stack, more: Inputs) =>
      cosmos(stack, "phi", { ...more, ipRules: [{ ipAddressOrRange: "198.51.100.7" }] }),
    { publicNetworkAccess: "Enabled" },
    { publicNetworkAccess: "Disabled" },
  ),
  phiOnly("ZE-27", "an account of Cosmos DB that is another's copy", (stack, kind) =>
    stack.add("azure-native:cosmosdb:DatabaseAccount", "copy", {
      ...here,
      accountName: "copy",
      databaseAccountOfferType: "Standard",
      locations: [place("eastus2", 0)],
      createMode: "Restore",
      restoreParameters: { restoreMode: "PointInTime", restoreSource: cosmos(stack, kind) },
      publicNetworkAccess: "Enabled",
      ...tagsOf("plain"),
    }),
  ),
];

/** Ways out by databases: row ZE-27. */
export const azureWaysOutOfDatabases: readonly CorpusCase[] = [...servers, ...cosmosAccounts];
