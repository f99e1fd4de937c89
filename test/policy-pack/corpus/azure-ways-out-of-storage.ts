import { ownGroup, unknownText, type Sketch } from "../stack-sketch";
import type { Inputs } from "./azure-base";
import {
  foreignId,
  foreignTenant,
  here,
  nobody,
  phiOnly,
  storage,
  storageOf,
  storageText,
  subnetOf,
  wrongly,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, type Kind } from "./stranger-pieces";

const foreignAccount = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");

/** What an account says of itself, and should not. */
const accounts: readonly (readonly [name: string, bad: Inputs, good?: Inputs])[] = [
  ["on the Internet", { publicNetworkAccess: "Enabled" }],
  ["that does not say that it is not on the Internet", { publicNetworkAccess: undefined }],
  ["of which nobody knows whether it is on the Internet", { publicNetworkAccess: unknownText }],
  [
    "that anybody may call",
    { publicNetworkAccess: "Enabled", networkRuleSet: { defaultAction: "Allow", bypass: "None" } },
  ],
  ["that every service of Azure may call", { networkRuleSet: { ...nobody, bypass: "AzureServices" } }],
  [
    "whose logs every service of Azure may read",
    { networkRuleSet: { ...nobody, bypass: "Logging, Metrics" } },
  ],
  ["that does not say who may call besides", { networkRuleSet: { defaultAction: "Deny" } }],
  ["without a firewall of its own", { networkRuleSet: undefined }],
  [
    "that a stranger's factory may call",
    {
      networkRuleSet: {
        ...nobody,
        resourceAccessRules: [
          {
            tenantId: foreignTenant,
            resourceId: foreignId("Microsoft.DataFactory/factories", "elsewhere"),
          },
        ],
      },
    },
    { networkRuleSet: { ...nobody, resourceAccessRules: [] } },
  ],
  [
    "that one address may call",
    {
      publicNetworkAccess: "Enabled",
      networkRuleSet: { ...nobody, ipRules: [{ iPAddressOrRange: "198.51.100.7", action: "Allow" }] },
    },
    { networkRuleSet: { ...nobody, ipRules: [] } },
  ],
  ["whose objects anybody may be shown", { allowBlobPublicAccess: true }],
  ["that a key opens", { allowSharedKeyAccess: true }],
  ["that does not say that no key opens it", { allowSharedKeyAccess: undefined }],
  ["of which nobody knows whether a key opens it", { allowSharedKeyAccess: unknownText }],
  ["that may be copied anywhere", { allowedCopyScope: undefined }, { allowedCopyScope: "PrivateLink" }],
  ["that another tenant may replicate", { allowCrossTenantReplication: true }],
  ["that does not say that no other tenant may replicate it", { allowCrossTenantReplication: undefined }],
  ["with a file server", { isHnsEnabled: true, isSftpEnabled: true }, { isHnsEnabled: true }],
  ["with users of its own", { isLocalUserEnabled: true }],
  [
    "with a file system of a network",
    { isHnsEnabled: true, enableNfsV3: true },
    { isHnsEnabled: true, enableNfsV3: false },
  ],
];

/** Tokens of other versions, which say the same. */
const spellings = [
  "azure-native:storage/v20230101:StorageAccount",
  "azure-native:storage/v20240101:StorageAccount",
  "azure-native_storage_v20230101:storage:StorageAccount",
];

const settings: readonly CorpusCase[] = [
  ...accounts.map(([name, bad, good]) => wrongly("ZE-24", `a storage ${name}`, storage, bad, good)),
  ...spellings.map((type) =>
    wrongly("ZE-24", `a storage on the Internet by ${type}`, storageOf(type), {
      publicNetworkAccess: "Enabled",
    }),
  ),
  refused(
    "ZE-24",
    "a storage that another network may call",
    (stack, publicNetworkAccess: string) =>
      storage(stack, "phi", {
        publicNetworkAccess,
        networkRuleSet: {
          ...nobody,
          virtualNetworkRules: [{ virtualNetworkResourceId: subnetOf(stack, "elsewhere"), action: "Allow" }],
        },
      }),
    "Enabled",
    "Disabled",
  ),
];

const rules = (source: string, destination: string): readonly Inputs[] => [
  { sourceContainer: source, destinationContainer: destination },
];

/** A replication of one account's objects to another. */
function replication(
  stack: Sketch,
  accountName: string,
  sourceAccount: string,
  destinationAccount: string,
): string {
  return stack.add("azure-native:storage:ObjectReplicationPolicy", "replication", {
    resourceGroupName: ownGroup,
    accountName,
    objectReplicationPolicyId: "default",
    sourceAccount,
    destinationAccount,
    rules: rules("records", "copies"),
  });
}

function endpoint(stack: Sketch, name: string, storageAccountResourceId: string): string {
  return stack.add("azure-native:storagemover:Endpoint", name, {
    resourceGroupName: ownGroup,
    storageMoverName: "mover",
    endpointName: name,
    properties: {
      endpointType: "AzureStorageBlobContainer",
      storageAccountResourceId,
      blobContainerName: "records",
    },
  });
}

function mover(stack: Sketch, source: string, target: string): void {
  stack.add("azure-native:storagemover:StorageMover", "mover", { ...here, storageMoverName: "mover" });
  stack.add("azure-native:storagemover:JobDefinition", "job", {
    resourceGroupName: ownGroup,
    storageMoverName: "mover",
    projectName: "project",
    jobDefinitionName: "job",
    copyMode: "Additive",
    sourceName: `${endpoint(stack, "source", source)}.name`,
    targetName: `${endpoint(stack, "target", target)}.name`,
  });
}

const copies: readonly CorpusCase[] = [
  refused(
    "ZE-24",
    "a replication to a stranger's storage",
    (stack, destination: string) => {
      storage(stack, "phi", {}, "copies");
      replication(stack, "phidocuments", storage(stack, "phi"), destination);
    },
    foreignAccount,
    storageText("phi", "copies"),
  ),
  refused(
    "ZE-24",
    "a replication to a storage of no zone",
    (stack, kind: Kind) =>
      replication(stack, "phidocuments", storage(stack, "phi"), storage(stack, kind, {}, "copies")),
    "plain",
    "phi",
  ),
  phiOnly("ZE-24", "a replication to a stranger's storage, of one by its id", (stack, kind) => {
    storage(stack, kind);
    replication(stack, "elsewhere", storageText(kind), foreignAccount);
  }),
  phiOnly("ZE-24", "a replication to a stranger's storage, of one by its name", (stack, kind) => {
    storage(stack, kind);
    replication(stack, `${kind}documents`, `${kind}documents`, "elsewhere");
  }),
  phiOnly("ZE-24", "a list of a storage's objects", (stack, kind) => {
    stack.add("azure-native:storage:BlobInventoryPolicy", "inventory", {
      resourceGroupName: ownGroup,
      accountName: `${storage(stack, kind)}.name`,
      blobInventoryPolicyName: "default",
      policy: {
        enabled: true,
        type: "Inventory",
        rules: [
          {
            name: "all",
            enabled: true,
            destination: "lists",
            definition: { format: "Csv", objectType: "Blob", schedule: "Daily", schemaFields: ["Name"] },
          },
        ],
      },
    });
  }),
  phiOnly("ZE-24", "a user of a storage's file server", (stack, kind) => {
    stack.add("azure-native:storage:LocalUser", "user", {
      resourceGroupName: ownGroup,
      accountName: `${storage(stack, kind)}.name`,
      username: "partner",
      hasSshKey: true,
      homeDirectory: "records",
      permissionScopes: [{ permissions: "rl", resourceName: "records", service: "blob" }],
    });
  }),
  phiOnly("ZE-24", "a user of a file server, of a storage by its name", (stack, kind) => {
    storage(stack, kind);
    stack.add("azure-native:storage/v20230101:LocalUser", "user", {
      resourceGroupName: ownGroup,
      accountName: `${kind}documents`,
      username: "partner",
      hasSharedKey: true,
      permissionScopes: [{ permissions: "rl", resourceName: "records", service: "blob" }],
    });
  }),
  phiOnly("ZE-24", "a task over a storage's objects", (stack, kind) => {
    stack.add("azure-native:storage:StorageTaskAssignment", "task", {
      resourceGroupName: ownGroup,
      accountName: `${storage(stack, kind)}.name`,
      storageTaskAssignmentName: "task",
      properties: {
        description: "",
        enabled: true,
        taskId: foreignId("Microsoft.StorageActions/storageTasks", "elsewhere"),
        executionContext: { trigger: { type: "RunOnce", parameters: { startOn: "2026-12-01T00:00:00Z" } } },
        report: { prefix: "reports" },
      },
    });
  }),
  phiOnly("ZE-24", "a move of a storage's objects", (stack, kind) => {
    mover(stack, storage(stack, kind), foreignAccount);
  }),
  phiOnly("ZE-24", "a move of the objects of a storage by its id", (stack, kind) => {
    storage(stack, kind);
    mover(stack, storageText(kind), foreignAccount);
  }),
];

/** Ways out by storage accounts: row ZE-24. */
export const azureWaysOutOfStorage: readonly CorpusCase[] = [...settings, ...copies];
