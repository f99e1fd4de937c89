import { ownGroup, Sketch } from "../stack-sketch";
import { subnetId, textId, type Inputs } from "./azure-base";
import { inZone, type CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind, type Place } from "./stranger-pieces";

/** A subscription of which the stack says nothing. */
export const foreignSubscription = "99999999-8888-7777-6666-555555555555";
/** The tenant of the stack, and one of which it says nothing. */
export const ownTenant = "22222222-3333-4444-5555-666666666666";
export const foreignTenant = "88888888-7777-6666-5555-444444444444";

/** The id of a stranger's thing. */
export function foreignId(type: string, name: string): string {
  return textId(type, name, foreignSubscription);
}

/** A place on the Internet that takes what it is sent. */
export const collector = "https://collector.example.com/records";

/** Where everything of the stack is. */
export const here: Inputs = { resourceGroupName: ownGroup, location: "eastus2" };

/** What a program says: nothing of what is `undefined`. */
export function said(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** A builder of a service: one that is right, but for what is said more, or not said where it is `undefined`. */
export type Service = (stack: Sketch, kind: Kind, more?: Inputs) => string;

/** A service of the PHI zone that says one thing else than it should. */
export function wrongly(
  id: string,
  name: string,
  service: Service,
  bad: Inputs,
  good: Inputs = {},
): CorpusCase {
  return refused(id, name, (stack, more: Inputs) => service(stack, "phi", more), bad, good);
}

/** What is a way out where it is of the PHI zone, and concerns nobody where it is not. */
export function phiOnly(id: string, name: string, build: (stack: Sketch, kind: Kind) => unknown): CorpusCase {
  return refused(id, name, build, "phi", "plain");
}

/** The id of the subnet of a place; elsewhere is a network that has no part in any zone. */
export function subnetOf(stack: Sketch, where: Place): string {
  if (where !== "elsewhere") {
    return subnetId(stack, where);
  }
  if (!stack.names().includes("other-vnet")) {
    stack.add("azure-native:network:VirtualNetwork", "other-vnet", {
      ...here,
      virtualNetworkName: "other-vnet",
      addressSpace: { addressPrefixes: ["10.9.0.0/16"] },
      subnets: [{ name: "other", addressPrefix: "10.9.1.0/24", defaultOutboundAccess: false }],
    });
  }
  return textId("Microsoft.Network/virtualNetworks", "other-vnet/subnets/other");
}

/** A private endpoint of a service, in the subnet of PHI or of another place. */
export function privateEndpoint(
  stack: Sketch,
  name: string,
  service: string,
  groupId: string,
  where: Place = "phi",
): string {
  return stack.add("azure-native:network:PrivateEndpoint", name, {
    ...here,
    privateEndpointName: name,
    subnet: { id: subnetOf(stack, where) },
    privateLinkServiceConnections: [{ name, privateLinkServiceId: service, groupIds: [groupId] }],
    ...(where === "elsewhere" ? {} : { tags: inZone(where) }),
  });
}

/** The same for a service of PHI; one of no zone has none. */
function reached(stack: Sketch, kind: Kind, name: string, service: string, groupId: string): string {
  if (kind === "phi") {
    privateEndpoint(stack, `${name}-endpoint`, service, groupId);
  }
  return service;
}

/** The rules of a storage account's own firewall: nobody. */
export const nobody = { defaultAction: "Deny", bypass: "None" };

/** A storage account, `phidocuments`, `plaincopies` and so on, which is also its name in Azure. */
export function storage(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  what = "documents",
  type = "azure-native:storage:StorageAccount",
): string {
  const name = `${kind}${what}`;
  const account = stack.add(
    type,
    name,
    said({
      ...here,
      accountName: name,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      publicNetworkAccess: "Disabled",
      networkRuleSet: nobody,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      allowedCopyScope: "PrivateLink",
      isSftpEnabled: false,
      isLocalUserEnabled: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, account, "blob");
}

/** A storage account of another API version than the SDK's own. */
export function storageOf(type: string): Service {
  return (stack, kind, more) => storage(stack, kind, more, "documents", type);
}

/** The id of a storage account as a program writes it that does not wait for Azure. */
export function storageText(kind: Kind, what = "documents"): string {
  return textId("Microsoft.Storage/storageAccounts", `${kind}${what}`);
}

/** A service with AI models, `phi-models` or `plain-models`; what is said more is said of its properties. */
export function models(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:cognitiveservices:Account",
): string {
  const name = `${kind}-models`;
  const account = stack.add(type, name, {
    ...here,
    accountName: name,
    kind: "AIServices",
    sku: { name: "S0" },
    identity: { type: "SystemAssigned" },
    properties: said({
      customSubDomainName: name,
      publicNetworkAccess: "Disabled",
      disableLocalAuth: true,
      networkAcls: nobody,
      restrictOutboundNetworkAccess: true,
      allowedFqdnList: [],
      ...more,
    }),
    ...tagsOf(kind),
  });
  return reached(stack, kind, name, account, "account");
}

/** A workspace of machine learning, `phi-learning` or `plain-learning`, whose own network lets out what was approved. */
export function learning(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-learning`;
  const workspace = stack.add(
    "azure-native:machinelearningservices:Workspace",
    name,
    said({
      ...here,
      workspaceName: name,
      identity: { type: "SystemAssigned" },
      publicNetworkAccess: "Disabled",
      managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" },
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, workspace, "amlworkspace");
}

/** A workspace of health data, `phi-health` or `plain-health`. */
export function health(stack: Sketch, kind: Kind): string {
  const name = `${kind}-health`;
  const workspace = stack.add("azure-native:healthcareapis:Workspace", name, {
    ...here,
    workspaceName: name,
    ...tagsOf(kind),
  });
  return reached(stack, kind, name, workspace, "healthcareworkspace");
}

const fhirType = "azure-native:healthcareapis:FhirService";

/**
 * A FHIR service in a workspace of health data, `phi-fhir` or `plain-fhir`. Azure says what access it has once it is
 * there, and no program can: `access` is what it says.
 */
export function fhir(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  access: "Disabled" | "Enabled" = "Disabled",
  type = fhirType,
): string {
  const name = `${kind}-fhir`;
  if (!stack.names().includes(`${kind}-health`)) {
    health(stack, kind);
  }
  const inputs = said({
    ...here,
    workspaceName: `${stack.id(`${kind}-health`)}.name`,
    fhirServiceName: name,
    kind: "fhir-R4",
    authenticationConfiguration: {
      audience: "https://fhir.clinic.example",
      authority: `https://login.microsoftonline.com/${ownTenant}`,
      smartProxyEnabled: false,
    },
    ...tagsOf(kind),
    ...more,
  });
  stack.addRaw({
    urn: `urn:pulumi:test::bulkhead::${type}::${name}`,
    type,
    name,
    inputs,
    outputs: undefined,
    custom: true,
    parent: undefined,
    computed: [],
    made: { publicNetworkAccess: access },
  });
  return Sketch.idOf(type, name, inputs);
}

/** A search service, `phi-search` or `plain-search`. */
export function search(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:search:Service",
): string {
  const name = `${kind}-search`;
  const service = stack.add(
    type,
    name,
    said({
      ...here,
      searchServiceName: name,
      sku: { name: "standard" },
      publicNetworkAccess: "Disabled",
      disableLocalAuth: true,
      networkRuleSet: { bypass: "None" },
      dataExfiltrationProtections: ["BlockAll"],
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, service, "searchService");
}

/** A vault of keys and secrets, `phi-vault` or `plain-vault`; what is said more is said of its properties. */
export function vault(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:keyvault:Vault",
): string {
  const name = `${kind}-vault`;
  const id = stack.add(type, name, {
    ...here,
    vaultName: name,
    properties: said({
      tenantId: ownTenant,
      sku: { family: "A", name: "premium" },
      publicNetworkAccess: "Disabled",
      networkAcls: nobody,
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      ...more,
    }),
    ...tagsOf(kind),
  });
  return reached(stack, kind, name, id, "vault");
}

/** A registry of images, `phiregistry` or `plainregistry`. */
export function registry(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:containerregistry:Registry",
): string {
  const name = `${kind}registry`;
  const id = stack.add(
    type,
    name,
    said({
      ...here,
      registryName: name,
      sku: { name: "Premium" },
      publicNetworkAccess: "Disabled",
      networkRuleBypassOptions: "None",
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      policies: { exportPolicy: { status: "disabled" } },
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, id, "registry");
}

/** A SQL server, `phi-sql` or `plain-sql`. */
export function sqlServer(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:sql:Server",
): string {
  const name = `${kind}-sql`;
  const server = stack.add(
    type,
    name,
    said({
      ...here,
      serverName: name,
      version: "12.0",
      administrators: { azureADOnlyAuthentication: true, login: "records", tenantId: ownTenant },
      publicNetworkAccess: "Disabled",
      restrictOutboundNetworkAccess: "Enabled",
      minimalTlsVersion: "1.2",
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, server, "sqlServer");
}

/** A PostgreSQL server, `phi-postgres` or `plain-postgres`. */
export function postgres(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:dbforpostgresql:Server",
): string {
  const name = `${kind}-postgres`;
  const server = stack.add(
    type,
    name,
    said({
      ...here,
      serverName: name,
      version: "17",
      sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 128 },
      authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled", tenantId: ownTenant },
      backup: { backupRetentionDays: 35, geoRedundantBackup: "Disabled" },
      network: { publicNetworkAccess: "Disabled" },
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, server, "postgresqlServer");
}

/** An account of Cosmos DB, `phi-cosmos` or `plain-cosmos`. */
export function cosmos(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:cosmosdb:DatabaseAccount",
): string {
  const name = `${kind}-cosmos`;
  const account = stack.add(
    type,
    name,
    said({
      ...here,
      accountName: name,
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: "eastus2", failoverPriority: 0, isZoneRedundant: true }],
      disableLocalAuth: true,
      publicNetworkAccess: "Disabled",
      networkAclBypass: "None",
      enableAnalyticalStorage: false,
      minimalTlsVersion: "Tls12",
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, account, "Sql");
}

/** A namespace of event hubs, `phi-events` or `plain-events`. */
export function events(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:eventhub:Namespace",
): string {
  const name = `${kind}-events`;
  const namespace = stack.add(
    type,
    name,
    said({
      ...here,
      namespaceName: name,
      sku: { name: "Standard", tier: "Standard" },
      publicNetworkAccess: "Disabled",
      disableLocalAuth: true,
      minimumTlsVersion: "1.2",
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, namespace, "namespace");
}

/** A cache, `phi-cache` or `plain-cache`. */
export function cache(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:redis:Redis",
): string {
  const name = `${kind}-cache`;
  const id = stack.add(
    type,
    name,
    said({
      ...here,
      name,
      sku: { name: "Premium", family: "P", capacity: 1 },
      publicNetworkAccess: "Disabled",
      enableNonSslPort: false,
      minimumTlsVersion: "1.2",
      ...tagsOf(kind),
      ...more,
    }),
  );
  return reached(stack, kind, name, id, "redisCache");
}

/** A disk, `phi-disk` or `plain-disk`, which nobody can export. */
export function disk(
  stack: Sketch,
  kind: Kind,
  more: Inputs = {},
  type = "azure-native:compute:Disk",
): string {
  const name = `${kind}-disk`;
  return stack.add(
    type,
    name,
    said({
      ...here,
      diskName: name,
      creationData: { createOption: "Empty" },
      diskSizeGB: 128,
      networkAccessPolicy: "DenyAll",
      publicNetworkAccess: "Disabled",
      ...tagsOf(kind),
      ...more,
    }),
  );
}

/** A workspace of logs, `phi-logs` or `plain-logs`. */
export function logs(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-logs`;
  return stack.add(
    "azure-native:operationalinsights:Workspace",
    name,
    said({
      ...here,
      workspaceName: name,
      sku: { name: "PerGB2018" },
      retentionInDays: 730,
      publicNetworkAccessForIngestion: "Disabled",
      publicNetworkAccessForQuery: "Disabled",
      features: { disableLocalAuth: true },
      ...tagsOf(kind),
      ...more,
    }),
  );
}
