import { ownGroup, ownSubscription, type Sketch } from "../stack-sketch";
import type { Inputs } from "./azure-base";
import { foreignSubscription, here, phiOnly, storage, storageText, subnetOf } from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { advised, refused, type Place } from "./stranger-pieces";

const group = `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}`;
/** "Public network access should be disabled for storage accounts", of Azure's own definitions. */
const noPublicStorage =
  "/providers/Microsoft.Authorization/policyDefinitions/b2982f36-99f2-4db5-8eff-283140c09693";

function assignment(
  stack: Sketch,
  enforcementMode: string | undefined,
  type = "azure-native:authorization:PolicyAssignment",
): string {
  return stack.add(type, "assignment", {
    scope: group,
    policyAssignmentName: "closed",
    policyDefinitionId: noPublicStorage,
    ...(enforcementMode === undefined ? {} : { enforcementMode }),
  });
}

function exemption(stack: Sketch, scope: string): string {
  return stack.add("azure-native:authorization:PolicyExemption", "exemption", {
    scope,
    policyExemptionName: "just-once",
    policyAssignmentId: assignment(stack, "Default"),
    exemptionCategory: "Waiver",
  });
}

/** What is no longer enforced opens nothing by itself: it is advice. */
const enforcement: readonly CorpusCase[] = [
  advised("ZE-35", "a policy that is not enforced", assignment, "DoNotEnforce", "Default"),
  advised(
    "ZE-35",
    "a policy that is not enforced, beside its default",
    assignment,
    "DoNotEnforce",
    undefined,
  ),
  advised(
    "ZE-35",
    "a policy of an old version that is not enforced",
    (stack, mode: string) => assignment(stack, mode, "azure-native:authorization/v20220601:PolicyAssignment"),
    "DoNotEnforce",
    "Default",
  ),
  advised(
    "ZE-35",
    "an exemption of the whole group",
    (stack, scope: string) => {
      storage(stack, "phi");
      storage(stack, "plain");
      exemption(stack, scope);
    },
    group,
    storageText("plain"),
  ),
  advised(
    "ZE-35",
    "an exemption of a storage",
    (stack, kind: "phi" | "plain") => exemption(stack, storage(stack, kind)),
    "phi",
    "plain",
  ),
];

/** A template that makes what nobody sees. */
const template = (parameters: Inputs): Inputs => ({
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters,
  resources: [],
});

const route = (table: string): Inputs => ({
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  resources: [
    {
      type: "Microsoft.Network/routeTables/routes",
      apiVersion: "2024-05-01",
      name: `${table}/out`,
      properties: { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" },
    },
  ],
});

const script = (of: string): string =>
  `az network nsg rule create --nsg-name ${of} --name out --access Allow`;

/** What runs a script: `script`. */
function scripted(stack: Sketch, type: "AzureCliScript" | "AzurePowerShellScript", more: Inputs): string {
  return stack.add(`azure-native:resources:${type}`, "script", {
    ...here,
    scriptName: "script",
    ...(type === "AzureCliScript"
      ? { kind: "AzureCLI", azCliVersion: "2.64.0" }
      : { kind: "AzurePowerShell", azPowerShellVersion: "12.0" }),
    retentionInterval: "PT1H",
    ...more,
  });
}

const deployers: readonly CorpusCase[] = [
  refused(
    "ZE-36",
    "a template that is given a subnet",
    (stack, where: Place) =>
      stack.add("azure-native:resources:Deployment", "deployment", {
        resourceGroupName: ownGroup,
        deploymentName: "deployment",
        properties: {
          mode: "Incremental",
          template: template({ subnet: { type: "string" } }),
          parameters: { subnet: { value: subnetOf(stack, where) } },
        },
      }),
    "phi",
    "elsewhere",
  ),
  refused(
    "ZE-36",
    "a template that changes a route table, by its name",
    (stack, table: string) =>
      stack.add("azure-native:resources/v20220901:Deployment", "deployment", {
        resourceGroupName: ownGroup,
        deploymentName: "deployment",
        properties: { mode: "Incremental", template: route(table) },
      }),
    "phi-routes",
    "gateway-routes",
  ),
  refused(
    "ZE-36",
    "a template that is given a storage",
    (stack, kind: "phi" | "plain") =>
      stack.add("azure-native_resources_v20240301:resources:Deployment", "deployment", {
        resourceGroupName: ownGroup,
        deploymentName: "deployment",
        properties: {
          mode: "Incremental",
          templateLink: { uri: "https://templates.example.com/copy.json" },
          parameters: { source: { value: storage(stack, kind) } },
        },
      }),
    "phi",
    "plain",
  ),
  refused(
    "ZE-36",
    "a script that opens a filter, by its name",
    (stack, of: string) => scripted(stack, "AzureCliScript", { scriptContent: script(of) }),
    "phi-nsg",
    "gateway-nsg",
  ),
  phiOnly("ZE-36", "a script that is given a storage", (stack, kind) =>
    scripted(stack, "AzurePowerShellScript", {
      scriptContent: "Start-AzStorageBlobCopy -Context $env:SOURCE",
      environmentVariables: [{ name: "SOURCE", value: storage(stack, kind) }],
    }),
  ),
  refused(
    "ZE-36",
    "a stack of another kind that is given a route table",
    (stack, zone: "phi" | "gateway") =>
      stack.add("azure-native:resources:DeploymentStackAtResourceGroup", "stack", {
        ...here,
        deploymentStackName: "stack",
        actionOnUnmanage: { resources: "detach" },
        denySettings: { mode: "none" },
        templateLink: { uri: "https://templates.example.com/network.json" },
        parameters: { table: { value: stack.id(`${zone}-routes`) } },
      }),
    "phi",
    "gateway",
  ),
  refused(
    "ZE-36",
    "a runbook that opens a filter",
    (stack, zone: "phi" | "gateway") =>
      stack.add("azure-native:automation:Runbook", "runbook", {
        ...here,
        automationAccountName: "automation",
        runbookName: "runbook",
        runbookType: "PowerShell72",
        description: stack.id(`${zone}-nsg`),
        publishContentLink: { uri: "https://templates.example.com/open-up.ps1" },
      }),
    "phi",
    "gateway",
  ),
  advised(
    "ZE-36",
    "a manager of networks over the whole subscription",
    (stack, subscriptions: readonly string[]) =>
      stack.add("azure-native:network:NetworkManager", "manager", {
        ...here,
        networkManagerName: "manager",
        networkManagerScopeAccesses: ["Connectivity", "SecurityAdmin", "Routing"],
        networkManagerScopes: { subscriptions, managementGroups: [] },
      }),
    [`/subscriptions/${ownSubscription}`],
    [`/subscriptions/${foreignSubscription}`],
  ),
  phiOnly("ZE-36", "a resource of the classic provider that is given a storage", (stack, kind) => {
    stack.add("azure:storage/container:Container", "container", {
      storageAccountId: storage(stack, kind),
      name: "records",
      containerAccessType: "blob",
    });
  }),
  refused(
    "ZE-36",
    "a private endpoint of the classic provider in a subnet",
    (stack, where: Place) =>
      stack.add("azure:privatelink/endpoint:Endpoint", "endpoint", {
        name: "endpoint",
        location: "eastus2",
        resourceGroupName: ownGroup,
        subnetId: subnetOf(stack, where),
        privateServiceConnection: {
          name: "elsewhere",
          isManualConnection: true,
          requestMessage: "please",
          privateConnectionResourceAlias:
            "elsewhere.12345678-0000-0000-0000-000000000000.eastus2.azure.privatelinkservice",
        },
      }),
    "phi",
    "elsewhere",
  ),
  refused(
    "ZE-36",
    "a rule of the classic provider in a filter",
    (stack, zone: "phi" | "gateway") =>
      stack.add("azure:network/networkSecurityRule:NetworkSecurityRule", "rule", {
        name: "rule",
        resourceGroupName: ownGroup,
        networkSecurityGroupName: `${stack.id(`${zone}-nsg`)}.name`,
        direction: "Outbound",
        access: "Deny",
        priority: 200,
        protocol: "*",
      }),
    "phi",
    "gateway",
  ),
  refused(
    "ZE-36",
    "a resource of azapi over a route table",
    (stack, zone: "phi" | "gateway") =>
      stack.add("azapi:index/resource:Resource", "route", {
        type: "Microsoft.Network/routeTables/routes@2024-05-01",
        parentId: stack.id(`${zone}-routes`),
        name: "out",
        body: { properties: { addressPrefix: "198.51.100.0/24", nextHopType: "None" } },
      }),
    "phi",
    "gateway",
  ),
  refused(
    "ZE-36",
    "a command that is given a subnet",
    (stack, where: Place) =>
      stack.add("command:local:Command", "command", {
        create: "./open-up.sh",
        environment: { SUBNET: subnetOf(stack, where) },
      }),
    "phi",
    "gateway",
  ),
];

/** Ways out by what is not enforced, and by code that makes what nobody sees: rows ZE-35 and ZE-36. */
export const azureWaysOutOfCode: readonly CorpusCase[] = [...enforcement, ...deployers];
