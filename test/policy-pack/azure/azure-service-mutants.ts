import type { Mutant } from "../mutants";
import type { Properties } from "../service-mutants";
import { ownSubscription, unknownText, type Sketch } from "../stack-sketch";

import { foreignNetwork, network, ofNetwork } from "./azure-network-mutants";
import { alter, append, put } from "../put";

const egress = "phi-zone-has-no-egress";
const admits = "phi-zone-admits-only-processing";
const understood = "resources-are-understood";
const isPrivate = "platform-services-are-private";
const resolver = "phi-zone-resolver-is-closed";
const audited = "traffic-is-audited";
const sealed = "network-defaults-are-sealed";

const documents = "bulkhead-document-store-account";
const fhir = "bulkhead-fhir-store";
const workspaceOfFhir = "bulkhead-fhir-store-workspace";
const vectors = "bulkhead-vector-index";
const models = "bulkhead-models";
const registry = "bulkhead-registry";
const secrets = "bulkhead-secrets-vault";
const phiVault = "bulkhead-phi-vault";
const phiKey = "bulkhead-phi-key";
const scope = "bulkhead-monitor-scope";
const records = "bulkhead-records-workspace";
const flows = "bulkhead-network-flows";
const servicesRecords = "bulkhead-services-records-account";
const recordsExport = "bulkhead-records-export";
const decisionsRule = "bulkhead-decision-point-output-rule";

const ofPhi = { resourceGroupName: "bulkhead-phi" };
const ofPlatform = { resourceGroupName: "bulkhead-platform" };
const ofAudit = { resourceGroupName: "bulkhead-audit" };

const own = `/subscriptions/${ownSubscription}`;
const foreignTenant = "00000000-1111-2222-3333-444444444444";
const elsewhere = "/subscriptions/99999999-0000-0000-0000-000000000000/resourceGroups/somebodys/providers";
const foreignAccount = `${elsewhere}/Microsoft.Storage/storageAccounts/somebodys`;
const foreignWorkspace = `${elsewhere}/Microsoft.OperationalInsights/workspaces/somebodys`;
const foreignHub = `${elsewhere}/Microsoft.EventHub/namespaces/somebodys/authorizationRules/all`;
const stranger = "12121212-3434-5656-7878-909090909090";

const nameOf = (stack: Sketch, name: string): string => `${stack.id(name)}.name`;

/** A fault that is one value within a resource. */
function one(what: string, rule: Mutant["rule"], name: string, path: string, value: unknown): Mutant {
  return {
    fault: what,
    rule,
    dig: (s) => {
      put(s, name, path, value);
    },
  };
}

/** A fault that is one more resource. */
function more(
  what: string,
  rule: Mutant["rule"],
  type: string,
  inputs: (stack: Sketch) => Properties,
): Mutant {
  return { fault: what, rule, dig: (s) => s.add(type, "hole", inputs(s)) };
}

/** Roles of Azure's own (docs: "Azure built-in roles"). */
const roles = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  fhirReader: "4c8d0bbc-75d3-4935-991f-5f3c56d81508",
  searchReader: "1407120a-92aa-4202-b7e9-c0e197c71c8f",
  cryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
} as const;

/** Gives a role away. */
function assign(
  stack: Sketch,
  role: string,
  at: string,
  principalId: string,
  inputs: Properties = {},
): string {
  return stack.add("azure-native:authorization:RoleAssignment", "hole", {
    roleAssignmentName: "0a0a0a0a-0000-0000-0000-000000000000",
    roleDefinitionId: `${own}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    scope: at,
    principalId,
    principalType: "ServicePrincipal",
    ...inputs,
  });
}

const principalOf = (stack: Sketch, workload: string): string =>
  `${stack.id(`bulkhead-${workload}-workload-identity`)}.principalId`;

/** A topic of what happens to a store, and an endpoint of somebody's that is told of it. */
function tell(stack: Sketch, store: string): void {
  const topic = stack.add("azure-native:eventgrid:SystemTopic", "hole-topic", {
    ...ofPhi,
    systemTopicName: "hole-topic",
    source: stack.id(store),
  });
  stack.add("azure-native:eventgrid:SystemTopicEventSubscription", "hole", {
    ...ofPhi,
    systemTopicName: `${topic}.name`,
    eventSubscriptionName: "hole",
    destination: { endpointType: "WebHook", endpointUrl: "https://attacker.example" },
  });
}

const documentMutants: readonly Mutant[] = [
  ...(
    [
      ["may be read without signing in", "allowBlobPublicAccess", true],
      ["may be read with a key that can be given away", "allowSharedKeyAccess", true],
      ["may be read with such a key, as Azure has it", "allowSharedKeyAccess", undefined],
      ["may be copied anywhere", "allowedCopyScope", undefined],
      ["may be replicated to another tenant", "allowCrossTenantReplication", true],
      ["is an SFTP server", "isSftpEnabled", true],
      ["has users of its own", "isLocalUserEnabled", true],
      ["is a file server without sign-in", "enableNfsV3", true],
    ] as const
  ).map(([what, path, value]) => one(`document store: it ${what}`, egress, documents, path, value)),
  ...(
    [
      ["the public", "publicNetworkAccess", "Enabled"],
      ["the public, as Azure has it", "publicNetworkAccess", undefined],
      ["the public, perhaps", "publicNetworkAccess", unknownText],
      ["whom nothing names", "networkRuleSet/defaultAction", "Allow"],
      ["Azure's services", "networkRuleSet/bypass", "AzureServices"],
      ["whom is not known", "networkRuleSet", unknownText],
      [
        "resources of another tenant",
        "networkRuleSet/resourceAccessRules",
        [{ tenantId: foreignTenant, resourceId: foreignWorkspace }],
      ],
    ] as const
  ).map(([what, path, value]) =>
    one(`document store: it answers ${what}`, isPrivate, documents, path, value),
  ),
  one("document store: plain HTTP", "flows-require-mtls", documents, "enableHttpsTrafficOnly", false),
  one("document store: TLS 1.0", "flows-require-mtls", documents, "minimumTlsVersion", "TLS1_0"),
  one(
    "document store: a container that everybody lists",
    egress,
    "bulkhead-document-store-container",
    "publicAccess",
    "Container",
  ),
  more(
    "document store: replicated to somebody's account",
    egress,
    "azure-native:storage:ObjectReplicationPolicy",
    (s) => ({
      ...ofPhi,
      accountName: nameOf(s, documents),
      objectReplicationPolicyId: "hole",
      sourceAccount: s.id(documents),
      destinationAccount: foreignAccount,
      rules: [{ sourceContainer: "documents", destinationContainer: "documents" }],
    }),
  ),
  more(
    "document store: an inventory is written",
    egress,
    "azure-native:storage:BlobInventoryPolicy",
    (s) => ({
      ...ofPhi,
      accountName: nameOf(s, documents),
      blobInventoryPolicyName: "default",
      policy: { enabled: true, type: "Inventory", rules: [{ name: "all", destination: "inventory" }] },
    }),
  ),
  more("document store: a user of its own", egress, "azure-native:storage:LocalUser", (s) => ({
    ...ofPhi,
    accountName: nameOf(s, documents),
    username: "hole",
    hasSshPassword: true,
  })),
  more("document store: a website", understood, "azure-native:storage:StorageAccountStaticWebsite", (s) => ({
    ...ofPhi,
    accountName: nameOf(s, documents),
    indexDocument: "index.html",
  })),
  {
    fault: "document store: it tells somebody of its records, by a topic",
    rule: egress,
    dig: (s) => {
      tell(s, documents);
    },
  },
  more(
    "document store: it tells somebody's endpoint of its records",
    egress,
    "azure-native:eventgrid:EventSubscription",
    (s) => ({
      eventSubscriptionName: "hole",
      scope: s.id(documents),
      destination: { endpointType: "WebHook", endpointUrl: "https://attacker.example" },
    }),
  ),
  more(
    "document store: its calls are told to somebody's hub",
    egress,
    "azure-native:monitor:DiagnosticSetting",
    (s) => ({
      name: "hole",
      resourceUri: s.id(documents),
      eventHubAuthorizationRuleId: foreignHub,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    }),
  ),
  more(
    "document store: its calls are told to somebody's workspace",
    egress,
    "azure-native:monitor:DiagnosticSetting",
    (s) => ({
      name: "hole",
      resourceUri: s.id(documents),
      workspaceId: foreignWorkspace,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    }),
  ),
  more("document store: a backup elsewhere", egress, "azure-native:dataprotection:BackupInstance", (s) => ({
    resourceGroupName: "somebodys",
    vaultName: "somebodys",
    backupInstanceName: "hole",
    properties: {
      objectType: "BackupInstance",
      dataSourceInfo: {
        objectType: "Datasource",
        resourceID: s.id(documents),
        datasourceType: "Microsoft.Storage/storageAccounts/blobServices",
      },
      policyInfo: { policyId: `${elsewhere}/Microsoft.DataProtection/backupVaults/x/backupPolicies/y` },
    },
  })),
  more(
    "document store: a factory copies it",
    egress,
    "azure-native:datafactory:ManagedPrivateEndpoint",
    (s) => ({
      resourceGroupName: "somebodys",
      factoryName: "somebodys",
      managedVirtualNetworkName: "default",
      managedPrivateEndpointName: "hole",
      properties: { groupId: "blob", privateLinkResourceId: s.id(documents) },
    }),
  ),
];

const fhirMutants: readonly Mutant[] = [
  ...(
    [
      ["is exported", "exportConfiguration", { storageAccountName: "somebodys" }],
      ["is exported, perhaps", "exportConfiguration", unknownText],
      [
        "takes records in from an account of elsewhere",
        "importConfiguration",
        { enabled: true, initialImportMode: true, integrationDataStore: "somebodys" },
      ],
      ["runs code of a registry", "acrConfiguration", { loginServers: ["somebodys.azurecr.io"] }],
      ["hands tokens on", "authenticationConfiguration/smartProxyEnabled", true],
      [
        "takes tokens of another authority",
        "authenticationConfiguration/authority",
        `https://login.microsoftonline.com/${foreignTenant}`,
      ],
      [
        "takes tokens of somebody's identity provider",
        "authenticationConfiguration/smartIdentityProviders",
        [{ authority: "https://attacker.example", applications: [] }],
      ],
      ["lets pages of every origin read", "corsConfiguration/origins", ["*"]],
    ] as const
  ).map(([what, path, value]) => one(`FHIR store: it ${what}`, egress, fhir, path, value)),
  one("FHIR store: it answers the public", isPrivate, fhir, "publicNetworkAccess", "Enabled"),
  more("FHIR store: devices write into it", egress, "azure-native:healthcareapis:IotConnector", (s) => ({
    ...ofPhi,
    workspaceName: nameOf(s, workspaceOfFhir),
    iotConnectorName: "hole",
    ingestionEndpointConfiguration: { fullyQualifiedEventHubNamespace: "somebodys.servicebus.windows.net" },
  })),
  more("FHIR store: a second store of the older kind", egress, "azure-native:healthcareapis:Service", () => ({
    ...ofPhi,
    resourceName: "hole",
    kind: "fhir-R4",
    tags: { "bulkhead-zone": "phi" },
    properties: { publicNetworkAccess: "Enabled" },
  })),
  {
    fault: "FHIR store: it tells somebody of its records, by a topic",
    rule: egress,
    dig: (s) => {
      tell(s, workspaceOfFhir);
    },
  },
];

const vectorMutants: readonly Mutant[] = [
  ...(
    [
      ["the public", "publicNetworkAccess", "enabled"],
      ["the public, as Azure has it", "publicNetworkAccess", undefined],
      ["Azure's services", "networkRuleSet/bypass", "AzureServices"],
    ] as const
  ).map(([what, path, value]) => one(`vector index: it answers ${what}`, isPrivate, vectors, path, value)),
  one(
    "vector index: it may be copied out by what it indexes",
    egress,
    vectors,
    "dataExfiltrationProtections",
    undefined,
  ),
  one(
    "vector index: it may be copied out, perhaps",
    egress,
    vectors,
    "dataExfiltrationProtections",
    unknownText,
  ),
  one(
    "vector index: it is read with a key that can be given away",
    admits,
    vectors,
    "disableLocalAuth",
    false,
  ),
  more(
    "vector index: it reaches somebody's resource",
    egress,
    "azure-native:search:SharedPrivateLinkResource",
    (s) => ({
      ...ofPhi,
      searchServiceName: nameOf(s, vectors),
      sharedPrivateLinkResourceName: "hole",
      properties: { groupId: "blob", privateLinkResourceId: foreignAccount, requestMessage: "please" },
    }),
  ),
];

const keyMutants: readonly Mutant[] = [
  one(
    "PHI keys: their vault answers the public",
    isPrivate,
    phiVault,
    "properties/publicNetworkAccess",
    "Enabled",
  ),
  one(
    "PHI keys: their vault answers whom nothing names",
    isPrivate,
    phiVault,
    "properties/networkAcls/defaultAction",
    "Allow",
  ),
  one(
    "PHI keys: their vault gives what it holds to machines",
    egress,
    phiVault,
    "properties/enabledForDeployment",
    true,
  ),
  {
    fault: "PHI keys: a stranger is on their vault's own list",
    rule: admits,
    dig: (s) => {
      put(s, phiVault, "properties/enableRbacAuthorization", false);
      put(s, phiVault, "properties/accessPolicies", [
        { tenantId: foreignTenant, objectId: stranger, permissions: { keys: ["unwrapKey"] } },
      ]);
    },
  },
  {
    fault: "PHI keys: a stranger unwraps with them",
    rule: admits,
    dig: (s) => assign(s, roles.cryptoUser, s.id(phiKey), stranger),
  },
  {
    fault: "PHI keys: a workload unwraps with them",
    rule: admits,
    dig: (s) => assign(s, roles.cryptoUser, s.id(phiVault), principalOf(s, "rag-service")),
  },
];

const roleMutants: readonly Mutant[] = [
  {
    fault: "document store: a workload without a flow reads it",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, s.id(documents), principalOf(s, "rag-service")),
  },
  {
    fault: "FHIR store: a workload without a flow reads it",
    rule: admits,
    dig: (s) => assign(s, roles.fhirReader, s.id(fhir), principalOf(s, "rag-service")),
  },
  {
    fault: "vector index: a workload without a flow reads it",
    rule: admits,
    dig: (s) => assign(s, roles.searchReader, s.id(vectors), principalOf(s, "ai-gateway")),
  },
  {
    fault: "stores: a workload reads all documents of the group",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, s.id("bulkhead-phi-group"), principalOf(s, "rag-service")),
  },
  {
    fault: "stores: a workload owns their group",
    rule: admits,
    dig: (s) => assign(s, roles.owner, s.id("bulkhead-phi-group"), principalOf(s, "fhir-proxy")),
  },
  {
    fault: "stores: a workload may change everything of the subscription",
    rule: admits,
    dig: (s) => assign(s, roles.contributor, own, principalOf(s, "rag-service")),
  },
  {
    fault: "stores: a workload reads all documents of the subscription",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, own, principalOf(s, "rag-service")),
  },
  {
    fault: "document store: a stranger reads it",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, s.id(documents), stranger),
  },
  {
    fault: "document store: whoever it is reads it",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, s.id(documents), unknownText),
  },
  {
    fault: "document store: a workload has a role that is not known",
    rule: admits,
    dig: (s) =>
      assign(s, "", s.id(documents), principalOf(s, "rag-service"), { roleDefinitionId: unknownText }),
  },
  {
    fault: "FHIR store: no key of ours encrypts it",
    rule: sealed,
    dig: (s) => put(s, fhir, "encryption", undefined),
  },
  {
    fault: "vector index: indexes are made without a key of ours",
    rule: sealed,
    dig: (s) => put(s, vectors, "encryptionWithCmk/enforcement", "Disabled"),
  },
  {
    fault: "models: no key of ours encrypts what they keep",
    rule: sealed,
    dig: (s) => put(s, models, "properties/encryption/keySource", "Microsoft.CognitiveServices"),
  },
  {
    fault: "registry: no key of ours encrypts it",
    rule: sealed,
    dig: (s) => put(s, registry, "encryption/status", "disabled"),
  },
  {
    fault: "stores: somebody may take a role over the subscription for a time",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:authorization:PimRoleEligibilitySchedule", "hole", {
        scope: own,
        roleDefinitionId: roles.blobReader,
        principalId: stranger,
        requestType: "AdminAssign",
      }),
  },
  {
    fault: "stores: another tenant manages the subscription",
    rule: understood,
    dig: (s) =>
      s.add("azure-native:managedservices:RegistrationAssignment", "hole", {
        scope: own.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
        registrationAssignmentId: "hole",
      }),
  },
  {
    fault: "stores: a stranger reads documents, where is not known",
    rule: admits,
    dig: (s) => assign(s, roles.blobReader, unknownText, stranger),
  },
  {
    fault: "stores: a role of somebody's making reads every document",
    rule: admits,
    dig: (s) => {
      const role = s.add("azure-native:authorization:RoleDefinition", "hole-role", {
        roleDefinitionId: "0b0b0b0b-0000-0000-0000-000000000000",
        scope: own,
        assignableScopes: [own],
        permissions: [
          { dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"] },
        ],
      });
      assign(s, "", s.id(documents), principalOf(s, "rag-service"), { roleDefinitionId: role });
    },
  },
  more(
    "a workload's identity that somebody of elsewhere may take on",
    admits,
    "azure-native:managedidentity:FederatedIdentityCredential",
    (s) => ({
      ...ofPlatform,
      resourceName: nameOf(s, "bulkhead-fhir-proxy-workload-identity"),
      federatedIdentityCredentialResourceName: "hole",
      issuer: "https://attacker.example",
      subject: "anybody",
      audiences: ["api://AzureADTokenExchange"],
    }),
  ),
];

const endpoint = "bulkhead-fhir-store-endpoint";
const connection = "privateLinkServiceConnections/0";

const endpointMutants: readonly Mutant[] = [
  one(
    "PHI endpoint: it leads to somebody's account",
    egress,
    endpoint,
    `${connection}/privateLinkServiceId`,
    foreignAccount,
  ),
  one(
    "PHI endpoint: what it leads to is not known",
    egress,
    endpoint,
    `${connection}/privateLinkServiceId`,
    unknownText,
  ),
  one(
    "PHI endpoint: its connections are not known",
    egress,
    endpoint,
    "privateLinkServiceConnections",
    unknownText,
  ),
  {
    fault: "PHI endpoint: it leads to a service that somebody publishes, if they let it",
    rule: egress,
    dig: (s) => {
      put(s, endpoint, "manualPrivateLinkServiceConnections", [
        {
          name: "hole",
          privateLinkServiceId: `${elsewhere}/Microsoft.Network/privateLinkServices/somebodys`,
          requestMessage: "please",
        },
      ]);
    },
  },
  more(
    "an endpoint in a PHI subnet to somebody's account",
    egress,
    "azure-native:network:PrivateEndpoint",
    (s) => ({
      ...ofNetwork,
      privateEndpointName: "hole",
      subnet: { id: `${s.id(network)}/subnets/bulkhead-fhir-store` },
      privateLinkServiceConnections: [
        { name: "hole", groupIds: ["blob"], privateLinkServiceId: foreignAccount },
      ],
    }),
  ),
  one(
    "endpoint of keys: it leads to somebody's vault",
    isPrivate,
    "bulkhead-keys-endpoint",
    `${connection}/privateLinkServiceId`,
    `${elsewhere}/Microsoft.KeyVault/vaults/somebodys`,
  ),
  ...[
    "keys",
    "secrets",
    "logs",
    "registry",
    "model-inference",
    "fhir-store",
    "document-store",
    "vector-index",
  ].map((service): Mutant => ({
    fault: `no endpoint leads to ${service}`,
    rule: isPrivate,
    dig: (s) => {
      s.remove(`bulkhead-${service}-endpoint`);
      s.remove(`bulkhead-${service}-endpoint-names`);
    },
  })),
  {
    fault: "endpoint of secrets: no name leads to it",
    rule: isPrivate,
    dig: (s) => s.remove("bulkhead-secrets-endpoint-names"),
  },
  {
    fault: "names: the network does not know the private names of vaults",
    rule: isPrivate,
    dig: (s) => s.remove("bulkhead-names-privatelink-vaultcore-azure-net-link"),
  },
  {
    fault: "names: the private names of vaults are of another network",
    rule: isPrivate,
    dig: (s) => {
      put(s, "bulkhead-names-privatelink-vaultcore-azure-net-link", "virtualNetwork/id", foreignNetwork);
    },
  },
  more(
    "a service of ours that everybody may take an endpoint to",
    egress,
    "azure-native:network:PrivateLinkService",
    (s) => ({
      ...ofNetwork,
      serviceName: "hole",
      ipConfigurations: [{ name: "own", subnet: { id: `${s.id(network)}/subnets/bulkhead-fhir-store` } }],
      visibility: { subscriptions: ["*"] },
      autoApproval: { subscriptions: ["*"] },
    }),
  ),
];

const others = "bulkhead-names-others-rule";
const ownNames = "bulkhead-names-own";

const nameMutants: readonly Mutant[] = [
  { fault: "names: no final block", rule: sealed, dig: (s) => s.remove(others) },
  one("names: the final block is off", sealed, others, "dnsSecurityRuleState", "Disabled"),
  one("names: the final block is off, perhaps", sealed, others, "dnsSecurityRuleState", unknownText),
  one("names: the final block only tells", sealed, others, "action/actionType", "Alert"),
  one("names: the final block allows", sealed, others, "action/actionType", "Allow"),
  one("names: what the final block does is not known", sealed, others, "action", unknownText),
  one("names: the final block is of one domain", sealed, "bulkhead-names-others", "domains", ["com."]),
  one(
    "names: the final block is of domains that are not known",
    sealed,
    "bulkhead-names-others",
    "domains",
    unknownText,
  ),
  {
    fault: "names: somebody's domain among our own",
    rule: sealed,
    dig: (s) => {
      append(s, ownNames, "domains", "attacker.example.");
    },
  },
  {
    fault: "names: every domain among our own",
    rule: sealed,
    dig: (s) => {
      append(s, ownNames, "domains", ".");
    },
  },
  {
    fault: "names: a rule ahead that answers everything",
    rule: sealed,
    dig: (s) => {
      const list = s.add("azure-native:dnsresolver:DnsResolverDomainList", "hole-list", {
        ...ofNetwork,
        dnsResolverDomainListName: "hole-list",
        domains: ["."],
      });
      s.add("azure-native:dnsresolver:DnsSecurityRule", "hole", {
        ...ofNetwork,
        dnsResolverPolicyName: nameOf(s, "bulkhead-names-policy"),
        dnsSecurityRuleName: "hole",
        priority: 1000,
        action: { actionType: "Allow" },
        dnsSecurityRuleState: "Enabled",
        dnsResolverDomainLists: [{ id: list }],
      });
    },
  },
  {
    fault: "names: the policy is not in force",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-names-policy-link"),
  },
  one(
    "names: the policy is in force on another network",
    sealed,
    "bulkhead-names-policy-link",
    "virtualNetwork/id",
    foreignNetwork,
  ),
  one("names: a name server of elsewhere", resolver, network, "dhcpOptions/dnsServers", ["8.8.8.8"]),
  one("names: name servers that are not known", resolver, network, "dhcpOptions", unknownText),
  {
    fault: "names: questions are sent on to somebody's name server",
    rule: sealed,
    dig: (s) => {
      const rules = s.add("azure-native:dnsresolver:DnsForwardingRuleset", "hole-rules", {
        ...ofNetwork,
        dnsForwardingRulesetName: "hole-rules",
      });
      s.add("azure-native:dnsresolver:ForwardingRule", "hole-rule", {
        ...ofNetwork,
        dnsForwardingRulesetName: `${rules}.name`,
        forwardingRuleName: "hole-rule",
        domainName: ".",
        forwardingRuleState: "Enabled",
        targetDnsServers: [{ ipAddress: "8.8.8.8", port: 53 }],
      });
      s.add("azure-native:dnsresolver:PrivateResolverVirtualNetworkLink", "hole", {
        ...ofNetwork,
        dnsForwardingRulesetName: `${rules}.name`,
        virtualNetworkLinkName: "hole",
        virtualNetwork: { id: s.id(network) },
      });
    },
  },
  one(
    "names: a private zone that asks the Internet for what it does not know",
    sealed,
    "bulkhead-names-privatelink-blob-core-windows-net-link",
    "resolutionPolicy",
    "NxDomainRedirect",
  ),
];

const serviceMutants: readonly Mutant[] = [
  ...(
    [
      ["reaches whatever it likes", "properties/restrictOutboundNetworkAccess", false],
      ["is not said what to reach", "properties/restrictOutboundNetworkAccess", undefined],
      ["reaches somebody's domain", "properties/allowedFqdnList", ["attacker.example"]],
      ["answers the public", "properties/publicNetworkAccess", "Enabled"],
      ["answers the public, perhaps", "properties/publicNetworkAccess", unknownText],
      ["lets in whom nothing names", "properties/networkAcls/defaultAction", "Allow"],
      ["lets Azure's services in", "properties/networkAcls/bypass", "AzureServices"],
      [
        "keeps what it is sent in somebody's account",
        "properties/userOwnedStorage",
        [{ resourceId: foreignAccount }],
      ],
      [
        "runs agents in a subnet of somebody's",
        "properties/networkInjections",
        [{ scenario: "agent", subnetArmId: `${foreignNetwork}/subnets/x` }],
      ],
    ] as const
  ).map(([what, path, value]) => one(`models: the account ${what}`, isPrivate, models, path, value)),
  one(
    "models: a deployment that runs anywhere in the world",
    isPrivate,
    "bulkhead-model-gpt-4o",
    "sku/name",
    "GlobalStandard",
  ),
  one(
    "models: a deployment of somebody else's model",
    isPrivate,
    "bulkhead-model-gpt-4o",
    "properties/model/format",
    "DeepSeek",
  ),
  more(
    "models: a connection to somebody's service",
    isPrivate,
    "azure-native:cognitiveservices:AccountConnection",
    (s) => ({
      ...ofPlatform,
      accountName: nameOf(s, models),
      connectionName: "hole",
      properties: { category: "ApiKey", target: "https://attacker.example", authType: "None" },
    }),
  ),
  ...(
    [
      ["lets images be taken out", "policies/exportPolicy/status", "enabled"],
      ["answers the public", "publicNetworkAccess", "Enabled"],
      ["has an administrator with a password", "adminUserEnabled", true],
      ["lets anybody pull", "anonymousPullEnabled", true],
      ["lets Azure's services in", "networkRuleBypassOptions", "AzureServices"],
    ] as const
  ).map(([what, path, value]) => one(`registry: it ${what}`, isPrivate, registry, path, value)),
  more(
    "registry: it tells somebody of its images",
    isPrivate,
    "azure-native:containerregistry:Webhook",
    (s) => ({
      ...ofPlatform,
      registryName: nameOf(s, registry),
      webhookName: "hole",
      serviceUri: "https://attacker.example",
      actions: ["push"],
    }),
  ),
  more(
    "registry: images are written to somebody's account",
    isPrivate,
    "azure-native:containerregistry:ExportPipeline",
    (s) => ({
      ...ofPlatform,
      registryName: nameOf(s, registry),
      exportPipelineName: "hole",
      target: {
        keyVaultUri: "https://somebodys.vault.azure.net/secrets/x",
        type: "AzureStorageBlobContainer",
      },
    }),
  ),
  ...(
    [
      ["answers the public", "properties/publicNetworkAccess", "Enabled"],
      ["is not said not to answer the public", "properties/publicNetworkAccess", undefined],
      ["lets in whom nothing names", "properties/networkAcls/defaultAction", "Allow"],
    ] as const
  ).map(([what, path, value]) => one(`secrets: their vault ${what}`, isPrivate, secrets, path, value)),
  one(
    "logs: they may be sent by public names",
    isPrivate,
    scope,
    "accessModeSettings/ingestionAccessMode",
    "Open",
  ),
  one(
    "logs: they may be read by public names",
    isPrivate,
    scope,
    "accessModeSettings/queryAccessMode",
    "Open",
  ),
  one("logs: how they are sent is not known", isPrivate, scope, "accessModeSettings", unknownText),
  one(
    "logs: an endpoint to which the scope does not hold",
    isPrivate,
    scope,
    "accessModeSettings/exclusions",
    [{ privateEndpointConnectionName: "x", ingestionAccessMode: "Open", queryAccessMode: "Open" }],
  ),
  one(
    "logs: their workspace answers the public",
    isPrivate,
    records,
    "publicNetworkAccessForQuery",
    "Enabled",
  ),
  one(
    "logs: their workspace takes in from the public",
    isPrivate,
    records,
    "publicNetworkAccessForIngestion",
    undefined,
  ),
  one(
    "logs: where they are sent answers the public",
    isPrivate,
    "bulkhead-records-endpoint",
    "networkAcls/publicNetworkAccess",
    "Enabled",
  ),
];

const perimeterMutants: readonly Mutant[] = [
  one("perimeter: it only learns", egress, "bulkhead-perimeter-of-document-store", "accessMode", "Learning"),
  one("perimeter: it only audits", egress, "bulkhead-perimeter-of-vector-index", "accessMode", "Audit"),
  one(
    "perimeter: what it does is not known",
    egress,
    "bulkhead-perimeter-of-document-store",
    "accessMode",
    unknownText,
  ),
  ...(
    [
      [
        "out to somebody's domain",
        { direction: "Outbound", fullyQualifiedDomainNames: ["attacker.example"] },
      ],
      ["in from the Internet", { direction: "Inbound", addressPrefixes: ["0.0.0.0/0"] }],
      [
        "in from somebody's subscription",
        {
          direction: "Inbound",
          subscriptions: [{ id: "/subscriptions/99999999-0000-0000-0000-000000000000" }],
        },
      ],
      ["in a direction that is not known", { direction: unknownText, addressPrefixes: ["0.0.0.0/0"] }],
    ] as const
  ).map(([what, inputs]) =>
    more(
      `perimeter: a way ${what}`,
      egress,
      "azure-native:network:NetworkSecurityPerimeterAccessRule",
      (s) => ({
        ...ofNetwork,
        networkSecurityPerimeterName: nameOf(s, "bulkhead-perimeter"),
        profileName: "members",
        accessRuleName: "hole",
        ...inputs,
      }),
    ),
  ),
  more(
    "perimeter: joined to somebody's",
    egress,
    "azure-native:network:NetworkSecurityPerimeterLink",
    (s) => ({
      ...ofNetwork,
      networkSecurityPerimeterName: nameOf(s, "bulkhead-perimeter"),
      linkName: "hole",
      autoApprovedRemotePerimeterResourceId: `${elsewhere}/Microsoft.Network/networkSecurityPerimeters/somebodys`,
      localInboundProfiles: ["*"],
      remoteInboundProfiles: ["*"],
    }),
  ),
];

function withoutCategory(category: string): (logs: unknown) => unknown {
  return (logs) => (logs as readonly Properties[]).filter((log) => log["category"] !== category);
}

const auditMutants: readonly Mutant[] = [
  { fault: "records: flows are not recorded", rule: audited, dig: (s) => s.remove(flows) },
  one("records: flows are not recorded, it is off", audited, flows, "enabled", false),
  one("records: flows are recorded, perhaps", audited, flows, "enabled", unknownText),
  one("records: flows of another network", audited, flows, "targetResourceId", foreignNetwork),
  one("records: flows into somebody's account", audited, flows, "storageId", foreignAccount),
  one("records: flows are kept for a month", audited, flows, "retentionPolicy", { enabled: true, days: 30 }),
  ...[
    "names-queries",
    "document-store",
    "fhir-store",
    "vector-index",
    "phi-vault",
    "secrets-vault",
    "models",
    "registry",
    "machine-entrance",
  ].map((part): Mutant => ({
    fault: `records: calls to ${part} are not recorded`,
    rule: audited,
    dig: (s) => s.remove(`bulkhead-${part}-recording`),
  })),
  one(
    "records: calls to documents, all off",
    audited,
    "bulkhead-document-store-recording",
    "logs/0/enabled",
    false,
  ),
  one(
    "records: calls to documents, of audit only where all are asked",
    audited,
    "bulkhead-document-store-recording",
    "logs",
    [{ category: "StorageRead", enabled: true }],
  ),
  one(
    "records: calls to documents, which is not known",
    audited,
    "bulkhead-document-store-recording",
    "logs",
    unknownText,
  ),
  {
    fault: "records: calls to the subscription are not recorded",
    rule: audited,
    dig: (s) => s.remove("bulkhead-calls-recording"),
  },
  {
    fault: "records: calls to the subscription, without the administrators'",
    rule: audited,
    dig: (s) => {
      alter(s, "bulkhead-calls-recording", "logs", withoutCategory("Administrative"));
    },
  },
  {
    fault: "records: calls to the subscription into somebody's workspace",
    rule: audited,
    dig: (s) => {
      put(s, "bulkhead-calls-recording", "workspaceId", foreignWorkspace);
      put(s, "bulkhead-calls-recording", "storageAccountId", undefined);
    },
  },
  one(
    "records: a table is kept for a month",
    audited,
    "bulkhead-StorageBlobLogs-records",
    "totalRetentionInDays",
    30,
  ),
  one(
    "records: a table is kept for as long as is not known",
    audited,
    "bulkhead-StorageBlobLogs-records",
    "totalRetentionInDays",
    unknownText,
  ),
  one(
    "records: no lock on those of services",
    audited,
    servicesRecords,
    "immutableStorageWithVersioning",
    undefined,
  ),
  one(
    "records: the lock on those of services is off",
    audited,
    servicesRecords,
    "immutableStorageWithVersioning/enabled",
    false,
  ),
  one(
    "records: the lock on those of services is of a month",
    audited,
    servicesRecords,
    "immutableStorageWithVersioning/immutabilityPolicy/immutabilityPeriodSinceCreationInDays",
    30,
  ),
  one(
    "records: those of services are thrown away after a month",
    audited,
    "bulkhead-services-records-retention",
    "policy/rules/0/definition/actions/baseBlob/delete/daysAfterCreationGreaterThan",
    30,
  ),
  {
    fault: "records: nothing copies decisions to where they are kept",
    rule: audited,
    dig: (s) => s.remove(recordsExport),
  },
  {
    fault: "records: no rule takes decisions",
    rule: audited,
    dig: (s) => s.remove(decisionsRule),
  },
  one("records: the copying of decisions is off", audited, recordsExport, "enable", false),
  one("records: whether decisions are copied is not known", audited, recordsExport, "enable", unknownText),
  one(
    "records: decisions are copied to somebody's account",
    audited,
    recordsExport,
    "resourceId",
    foreignAccount,
  ),
  one(
    "records: to where decisions are copied is not known",
    audited,
    recordsExport,
    "resourceId",
    unknownText,
  ),
  one("records: decisions are copied to what sends them on", egress, recordsExport, "resourceId", foreignHub),
  one("records: tool calls alone are copied", audited, recordsExport, "tableNames", [
    "bulkhead_tool_calls_records_CL",
  ]),
  one("records: which are copied is not known", audited, recordsExport, "tableNames", unknownText),
  one(
    "records: decisions that were denied are left out",
    audited,
    decisionsRule,
    "dataFlows/1/transformKql",
    'source | where tostring(Record.container) == "decision-point" and Record.message has "allowed"',
  ),
  one(
    "records: decisions are written where nothing copies them",
    audited,
    decisionsRule,
    "dataFlows/1/outputStream",
    "Custom-bulkhead_decision_point_output_CL",
  ),
  one("records: where decisions are written is not known", audited, decisionsRule, "dataFlows", unknownText),
  more(
    "records: those of stores are sent on to somebody's account",
    egress,
    "azure-native:operationalinsights:DataExport",
    (s) => ({
      ...ofAudit,
      workspaceName: nameOf(s, records),
      dataExportName: "hole",
      tableNames: ["StorageBlobLogs"],
      resourceId: foreignAccount,
      enable: true,
    }),
  ),
];

const enforcementMutants: readonly Mutant[] = [
  more(
    "a policy of the subscription that only tells",
    sealed,
    "azure-native:authorization:PolicyAssignment",
    (s) => ({
      policyAssignmentName: "hole",
      scope: s.id("bulkhead-phi-group"),
      enforcementMode: "DoNotEnforce",
      policyDefinitionId: "/providers/Microsoft.Authorization/policyDefinitions/x",
    }),
  ),
  more(
    "an exemption of the stores' group from policies",
    sealed,
    "azure-native:authorization:PolicyExemption",
    (s) => ({
      policyExemptionName: "hole",
      scope: s.id("bulkhead-phi-group"),
      exemptionCategory: "Waiver",
      policyAssignmentId: `${own}/providers/Microsoft.Authorization/policyAssignments/x`,
    }),
  ),
  more("a disk of the PHI zone that anybody may export", egress, "azure-native:compute:Disk", () => ({
    ...ofPhi,
    diskName: "hole",
    networkAccessPolicy: "AllowAll",
    publicNetworkAccess: "Enabled",
    tags: { "bulkhead-zone": "phi" },
  })),
  more("a store of the PHI zone whose type nobody knows", understood, "azure-native:contoso:Store", (s) => ({
    source: s.id(documents),
  })),
];

/** Faults past the network: in stores, roles, endpoints, names, services and records. */
export const azureServiceMutants: readonly Mutant[] = [
  ...documentMutants,
  ...fhirMutants,
  ...vectorMutants,
  ...keyMutants,
  ...roleMutants,
  ...endpointMutants,
  ...nameMutants,
  ...serviceMutants,
  ...perimeterMutants,
  ...auditMutants,
  ...enforcementMutants,
];
