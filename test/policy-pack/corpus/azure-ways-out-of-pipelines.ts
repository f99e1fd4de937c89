import { ownGroup, unknownText, type Sketch } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import {
  collector,
  events,
  fhir,
  foreignId,
  health,
  here,
  phiOnly,
  storage,
  storageText,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind } from "./stranger-pieces";

const webHook: Inputs = { endpointType: "WebHook", endpointUrl: collector };
const foreignHub: Inputs = {
  endpointType: "EventHub",
  resourceId: foreignId("Microsoft.EventHub/namespaces", "elsewhere/eventhubs/records"),
};
const queueOf = (resourceId: string): Inputs => ({
  endpointType: "StorageQueue",
  queueName: "records",
  resourceId,
});

/** What tells of a service's events: `topic`. */
function topic(stack: Sketch, source: string, topicType: string, kind: Kind = "plain"): string {
  return stack.add("azure-native:eventgrid:SystemTopic", "topic", {
    ...here,
    systemTopicName: "topic",
    source,
    topicType,
    ...tagsOf(kind),
  });
}

function toTopic(
  stack: Sketch,
  systemTopicName: string,
  destination: Inputs,
  type = "azure-native:eventgrid:SystemTopicEventSubscription",
): string {
  return stack.add(type, "subscription", {
    resourceGroupName: ownGroup,
    systemTopicName,
    eventSubscriptionName: "subscription",
    destination,
  });
}

function subscription(stack: Sketch, scope: string, destination: Inputs): string {
  return stack.add("azure-native:eventgrid:EventSubscription", "subscription", {
    scope,
    eventSubscriptionName: "subscription",
    destination,
  });
}

const storageEvents = "Microsoft.Storage.StorageAccounts";
const healthEvents = "Microsoft.HealthcareApis.Workspaces";

const notifications: readonly CorpusCase[] = [
  ...(
    [
      ["a stranger's address", webHook],
      ["a stranger's event hub", foreignHub],
      ["a stranger's queue", queueOf(foreignId("Microsoft.Storage/storageAccounts", "elsewhere"))],
      ["a queue that nobody knows", queueOf(unknownText)],
    ] as const
  ).map(([name, bad]) =>
    refused(
      "ZE-28",
      `events of a storage for ${name}`,
      (stack, destination: Inputs) =>
        toTopic(stack, `${topic(stack, storage(stack, "phi"), storageEvents)}.name`, destination),
      bad,
      queueOf(storageText("phi")),
    ),
  ),
  phiOnly("ZE-28", "events of a storage by its id for a stranger's address", (stack, kind) => {
    storage(stack, kind);
    topic(stack, storageText(kind), storageEvents);
    toTopic(stack, "topic", webHook, "azure-native:eventgrid/v20220615:SystemTopicEventSubscription");
  }),
  phiOnly("ZE-28", "events of health data for a stranger's address", (stack, kind) => {
    fhir(stack, kind);
    toTopic(stack, `${topic(stack, stack.id(`${kind}-health`), healthEvents)}.name`, webHook);
  }),
  phiOnly("ZE-28", "events that say that they are of PHI for a stranger's address", (stack, kind) =>
    toTopic(
      stack,
      `${topic(stack, textId("Microsoft.Storage/storageAccounts", "x"), storageEvents, kind)}.name`,
      {
        ...webHook,
      },
    ),
  ),
  phiOnly("ZE-28", "a subscription to a storage for a stranger's address", (stack, kind) =>
    subscription(stack, storage(stack, kind), webHook),
  ),
  phiOnly("ZE-28", "a subscription to a storage, by its id, for a stranger's event hub", (stack, kind) => {
    storage(stack, kind);
    subscription(stack, storageText(kind), foreignHub);
  }),
  phiOnly("ZE-28", "a subscription to health data for a stranger's address", (stack, kind) =>
    subscription(stack, health(stack, kind), webHook),
  ),
  refused(
    "ZE-28",
    "a subscription that is delivered with an identity to a stranger's event hub",
    (stack, destination: Inputs) =>
      stack.add("azure-native:eventgrid:EventSubscription", "subscription", {
        scope: storage(stack, "phi"),
        eventSubscriptionName: "subscription",
        deliveryWithResourceIdentity: { identity: { type: "SystemAssigned" }, destination },
      }),
    foreignHub,
    queueOf(storageText("phi")),
  ),
];

/** Pipes of a factory, which is of no zone where nothing else is said. */
function factory(stack: Sketch, kind: Kind = "plain"): string {
  return stack.add("azure-native:datafactory:Factory", "factory", {
    ...here,
    factoryName: "factory",
    identity: { type: "SystemAssigned" },
    publicNetworkAccess: "Disabled",
    ...tagsOf(kind),
  });
}

function managedEndpoint(stack: Sketch, factoryName: string, privateLinkResourceId: string): string {
  return stack.add("azure-native:datafactory:ManagedPrivateEndpoint", "managed-endpoint", {
    resourceGroupName: ownGroup,
    factoryName,
    managedVirtualNetworkName: "default",
    managedPrivateEndpointName: "records",
    properties: { groupId: "blob", privateLinkResourceId },
  });
}

const definition = (uri: string): Inputs => ({
  $schema:
    "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
  contentVersion: "1.0.0.0",
  triggers: { daily: { type: "Recurrence", recurrence: { frequency: "Day", interval: 1 } } },
  actions: {
    read: { type: "Http", inputs: { method: "GET", uri } },
    send: { type: "Http", runAfter: { read: ["Succeeded"] }, inputs: { method: "POST", uri: collector } },
  },
});

function capture(stack: Sketch, namespaceName: string, storageAccountResourceId: string): string {
  return stack.add("azure-native:eventhub:EventHub", "hub", {
    resourceGroupName: ownGroup,
    namespaceName,
    eventHubName: "records",
    partitionCount: 2,
    captureDescription: {
      enabled: true,
      encoding: "Avro",
      intervalInSeconds: 300,
      destination: {
        name: "EventHubArchive.AzureBlockBlob",
        blobContainer: "records",
        storageAccountResourceId,
      },
    },
  });
}

const foreignStorage = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");

const pipelines: readonly CorpusCase[] = [
  phiOnly("ZE-28", "a factory that says that it is of the PHI zone", factory),
  phiOnly("ZE-28", "a factory with an endpoint of a storage", (stack, kind) =>
    managedEndpoint(stack, `${factory(stack)}.name`, storage(stack, kind)),
  ),
  phiOnly("ZE-28", "a factory with an endpoint of a storage, by its id", (stack, kind) => {
    storage(stack, kind);
    factory(stack);
    managedEndpoint(stack, "factory", storageText(kind));
  }),
  phiOnly("ZE-28", "a factory that reads a storage by its address", (stack, kind) => {
    storage(stack, kind);
    stack.add("azure-native:datafactory:LinkedService", "source", {
      resourceGroupName: ownGroup,
      factoryName: `${factory(stack)}.name`,
      linkedServiceName: "source",
      properties: {
        type: "AzureBlobStorage",
        serviceEndpoint: `https://${kind}documents.blob.core.windows.net`,
      },
    });
  }),
  phiOnly("ZE-28", "a workflow that says that it is of the PHI zone", (stack, kind) =>
    stack.add("azure-native:logic:Workflow", "workflow", {
      ...here,
      workflowName: "workflow",
      definition: definition("https://elsewhere.example.com"),
      ...tagsOf(kind),
    }),
  ),
  phiOnly("ZE-28", "a workflow that reads a storage by its address", (stack, kind) => {
    storage(stack, kind);
    stack.add("azure-native:logic/v20190501:Workflow", "workflow", {
      ...here,
      workflowName: "workflow",
      identity: { type: "SystemAssigned" },
      definition: definition(`https://${kind}documents.blob.core.windows.net/records?comp=list`),
    });
  }),
  phiOnly("ZE-28", "a workspace of analyses over a storage", (stack, kind) =>
    stack.add("azure-native:synapse:Workspace", "analyses", {
      ...here,
      workspaceName: "analyses",
      identity: { type: "SystemAssigned" },
      defaultDataLakeStorage: {
        accountUrl: `https://${kind}documents.dfs.core.windows.net`,
        filesystem: "records",
        resourceId: storage(stack, kind),
      },
    }),
  ),
  phiOnly("ZE-28", "a workspace of analyses that says that it is of the PHI zone", (stack, kind) =>
    stack.add("azure-native_synapse_v20210601:synapse:Workspace", "analyses", {
      ...here,
      workspaceName: "analyses",
      identity: { type: "SystemAssigned" },
      defaultDataLakeStorage: { accountUrl: "https://elsewhere.dfs.core.windows.net", filesystem: "records" },
      publicNetworkAccess: "Enabled",
      ...tagsOf(kind),
    }),
  ),
  phiOnly("ZE-28", "a share of data", (stack, kind) =>
    stack.add("azure-native:datashare:Share", "share", {
      resourceGroupName: ownGroup,
      accountName: `${stack.add("azure-native:datashare:Account", "shares", {
        ...here,
        accountName: "shares",
        identity: { type: "SystemAssigned" },
        ...tagsOf(kind),
      })}.name`,
      shareName: "records",
      shareKind: "CopyBased",
    }),
  ),
  phiOnly("ZE-28", "a share of a storage", (stack, kind) => {
    storage(stack, kind);
    stack.add("azure-native:datashare:BlobContainerDataSet", "shared", {
      resourceGroupName: ownGroup,
      accountName: "shares",
      shareName: "records",
      dataSetName: "records",
      kind: "Container",
      containerName: "records",
      storageAccountName: `${kind}documents`,
      subscriptionId: "11111111-2222-3333-4444-555555555555",
      resourceGroup: ownGroup,
    });
  }),
  refused(
    "ZE-28",
    "events that a hub writes to a stranger's storage",
    (stack, target: string) => {
      storage(stack, "phi");
      capture(stack, `${events(stack, "phi")}.name`, target);
    },
    foreignStorage,
    storageText("phi"),
  ),
  refused(
    "ZE-28",
    "events that a hub writes to a storage of no zone",
    (stack, kind: Kind) => capture(stack, `${events(stack, "phi")}.name`, storage(stack, kind)),
    "plain",
    "phi",
  ),
  phiOnly(
    "ZE-28",
    "events that a hub of a namespace, by its name, writes to a stranger's storage",
    (stack, kind) => {
      events(stack, kind);
      capture(stack, `${kind}-events`, foreignStorage);
    },
  ),
];

/** Ways out by events and pipelines: row ZE-28. */
export const azureWaysOutOfPipelines: readonly CorpusCase[] = [...notifications, ...pipelines];
