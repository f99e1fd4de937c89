import { unknownText, type Sketch } from "../stack-sketch";
import { ownGroup } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import {
  collector,
  foreignId,
  learning,
  models,
  nobody,
  phiOnly,
  said,
  storage,
  storageText,
  subnetOf,
  wrongly,
  type Service,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind } from "./stranger-pieces";

/** The service in other spellings of its type. */
function modelsOf(type: string): Service {
  return (stack, kind, more) => models(stack, kind, more, type);
}

const foreignStorage = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");

/** What the models' service says of itself, and should not. */
const services: readonly (readonly [name: string, bad: Inputs, good?: Inputs])[] = [
  ["whose calls may go anywhere", { restrictOutboundNetworkAccess: false }],
  ["that does not say where its calls may go", { restrictOutboundNetworkAccess: undefined }],
  ["of which nobody knows where its calls may go", { restrictOutboundNetworkAccess: unknownText }],
  ["that may call a stranger", { allowedFqdnList: ["collector.example.com"] }],
  ["that may call any storage", { allowedFqdnList: ["*.blob.core.windows.net"] }],
  ["that may call whom nobody knows", { allowedFqdnList: [unknownText] }, { allowedFqdnList: undefined }],
  ["on the Internet", { publicNetworkAccess: "Enabled" }],
  ["that does not say that it is not on the Internet", { publicNetworkAccess: undefined }],
  ["of which nobody knows whether it is on the Internet", { publicNetworkAccess: unknownText }],
  ["that every service of Azure may call", { networkAcls: { ...nobody, bypass: "AzureServices" } }],
  [
    "open to all but for a word",
    { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow", bypass: "None" } },
  ],
  [
    "that one address may call",
    { publicNetworkAccess: "Enabled", networkAcls: { ...nobody, ipRules: [{ value: "198.51.100.7" }] } },
  ],
  [
    "whose agents run in a network of Microsoft's",
    {
      networkInjections: [{ scenario: "agent", useMicrosoftManagedNetwork: true }],
    },
    { networkInjections: [] },
  ],
  [
    "that keeps what it is told in a stranger's storage",
    { userOwnedStorage: [{ resourceId: foreignStorage }] },
  ],
];

/** A network of the models' own, that Azure manages. */
function managedNetwork(stack: Sketch, kind: Kind, isolationMode: string | undefined): string {
  models(stack, kind);
  return stack.add("azure-native:cognitiveservices:ManagedNetworkSetting", "managed-network", {
    resourceGroupName: ownGroup,
    accountName: `${stack.id(`${kind}-models`)}.name`,
    managedNetworkName: "default",
    properties: { managedNetwork: said({ isolationMode, managedNetworkKind: "V2" }) },
  });
}

function outboundRule(stack: Sketch, kind: Kind, properties: Inputs): string {
  managedNetwork(stack, kind, "AllowOnlyApprovedOutbound");
  return stack.add("azure-native:cognitiveservices:OutboundRule", "outbound", {
    resourceGroupName: ownGroup,
    accountName: `${kind}-models`,
    managedNetworkName: "default",
    ruleName: "outbound",
    properties: { category: "UserDefined", ...properties },
  });
}

function endpointRule(serviceResourceId: string): Inputs {
  return { type: "PrivateEndpoint", destination: { serviceResourceId, subresourceTarget: "blob" } };
}

const tool: Inputs = {
  authType: "CustomKeys",
  category: "CustomKeys",
  target: collector,
  credentials: { keys: { key: "of no importance" } },
};

const aiServices: readonly CorpusCase[] = [
  ...services.map(([name, bad, good]) =>
    wrongly("ZE-22", `a service with models ${name}`, models, bad, good),
  ),
  wrongly(
    "ZE-22",
    "a service with models of an old version whose calls may go anywhere",
    modelsOf("azure-native:cognitiveservices/v20230501:Account"),
    { restrictOutboundNetworkAccess: false },
  ),
  wrongly(
    "ZE-22",
    "a service with models by a package of one version, on the Internet",
    modelsOf("azure-native_cognitiveservices_v20250601:cognitiveservices:Account"),
    { publicNetworkAccess: "Enabled" },
  ),
  refused(
    "ZE-22",
    "a service with models whose agents run in another network",
    (stack, where: "elsewhere" | "phi") =>
      models(stack, "phi", {
        networkInjections: [
          { scenario: "agent", subnetArmId: subnetOf(stack, where), useMicrosoftManagedNetwork: false },
        ],
      }),
    "elsewhere",
    "phi",
  ),
  refused(
    "ZE-22",
    "a service with models that keeps what it is told in a storage of no zone",
    (stack, kind: Kind) => models(stack, "phi", { userOwnedStorage: [{ resourceId: storage(stack, kind) }] }),
    "plain",
    "phi",
  ),
  ...["AllowInternetOutbound", "Disabled", undefined, unknownText].map((mode) =>
    refused(
      "ZE-22",
      `a managed network of models whose isolation is ${mode === unknownText ? "not known" : (mode ?? "not said")}`,
      (stack, isolationMode: string | undefined) => managedNetwork(stack, "phi", isolationMode),
      mode,
      "AllowOnlyApprovedOutbound",
    ),
  ),
  phiOnly("ZE-22", "a managed network of models that lets a name out", (stack, kind) =>
    outboundRule(stack, kind, { type: "FQDN", destination: "collector.example.com" }),
  ),
  phiOnly("ZE-22", "a managed network of models that lets a service's addresses out", (stack, kind) =>
    outboundRule(stack, kind, {
      type: "ServiceTag",
      destination: { serviceTag: "Storage", protocol: "TCP", portRanges: "443", action: "Allow" },
    }),
  ),
  refused(
    "ZE-22",
    "a managed network of models with a private endpoint of a stranger's",
    (stack, target: string) => {
      storage(stack, "phi");
      outboundRule(stack, "phi", endpointRule(target));
    },
    foreignStorage,
    storageText("phi"),
  ),
  phiOnly("ZE-22", "a tool of agents outside", (stack, kind) => {
    models(stack, kind);
    stack.add("azure-native:cognitiveservices:AccountConnection", "tool", {
      resourceGroupName: ownGroup,
      accountName: `${stack.id(`${kind}-models`)}.name`,
      connectionName: "tool",
      properties: tool,
    });
  }),
  phiOnly("ZE-22", "a tool of agents outside, of an account by its name", (stack, kind) => {
    models(stack, kind);
    stack.add("azure-native:cognitiveservices/v20250601:AccountConnection", "tool", {
      resourceGroupName: ownGroup,
      accountName: `${kind}-models`,
      connectionName: "tool",
      properties: tool,
    });
  }),
  phiOnly("ZE-22", "a tool of a project's agents outside", (stack, kind) => {
    models(stack, kind);
    stack.add("azure-native:cognitiveservices:ProjectConnection", "tool", {
      resourceGroupName: ownGroup,
      accountName: `${kind}-models`,
      projectName: "assistant",
      connectionName: "tool",
      properties: tool,
    });
  }),
];

const ownModel = { format: "OpenAI", name: "gpt-4.1", version: "2025-04-14" };

/** A model that the service of PHI runs. */
function deployment(
  stack: Sketch,
  { model = ownModel, sku = "Standard" }: { readonly model?: Inputs; readonly sku?: string },
  type = "azure-native:cognitiveservices:Deployment",
): string {
  models(stack, "phi");
  return stack.add(type, "model", {
    resourceGroupName: ownGroup,
    accountName: `${stack.id("phi-models")}.name`,
    deploymentName: "model",
    sku: { name: sku, capacity: 10 },
    properties: { model, raiPolicyName: "Microsoft.DefaultV2" },
  });
}

/** What is run in a workspace of machine learning. */
function inWorkspace(stack: Sketch, kind: Kind, type: string, properties: Inputs): string {
  learning(stack, kind);
  return stack.add(type, "third-party", {
    resourceGroupName: ownGroup,
    ...(type.endsWith("ServerlessEndpoint") ? { location: "eastus2" } : {}),
    workspaceName: `${stack.id(`${kind}-learning`)}.name`,
    name: "third-party",
    properties,
  });
}

const thirdParty = "azureml://registries/azureml-mistral/models/Mistral-large-2411";

const aiModels: readonly CorpusCase[] = [
  ...[
    ["of Meta", { format: "Meta", name: "Llama-4-Scout-17B-16E-Instruct", version: "1" }],
    ["of Mistral", { format: "Mistral AI", name: "mistral-medium-2505", version: "1" }],
    ["of whom nobody knows", { ...ownModel, format: unknownText }],
    ["of a publisher that is not Microsoft's", { ...ownModel, publisher: "Contoso Models" }],
  ].map(([name, model]) =>
    refused(
      "ZE-23",
      `a model ${name as string}`,
      (stack, of: Inputs) => deployment(stack, { model: of }),
      model as Inputs,
      ownModel,
    ),
  ),
  ...[
    "GlobalStandard",
    "GlobalBatch",
    "GlobalProvisionedManaged",
    "DataZoneStandard",
    "DataZoneProvisionedManaged",
  ].map((name) =>
    refused(
      "ZE-23",
      `a model that runs wherever there is room: ${name}`,
      (stack, sku: string) => deployment(stack, { sku }),
      name,
      name.endsWith("ProvisionedManaged") ? "ProvisionedManaged" : "Standard",
    ),
  ),
  refused(
    "ZE-23",
    "a model by a package of one version that runs wherever there is room",
    (stack, sku: string) =>
      deployment(stack, { sku }, "azure-native_cognitiveservices_v20241001:cognitiveservices:Deployment"),
    "GlobalStandard",
    "Standard",
  ),
  phiOnly("ZE-23", "a model of a stranger's on an endpoint of his", (stack, kind) =>
    inWorkspace(stack, kind, "azure-native:machinelearningservices:ServerlessEndpoint", {
      authMode: "Key",
      modelSettings: { modelId: thirdParty },
    }),
  ),
  phiOnly("ZE-23", "a model of a stranger's on the market", (stack, kind) =>
    inWorkspace(stack, kind, "azure-native:machinelearningservices:MarketplaceSubscription", {
      modelId: thirdParty,
    }),
  ),
  ...["AllowInternetOutbound", "Disabled"].map((isolationMode) =>
    wrongly("ZE-23", `a workspace of learning whose isolation is ${isolationMode}`, learning, {
      managedNetwork: { isolationMode },
    }),
  ),
  wrongly("ZE-23", "a workspace of learning without a network of its own", learning, {
    managedNetwork: undefined,
  }),
  wrongly("ZE-23", "a workspace of learning that lets a stranger's name out", learning, {
    managedNetwork: {
      isolationMode: "AllowOnlyApprovedOutbound",
      outboundRules: {
        collector: { type: "FQDN", category: "UserDefined", destination: "collector.example.com" },
      },
    },
  }),
  phiOnly("ZE-23", "a workspace of learning, in an old spelling, on the Internet", (stack, kind) =>
    stack.add("azure-native:machinelearningservices/v20230401:Workspace", "research", {
      resourceGroupName: ownGroup,
      workspaceName: "research",
      publicNetworkAccess: "Enabled",
      keyVault: textId("Microsoft.KeyVault/vaults", "research"),
      ...tagsOf(kind),
    }),
  ),
];

/** Ways out by AI services and their models: rows ZE-22 and ZE-23. */
export const azureWaysOutOfAi: readonly CorpusCase[] = [...aiServices, ...aiModels];
