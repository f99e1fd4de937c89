import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { roleDefinitions, type RoleName } from "../../components/azure/role-definitions";
import { tableRetentionDays } from "../../components/azure/record-tables";
import { peerName } from "../../model/peer";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { StackResource } from "../../policy-pack/stack-resource";
import { azureTarget, named, renderedOnAzure } from "../policy-pack/rendered-stack";
import { unknownText, type Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const shared = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "shared" };
const phiZone = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "phi" };
const phi = (store: string): Properties => ({ ...phiZone, "bulkhead-data-store": store });

/** Names that are unique over all of Azure, as they are made for the reference platform in the subscription of tests. */
const vaults = {
  phi: "bulkheadphi1cc243f",
  fhir: "bulkheadfhir0na65al",
  audit: "bulkheadaudit18hbrkn",
  platform: "bulkheadplatform1qfpzgz",
  secrets: "bulkheadsecrets1o4qyut",
} as const;
const accounts = {
  "document-store": "bulkheaddocuments125e36i",
  services: "bulkheadservices1ei31bm",
  "network-flows": "bulkheadnetworkfl0j6wrpg",
} as const;
const registry = "bulkheadregistry1uqa3u4";
const models = "bulkheadmodels10zxz4m";
const fhirWorkspace = "bulkheadfhirstore0w6mn0x";
const searchService = "bulkheadvectorindex0g2i774";

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const idIn = (group: string, path: string): string =>
  `${subscription}/resourceGroups/bulkhead-${group}/providers/${path}`;
const vaultId = (group: string, vault: keyof typeof vaults): string =>
  idIn(group, `Microsoft.KeyVault/vaults/${vaults[vault]}`);
const identityId = (group: string, name: string): string =>
  idIn(group, `Microsoft.ManagedIdentity/userAssignedIdentities/bulkhead-${name}`);
const accountId = (group: string, account: keyof typeof accounts): string =>
  idIn(group, `Microsoft.Storage/storageAccounts/${accounts[account]}`);
const workspaceId = idIn("audit", "Microsoft.OperationalInsights/workspaces/bulkhead-records");
const endpointId = idIn("audit", "Microsoft.Insights/dataCollectionEndpoints/bulkhead-records-endpoint");
const fhirId = idIn("phi", `Microsoft.HealthcareApis/workspaces/${fhirWorkspace}`);
const searchId = idIn("phi", `Microsoft.Search/searchServices/${searchService}`);
const registryId = idIn("platform", `Microsoft.ContainerRegistry/registries/${registry}`);
const modelsId = idIn("platform", `Microsoft.CognitiveServices/accounts/${models}`);

const workloads = referencePlatform.workloads.map(({ id }) => id).sort();

function inputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).inputs ?? {};
}

function shortType({ type }: StackResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function ofType(stack: Sketch, type: string): readonly StackResource[] {
  return stack.resources().filter((resource) => resource.type === `azure-native:${type}`);
}

function shortTypes(stack: Sketch, parent: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map((resource) => `${shortType(resource)} ${resource.name}`)
    .sort();
}

function outputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).outputs;
}

/** What a role assignment says, with the identity in the place of its principal. */
interface Assignment {
  readonly identity: string;
  /** The name of the role, or its id where that is none of the platform's. */
  readonly role: string;
  readonly scope: string;
}

function assignmentsOf(stack: Sketch, parent: string): readonly Assignment[] {
  return ofType(stack, "authorization:RoleAssignment")
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map(({ inputs }) => {
      const principal = String(inputs?.["principalId"]);
      const definition = String(inputs?.["roleDefinitionId"]);
      const role = Object.entries(roleDefinitions).find(
        ([, id]) => definition === `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
      );
      return {
        identity: /userassignedidentities\/(.*)\.principalId$/.exec(principal)?.[1] ?? principal,
        role: role === undefined ? definition : role[0],
        scope: String(inputs?.["scope"]),
      };
    });
}

const line = ({ identity, role, scope }: Assignment): string => `${identity}: ${role} on ${scope}`;

describe("the reference platform's services on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(referencePlatform, "deployed");
  });

  it("say their zone on everything that can carry tags", () => {
    const sdk = dirname(createRequire(__filename).resolve("@pulumi/azure-native/package.json"));
    const takesTags = ({ type }: StackResource): boolean => {
      const [, module = "", name = ""] = type.split(":");
      const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
      const text = readFileSync(join(sdk, module, file), "utf8");
      return /^ {4}tags\?:/m.test(text.slice(text.indexOf(`export interface ${name}Args`)));
    };
    const taggable = stack
      .resources()
      .filter(({ type }) => type.startsWith("azure-native:"))
      .filter(takesTags);
    expect(taggable.length).toBeGreaterThan(80);
    const silent = taggable.filter(({ inputs }) => {
      const tags = (inputs?.["tags"] ?? {}) as Properties;
      return typeof tags["bulkhead-zone"] !== "string" || tags["bulkhead-platform"] !== "bulkhead";
    });
    expect(silent.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  });

  it("are in the platform's region, or everywhere", () => {
    const places = stack
      .resources()
      .flatMap(({ inputs }) =>
        typeof inputs?.["location"] === "string" ? [inputs["location"].toLowerCase()] : [],
      );
    expect(places.length).toBeGreaterThan(60);
    expect([...new Set(places)].sort()).toEqual(["eastus2", "global"]);
  });

  it("answer no public network, whatever they are", () => {
    const settings = (value: unknown): readonly (readonly [string, unknown])[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]): readonly (readonly [string, unknown])[] => [
            [key, item],
            ...settings(item),
          ])
        : [];
    const all = stack.resources().flatMap(({ inputs }) => settings(inputs));
    const values = (pattern: RegExp): readonly unknown[] =>
      all.filter(([key]) => pattern.test(key)).map(([, value]) => value);
    const access = values(/^publicNetworkAccess/);
    // Five vaults, three storage accounts, and the registry, models, search, records (twice) and their endpoint.
    expect(access).toHaveLength(14);
    expect([...new Set(access)]).toEqual(["Disabled"]);
    expect([
      ...new Set(values(/^(?:ipRules|virtualNetworkRules|resourceAccessRules|allowedFqdnList)$/)),
    ]).toSatisfy((lists: unknown[]) => lists.every((list) => Array.isArray(list) && list.length === 0));
    expect(new Set(values(/^(?:disableLocalAuth)$/))).toEqual(new Set([true]));
    expect(values(/^manualPrivateLinkServiceConnections$/)).toEqual([]);
  });

  it("let services of Azure's in only where those read keys or write records", () => {
    const bypassed = stack.resources().flatMap(({ name, inputs }) => {
      const properties = (inputs?.["properties"] ?? {}) as Properties;
      const rules = (inputs?.["networkRuleSet"] ?? properties["networkAcls"] ?? {}) as Properties;
      const bypass = rules["bypass"] ?? inputs?.["networkRuleBypassOptions"];
      return typeof bypass === "string" ? [`${name}: ${bypass}`] : [];
    });
    expect(bypassed.sort()).toEqual([
      "bulkhead-audit-vault: AzureServices",
      "bulkhead-document-store-account: None",
      "bulkhead-fhir-vault: AzureServices",
      "bulkhead-models: None",
      "bulkhead-network-flows-records-account: AzureServices",
      "bulkhead-phi-vault: None",
      "bulkhead-platform-vault: AzureServices",
      "bulkhead-registry: None",
      "bulkhead-secrets-vault: None",
      "bulkhead-services-records-account: AzureServices",
      "bulkhead-vector-index: None",
    ]);
  });

  describe("their private endpoints", () => {
    it.each([
      { peer: "secrets", groupId: "vault", serviceId: vaultId("platform", "secrets") },
      { peer: "keys", groupId: "vault", serviceId: vaultId("platform", "platform") },
      { peer: "registry", groupId: "registry", serviceId: registryId },
      { peer: "model-inference", groupId: "account", serviceId: modelsId },
      {
        peer: "logs",
        groupId: "azuremonitor",
        serviceId: idIn("audit", "Microsoft.Insights/privateLinkScopes/bulkhead-monitor-scope"),
      },
      { peer: "fhir-store", groupId: "healthcareworkspace", serviceId: fhirId },
      { peer: "document-store", groupId: "blob", serviceId: accountId("phi", "document-store") },
      { peer: "vector-index", groupId: "searchService", serviceId: searchId },
    ])("lead from the subnet of $peer to its service", ({ peer, groupId, serviceId }) => {
      const { subnet, privateLinkServiceConnections } = inputsOf(stack, `bulkhead-${peer}-endpoint`);
      expect((subnet as Properties)["id"]).toBe(
        idIn("network", `Microsoft.Network/virtualNetworks/bulkhead-network/subnets/bulkhead-${peer}`),
      );
      expect(privateLinkServiceConnections).toEqual([
        { name: `bulkhead-${peer}-endpoint`, privateLinkServiceId: serviceId, groupIds: [groupId] },
      ]);
    });

    it("are these eight, and no more", () => {
      expect(ofType(stack, "network:PrivateEndpoint")).toHaveLength(8);
      const ids = outputsOf(stack, "bulkhead-private-endpoints")["endpointIds"] as Properties;
      expect(Object.keys(ids).sort()).toEqual([
        "cognitiveservices",
        "containerregistry",
        "keyvault-keys",
        "keyvault-secrets",
        "monitor",
      ]);
      expect(ids["monitor"]).toBe(
        idIn("network", "Microsoft.Network/privateEndpoints/bulkhead-logs-endpoint"),
      );
    });

    it("reach of Azure Monitor the platform's own workspace alone", () => {
      expect(inputsOf(stack, "bulkhead-monitor-scope")).toEqual({
        scopeName: "bulkhead-monitor-scope",
        resourceGroupName: "bulkhead-audit",
        location: "global",
        accessModeSettings: {
          ingestionAccessMode: "PrivateOnly",
          queryAccessMode: "PrivateOnly",
          exclusions: [],
        },
        tags: shared,
      });
      const linked = ofType(stack, "monitor:PrivateLinkScopedResource").map(
        ({ inputs }) => inputs?.["linkedResourceId"],
      );
      expect(linked.sort()).toEqual([endpointId, workspaceId].sort());
    });
  });

  describe("their keys", () => {
    it.each([
      { purpose: "phi", group: "phi", tags: phiZone, bypass: "None" },
      { purpose: "fhir", group: "phi", tags: phiZone, bypass: "AzureServices" },
      { purpose: "audit", group: "audit", tags: shared, bypass: "AzureServices" },
      { purpose: "platform", group: "platform", tags: shared, bypass: "AzureServices" },
    ] as const)(
      "for $purpose are alone in a closed vault, and new each year",
      ({ purpose, group, tags, bypass }) => {
        expect(inputsOf(stack, `bulkhead-${purpose}-vault`)).toEqual({
          vaultName: vaults[purpose],
          resourceGroupName: `bulkhead-${group}`,
          location: "eastus2",
          properties: {
            tenantId: azureTarget.tenantId,
            sku: { family: "A", name: "standard" },
            publicNetworkAccess: "Disabled",
            networkAcls: { defaultAction: "Deny", bypass, ipRules: [], virtualNetworkRules: [] },
            enableRbacAuthorization: true,
            accessPolicies: [],
            enableSoftDelete: true,
            softDeleteRetentionInDays: 90,
            enablePurgeProtection: true,
            enabledForDeployment: false,
            enabledForDiskEncryption: false,
            enabledForTemplateDeployment: false,
          },
          tags,
        });
        expect(inputsOf(stack, `bulkhead-${purpose}-key`)).toEqual({
          keyName: `bulkhead-${purpose}-key`,
          vaultName: vaults[purpose],
          resourceGroupName: `bulkhead-${group}`,
          properties: {
            kty: "RSA",
            keySize: 3072,
            keyOps:
              purpose === "platform"
                ? ["decrypt", "encrypt", "unwrapKey", "wrapKey"]
                : ["unwrapKey", "wrapKey"],
            attributes: { enabled: true, exportable: false },
            rotationPolicy: {
              lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P1Y" } }],
            },
          },
          tags,
        });
      },
    );

    it("are used by services as an identity for each purpose, and by nobody else but their clients", () => {
      const assignments = [
        ...assignmentsOf(stack, "bulkhead-encryption-keys"),
        ...assignmentsOf(stack, "bulkhead-data-stores"),
      ];
      expect(assignments.map(line).sort()).toEqual(
        (
          [
            ["audit", "audit"],
            ["phi", "fhir"],
            ["phi", "phi"],
            ["platform", "platform"],
          ] as const
        ).map(
          ([group, purpose]) =>
            `bulkhead-${purpose}_encryption: Key Vault Crypto Service Encryption User on ` +
            `${vaultId(group, purpose)}/keys/bulkhead-${purpose}-key`,
        ),
      );
      expect(outputsOf(stack, "bulkhead-encryption-keys")["keyIds"]).toEqual({
        phi: `${vaultId("phi", "phi")}/keys/bulkhead-phi-key`,
        audit: `${vaultId("audit", "audit")}/keys/bulkhead-audit-key`,
        platform: `${vaultId("platform", "platform")}/keys/bulkhead-platform-key`,
      });
    });
  });

  describe("their data stores", () => {
    it("are exactly these resources", () => {
      expect(shortTypes(stack, "bulkhead-data-stores")).toEqual(
        [
          "BlobContainer bulkhead-document-store-container",
          "BlobServiceProperties bulkhead-document-store-blobs",
          "DiagnosticSetting bulkhead-document-store-recording",
          "DiagnosticSetting bulkhead-fhir-store-recording",
          "DiagnosticSetting bulkhead-fhir-vault-recording",
          "DiagnosticSetting bulkhead-vector-index-recording",
          "FhirService bulkhead-fhir-store",
          "Key bulkhead-fhir-key",
          "ManagementPolicy bulkhead-document-store-retention",
          "PrivateDnsZoneGroup bulkhead-document-store-endpoint-names",
          "PrivateDnsZoneGroup bulkhead-fhir-store-endpoint-names",
          "PrivateDnsZoneGroup bulkhead-vector-index-endpoint-names",
          "PrivateEndpoint bulkhead-document-store-endpoint",
          "PrivateEndpoint bulkhead-fhir-store-endpoint",
          "PrivateEndpoint bulkhead-vector-index-endpoint",
          "RoleAssignment bulkhead-fhir-encryption",
          "Service bulkhead-vector-index",
          "StorageAccount bulkhead-document-store-account",
          "UserAssignedIdentity bulkhead-fhir-encryption-identity",
          "Vault bulkhead-fhir-vault",
          "Workspace bulkhead-fhir-store-workspace",
        ].sort(),
      );
      expect(outputsOf(stack, "bulkhead-data-stores")["storeIds"]).toEqual({
        "fhir-store": `${fhirId}/fhirservices/fhir`,
        "document-store": accountId("phi", "document-store"),
        "vector-index": searchId,
      });
    });

    it("hold FHIR in a service that neither exports nor imports, and asks for no other sign-in", () => {
      expect(inputsOf(stack, "bulkhead-fhir-store-workspace")).toEqual({
        workspaceName: fhirWorkspace,
        resourceGroupName: "bulkhead-phi",
        location: "eastus2",
        tags: phi("fhir-store"),
      });
      expect(inputsOf(stack, "bulkhead-fhir-store")).toEqual({
        fhirServiceName: "fhir",
        workspaceName: fhirWorkspace,
        resourceGroupName: "bulkhead-phi",
        location: "eastus2",
        kind: "fhir-R4",
        authenticationConfiguration: {
          authority: `https://login.microsoftonline.com/${azureTarget.tenantId}`,
          audience: `https://${fhirWorkspace}-fhir.fhir.azurehealthcareapis.com`,
          smartProxyEnabled: false,
          smartIdentityProviders: [],
        },
        corsConfiguration: { origins: [], headers: [], methods: [], allowCredentials: false },
        importConfiguration: { enabled: false, initialImportMode: false },
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId("phi", "fhir_encryption")] },
        encryption: {
          customerManagedKeyEncryption: {
            keyEncryptionKeyUrl: `https://${vaults.fhir}.vault.azure.net/keys/bulkhead-fhir-key`,
          },
        },
        resourceVersionPolicyConfiguration: { default: "versioned" },
        tags: phi("fhir-store"),
      });
    });

    it("hold documents in an account without keys, public readers, or copies elsewhere, under the zone's key", () => {
      expect(inputsOf(stack, "bulkhead-document-store-account")).toEqual({
        accountName: accounts["document-store"],
        resourceGroupName: "bulkhead-phi",
        location: "eastus2",
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        accessTier: "Hot",
        publicNetworkAccess: "Disabled",
        networkRuleSet: {
          defaultAction: "Deny",
          bypass: "None",
          ipRules: [],
          resourceAccessRules: [],
          virtualNetworkRules: [],
        },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        sasPolicy: { sasExpirationPeriod: "0.01:00:00", expirationAction: "Block" },
        allowCrossTenantReplication: false,
        allowedCopyScope: "PrivateLink",
        isHnsEnabled: false,
        isLocalUserEnabled: false,
        isSftpEnabled: false,
        enableNfsV3: false,
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId("phi", "phi_encryption")] },
        encryption: {
          keySource: "Microsoft.Keyvault",
          keyVaultProperties: {
            keyName: "bulkhead-phi-key",
            keyVaultUri: `https://${vaults.phi}.vault.azure.net/`,
          },
          encryptionIdentity: { encryptionUserAssignedIdentity: identityId("phi", "phi_encryption") },
          requireInfrastructureEncryption: true,
          services: Object.fromEntries(
            ["blob", "file", "queue", "table"].map((one) => [one, { enabled: true, keyType: "Account" }]),
          ),
        },
        tags: phi("document-store"),
      });
      const of = { accountName: accounts["document-store"], resourceGroupName: "bulkhead-phi" };
      expect(inputsOf(stack, "bulkhead-document-store-container")).toEqual({
        ...of,
        containerName: "documents",
        publicAccess: "None",
      });
      expect(inputsOf(stack, "bulkhead-document-store-blobs")).toEqual({
        ...of,
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 365, allowPermanentDelete: false },
        containerDeleteRetentionPolicy: { enabled: true, days: 365 },
        cors: { corsRules: [] },
      });
      expect(inputsOf(stack, "bulkhead-document-store-retention")).toEqual({
        ...of,
        managementPolicyName: "default",
        policy: {
          rules: [
            {
              name: "retention",
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["appendBlob", "blockBlob"] },
                actions: { version: { delete: { daysAfterCreationGreaterThan: 2192 } } },
              },
            },
          ],
        },
      });
    });

    it("hold vectors in a service that keeps what it holds, to itself and under a key", () => {
      expect(inputsOf(stack, "bulkhead-vector-index")).toEqual({
        searchServiceName: searchService,
        resourceGroupName: "bulkhead-phi",
        location: "eastus2",
        sku: { name: "standard" },
        hostingMode: "Default",
        partitionCount: 1,
        replicaCount: 2,
        publicNetworkAccess: "Disabled",
        networkRuleSet: { bypass: "None", ipRules: [] },
        disableLocalAuth: true,
        dataExfiltrationProtections: ["BlockAll"],
        semanticSearch: "disabled",
        encryptionWithCmk: { enforcement: "Enabled" },
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId("phi", "phi_encryption")] },
        tags: phi("vector-index"),
      });
    });
  });

  describe("their models", () => {
    it("answer in an account that calls nobody", () => {
      expect(inputsOf(stack, "bulkhead-models")).toEqual({
        accountName: models,
        resourceGroupName: "bulkhead-platform",
        location: "eastus2",
        kind: "AIServices",
        sku: { name: "S0" },
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: [identityId("platform", "platform_encryption")],
        },
        properties: {
          customSubDomainName: models,
          publicNetworkAccess: "Disabled",
          networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [], virtualNetworkRules: [] },
          disableLocalAuth: true,
          restrictOutboundNetworkAccess: true,
          allowedFqdnList: [],
          allowProjectManagement: false,
          encryption: {
            keySource: "Microsoft.KeyVault",
            keyVaultProperties: {
              identityClientId: expect.stringMatching(/\/bulkhead-platform_encryption\.clientId$/) as string,
              keyName: "bulkhead-platform-key",
              keyVaultUri: `https://${vaults.platform}.vault.azure.net/`,
            },
          },
        },
        tags: shared,
      });
    });

    it("are those that the platform names, each in the region, behind a policy that blocks", () => {
      const deployments = ofType(stack, "cognitiveservices:Deployment");
      expect(deployments.map(({ inputs }) => inputs?.["deploymentName"]).sort()).toEqual([
        "gpt-4o",
        "text-embedding-3-large",
      ]);
      for (const { inputs } of deployments) {
        expect(inputs).toEqual({
          deploymentName: inputs?.["deploymentName"],
          accountName: models,
          resourceGroupName: "bulkhead-platform",
          sku: { name: "Standard", capacity: 50 },
          properties: {
            model: { format: "OpenAI", name: inputs?.["deploymentName"] },
            raiPolicyName: "bulkhead-models",
            versionUpgradeOption: "NoAutoUpgrade",
          },
          tags: shared,
        });
      }
      const { properties, raiPolicyName } = inputsOf(stack, "bulkhead-models-policy");
      const { contentFilters, ...policy } = properties as { readonly contentFilters: readonly Properties[] };
      expect({ raiPolicyName, ...policy }).toEqual({
        raiPolicyName: "bulkhead-models",
        basePolicyName: "Microsoft.DefaultV2",
        mode: "Blocking",
      });
      expect(contentFilters.filter(({ blocking, enabled }) => blocking !== true || enabled !== true)).toEqual(
        [],
      );
      expect(
        contentFilters
          .map(({ source, name, severityThreshold = "any" }) => [source, name, severityThreshold].join(" "))
          .sort(),
      ).toEqual(
        [
          ...["Hate", "Selfharm", "Sexual", "Violence"].flatMap((harm) => [
            `Completion ${harm} Medium`,
            `Prompt ${harm} Medium`,
          ]),
          "Completion Protected Material Code any",
          "Completion Protected Material Text any",
          "Prompt Indirect Attack any",
          "Prompt Jailbreak any",
        ].sort(),
      );
    });
  });

  it("have a registry that nobody signs in to by a password, and that exports nothing", () => {
    expect(inputsOf(stack, "bulkhead-registry")).toEqual({
      registryName: registry,
      resourceGroupName: "bulkhead-platform",
      location: "eastus2",
      sku: { name: "Premium" },
      zoneRedundancy: "Enabled",
      publicNetworkAccess: "Disabled",
      networkRuleBypassOptions: "None",
      networkRuleSet: { defaultAction: "Deny", ipRules: [] },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: { [identityId("platform", "platform_encryption")]: {} },
      },
      encryption: {
        status: "enabled",
        keyVaultProperties: {
          identity: expect.stringMatching(/\/bulkhead-platform_encryption\.clientId$/) as string,
          keyIdentifier: `https://${vaults.platform}.vault.azure.net/keys/bulkhead-platform-key`,
        },
      },
      policies: {
        exportPolicy: { status: "disabled" },
        azureADAuthenticationAsArmPolicy: { status: "disabled" },
        quarantinePolicy: { status: "disabled" },
        // The days are the SDK's, and count for nothing while the policy is off.
        retentionPolicy: { status: "disabled", days: 7 },
      },
      tags: shared,
    });
    expect(outputsOf(stack, "bulkhead-image-registry")["repositoryAddresses"]).toEqual(
      Object.fromEntries(
        [...workloads, "certificate-agent", "envoy"].map((id) => [id, `${registry}.azurecr.io/${id}`]),
      ),
    );
  });

  describe("their perimeter", () => {
    it("encloses what can be enclosed, and is enforced", () => {
      const profile = (id: string): Properties => ({
        id: idIn("network", `Microsoft.Network/networkSecurityPerimeters/bulkhead-perimeter/profiles/${id}`),
      });
      const associations = ofType(stack, "network:NetworkSecurityPerimeterAssociation").map(({ inputs }) => ({
        of: (inputs?.["privateLinkResource"] as Properties)["id"],
        profile: inputs?.["profile"],
        accessMode: inputs?.["accessMode"],
        perimeter: inputs?.["networkSecurityPerimeterName"],
      }));
      const enclosed = (of: string, by: string): Properties => ({
        of,
        profile: profile(by),
        accessMode: "Enforced",
        perimeter: "bulkhead-perimeter",
      });
      const byId = (a: Properties, b: Properties): number => (String(a["of"]) < String(b["of"]) ? -1 : 1);
      expect([...associations].sort(byId)).toEqual(
        [
          enclosed(vaultId("phi", "phi"), "key-vault"),
          enclosed(vaultId("platform", "secrets"), "members"),
          enclosed(accountId("phi", "document-store"), "members"),
          enclosed(searchId, "members"),
        ].sort(byId),
      );
    });

    it("lets nothing out, and in only the platform's own subscription, to the vault of the key", () => {
      expect(ofType(stack, "network:NetworkSecurityPerimeterAccessRule").map(({ inputs }) => inputs)).toEqual(
        [
          {
            networkSecurityPerimeterName: "bulkhead-perimeter",
            resourceGroupName: "bulkhead-network",
            location: "eastus2",
            profileName: "key-vault",
            accessRuleName: "own-subscription",
            direction: "Inbound",
            subscriptions: [{ id: subscription }],
            tags: shared,
          },
        ],
      );
      expect(ofType(stack, "network:NetworkSecurityPerimeterLink")).toEqual([]);
    });
  });

  describe("their audit trail", () => {
    it("is a workspace of the platform's own, under its key, whose records last longer than HIPAA asks", () => {
      const group = { resourceGroupName: "bulkhead-audit", location: "eastus2", tags: shared };
      expect(inputsOf(stack, "bulkhead-records-cluster")).toEqual({
        ...group,
        clusterName: "bulkhead-records-cluster",
        sku: { name: "CapacityReservation", capacity: 100 },
        billingType: "Cluster",
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId("audit", "audit_encryption")] },
        keyVaultProperties: {
          keyVaultUri: `https://${vaults.audit}.vault.azure.net/`,
          keyName: "bulkhead-audit-key",
          keyVersion: "",
          keyRsaSize: 3072,
        },
        isDoubleEncryptionEnabled: true,
      });
      expect(inputsOf(stack, "bulkhead-records-workspace")).toEqual({
        ...group,
        workspaceName: "bulkhead-records",
        sku: { name: "PerGB2018" },
        retentionInDays: 730,
        workspaceCapping: { dailyQuotaGb: -1 },
        publicNetworkAccessForIngestion: "Disabled",
        publicNetworkAccessForQuery: "Disabled",
        features: {
          disableLocalAuth: true,
          enableDataExport: true,
          enableLogAccessUsingOnlyResourcePermissions: true,
          immediatePurgeDataOn30Days: false,
        },
      });
      expect(inputsOf(stack, "bulkhead-records-workspace-cluster")).toEqual({
        linkedServiceName: "Cluster",
        resourceGroupName: "bulkhead-audit",
        workspaceName: "bulkhead-records",
        writeAccessResourceId: idIn(
          "audit",
          "Microsoft.OperationalInsights/clusters/bulkhead-records-cluster",
        ),
        tags: shared,
      });
      const tables = ofType(stack, "operationalinsights:Table");
      expect(tables.map(({ inputs }) => inputs?.["tableName"]).sort()).toEqual(
        [
          "AGWAccessLogs",
          "AGWFirewallLogs",
          "AZKVAuditLogs",
          "AzureActivity",
          "AzureDiagnostics",
          "ContainerRegistryLoginEvents",
          "ContainerRegistryRepositoryEvents",
          "DNSQueryLogs",
          "LAQueryLogs",
          "MicrosoftHealthcareApisAuditLogs",
          "NSPAccessLogs",
          "NTANetAnalytics",
          "StorageBlobLogs",
          "bulkhead_access_decisions_records_CL",
          "bulkhead_agent_tools_output_CL",
          "bulkhead_ai_gateway_output_CL",
          "bulkhead_async_ai_workers_output_CL",
          "bulkhead_decision_point_output_CL",
          "bulkhead_egress_inspections_records_CL",
          "bulkhead_embedding_service_output_CL",
          "bulkhead_fhir_proxy_output_CL",
          "bulkhead_rag_service_output_CL",
          "bulkhead_tool_calls_records_CL",
        ].sort(),
      );
      for (const { inputs } of tables) {
        const { plan, retentionInDays, totalRetentionInDays, workspaceName } = inputs ?? {};
        expect({ plan, retentionInDays, totalRetentionInDays, workspaceName }).toEqual({
          plan: "Analytics",
          retentionInDays: 730,
          totalRetentionInDays: 2556,
          workspaceName: "bulkhead-records",
        });
      }
      const { streamIds, workloadLogNames } = outputsOf(stack, "bulkhead-audit-log");
      expect(streamIds).toEqual({
        "network-flows": `${workspaceId}/tables/NTANetAnalytics`,
        "name-queries": `${workspaceId}/tables/DNSQueryLogs`,
        "web-firewall": `${workspaceId}/tables/AGWFirewallLogs`,
        "access-decisions": `${workspaceId}/tables/bulkhead_access_decisions_records_CL`,
        "tool-calls": `${workspaceId}/tables/bulkhead_tool_calls_records_CL`,
        "egress-inspections": `${workspaceId}/tables/bulkhead_egress_inspections_records_CL`,
      });
      expect(workloadLogNames).toEqual(
        Object.fromEntries(workloads.map((id) => [id, `bulkhead_${id.replaceAll("-", "_")}_output_CL`])),
      );
    });

    it.each([
      [730, 730],
      [731, 1095],
      [2191, 2191],
      [2192, 2556],
      [4383, 4383],
    ])("keeps for %i days what it is asked to, in a table for %i", (asked, kept) => {
      expect(tableRetentionDays(asked)).toBe(kept);
    });

    it("is refused where Azure cannot keep it for so long", () => {
      expect(() => tableRetentionDays(4384)).toThrow(RangeError);
    });

    it("keeps the records of services where nobody deletes them before their time", () => {
      const { bypass, immutable, encryption } = ((): Properties => {
        const inputs = inputsOf(stack, "bulkhead-services-records-account");
        return {
          bypass: (inputs["networkRuleSet"] as Properties)["bypass"],
          immutable: inputs["immutableStorageWithVersioning"],
          encryption: (inputs["encryption"] as Properties)["keyVaultProperties"],
        };
      })();
      expect({ bypass, immutable, encryption }).toEqual({
        bypass: "AzureServices",
        immutable: {
          enabled: true,
          immutabilityPolicy: {
            immutabilityPeriodSinceCreationInDays: 2192,
            allowProtectedAppendWrites: true,
            state: "Unlocked",
          },
        },
        encryption: {
          keyName: "bulkhead-audit-key",
          keyVaultUri: `https://${vaults.audit}.vault.azure.net/`,
        },
      });
      for (const of of ["services", "network-flows"]) {
        const { policy } = inputsOf(stack, `bulkhead-${of}-records-retention`) as {
          readonly policy: { readonly rules: readonly [Properties] };
        };
        expect((policy.rules[0]["definition"] as Properties)["actions"]).toEqual({
          baseBlob: { delete: { daysAfterCreationGreaterThan: 2192 } },
          version: { delete: { daysAfterCreationGreaterThan: 2192 } },
        });
      }
    });

    it("locks the records of services where it is asked to", async () => {
      const locked = await renderedOnAzure(referencePlatform, "deployed", azureTarget, {
        locksRecords: true,
      });
      expect(
        inputsOf(locked, "bulkhead-services-records-account")["immutableStorageWithVersioning"],
      ).toMatchObject({ immutabilityPolicy: { state: "Locked" } });
    });

    it("lets nobody delete what holds the records", () => {
      const locks = ofType(stack, "authorization:ManagementLockByScope").map(({ inputs }) => ({
        scope: inputs?.["scope"],
        level: inputs?.["level"],
      }));
      expect(locks).toHaveLength(3);
      expect(locks).toEqual(
        expect.arrayContaining(
          [workspaceId, accountId("audit", "services"), accountId("audit", "network-flows")].map((scope) => ({
            scope,
            level: "CanNotDelete",
          })),
        ),
      );
    });

    it("records all flows of the whole network, by an identity that can do nothing else", () => {
      expect(inputsOf(stack, "bulkhead-network-flows")).toEqual({
        flowLogName: "bulkhead-network-flows",
        networkWatcherName: "NetworkWatcher_eastus2",
        resourceGroupName: "NetworkWatcherRG",
        location: "eastus2",
        targetResourceId: idIn("network", "Microsoft.Network/virtualNetworks/bulkhead-network"),
        enabled: true,
        format: { type: "JSON", version: 2 },
        storageId: accountId("audit", "network-flows"),
        retentionPolicy: { enabled: false, days: 0 },
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: [identityId("audit", "network-flows_records")],
        },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            trafficAnalyticsInterval: 10,
            workspaceRegion: "eastus2",
            workspaceResourceId: workspaceId,
          },
        },
        tags: shared,
      });
      expect(assignmentsOf(stack, "bulkhead-audit-log").map(line)).toEqual([
        `bulkhead-network-flows_records: Storage Blob Data Contributor on ${accountId("audit", "network-flows")}`,
      ]);
    });

    it("records every call to the subscription", () => {
      expect(inputsOf(stack, "bulkhead-calls-recording")).toEqual({
        name: "bulkhead-records",
        workspaceId,
        storageAccountId: accountId("audit", "services"),
        logs: [
          "Administrative",
          "Alert",
          "Autoscale",
          "Policy",
          "Recommendation",
          "ResourceHealth",
          "Security",
          "ServiceHealth",
        ].map((category) => ({ category, enabled: true })),
      });
    });

    it("records all that services can record, and nowhere but here", () => {
      const settings = ofType(stack, "monitor:DiagnosticSetting").filter(
        ({ parent }) => parent?.endsWith("front-door") === false && !parent.endsWith("name-resolution"),
      );
      const recorded = settings.map(({ inputs }) => {
        const { resourceUri, name, ...destination } = inputs ?? {};
        expect(name).toBe("bulkhead-records");
        return { of: String(resourceUri), destination };
      });
      const both = {
        workspaceId,
        storageAccountId: accountId("audit", "services"),
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ categoryGroup: "allLogs", enabled: true }],
      };
      const searchedOnly = Object.fromEntries(
        Object.entries(both).filter(([key]) => key !== "storageAccountId"),
      );
      const blobs = "blobServices/default";
      const expected = [
        { of: vaultId("phi", "phi"), destination: both },
        { of: vaultId("phi", "fhir"), destination: both },
        { of: vaultId("audit", "audit"), destination: both },
        { of: vaultId("platform", "platform"), destination: both },
        { of: vaultId("platform", "secrets"), destination: both },
        { of: `${fhirId}/fhirservices/fhir`, destination: both },
        { of: `${accountId("phi", "document-store")}/${blobs}`, destination: both },
        { of: searchId, destination: both },
        { of: registryId, destination: both },
        { of: modelsId, destination: both },
        {
          of: idIn("network", "Microsoft.Network/networkSecurityPerimeters/bulkhead-perimeter"),
          destination: both,
        },
        { of: workspaceId, destination: searchedOnly },
        { of: `${accountId("audit", "services")}/${blobs}`, destination: searchedOnly },
        { of: `${accountId("audit", "network-flows")}/${blobs}`, destination: searchedOnly },
      ];
      const byId = (a: { readonly of: string }, b: { readonly of: string }): number => (a.of < b.of ? -1 : 1);
      expect([...recorded].sort(byId)).toEqual([...expected].sort(byId));
    });

    it("takes a workload's output by the workload's own rule, to its own table", () => {
      expect(inputsOf(stack, "bulkhead-records-endpoint")).toEqual({
        dataCollectionEndpointName: "bulkhead-records-endpoint",
        resourceGroupName: "bulkhead-audit",
        location: "eastus2",
        networkAcls: { publicNetworkAccess: "Disabled" },
        tags: shared,
      });
      expect(ofType(stack, "monitor:DataCollectionRule")).toHaveLength(workloads.length);
      const columns = [
        { name: "TimeGenerated", type: "datetime" },
        { name: "Record", type: "dynamic" },
      ];
      expect(inputsOf(stack, "bulkhead-fhir-proxy-output-rule")).toEqual({
        dataCollectionRuleName: "bulkhead-fhir-proxy-records",
        resourceGroupName: "bulkhead-audit",
        location: "eastus2",
        dataCollectionEndpointId: endpointId,
        streamDeclarations: { "Custom-Records": { columns } },
        destinations: { logAnalytics: [{ name: "records", workspaceResourceId: workspaceId }] },
        dataFlows: [
          {
            streams: ["Custom-Records"],
            destinations: ["records"],
            transformKql: "source",
            outputStream: "Custom-bulkhead_fhir_proxy_output_CL",
          },
        ],
        tags: {
          "bulkhead-platform": "bulkhead",
          "bulkhead-zone": "processing",
          "bulkhead-workload": "fhir-proxy",
        },
      });
      expect(inputsOf(stack, "bulkhead-fhir-proxy-output")["schema"]).toEqual({
        name: "bulkhead_fhir_proxy_output_CL",
        columns,
      });
    });
  });

  describe("their identities", () => {
    it("are two for each workload", () => {
      const identities = ofType(stack, "managedidentity:UserAssignedIdentity").filter(({ parent }) =>
        parent?.endsWith("::bulkhead-workload-identities"),
      );
      expect(identities.map(({ inputs }) => inputs?.["resourceName"]).sort()).toEqual(
        workloads.flatMap((id) => [`bulkhead-${id}`, `bulkhead-${id}_starting`]).sort(),
      );
      expect(inputsOf(stack, "bulkhead-fhir-proxy-workload-identity")).toEqual({
        resourceName: "bulkhead-fhir-proxy",
        resourceGroupName: "bulkhead-platform",
        location: "eastus2",
        tags: {
          "bulkhead-platform": "bulkhead",
          "bulkhead-zone": "processing",
          "bulkhead-workload": "fhir-proxy",
        },
      });
      const outputs = outputsOf(stack, "bulkhead-workload-identities");
      expect(outputs["identityIds"]).toEqual(
        Object.fromEntries(workloads.map((id) => [id, identityId("platform", id)])),
      );
      expect(outputs["startingIdentityIds"]).toEqual(
        Object.fromEntries(workloads.map((id) => [id, identityId("platform", `${id}_starting`)])),
      );
    });

    it("may do what the flows name, on the one resource that they name, and nothing else", () => {
      const rule = (id: string): string =>
        idIn("audit", `Microsoft.Insights/dataCollectionRules/bulkhead-${id}-records`);
      /** What a flow of a workload to each peer is worth on Azure, for its own and for its starting identity. */
      const worth: Readonly<
        Record<string, (id: string) => readonly (readonly ["workload" | "starting", RoleName, string])[]>
      > = {
        "platform-service/model-inference": () => [["workload", "Cognitive Services OpenAI User", modelsId]],
        "platform-service/secrets": (id) => [
          ["workload", "Key Vault Secrets User", `${vaultId("platform", "secrets")}/secrets/${id}`],
          ["starting", "Key Vault Secrets User", `${vaultId("platform", "secrets")}/secrets/${id}`],
        ],
        "platform-service/keys": () => [
          [
            "workload",
            "Key Vault Crypto User",
            `${vaultId("platform", "platform")}/keys/bulkhead-platform-key`,
          ],
        ],
        "platform-service/registry": () => [["starting", "AcrPull", registryId]],
        "platform-service/logs": (id) => [["workload", "Monitoring Metrics Publisher", rule(id)]],
        "platform-service/metrics": (id) => [["workload", "Monitoring Metrics Publisher", rule(id)]],
        "platform-service/identity": () => [],
        "data-store/fhir-store": () => [["workload", "FHIR Data Writer", `${fhirId}/fhirservices/fhir`]],
        "data-store/document-store": () => [
          [
            "workload",
            "Storage Blob Data Contributor",
            `${accountId("phi", "document-store")}/blobServices/default/containers/documents`,
          ],
        ],
        "data-store/vector-index": () => [["workload", "Search Index Data Contributor", searchId]],
      };
      const flows = platformSpec(referencePlatform).flows.flatMap(({ from, to }) =>
        from.kind === "workload" && (to.kind === "platform-service" || to.kind === "data-store")
          ? [{ id: from.id, to: peerName(to) }]
          : [],
      );
      expect(flows.length).toBeGreaterThan(30);
      const expected = flows.flatMap(({ id, to }) =>
        (worth[to]?.(id) ?? [["workload", "AcrPull", `unexpected ${to}`] as const]).map(
          ([kind, role, scope]) =>
            line({ identity: `bulkhead-${id}${kind === "starting" ? "_starting" : ""}`, role, scope }),
        ),
      );
      const given = assignmentsOf(stack, "bulkhead-workload-identities").map(line);
      expect([...given].sort()).toEqual([...new Set(expected)].sort());
      expect(new Set(given).size).toBe(given.length);
    });

    it("are given roles by name, on resources alone, and to identities alone", () => {
      const assignments = ofType(stack, "authorization:RoleAssignment");
      const names = assignments.map(({ inputs }) => String(inputs?.["roleAssignmentName"]));
      expect(new Set(names).size).toBe(names.length);
      for (const { inputs } of assignments) {
        const { roleAssignmentName, scope, principalType, principalId } = inputs ?? {};
        expect(roleAssignmentName).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(scope).toMatch(
          /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/,
        );
        expect(principalType).toBe("ServicePrincipal");
        expect(principalId).toMatch(/\.principalId$/);
      }
      expect(ofType(stack, "authorization:RoleDefinition")).toEqual([]);
      expect(ofType(stack, "managedidentity:FederatedIdentityCredential")).toEqual([]);
    });
  });

  it("are all known in a preview, but for the numbers that Azure gives to identities", async () => {
    const preview = await renderedOnAzure(referencePlatform, "preview");
    const unknownOf = (value: unknown, path: string): readonly string[] =>
      value === unknownText
        ? [path]
        : typeof value === "object" && value !== null
          ? Object.entries(value).flatMap(([key, item]) => unknownOf(item, `${path}.${key}`))
          : [];
    const parts = [
      "audit-log",
      "data-stores",
      "encryption-keys",
      "image-registry",
      "private-endpoints",
      "service-perimeter",
      "workload-identities",
    ];
    const paths = preview
      .resources()
      .filter(({ parent }) => parts.some((part) => parent?.endsWith(`::bulkhead-${part}`)))
      .flatMap((resource) => unknownOf(resource.inputs, shortType(resource)));
    expect([...new Set(paths)].sort()).toEqual([
      "Account.properties.encryption.keyVaultProperties.identityClientId",
      "Registry.encryption.keyVaultProperties.identity",
      "RoleAssignment.principalId",
    ]);
  });
});

describe("a platform on Azure with a FHIR store that exists already", () => {
  const existing =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Records/providers/Microsoft.HealthcareApis/workspaces/hospital/fhirservices/main";

  it("has of that store an endpoint, and the role of its clients, alone", async () => {
    const stack = await renderedOnAzure(smallPlatform, "deployed", azureTarget, {
      existingDataStores: new Map([["fhir-store", existing]]),
    });
    expect(shortTypes(stack, "ward-data-stores")).toEqual([
      "PrivateDnsZoneGroup ward-fhir-store-endpoint-names",
      "PrivateEndpoint ward-fhir-store-endpoint",
    ]);
    expect(inputsOf(stack, "ward-fhir-store-endpoint")["privateLinkServiceConnections"]).toEqual([
      {
        name: "ward-fhir-store-endpoint",
        privateLinkServiceId: existing.replace("/fhirservices/main", ""),
        groupIds: ["healthcareworkspace"],
      },
    ]);
    expect(outputsOf(stack, "ward-data-stores")["storeIds"]).toEqual({ "fhir-store": existing });
    expect(
      assignmentsOf(stack, "ward-workload-identities")
        .filter(({ role }) => role === "FHIR Data Writer")
        .map(line),
    ).toEqual([`ward-fhir-proxy: FHIR Data Writer on ${existing}`]);
  });
});

describe("a small platform on Azure", () => {
  it("has no service that no flow uses, and none of its vaults", async () => {
    const stack = await renderedOnAzure(smallPlatform, "deployed");
    expect(ofType(stack, "cognitiveservices:Account")).toEqual([]);
    expect(ofType(stack, "monitor:PrivateLinkScope")).toEqual([]);
    expect(
      ofType(stack, "network:PrivateEndpoint")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["ward-fhir-store-endpoint", "ward-secrets-endpoint"]);
    // No workload encrypts with the platform's key.
    expect((inputsOf(stack, "ward-platform-key")["properties"] as Properties)["keyOps"]).toEqual([
      "unwrapKey",
      "wrapKey",
    ]);
    expect(
      assignmentsOf(stack, "ward-workload-identities")
        .map(({ identity, role }) => `${identity}: ${role}`)
        .sort(),
    ).toEqual([
      "ward-fhir-proxy: FHIR Data Writer",
      "ward-fhir-proxy: Key Vault Secrets User",
      "ward-fhir-proxy_starting: Key Vault Secrets User",
    ]);
  });

  it("is not spread over availability zones where its region has none", async () => {
    const stack = await renderedOnAzure(smallPlatform, "deployed", { ...azureTarget, availabilityZones: [] });
    const skus = ofType(stack, "storage:StorageAccount").map(({ inputs }) => inputs?.["sku"]);
    expect(skus).toEqual([{ name: "Standard_LRS" }, { name: "Standard_LRS" }]);
    expect(inputsOf(stack, "ward-registry")["zoneRedundancy"]).toBe("Disabled");
  });
});
