import { ownGroup, ownSubscription, unknownText, type Sketch } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import {
  events,
  foreignId,
  foreignSubscription,
  here,
  logs,
  nobody,
  phiOnly,
  registry,
  storage,
  storageText,
  vault,
  wrongly,
  type Service,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind } from "./stranger-pieces";

const allLogs: readonly Inputs[] = [{ categoryGroup: "allLogs", enabled: true }];

/** What a service says of itself, and where to. */
function diagnostics(
  stack: Sketch,
  resourceUri: string,
  to: Inputs,
  type = "azure-native:monitor:DiagnosticSetting",
): string {
  return stack.add(type, "diagnostics", { resourceUri, name: "diagnostics", logs: allLogs, ...to });
}

const foreignWorkspace = foreignId("Microsoft.OperationalInsights/workspaces", "elsewhere");
const foreignRule = foreignId(
  "Microsoft.EventHub/namespaces",
  "elsewhere/authorizationRules/RootManageSharedAccessKey",
);
const foreignHub = foreignId("Microsoft.EventHub/namespaces", "elsewhere");
const foreignStorage = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");
const partner = foreignId("Microsoft.Datadog/monitors", "elsewhere");
const ownWorkspace = textId("Microsoft.OperationalInsights/workspaces", "phi-logs");

function logRule(stack: Sketch, destinations: Inputs, kind: Kind = "phi"): string {
  return stack.add("azure-native:monitor:DataCollectionRule", "collection", {
    ...here,
    dataCollectionRuleName: "collection",
    dataSources: {
      syslog: [{ name: "all", facilityNames: ["*"], logLevels: ["*"], streams: ["Microsoft-Syslog"] }],
    },
    destinations,
    dataFlows: [{ streams: ["Microsoft-Syslog"], destinations: ["there"] }],
    ...tagsOf(kind),
  });
}

function scope(stack: Sketch, kind: Kind, accessModeSettings: Inputs): string {
  return stack.add("azure-native:monitor:PrivateLinkScope", "scope", {
    resourceGroupName: ownGroup,
    location: "global",
    scopeName: "scope",
    accessModeSettings,
    ...tagsOf(kind),
  });
}

const closedScope = { ingestionAccessMode: "PrivateOnly", queryAccessMode: "PrivateOnly" };

function dataExport(stack: Sketch, workspaceName: string, resourceId: string): string {
  return stack.add("azure-native:operationalinsights:DataExport", "export", {
    resourceGroupName: ownGroup,
    workspaceName,
    dataExportName: "export",
    tableNames: ["AzureDiagnostics"],
    enable: true,
    resourceId,
  });
}

const logCases: readonly CorpusCase[] = [
  ...(
    [
      ["a stranger's event hub", { eventHubAuthorizationRuleId: foreignRule, eventHubName: "logs" }],
      ["a partner of the market", { marketplacePartnerId: partner }],
      ["a stranger's workspace", { workspaceId: foreignWorkspace }],
      ["a stranger's storage", { storageAccountId: foreignStorage }],
      ["a workspace that nobody knows", { workspaceId: unknownText }],
    ] as const
  ).map(([name, bad]) =>
    refused(
      "ZE-30",
      `logs of a storage for ${name}`,
      (stack, to: Inputs) => {
        logs(stack, "phi");
        diagnostics(stack, storage(stack, "phi"), to);
      },
      bad,
      { workspaceId: ownWorkspace },
    ),
  ),
  phiOnly("ZE-30", "logs of a storage, by its id, for a stranger's event hub", (stack, kind) => {
    storage(stack, kind);
    diagnostics(
      stack,
      `${storageText(kind)}/blobServices/default`,
      { eventHubAuthorizationRuleId: foreignRule },
      "azure-native:monitor/v20210501preview:DiagnosticSetting",
    );
  }),
  refused(
    "ZE-30",
    "logs of the PHI zone's filter for a stranger's workspace, besides its own",
    (stack, more: Inputs) => {
      storage(stack, "phi");
      diagnostics(stack, stack.id("phi-nsg"), { workspaceId: logs(stack, "phi") });
      stack.add("azure-native:monitor:DiagnosticSetting", "second", {
        resourceUri: stack.id("phi-nsg"),
        name: "second",
        logs: allLogs,
        ...more,
      });
    },
    { workspaceId: foreignWorkspace },
    { storageAccountId: storageText("phi") },
  ),
  refused(
    "ZE-30",
    "logs that a workspace exports to a stranger's event hub",
    (stack, to: string) => {
      storage(stack, "phi");
      dataExport(stack, `${logs(stack, "phi")}.name`, to);
    },
    foreignHub,
    storageText("phi"),
  ),
  phiOnly("ZE-30", "logs that a workspace, by its name, exports to a stranger's storage", (stack, kind) => {
    logs(stack, kind);
    dataExport(stack, `${kind}-logs`, foreignStorage);
  }),
  refused(
    "ZE-30",
    "logs of the PHI zone that a workspace of no zone exports to a stranger's storage",
    (stack, to: string) => {
      storage(stack, "phi");
      storage(stack, "plain");
      diagnostics(stack, storageText("phi"), { workspaceId: logs(stack, "plain") });
      dataExport(stack, "plain-logs", to);
    },
    foreignStorage,
    storageText("plain"),
  ),
  refused(
    "ZE-30",
    "logs that a workspace of the PHI zone exports to a storage of no zone",
    (stack, kind: Kind) => {
      storage(stack, "phi");
      storage(stack, "plain");
      dataExport(stack, `${logs(stack, "phi")}.name`, storageText(kind));
    },
    "plain",
    "phi",
  ),
  refused(
    "ZE-30",
    "logs that a workspace exports to an event hub of no zone",
    (stack, kind: Kind) => dataExport(stack, `${logs(stack, "phi")}.name`, events(stack, kind)),
    "plain",
    "phi",
  ),
  refused(
    "ZE-30",
    "a scope of logs by which any workspace is told",
    (stack, ingestionAccessMode: string) => scope(stack, "phi", { ...closedScope, ingestionAccessMode }),
    "Open",
    "PrivateOnly",
  ),
  refused(
    "ZE-30",
    "a scope of logs of which nobody knows who is told",
    (stack, ingestionAccessMode: string) => scope(stack, "phi", { ...closedScope, ingestionAccessMode }),
    unknownText,
    "PrivateOnly",
  ),
  refused(
    "ZE-30",
    "a scope of logs that excepts one endpoint",
    (stack, exclusions: readonly Inputs[]) => scope(stack, "phi", { ...closedScope, exclusions }),
    [
      {
        privateEndpointConnectionName: "logs-endpoint",
        ingestionAccessMode: "Open",
        queryAccessMode: "PrivateOnly",
      },
    ],
    [],
  ),
  phiOnly(
    "ZE-30",
    "a scope of logs by which any workspace is told, by its spelling of one version",
    (stack, kind) =>
      stack.add("azure-native:monitor/v20210701preview:PrivateLinkScope", "scope", {
        resourceGroupName: ownGroup,
        location: "global",
        scopeName: "scope",
        accessModeSettings: { ingestionAccessMode: "Open", queryAccessMode: "Open" },
        ...tagsOf(kind),
      }),
  ),
  ...(
    [
      [
        "a stranger's workspace",
        { logAnalytics: [{ name: "there", workspaceResourceId: foreignWorkspace }] },
      ],
      [
        "a stranger's event hub",
        { eventHubs: [{ name: "there", eventHubResourceId: `${foreignHub}/eventhubs/logs` }] },
      ],
      [
        "a stranger's storage",
        {
          storageAccounts: [
            { name: "there", storageAccountResourceId: foreignStorage, containerName: "logs" },
          ],
        },
      ],
    ] as const
  ).map(([name, bad]) =>
    refused(
      "ZE-30",
      `a collection of logs for ${name}`,
      (stack, destinations: Inputs) => {
        logs(stack, "phi");
        logRule(stack, destinations);
      },
      bad,
      { logAnalytics: [{ name: "there", workspaceResourceId: ownWorkspace }] },
    ),
  ),
];

const perimeterId = (rest: string): string =>
  textId("Microsoft.Network/networkSecurityPerimeters", `perimeter${rest}`);

/** A perimeter with one profile, of no zone unless it says so. */
function perimeter(stack: Sketch, kind: Kind = "plain"): void {
  stack.add("azure-native:network:NetworkSecurityPerimeter", "perimeter", {
    ...here,
    networkSecurityPerimeterName: "perimeter",
    ...tagsOf(kind),
  });
  stack.add("azure-native:network:NetworkSecurityPerimeterProfile", "profile", {
    resourceGroupName: ownGroup,
    networkSecurityPerimeterName: "perimeter",
    profileName: "profile",
  });
}

const ofProfile = { networkSecurityPerimeterName: "perimeter", profileName: "profile" };

/** Binds a storage, which trusts its perimeter alone, to the profile. */
function association(
  stack: Sketch,
  kind: Kind,
  more: Inputs = { accessMode: "Enforced" },
  type = "azure-native:network:NetworkSecurityPerimeterAssociation",
): void {
  perimeter(stack);
  stack.add(type, "association", {
    resourceGroupName: ownGroup,
    networkSecurityPerimeterName: "perimeter",
    associationName: "association",
    privateLinkResource: { id: storage(stack, kind, { publicNetworkAccess: "SecuredByPerimeter" }) },
    profile: { id: perimeterId("/profiles/profile") },
    ...more,
  });
}

function perimeterRule(stack: Sketch, more: Inputs, type = "NetworkSecurityPerimeterAccessRule"): string {
  return stack.add(`azure-native:network:${type}`, "rule", {
    resourceGroupName: ownGroup,
    ...ofProfile,
    accessRuleName: "rule",
    ...more,
  });
}

function perimeterLink(stack: Sketch, type: string): string {
  return stack.add(`azure-native:network:${type}`, "link", {
    resourceGroupName: ownGroup,
    networkSecurityPerimeterName: "perimeter",
    linkName: "link",
    autoApprovedRemotePerimeterResourceId: foreignId(
      "Microsoft.Network/networkSecurityPerimeters",
      "elsewhere",
    ),
    localInboundProfiles: ["*"],
    remoteInboundProfiles: ["*"],
  });
}

const outbound = { direction: "Outbound", fullyQualifiedDomainNames: ["collector.example.com"] };

const perimeters: readonly CorpusCase[] = [
  ...[
    ["that only learns", { accessMode: "Learning" }],
    ["that only counts", { accessMode: "Audit" }],
    ["that does not say that it enforces", {}],
    ["of which nobody knows whether it enforces", { accessMode: unknownText }],
  ].map(([name, bad]) =>
    refused(
      "ZE-31",
      `a perimeter of a storage ${name as string}`,
      (stack, more: Inputs) => {
        association(stack, "phi", more);
      },
      bad as Inputs,
      { accessMode: "Enforced" },
    ),
  ),
  refused(
    "ZE-31",
    "a perimeter of a storage that only learns, by its other name",
    (stack, accessMode: string) => {
      association(stack, "phi", { accessMode }, "azure-native:network:NspAssociation");
    },
    "Learning",
    "Enforced",
  ),
  phiOnly("ZE-31", "a perimeter of a storage that lets a name out", (stack, kind) => {
    association(stack, kind);
    perimeterRule(stack, outbound);
  }),
  phiOnly("ZE-31", "a perimeter of a storage that lets a name out, by its other name", (stack, kind) => {
    association(stack, kind);
    perimeterRule(stack, outbound, "NspAccessRule");
  }),
  phiOnly("ZE-31", "a perimeter that says that it is of the PHI zone and lets a name out", (stack, kind) => {
    perimeter(stack, kind);
    perimeterRule(stack, outbound);
  }),
  phiOnly("ZE-31", "a perimeter of a storage that lets addresses in", (stack, kind) => {
    association(stack, kind);
    perimeterRule(stack, { direction: "Inbound", addressPrefixes: ["198.51.100.0/24"] });
  }),
  phiOnly("ZE-31", "a perimeter of a storage that lets a stranger's subscription in", (stack, kind) => {
    association(stack, kind);
    perimeterRule(stack, {
      direction: "Inbound",
      subscriptions: [{ id: `/subscriptions/${foreignSubscription}` }],
    });
  }),
  phiOnly("ZE-31", "a perimeter of a storage that is bound to a stranger's", (stack, kind) => {
    association(stack, kind);
    perimeterLink(stack, "NetworkSecurityPerimeterLink");
  }),
  phiOnly(
    "ZE-31",
    "a perimeter of a storage that is bound to a stranger's, by its other name",
    (stack, kind) => {
      association(stack, kind);
      perimeterLink(stack, "NspLink");
    },
  ),
];

function vaultOf(type: string): Service {
  return (stack, kind, more) => vault(stack, kind, more, type);
}

const vaults: readonly (readonly [name: string, bad: Inputs, good?: Inputs])[] = [
  ["on the Internet", { publicNetworkAccess: "Enabled" }],
  ["that does not say that it is not on the Internet", { publicNetworkAccess: undefined }],
  ["of which nobody knows whether it is on the Internet", { publicNetworkAccess: unknownText }],
  ["that every service of Azure may call", { networkAcls: { ...nobody, bypass: "AzureServices" } }],
  ["that does not say who may call besides", { networkAcls: { defaultAction: "Deny" } }],
  ["without a firewall of its own", { networkAcls: undefined }],
  [
    "that one address may call",
    { publicNetworkAccess: "Enabled", networkAcls: { ...nobody, ipRules: [{ value: "198.51.100.7" }] } },
    { networkAcls: { ...nobody, ipRules: [] } },
  ],
  [
    "from which machines may be given secrets",
    { enabledForDeployment: true },
    { enabledForDeployment: undefined },
  ],
];

const secrets: readonly CorpusCase[] = [
  ...vaults.map(([name, bad, good]) => wrongly("ZE-33", `a vault ${name}`, vault, bad, good)),
  wrongly(
    "ZE-33",
    "a vault of an old version on the Internet",
    vaultOf("azure-native:keyvault/v20230201:Vault"),
    { publicNetworkAccess: "Enabled" },
  ),
  wrongly(
    "ZE-33",
    "a vault by a package of one version that every service of Azure may call",
    vaultOf("azure-native_keyvault_v20230701:keyvault:Vault"),
    { networkAcls: { ...nobody, bypass: "AzureServices" } },
  ),
];

function ofRegistry(stack: Sketch, kind: Kind, type: string, more: Inputs): string {
  return stack.add(type, "of-registry", {
    resourceGroupName: ownGroup,
    registryName: `${registry(stack, kind)}.name`,
    ...more,
  });
}

const registries: readonly CorpusCase[] = [
  wrongly("ZE-34", "a registry that may be exported", registry, {
    policies: { exportPolicy: { status: "enabled" } },
  }),
  wrongly("ZE-34", "a registry that does not say that it may not be exported", registry, {
    policies: undefined,
  }),
  wrongly("ZE-34", "a registry on the Internet", registry, { publicNetworkAccess: "Enabled" }),
  wrongly(
    "ZE-34",
    "a registry of an old version that may be exported",
    (stack, kind, more) => registry(stack, kind, more, "azure-native:containerregistry/v20230701:Registry"),
    { policies: { exportPolicy: { status: "enabled" } } },
  ),
  wrongly("ZE-34", "a registry that every service of Azure may call", registry, {
    networkRuleBypassOptions: "AzureServices",
  }),
  phiOnly("ZE-34", "an export of a registry", (stack, kind) =>
    ofRegistry(stack, kind, "azure-native:containerregistry:ExportPipeline", {
      location: "eastus2",
      exportPipelineName: "export",
      target: {
        type: "AzureStorageBlobContainer",
        uri: "https://elsewhere.blob.core.windows.net/images",
        keyVaultUri: "https://elsewhere.vault.azure.net/secrets/token",
      },
    }),
  ),
  phiOnly("ZE-34", "a copy of a registry in another region", (stack, kind) =>
    ofRegistry(stack, kind, "azure-native:containerregistry:Replication", {
      location: "westeurope",
      replicationName: "westeurope",
    }),
  ),
  phiOnly("ZE-34", "a copy of a registry, by its name, in another region", (stack, kind) => {
    registry(stack, kind);
    stack.add("azure-native_containerregistry_v20230701:containerregistry:Replication", "copy", {
      resourceGroupName: ownGroup,
      registryName: `${kind}registry`,
      location: "westeurope",
      replicationName: "westeurope",
    });
  }),
  phiOnly("ZE-34", "what a registry tells a stranger", (stack, kind) =>
    ofRegistry(stack, kind, "azure-native:containerregistry:Webhook", {
      location: "eastus2",
      webhookName: "pushes",
      actions: ["push"],
      serviceUri: "https://collector.example.com/pushes",
      status: "enabled",
    }),
  ),
  phiOnly("ZE-34", "a registry of a stranger's place that follows", (stack, kind) =>
    ofRegistry(stack, kind, "azure-native:containerregistry:ConnectedRegistry", {
      connectedRegistryName: "clinic",
      mode: "ReadOnly",
      parent: { syncProperties: { tokenId: `/subscriptions/${ownSubscription}/x`, messageTtl: "P2D" } },
    }),
  ),
];

/** Ways out by logs, perimeters, vaults and registries: rows ZE-30, ZE-31, ZE-33 and ZE-34. */
export const azureWaysOutOfLogsAndSharing: readonly CorpusCase[] = [
  ...logCases,
  ...perimeters,
  ...secrets,
  ...registries,
];
