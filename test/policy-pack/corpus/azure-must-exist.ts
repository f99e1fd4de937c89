import type { Sketch } from "../stack-sketch";
import { ownGroup } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import { azureEntrance, but, clients, machines } from "./azure-entrance";
import { inspected } from "./azure-inspection";
import {
  fhir,
  here,
  logs,
  ownTenant,
  search,
  storage,
  storageText,
  subnetOf,
  vault,
} from "./azure-service-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";
import { advised, refused } from "./stranger-pieces";

/** A log of the packets of a network. */
function packets(stack: Sketch, more: Inputs, type = "azure-native:network:FlowLog"): void {
  stack.add(
    type,
    "packets",
    but(
      {
        resourceGroupName: "NetworkWatcherRG",
        location: "eastus2",
        networkWatcherName: "NetworkWatcher_eastus2",
        flowLogName: "packets",
        targetResourceId: stack.id("vnet"),
        storageId: textId("Microsoft.Storage/storageAccounts", "packets"),
        enabled: true,
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: true, days: 365 },
      },
      more,
    ),
  );
}

const flowLogs: readonly CorpusCase[] = [
  {
    id: "must-1",
    name: "a network of the PHI zone without a log of packets",
    expected: "advised",
    bad: () => undefined,
    good: (stack) => {
      packets(stack, {});
    },
  },
  advised("must-1", "a log of packets that is switched off", packets, { enabled: false }, {}),
  advised("must-1", "a log of packets that does not say that it is on", packets, { enabled: undefined }, {}),
  advised(
    "must-1",
    "a log of another network's packets",
    (stack, where: "elsewhere" | "phi") => {
      packets(stack, { targetResourceId: subnetOf(stack, where).replace(/\/subnets\/.*/, "") });
    },
    "elsewhere",
    "phi",
  ),
  advised(
    "must-1",
    "a log of packets of one filter of the gateway",
    (stack, target: string) => {
      packets(stack, { targetResourceId: stack.id(target) }, "azure-native:network/v20240101:FlowLog");
    },
    "gateway-nsg",
    "vnet",
  ),
];

/** The same network, of whose subnet of PHI something else is said. */
function phiSubnet(stack: Sketch, more: Inputs): Sketch {
  return stack.change("vnet", (inputs) => ({
    ...inputs,
    subnets: (inputs["subnets"] as readonly Inputs[]).map((one) =>
      one["name"] === "phi" ? but(one, more) : one,
    ),
  }));
}

/** A filter without some of its rules. */
function withoutRules(stack: Sketch, zone: string, names: readonly string[]): Sketch {
  return stack.change(`${zone}-nsg`, (inputs) => ({
    ...inputs,
    securityRules: (inputs["securityRules"] as readonly Inputs[]).filter(
      ({ name }) => !names.includes(String(name)),
    ),
  }));
}

const boundSubnets: readonly CorpusCase[] = [
  advised("must-2", "a PHI subnet without a route table", phiSubnet, { routeTable: undefined }, {}),
  refused("must-2", "a PHI subnet without a filter", phiSubnet, { networkSecurityGroup: undefined }, {}),
];

const denials: readonly CorpusCase[] = [
  ...["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"].map((tag) =>
    advised(
      "must-3",
      `a filter of PHI that does not deny ${tag}, and no code to call it`,
      (stack, names: readonly string[]) => withoutRules(stack, "phi", names),
      [`deny-${tag}`],
      [],
    ),
  ),
  refused(
    "must-3",
    "a filter of PHI that does not deny what comes in from the network",
    (stack, names: readonly string[]) => withoutRules(stack, "phi", names),
    ["deny-in"],
    [],
  ),
  refused(
    "must-3",
    "a filter of PHI that does not deny what goes out",
    (stack, names: readonly string[]) => withoutRules(stack, "phi", names),
    ["deny-out"],
    [],
  ),
];

const policyId = textId("Microsoft.Network/dnsResolverPolicies", "names");

/** What must exist for each network, which always has names: a policy that ends in a block of all, and a log. */
const ofNames: Readonly<Record<"policy" | "policy's binding" | "log", (stack: Sketch) => void>> = {
  policy: (stack) => {
    stack.add("azure-native:dnsresolver:DnsResolverPolicy", "names", {
      ...here,
      dnsResolverPolicyName: "names",
    });
    const list = stack.add("azure-native:dnsresolver:DnsResolverDomainList", "all-names", {
      ...here,
      dnsResolverDomainListName: "all-names",
      domains: ["."],
    });
    stack.add("azure-native:dnsresolver:DnsSecurityRule", "names-rule", {
      ...here,
      dnsResolverPolicyName: "names",
      dnsSecurityRuleName: "names-rule",
      priority: 100,
      action: { actionType: "Block", blockResponseCode: "SERVFAIL" },
      dnsResolverDomainLists: [{ id: list }],
      dnsSecurityRuleState: "Enabled",
    });
  },
  "policy's binding": (stack) => {
    stack.add("azure-native:dnsresolver:DnsResolverPolicyVirtualNetworkLink", "names-binding", {
      ...here,
      dnsResolverPolicyName: "names",
      dnsResolverPolicyVirtualNetworkLinkName: "names-binding",
      virtualNetwork: { id: stack.id("vnet") },
    });
  },
  log: (stack) => {
    stack.add("azure-native:monitor:DiagnosticSetting", "questions", {
      resourceUri: policyId,
      name: "questions",
      logs: [{ category: "DnsResponse", enabled: true }],
      workspaceId: textId("Microsoft.OperationalInsights/workspaces", "logs"),
    });
  },
};

const allOfNames = ["policy", "policy's binding", "log"] as const;

function watched(stack: Sketch, parts: readonly (keyof typeof ofNames)[]): void {
  parts.forEach((part) => {
    ofNames[part](stack);
  });
}

const watchedNames: readonly CorpusCase[] = [
  advised("must-4", "names that nobody guards", watched, [], allOfNames),
  advised(
    "must-4",
    "names with a policy that is bound to no network",
    watched,
    ["policy", "log"],
    allOfNames,
  ),
  advised("must-4", "names with a policy but no log", watched, ["policy", "policy's binding"], allOfNames),
];

/** A storage of PHI and a perimeter, with or without the first in the second. */
function guarded(stack: Sketch, isGuarded: boolean): void {
  const account = storage(stack, "phi");
  stack.add("azure-native:network:NetworkSecurityPerimeter", "perimeter", {
    ...here,
    networkSecurityPerimeterName: "perimeter",
  });
  const profile = stack.add("azure-native:network:NetworkSecurityPerimeterProfile", "profile", {
    resourceGroupName: ownGroup,
    networkSecurityPerimeterName: "perimeter",
    profileName: "profile",
  });
  if (isGuarded) {
    stack.add("azure-native:network:NetworkSecurityPerimeterAssociation", "association", {
      resourceGroupName: ownGroup,
      networkSecurityPerimeterName: "perimeter",
      associationName: "association",
      privateLinkResource: { id: account },
      profile: { id: profile },
      accessMode: "Enforced",
    });
  }
}

const perimeters: readonly CorpusCase[] = [
  advised("must-5", "a storage of PHI in no perimeter", guarded, false, true),
];

const idle = { name: "idle", data: "MIIBszCCAVmgAwIBAgIUQ2t=" };

const listeners: readonly CorpusCase[] = [
  {
    id: "must-6",
    name: "a listener that asks nobody who they are",
    expected: "refused",
    bad: (stack) =>
      amend(azureEntrance(stack), "entrance", { httpListeners: [but(machines, { sslProfile: undefined })] }),
    good: azureEntrance,
  },
  {
    id: "must-6",
    name: "a listener that takes any certificate",
    expected: "refused",
    bad: (stack) =>
      amend(azureEntrance(stack), "entrance", {
        sslProfiles: [but(clients, { trustedClientCertificates: undefined })],
      }),
    good: azureEntrance,
  },
  advised(
    "must-6",
    "an authority of clients that no listener trusts",
    (stack, more: readonly Inputs[]) => {
      azureEntrance(stack).change("entrance", (inputs) => ({
        ...inputs,
        trustedClientCertificates: [...(inputs["trustedClientCertificates"] as readonly Inputs[]), ...more],
      }));
    },
    [idle],
    [],
  ),
];

const firewalls: readonly CorpusCase[] = [
  {
    id: "must-7",
    name: "a firewall to which no route leads",
    expected: "advised",
    bad: inspected({ routes: [] }),
    good: inspected(),
  },
];

/** What tells of itself. */
const services: Readonly<Record<string, (stack: Sketch) => string>> = {
  "a storage": (stack) => storage(stack, "phi"),
  "a FHIR service": (stack) => fhir(stack, "phi"),
  "a vault": (stack) => vault(stack, "phi"),
  "a search service": (stack) => search(stack, "phi"),
};

/** What each service says of itself, in the workspace of logs. */
function diagnostics(stack: Sketch, resourceUri: string, more: Inputs): void {
  stack.add("azure-native:monitor:DiagnosticSetting", "diagnostics", {
    resourceUri,
    name: "diagnostics",
    workspaceId: logs(stack, "phi"),
    logs: [{ categoryGroup: "allLogs", enabled: true }],
    ...more,
  });
}

/** A storage says what was read in it of the part that keeps objects. */
function told(stack: Sketch, service: string): string {
  const id = services[service]?.(stack) ?? "";
  return service === "a storage" ? `${storageText("phi")}/blobServices/default` : id;
}

const diagnosticSettings: readonly CorpusCase[] = [
  ...Object.keys(services).map((service) =>
    advised(
      "must-8",
      `${service} of PHI that tells nobody who read what`,
      (stack, isTold: boolean) => {
        const of = told(stack, service);
        if (isTold) {
          diagnostics(stack, of, {});
        }
      },
      false,
      true,
    ),
  ),
  ...(
    [
      ["with its logs switched off", { logs: [{ categoryGroup: "allLogs", enabled: false }] }],
      [
        "that tells how much was read alone",
        { logs: [], metrics: [{ category: "Transaction", enabled: true }] },
      ],
    ] as const
  ).map(([name, bad]) =>
    advised<Inputs>(
      "must-8",
      `a vault of PHI ${name}`,
      (stack, more: Inputs) => {
        diagnostics(stack, told(stack, "a vault"), more);
      },
      bad,
      {},
    ),
  ),
];

/** How long the logs are kept: those that can be asked, and those of a table in all. */
function kept(stack: Sketch, [interactive, total]: readonly [interactive: number, total: number]): void {
  const workspaceName = `${logs(stack, "phi", { retentionInDays: interactive })}.name`;
  stack.add("azure-native:operationalinsights:Table", "table", {
    resourceGroupName: ownGroup,
    workspaceName,
    tableName: "AzureDiagnostics",
    retentionInDays: interactive,
    totalRetentionInDays: total,
  });
}

const retention: readonly CorpusCase[] = [
  advised("must-9", "logs of PHI that are kept for a month", kept, [30, 30], [730, 2556]),
  advised("must-9", "logs of PHI that are kept for two years", kept, [730, 730], [730, 2556]),
];

const yearly: Inputs = {
  attributes: { expiryTime: "P1Y" },
  lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeBeforeExpiry: "P30D" } }],
};

/** A key in a vault of PHI's. */
function key(stack: Sketch, more: Inputs): string {
  return stack.add("azure-native:keyvault:Key", "phi-key", {
    resourceGroupName: ownGroup,
    vaultName: `${vault(stack, "phi")}.name`,
    keyName: "phi-key",
    properties: { kty: "RSA-HSM", keySize: 3072, ...more },
    tags: inZone("phi"),
  });
}

const ownKey: Inputs = {
  identity: {
    type: "UserAssigned",
    userAssignedIdentities: [textId("Microsoft.ManagedIdentity/userAssignedIdentities", "documents")],
  },
  encryption: {
    keySource: "Microsoft.Keyvault",
    keyVaultProperties: { keyVaultUri: "https://phi-vault.vault.azure.net", keyName: "phi-key" },
    encryptionIdentity: {
      encryptionUserAssignedIdentity: textId("Microsoft.ManagedIdentity/userAssignedIdentities", "documents"),
    },
  },
};

const keys: readonly CorpusCase[] = [
  advised("must-10", "a key of PHI that never turns", key, {}, { rotationPolicy: yearly }),
  advised(
    "must-10",
    "a key of PHI that only tells when it is old",
    key,
    {
      rotationPolicy: {
        ...yearly,
        lifetimeActions: [{ action: { type: "notify" }, trigger: { timeBeforeExpiry: "P30D" } }],
      },
    },
    { rotationPolicy: yearly },
  ),
  advised(
    "must-10",
    "a vault of PHI whose keys can be destroyed at once",
    (stack, enablePurgeProtection: boolean | undefined) => {
      stack.add("azure-native:keyvault:Vault", "keys", {
        ...here,
        vaultName: "keys",
        properties: but(
          {
            tenantId: ownTenant,
            sku: { family: "A", name: "premium" },
            publicNetworkAccess: "Disabled",
            networkAcls: { defaultAction: "Deny", bypass: "None" },
            enableRbacAuthorization: true,
          },
          { enablePurgeProtection },
        ),
        tags: inZone("phi"),
      });
    },
    undefined,
    true,
  ),
  advised(
    "must-10",
    "a storage of PHI with a key of Azure's",
    (stack, more: Inputs) => {
      key(stack, { rotationPolicy: yearly });
      storage(stack, "phi", more);
    },
    {},
    ownKey,
  ),
];

/** What must exist on Azure. What is missing and opens no layer is advice. */
export const azureMustExist: readonly CorpusCase[] = [
  ...flowLogs,
  ...boundSubnets,
  ...denials,
  ...watchedNames,
  ...perimeters,
  ...listeners,
  ...firewalls,
  ...diagnosticSettings,
  ...retention,
  ...keys,
];
