import { describe, expect, it } from "vitest";

import { pipelines } from "../../../policy-pack/facts/azure/pipeline-channels";
import { sideChannelTypes } from "../../../policy-pack/facts/azure/side-channel-types";
import { foreignId, foreignSubscription, here } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly, serviceFactsOf } from "./service-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const phi = { tags: inZone("phi") };

const foreignStorage = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");

function channels(knowledge: Knowledge, build: (stack: Sketch) => unknown): readonly string[] {
  const stack = new Sketch(knowledge);
  build(stack);
  return briefly(serviceFactsOf(stack).sideChannels);
}

const closedAccount: Inputs = {
  ...here,
  allowBlobPublicAccess: false,
  allowSharedKeyAccess: false,
  allowCrossTenantReplication: false,
  allowedCopyScope: "PrivateLink",
};

const account = (stack: Sketch, name: string, more: Inputs = {}): string =>
  stack.add("azure-native:storage:StorageAccount", name, { accountName: name, ...closedAccount, ...more });

/** A resource that is right, by its type's last part, in the PHI zone unless it says otherwise. */
const right: Readonly<Record<string, readonly [type: string, inputs: Inputs]>> = {
  storage: ["azure-native:storage:StorageAccount", { accountName: "it", ...closedAccount }],
  fhir: ["azure-native:healthcareapis:FhirService", { ...here, workspaceName: "health" }],
  dicom: ["azure-native:healthcareapis:DicomService", { ...here, workspaceName: "health" }],
  search: ["azure-native:search:Service", { ...here, dataExfiltrationProtections: ["BlockAll"] }],
  sql: ["azure-native:sql:Server", { ...here, restrictOutboundNetworkAccess: "Enabled" }],
  cosmos: ["azure-native:cosmosdb:DatabaseAccount", { ...here, locations: [{ locationName: "East US 2" }] }],
  disk: [
    "azure-native:compute:Disk",
    { ...here, networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" },
  ],
  snapshot: [
    "azure-native:compute:Snapshot",
    { ...here, networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" },
  ],
  machine: ["azure-native:compute:VirtualMachine", { ...here }],
  machines: ["azure-native:compute:VirtualMachineScaleSet", { ...here }],
  vault: ["azure-native:keyvault:Vault", { ...here, properties: {} }],
  registry: [
    "azure-native:containerregistry:Registry",
    { ...here, policies: { exportPolicy: { status: "disabled" } } },
  ],
  models: [
    "azure-native:cognitiveservices:Account",
    { ...here, properties: { restrictOutboundNetworkAccess: true, allowedFqdnList: [] } },
  ],
  learning: [
    "azure-native:machinelearningservices:Workspace",
    { ...here, managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" } },
  ],
  synapse: [
    "azure-native:synapse:Workspace",
    {
      ...here,
      managedVirtualNetwork: "default",
      managedVirtualNetworkSettings: { preventDataExfiltration: true },
    },
  ],
};

/** One setting of a right resource, and what it is when it is wrong; a wrong one that is `undefined` is not said. */
const settings: readonly (readonly [kind: string, path: string, wrong: readonly unknown[]])[] = [
  ["storage", "allowBlobPublicAccess", [true, undefined]],
  ["storage", "allowSharedKeyAccess", [true, undefined]],
  ["storage", "allowedCopyScope", ["Anywhere", undefined]],
  ["storage", "allowCrossTenantReplication", [true, undefined]],
  ["storage", "isSftpEnabled", [true]],
  ["storage", "isLocalUserEnabled", [true]],
  ["storage", "enableNfsV3", [true]],
  ["fhir", "exportConfiguration.storageAccountName", ["elsewhere"]],
  ["fhir", "importConfiguration.enabled", [true]],
  ["fhir", "acrConfiguration.loginServers", [["elsewhere.azurecr.io"]]],
  ["fhir", "acrConfiguration.ociArtifacts", [[{ loginServer: "elsewhere.azurecr.io" }]]],
  ["fhir", "authenticationConfiguration.smartProxyEnabled", [true]],
  ["fhir", "authenticationConfiguration.smartIdentityProviders", [[{ authority: "https://elsewhere" }]]],
  ["fhir", "corsConfiguration.origins", [["https://portal.clinic.example", "*"]]],
  ["dicom", "corsConfiguration.origins", [["*"]]],
  ["dicom", "storageConfiguration.storageResourceId", [foreignStorage]],
  ["search", "dataExfiltrationProtections", [undefined, [], ["None"]]],
  ["sql", "restrictOutboundNetworkAccess", ["Disabled", undefined]],
  ["cosmos", "enableAnalyticalStorage", [true]],
  ["cosmos", "locations", [[{ locationName: "eastus2" }, { locationName: "westus2" }]]],
  ["machine", "diagnosticsProfile.bootDiagnostics.storageUri", ["https://somebodys.blob.core.windows.net/"]],
  [
    "machines",
    "virtualMachineProfile.diagnosticsProfile.bootDiagnostics.storageUri",
    ["https://somebodys.blob.core.windows.net/"],
  ],
  ["disk", "networkAccessPolicy", ["AllowAll", "AllowPrivate", undefined]],
  ["disk", "publicNetworkAccess", ["Enabled", undefined]],
  ["snapshot", "networkAccessPolicy", ["AllowAll", undefined]],
  ["snapshot", "publicNetworkAccess", ["Enabled", undefined]],
  ["vault", "properties.enabledForDeployment", [true]],
  ["vault", "properties.enabledForDiskEncryption", [true]],
  ["vault", "properties.enabledForTemplateDeployment", [true]],
  ["registry", "policies.exportPolicy.status", ["enabled", undefined]],
  ["registry", "adminUserEnabled", [true]],
  ["registry", "anonymousPullEnabled", [true]],
  ["models", "properties.restrictOutboundNetworkAccess", [false, undefined]],
  ["models", "properties.allowedFqdnList", [["collector.example.com"]]],
  ["models", "properties.networkInjections", [[{ subnetArmId: "/subnets/processing" }]]],
  ["models", "properties.userOwnedStorage", [[{ resourceId: foreignStorage }]]],
  ["models", "properties.amlWorkspace", [{ resourceId: "elsewhere" }]],
  ["models", "properties.locations", [{ regions: [{ name: "westeurope" }] }]],
  ["models", "properties.raiMonitorConfig", [{ adxStorageResourceId: foreignStorage }]],
  ["models", "properties.apiProperties", [{ eventHubConnectionString: "Endpoint=sb://elsewhere" }]],
  ["learning", "managedNetwork.isolationMode", ["AllowInternetOutbound", "Disabled", undefined]],
  ["learning", "managedNetwork.outboundRules", [{ collector: { type: "FQDN" } }]],
  ["learning", "storageAccount", [foreignStorage]],
  ["synapse", "managedVirtualNetwork", ["none", undefined]],
  ["synapse", "managedVirtualNetworkSettings.preventDataExfiltration", [false, undefined]],
];

/** Inputs with something else at a path. */
function having(inputs: Inputs, [first = "", ...rest]: readonly string[], value: unknown): Inputs {
  const within = rest.length === 0 ? value : having((inputs[first] ?? {}) as Inputs, rest, value);
  return Object.fromEntries(
    Object.entries({ ...inputs, [first]: within }).filter(([, one]) => one !== undefined),
  );
}

const versions = (type: string): readonly string[] => {
  const [, module = "", name = ""] = type.split(":");
  return [
    type,
    `azure-native:${module}/v20230301:${name}`,
    `azure-native_${module}_v20230301:${module}:${name}`,
  ];
};

describe.each(knowledges)("a service of the PHI zone, %s", (knowledge) => {
  it.each(Object.entries(right))("keeps what it holds where it is right: %s", (_kind, [type, inputs]) => {
    for (const spelt of versions(type)) {
      expect(channels(knowledge, (s) => s.add(spelt, "it", { ...inputs, ...phi }))).toEqual([]);
    }
  });

  it.each(settings)("of the kind %s may not say otherwise of %s", (kind, path, wrong) => {
    const [type, inputs] = right[kind] ?? ["", {}];
    for (const value of wrong) {
      for (const spelt of versions(type)) {
        const bad = having(inputs, path.split("."), value);
        expect(channels(knowledge, (s) => s.add(spelt, "it", { ...bad, ...phi }))).toEqual(["open it"]);
      }
    }
    const hidden = having(inputs, path.split("."), unknownText);
    expect(channels(knowledge, (s) => s.add(type, "it", { ...hidden, ...phi }))).toEqual(["perhaps it"]);
  });

  it.each(settings)("of the kind %s is held to nothing of %s outside of the zone", (kind, path, wrong) => {
    const [type, inputs] = right[kind] ?? ["", {}];
    for (const value of wrong) {
      expect(channels(knowledge, (s) => s.add(type, "it", having(inputs, path.split("."), value)))).toEqual(
        [],
      );
    }
  });
});

/** A resource that is no store itself, and speaks of one: what it is, and by which property it names the store. */
const parts: readonly (readonly [type: string, key: string, store: string, more: Inputs])[] = [
  ["storage:BlobInventoryPolicy", "accountName", "storage", {}],
  ["storage:LocalUser", "accountName", "storage", {}],
  ["storage:StorageTaskAssignment", "accountName", "storage", {}],
  ["storage:BlobContainer", "accountName", "storage", { publicAccess: "Blob" }],
  [
    "search:SharedPrivateLinkResource",
    "searchServiceName",
    "search",
    {
      properties: { privateLinkResourceId: foreignStorage },
    },
  ],
  ["sql:FirewallRule", "serverName", "sql", {}],
  ["sql:IPv6FirewallRule", "serverName", "sql", {}],
  ["sql:VirtualNetworkRule", "serverName", "sql", {}],
  ["sql:OutboundFirewallRule", "serverName", "sql", {}],
  [
    "sql:FailoverGroup",
    "serverName",
    "sql",
    {
      partnerServers: [{ id: foreignId("Microsoft.Sql/servers", "elsewhere") }],
    },
  ],
  [
    "cognitiveservices:Deployment",
    "accountName",
    "models",
    {
      sku: { name: "GlobalStandard" },
      properties: { model: { format: "OpenAI" } },
    },
  ],
  ["cognitiveservices:ManagedNetworkSetting", "accountName", "models", { properties: {} }],
  ["cognitiveservices:OutboundRule", "accountName", "models", { properties: { type: "FQDN" } }],
  [
    "cognitiveservices:AccountConnection",
    "accountName",
    "models",
    { properties: { target: "https://elsewhere" } },
  ],
  [
    "cognitiveservices:ProjectConnection",
    "accountName",
    "models",
    { properties: { target: "https://elsewhere" } },
  ],
  ["machinelearningservices:ServerlessEndpoint", "workspaceName", "learning", {}],
  ["machinelearningservices:MarketplaceSubscription", "workspaceName", "learning", {}],
  ["containerregistry:ExportPipeline", "registryName", "registry", {}],
  ["containerregistry:Replication", "registryName", "registry", {}],
  ["containerregistry:Webhook", "registryName", "registry", {}],
  ["containerregistry:ConnectedRegistry", "registryName", "registry", {}],
];

/** The inputs by which the stores of {@link right} say what they are called. */
const nameInputs: Readonly<Record<string, string>> = {
  storage: "accountName",
  search: "searchServiceName",
  sql: "serverName",
  models: "accountName",
  learning: "workspaceName",
  registry: "registryName",
};

describe.each(knowledges)("a part of a service, %s", (knowledge) => {
  const built = (
    [type, key, kind, more]: (typeof parts)[number],
    store: Inputs,
    named: (id: string) => unknown,
    group: unknown = ownGroup,
  ): readonly string[] =>
    channels(knowledge, (s) => {
      const [of, inputs] = right[kind] ?? ["", {}];
      const nameInput = nameInputs[kind] ?? "name";
      const id = s.add(of, "its-store", { ...inputs, [nameInput]: "its-store", ...store });
      s.add(`azure-native:${type}`, "part", { resourceGroupName: group, [key]: named(id), ...more });
    });

  it.each(parts)("%s is one of the PHI zone by the name in %s", (...part) => {
    expect(built(part, phi, () => "its-store")).toEqual(["open part"]);
    expect(built(part, phi, () => "ITS-STORE")).toEqual(["open part"]);
    expect(built(part, phi, (id) => `${id}.name`)).toEqual(["open part"]);
    expect(built(part, {}, () => "its-store")).toEqual([]);
    expect(built(part, phi, () => "another")).toEqual([]);
  });

  it.each(parts)("%s may be one of the PHI zone where %s is not known", (...part) => {
    expect(built(part, phi, () => unknownText)).toEqual(["perhaps part"]);
    expect(built(part, {}, () => unknownText)).toEqual([]);
  });

  it("is another's in another resource group, unless the name is one in the world", () => {
    const database = (group: string): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("azure-native:dbforpostgresql:Server", "db", { ...here, serverName: "db", ...phi });
        s.add("azure-native:dbforpostgresql:FirewallRule", "rule", {
          resourceGroupName: group,
          serverName: "db",
        });
      });
    expect(database(ownGroup)).toEqual(["open rule"]);
    expect(database(ownGroup.toUpperCase())).toEqual(["open rule"]);
    expect(database("another")).toEqual([]);
    const [user] = parts.filter(([type]) => type === "storage:LocalUser");
    expect(user === undefined ? [] : built(user, phi, () => "its-store", "another")).toEqual(["open part"]);
  });

  it("is judged by where it leads where that may be the PHI zone", () => {
    const link = (target: (stack: Sketch) => unknown): readonly string[] =>
      channels(knowledge, (s) => {
        s.add("azure-native:search:Service", "search", {
          ...here,
          searchServiceName: "search",
          dataExfiltrationProtections: ["BlockAll"],
          ...phi,
        });
        s.add("azure-native:search:SharedPrivateLinkResource", "link", {
          resourceGroupName: ownGroup,
          searchServiceName: "search",
          properties: { groupId: "blob", privateLinkResourceId: target(s) },
        });
      });
    expect(link((s) => account(s, "documents", phi))).toEqual([]);
    expect(
      link((s) => account(s, "documents", phi).toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions")),
    ).toEqual([]);
    expect(link((s) => account(s, "documents"))).toEqual(
      ["open link"].map((one) => (knowledge === "preview" ? one.replace("open", "perhaps") : one)),
    );
    expect(link(() => foreignStorage)).toEqual(["open link"]);
    expect(link(() => unknownText)).toEqual(["perhaps link"]);
  });
});

describe.each(knowledges)("what reads a store of the PHI zone, %s", (knowledge) => {
  const of = (build: (stack: Sketch, id: string) => unknown, store: Inputs = phi): readonly string[] =>
    channels(knowledge, (s) => build(s, account(s, "documents", store)));

  const event = (scope: string, destination: unknown) => (s: Sketch) =>
    s.add("azure-native:eventgrid:EventSubscription", "subscription", { scope, destination });
  const webhook = { endpointType: "WebHook", endpointUrl: "https://elsewhere.example.com" };

  it("tells of it what happens, to whom the zone does not hold", () => {
    expect(of((s, id) => event(id, webhook)(s))).toEqual(["open subscription"]);
    expect(of((s, id) => event(id, webhook)(s), {})).toEqual([]);
    expect(of((s, id) => event(id, { resourceId: foreignStorage })(s))).toEqual(["open subscription"]);
    expect(of((s, id) => event(id, { resourceId: id })(s))).toEqual([]);
    expect(of((s, id) => event(id, undefined)(s))).toEqual(["open subscription"]);
  });

  it("tells of whatever is in a scope", () => {
    const group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hospital";
    expect(of(event(group, webhook))).toEqual(["open subscription"]);
    expect(of(event(group.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"), webhook))).toEqual([
      "open subscription",
    ]);
    expect(of(event("/subscriptions/11111111-2222-3333-4444-555555555555", webhook))).toEqual([
      "open subscription",
    ]);
    expect(of(event(`/subscriptions/${foreignSubscription}`, webhook))).toEqual([]);
    expect(of(event(`${group}2`, webhook))).toEqual([]);
    expect(of(event("/providers/Microsoft.Management/managementGroups/clinic", webhook))).toEqual([
      "perhaps subscription",
    ]);
    expect(of(event(unknownText, webhook))).toEqual(["perhaps subscription"]);
  });

  it("tells of what is in a resource group of the stack", () => {
    const inGroup = (own: boolean): readonly string[] =>
      channels(knowledge, (s) => {
        const group = s.add("azure-native:resources:ResourceGroup", "clinic", {});
        const other = s.add("azure-native:resources:ResourceGroup", "other", {});
        account(s, "documents", { ...phi, resourceGroupName: `${group}.name` });
        event(own ? group : other, webhook)(s);
      });
    expect(inGroup(true)).toEqual(["open subscription"]);
    expect(inGroup(false)).toEqual([]);
  });

  it("copies a disk by what it was made from, over several steps", () => {
    const copied = (source: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        const [type, inputs] = right["disk"] ?? ["", {}];
        const disk = s.add(type, "disk", { diskName: "disk", ...inputs, ...source });
        const snapshot = s.add("azure-native:compute:Snapshot", "snapshot", {
          ...right["snapshot"]?.[1],
          creationData: { createOption: "Copy", sourceResourceId: disk },
        });
        s.add("azure-native:compute:Disk", "restored", {
          ...here,
          creationData: { createOption: "Copy", sourceResourceId: snapshot },
        });
      });
    expect(copied(phi)).toEqual(["open restored"]);
    expect(copied({})).toEqual([]);
  });

  it("keeps backups in a vault of the zone", () => {
    const backup = (vault: Inputs, name = "backups"): readonly string[] =>
      of((s, id) => {
        s.add("azure-native:dataprotection:BackupVault", "backups", {
          ...here,
          vaultName: "backups",
          ...vault,
        });
        s.add("azure-native:dataprotection:BackupInstance", "backup", {
          resourceGroupName: ownGroup,
          vaultName: name,
          properties: { dataSourceInfo: { resourceID: `${id}/blobServices/default` } },
        });
      });
    expect(backup(phi)).toEqual([]);
    expect(backup({})).toEqual(["open backup"]);
    expect(backup(phi, "another")).toEqual(["open backup"]);
    expect(backup(phi, unknownText)).toEqual(["perhaps backup"]);
  });

  it("sends logs to a workspace of the stack, and nothing else", () => {
    const logged = (to: (workspace: string) => Inputs, uri = (id: string): string => id): readonly string[] =>
      of((s, id) => {
        const workspace = s.add("azure-native:operationalinsights:Workspace", "logs", {
          ...here,
          workspaceName: "logs",
        });
        s.add("azure-native:monitor:DiagnosticSetting", "diagnostics", {
          resourceUri: uri(id),
          ...to(workspace),
        });
      });
    const foreign = foreignId("Microsoft.OperationalInsights/workspaces", "elsewhere");
    expect(logged((workspaceId) => ({ workspaceId }))).toEqual([]);
    expect(logged(() => ({ workspaceId: foreign }))).toEqual(["open diagnostics"]);
    expect(
      logged(
        () => ({ workspaceId: foreign }),
        (id) => `${id}/blobServices/default`,
      ),
    ).toEqual(["open diagnostics"]);
    expect(logged((workspaceId) => ({ workspaceId, marketplacePartnerId: "partner" }))).toEqual([
      "open diagnostics",
    ]);
    expect(logged((workspaceId) => ({ eventHubAuthorizationRuleId: foreignStorage, workspaceId }))).toEqual([
      "open diagnostics",
    ]);
    expect(logged(() => ({ workspaceId: unknownText }))).toEqual(["perhaps diagnostics"]);
  });

  it("exports the logs of the zone that a workspace of no zone keeps", () => {
    const exported = (resourceUri: (id: string) => string): readonly string[] =>
      of((s, id) => {
        const workspaceId = s.add("azure-native:operationalinsights:Workspace", "logs", {
          ...here,
          workspaceName: "logs",
        });
        s.add("azure-native:monitor:DiagnosticSetting", "diagnostics", {
          resourceUri: resourceUri(id),
          workspaceId,
        });
        s.add("azure-native:operationalinsights:DataExport", "export", {
          resourceGroupName: ownGroup,
          workspaceName: "logs",
          resourceId: foreignStorage,
        });
      });
    expect(exported((id) => id)).toEqual(["open export"]);
    expect(exported(() => foreignStorage)).toEqual([]);
  });

  it("collects of it what a rule is joined to", () => {
    const collected = (joined: boolean): readonly string[] =>
      of((s, id) => {
        const rule = s.add("azure-native:monitor:DataCollectionRule", "rule", {
          ...here,
          dataCollectionRuleName: "rule",
          destinations: { eventHubs: [{ name: "there", eventHubResourceId: foreignStorage }] },
        });
        s.add("azure-native:monitor:DataCollectionRuleAssociation", "association", {
          resourceUri: joined ? id : foreignStorage,
          dataCollectionRuleId: rule,
        });
      });
    expect(collected(true)).toEqual(["open rule"]);
    expect(collected(false)).toEqual([]);
  });

  it("is a pipeline that names it by its id, by its address, or by an output", () => {
    const linked = (properties: (id: string) => unknown, store: Inputs = phi): readonly string[] =>
      of(
        (s, id) =>
          s.add("azure-native:datafactory:LinkedService", "linked", {
            resourceGroupName: ownGroup,
            factoryName: "factory",
            properties: properties(id),
          }),
        store,
      );
    const address = { serviceEndpoint: "https://documents.blob.core.windows.net/" };
    expect(linked(() => address)).toEqual(["open linked"]);
    expect(linked(() => address, {})).toEqual([]);
    expect(linked((id) => ({ source: id }))).toEqual(["open linked"]);
    expect(linked((id) => ({ source: `${id}/blobServices/default` }))).toEqual(["open linked"]);
    expect(linked(() => ({ serviceEndpoint: "https://otherdocuments.blob.core.windows.net/" }))).toEqual([]);
    expect(linked(() => unknownText)).toEqual(["perhaps linked"]);
  });
});

/** What is made from a store, or sends on what it holds: its type, and what it says of a store by its id. */
const ways: readonly (readonly [type: string, store: string, inputs: (id: string) => Inputs])[] = [
  ["healthcareapis:AnalyticsConnector", "healthcareapis:Workspace", () => ({ workspaceName: "store" })],
  ["sql:SyncGroup", "sql:Server", () => ({ serverName: "store" })],
  ["sql:SyncMember", "sql:Server", () => ({ serverName: "store" })],
  [
    "sql:Database",
    "sql:Server",
    (id) => ({ serverName: "other", sourceDatabaseId: `${id}/databases/records` }),
  ],
  ["sql:Database", "sql:Server", (id) => ({ serverName: "other", recoverableDatabaseId: id })],
  ["sql:Database", "sql:Server", (id) => ({ serverName: "other", restorableDroppedDatabaseId: id })],
  ["sql:Database", "sql:Server", (id) => ({ serverName: "other", sourceResourceId: id })],
  ["dbformysql:Server", "dbformysql:Server", (id) => ({ sourceServerResourceId: id })],
  ["dbformysql:FirewallRule", "dbformysql:Server", () => ({ serverName: "store" })],
  ["redis:FirewallRule", "redis:Redis", () => ({ cacheName: "store" })],
  ["redis:LinkedServer", "redis:Redis", () => ({ name: "store", linkedRedisCacheId: "elsewhere" })],
  [
    "eventhub:EventHub",
    "eventhub:Namespace",
    () => ({
      namespaceName: "store",
      captureDescription: { destination: { dataLakeAccountName: "elsewhere" } },
    }),
  ],
  [
    "eventhub:DisasterRecoveryConfig",
    "eventhub:Namespace",
    () => ({ namespaceName: "store", partnerNamespace: "elsewhere" }),
  ],
  [
    "servicebus:DisasterRecoveryConfig",
    "servicebus:Namespace",
    () => ({ namespaceName: "store", partnerNamespace: "elsewhere" }),
  ],
  ["servicebus:MigrationConfig", "servicebus:Namespace", () => ({ namespaceName: "store" })],
  ...[
    { destination: { endpointBaseUrl: "https://elsewhere.example.com" } },
    { deliveryWithResourceIdentity: { destination: { endpointUrl: "https://elsewhere.example.com" } } },
    { deliveryWithResourceIdentity: { destination: { endpointBaseUrl: "https://elsewhere.example.com" } } },
    { deliveryWithResourceIdentity: { destination: { resourceId: foreignStorage } } },
    { deadLetterDestination: { resourceId: foreignStorage } },
    { deadLetterWithResourceIdentity: { deadLetterDestination: { resourceId: foreignStorage } } },
  ].flatMap((more): (readonly [string, string, (id: string) => Inputs])[] => [
    ["eventgrid:EventSubscription", "keyvault:Vault", (scope) => ({ scope, ...more })],
    [
      "eventgrid:SystemTopicEventSubscription",
      "eventgrid:SystemTopic",
      () => ({ systemTopicName: "store", ...more }),
    ],
  ]),
  [
    "compute:VirtualMachineScaleSet",
    "compute:Disk",
    (id) => ({
      virtualMachineProfile: { storageProfile: { osDisk: { managedDisk: { id } } } },
    }),
  ],
  [
    "compute:VirtualMachine",
    "compute:Disk",
    (id) => ({ storageProfile: { osDisk: { managedDisk: { id } } } }),
  ],
  ["compute:Image", "compute:Disk", (id) => ({ storageProfile: { osDisk: { managedDisk: { id } } } })],
  ["compute:Image", "compute:Disk", (id) => ({ storageProfile: { dataDisks: [{ snapshot: { id } }] } })],
  ["compute:Image", "compute:VirtualMachine", (id) => ({ sourceVirtualMachine: { id } })],
  [
    "compute:GalleryImageVersion",
    "compute:Disk",
    (id) => ({
      storageProfile: { dataDiskImages: [{ source: { id } }] },
    }),
  ],
  ["compute:RestorePointCollection", "compute:VirtualMachine", (id) => ({ source: { id } })],
  [
    "recoveryservices:ProtectedItem",
    "compute:VirtualMachine",
    (id) => ({
      vaultName: "elsewhere",
      properties: { sourceResourceId: id },
    }),
  ],
  [
    "recoveryservices:ReplicationProtectedItem",
    "compute:VirtualMachine",
    (id) => ({ properties: { fabric: id } }),
  ],
  [
    "monitor:DiagnosticSetting",
    "keyvault:Vault",
    (resourceUri) => ({ resourceUri, serviceBusRuleId: "elsewhere" }),
  ],
  [
    "operationalinsights:LinkedStorageAccount",
    "operationalinsights:Workspace",
    () => ({
      workspaceName: "store",
      storageAccountIds: [foreignStorage],
    }),
  ],
  [
    "storagemover:JobDefinition",
    "storagemover:Endpoint",
    () => ({ sourceName: "store", targetName: "elsewhere" }),
  ],
  ["containerregistry:PipelineRun", "containerregistry:Registry", () => ({ registryName: "store" })],
  [
    "cognitiveservices:ManagedNetworkSetting",
    "cognitiveservices:Account",
    () => ({
      accountName: "store",
      properties: {
        managedNetwork: {
          isolationMode: "AllowOnlyApprovedOutbound",
          outboundRules: { out: { type: "FQDN" } },
        },
      },
    }),
  ],
  [
    "machinelearningservices:Workspace",
    "keyvault:Vault",
    () => ({
      tags: inZone("phi"),
      managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" },
      containerRegistry: foreignStorage,
    }),
  ],
  ...pipelines.map((type): readonly [string, string, (id: string) => Inputs] => [
    type.replace("azure-native:", ""),
    "keyvault:Vault",
    (id) => ({ properties: { somewhere: { in: [id] } } }),
  ]),
];

/** How the stores of {@link ways} are called, and what they need not to be a way out themselves. */
const stores: Readonly<Record<string, Inputs>> = {
  "healthcareapis:Workspace": { workspaceName: "store" },
  "sql:Server": { serverName: "store", restrictOutboundNetworkAccess: "Enabled" },
  "dbformysql:Server": { serverName: "store" },
  "redis:Redis": { name: "store" },
  "eventhub:Namespace": { namespaceName: "store" },
  "servicebus:Namespace": { namespaceName: "store" },
  "eventgrid:SystemTopic": { systemTopicName: "store" },
  "keyvault:Vault": { vaultName: "store", properties: {} },
  "compute:Disk": { diskName: "store", networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" },
  "compute:VirtualMachine": { vmName: "store" },
  "operationalinsights:Workspace": { workspaceName: "store" },
  "storagemover:Endpoint": { storageMoverName: "mover", endpointName: "store" },
  "containerregistry:Registry": { registryName: "store", policies: { exportPolicy: { status: "disabled" } } },
  "cognitiveservices:Account": { accountName: "store", properties: { restrictOutboundNetworkAccess: true } },
};

describe.each(knowledges)("a way out of a store of the PHI zone, %s", (knowledge) => {
  it.each(ways)("is %s, of a %s", (type, of, inputs) => {
    const found = (zone: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        const id = s.add(`azure-native:${of}`, "store", { ...here, ...stores[of], ...zone });
        s.add(`azure-native:${type}`, "way", { ...here, ...inputs(id) });
      });
    expect(found(phi)).toEqual(["open way"]);
    expect(found({})).toEqual(type === "machinelearningservices:Workspace" ? ["open way"] : []);
  });

  it("is each destination of a rule that collects logs", () => {
    const collected = (destinations: Inputs): readonly string[] =>
      channels(knowledge, (s) =>
        s.add("azure-native:monitor:DataCollectionRule", "rule", { ...here, destinations, ...phi }),
      );
    for (const [kind, key] of [
      ["eventHubs", "eventHubResourceId"],
      ["eventHubsDirect", "eventHubResourceId"],
      ["logAnalytics", "workspaceResourceId"],
      ["monitoringAccounts", "accountResourceId"],
      ["storageAccounts", "storageAccountResourceId"],
      ["storageBlobsDirect", "storageAccountResourceId"],
      ["storageTablesDirect", "storageAccountResourceId"],
    ] as const) {
      expect(collected({ [kind]: [{ name: "there", [key]: foreignStorage }] })).toEqual(["open rule"]);
      expect(collected({ [kind]: [{ name: "there", [key]: unknownText }] })).toEqual(["perhaps rule"]);
      expect(collected({ [kind]: [] })).toEqual([]);
    }
  });

  it("is an image in another region, wherever else it is", () => {
    const regions = (...names: readonly string[]): readonly string[] =>
      channels(knowledge, (s) =>
        s.add("azure-native:compute:GalleryImageVersion", "image", {
          ...here,
          publishingProfile: { targetRegions: names.map((name) => ({ name })) },
          ...phi,
        }),
      );
    expect(regions("East US 2")).toEqual([]);
    expect(regions("eastus2", "westeurope")).toEqual(["open image"]);
    expect(regions(unknownText)).toEqual(["perhaps image"]);
  });
});

describe("services that are told PHI outside of the PHI zone", () => {
  const names = (zone: "processing" | undefined, more: Inputs, deployment: Inputs): readonly string[] => {
    const stack = new Sketch("deployed");
    const tags = zone === undefined ? {} : { tags: inZone(zone) };
    stack.add("azure-native:cognitiveservices:Account", "models", {
      ...here,
      accountName: "models",
      properties: {
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass: "None" },
        restrictOutboundNetworkAccess: true,
        ...more,
      },
      ...tags,
    });
    stack.add("azure-native:cognitiveservices:Deployment", "model", {
      resourceGroupName: ownGroup,
      accountName: "models",
      sku: { name: "Standard" },
      properties: { model: { format: "OpenAI" } },
      ...deployment,
    });
    const { publicNames, sideChannels } = serviceFactsOf(stack);
    expect(sideChannels).toEqual([]);
    expect(publicNames.every((name) => name.zone === "processing" && !name.isStore)).toBe(true);
    return briefly(publicNames);
  };

  it("are held to the same, as what reaches others past its endpoint", () => {
    expect(names("processing", {}, {})).toEqual([]);
    expect(names("processing", { restrictOutboundNetworkAccess: false }, {})).toEqual(["open models"]);
    expect(names("processing", {}, { sku: { name: "DataZoneStandard" } })).toEqual(["open model"]);
    expect(
      names(undefined, { restrictOutboundNetworkAccess: false }, { sku: { name: "GlobalBatch" } }),
    ).toEqual([]);
  });
});

describe("the types by which what a store holds leaves", () => {
  it("are spelt as the judge spells them", () => {
    expect(
      [...sideChannelTypes.keys()].filter((type) => !/^azure-native:[a-z0-9]+:[a-z0-9]+$/.test(type)),
    ).toEqual([]);
  });
});
