import type { SubnetPurpose } from "../../model/address-plan";
import type { AzureTarget } from "../../model/cloud-target";
import { egressGuardId } from "../../model/egress-guard";
import type { ExistingNetwork } from "../../model/existing-network";
import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import type { FilteredPeer } from "../../model/tag";
import type { Workload } from "../../model/workload";
import type { ZoneId } from "../../model/zone";
import type { RecordStream } from "../audit-log";
import type { KeyPurpose } from "../encryption-keys";

/** The resource groups of a platform: its network, what holds PHI, what the platform runs with, and its audit trail. */
export const groupParts = ["network", "phi", "platform", "audit"] as const;

export type GroupPart = (typeof groupParts)[number];

/** The vaults of keys: one for each purpose, and one for the key of FHIR stores, which Azure reads from another side. */
export type KeyVaultPurpose = KeyPurpose | "fhir";

/**
 * The vaults of a platform: those of keys, one for the secrets of workloads, and one for the authority of the firewall, which
 * Azure reads by itself and no workload does.
 */
export type VaultPurpose = KeyVaultPurpose | "secrets" | "firewall";

/** The group that a vault is in. */
export const groupOfVault: Readonly<Record<VaultPurpose, GroupPart>> = {
  phi: "phi",
  fhir: "phi",
  audit: "audit",
  platform: "platform",
  secrets: "platform",
  firewall: "platform",
};

/**
 * The two identities of a workload: `workload` is its own with Azure; `starting` starts it, and so pulls its image and
 * reads the secret that it starts with.
 */
export const identityKinds = ["workload", "starting"] as const;

export type IdentityKind = (typeof identityKinds)[number];

/** What the platform's accounts of records hold: the records of services, or the flows of the network. */
export type RecordsAccount = "services" | "network-flows";

/** Characters of the hash that makes a name unique over all of Azure: 32 bits, in base 36. */
const hashLength = 7;

/**
 * Names with Azure, and the ids of Azure Resource Manager made of them.
 *
 * Every resource is called by a name of our own choosing, rather than one that Pulumi makes up: all ids are then known
 * before anything exists, and a preview can judge what refers to what (ADR 10).
 */
export class PhysicalNames {
  readonly #platform: string;
  readonly #existingNetwork: ExistingNetwork | undefined;
  readonly location: string;
  readonly tenantId: string;
  readonly subscriptionId: string;

  constructor(
    { name }: Pick<PlatformSpec, "name">,
    { location, tenantId, subscriptionId }: AzureTarget,
    existingNetwork?: ExistingNetwork,
  ) {
    this.#platform = name;
    this.#existingNetwork = existingNetwork;
    this.location = location;
    this.tenantId = tenantId;
    this.subscriptionId = subscriptionId;
  }

  /** The id of the subscription with Azure Resource Manager. */
  get subscription(): string {
    return `/subscriptions/${this.subscriptionId}`;
  }

  /** The name of something that has to be unique in its resource group only. */
  owned(what: string): string {
    return `${this.#platform}-${what}`;
  }

  /** The name of a resource group. */
  group(part: GroupPart): string {
    return this.owned(part);
  }

  groupId(part: GroupPart): string {
    return `${this.subscription}/resourceGroups/${this.group(part)}`;
  }

  /**
   * The id of a resource of one of the platform's groups.
   *
   * @param type such as `Microsoft.KeyVault/vaults`.
   * @param path the resource's name, and where it is a part of it, the kind and the name of the part, and so on.
   */
  idIn(part: GroupPart, type: string, ...path: readonly string[]): string {
    return `${this.groupId(part)}/providers/${[type, ...path].join("/")}`;
  }

  /** The id of a role that Azure itself defines. */
  roleDefinitionId(uuid: string): string {
    return `${this.subscription}/providers/Microsoft.Authorization/roleDefinitions/${uuid}`;
  }

  /** The name of the network, which is that of the existing one where there is one. */
  get network(): string {
    return this.networkId.split("/").at(-1) ?? "";
  }

  /** The resource group that the network is in. */
  get networkGroup(): string {
    return this.networkId.split("/").at(4) ?? "";
  }

  get networkId(): string {
    return (
      this.#existingNetwork?.networkId ??
      this.idIn("network", "Microsoft.Network/virtualNetworks", this.owned("network"))
    );
  }

  /** The subnet of one peer. */
  subnet(peer: FilteredPeer): string {
    return this.owned(shortName(peer));
  }

  subnetId(peer: FilteredPeer): string {
    return `${this.networkId}/subnets/${this.subnet(peer)}`;
  }

  /** The network security group of the subnet of one peer. */
  filter(peer: FilteredPeer): string {
    return this.owned(`${shortName(peer)}-filter`);
  }

  filterId(peer: FilteredPeer): string {
    return this.idIn("network", "Microsoft.Network/networkSecurityGroups", this.filter(peer));
  }

  /** The route table of the subnets of a zone that have one purpose. */
  routeTable(zone: ZoneId, purpose: SubnetPurpose): string {
    return this.owned(`${zone}-${purpose}-routes`);
  }

  routeTableId(zone: ZoneId, purpose: SubnetPurpose): string {
    return this.idIn("network", "Microsoft.Network/routeTables", this.routeTable(zone, purpose));
  }

  /** The private endpoint of one peer, in the peer's subnet. */
  endpoint(peer: FilteredPeer): string {
    return this.owned(`${shortName(peer)}-endpoint`);
  }

  endpointId(peer: FilteredPeer): string {
    return this.idIn("network", "Microsoft.Network/privateEndpoints", this.endpoint(peer));
  }

  /** The id of a private DNS zone of the platform's. */
  privateZoneId(zone: string): string {
    return this.idIn("network", "Microsoft.Network/privateDnsZones", zone);
  }

  /** The vault of keys of one purpose, or of the secrets of workloads. At most 24 characters, unique over all of Azure. */
  vault(purpose: VaultPurpose): string {
    return this.#unique("vault", purpose, 24);
  }

  vaultId(purpose: VaultPurpose): string {
    return this.idIn(groupOfVault[purpose], "Microsoft.KeyVault/vaults", this.vault(purpose));
  }

  /** Where a vault answers (Azure documentation, "Azure Key Vault keys, secrets, and certificates overview"). */
  vaultUri(purpose: VaultPurpose): string {
    return `https://${this.vault(purpose)}.vault.azure.net/`;
  }

  /** The key of a vault of keys. */
  key(purpose: KeyVaultPurpose): string {
    return this.owned(`${purpose}-key`);
  }

  keyId(purpose: KeyVaultPurpose): string {
    return `${this.vaultId(purpose)}/keys/${this.key(purpose)}`;
  }

  /** A key by its name alone: services that are told it so take its newest version. */
  keyUri(purpose: KeyVaultPurpose): string {
    return `${this.vaultUri(purpose)}keys/${this.key(purpose)}`;
  }

  /** The identity with which services use the key of a vault. */
  keyUser(purpose: KeyVaultPurpose): string {
    return this.owned(`${purpose}_encryption`);
  }

  keyUserId(purpose: KeyVaultPurpose): string {
    return this.#identityIdIn(groupOfVault[purpose], this.keyUser(purpose));
  }

  /** The secret of a workload, which is called as the workload is. */
  secretId({ id }: Pick<Workload, "id">): string {
    return `${this.vaultId("secrets")}/secrets/${id}`;
  }

  /**
   * The name of the secret with a workload's certificates. No id holds two hyphens in a row, so that no secret of another
   * workload is called so.
   */
  credential({ id }: Pick<Workload, "id">): string {
    return `${id}--certificates`;
  }

  credentialId(workload: Pick<Workload, "id">): string {
    return `${this.vaultId("secrets")}/secrets/${this.credential(workload)}`;
  }

  /** Where that secret is read. It names no version, so that the newest is. */
  credentialUrl(workload: Pick<Workload, "id">): string {
    return `${this.vaultUri("secrets")}secrets/${this.credential(workload)}`;
  }

  /** The storage account of a document store. At most 24 characters, unique over all of Azure. */
  storageAccount(id: string): string {
    return this.#unique("storage", id, 24);
  }

  storageAccountId(id: string): string {
    return this.idIn("phi", "Microsoft.Storage/storageAccounts", this.storageAccount(id));
  }

  /** The container of a document store, alone in its account. */
  get documentContainer(): string {
    return "documents";
  }

  documentContainerId(id: string): string {
    return `${this.storageAccountId(id)}/blobServices/default/containers/${this.documentContainer}`;
  }

  /** A storage account of records. At most 24 characters, unique over all of Azure. */
  recordsAccount(of: RecordsAccount): string {
    return this.#unique("records", of, 24);
  }

  recordsAccountId(of: RecordsAccount): string {
    return this.idIn("audit", "Microsoft.Storage/storageAccounts", this.recordsAccount(of));
  }

  /** The identity with which the network's flows are written. */
  get networkFlowsIdentity(): string {
    return this.owned("network-flows_records");
  }

  get networkFlowsIdentityId(): string {
    return this.#identityIdIn("audit", this.networkFlowsIdentity);
  }

  /** The workspace of a FHIR store. At most 24 characters; its FHIR service's host is unique over all of Azure. */
  healthWorkspace(id: string): string {
    return this.#unique("health", id, 24);
  }

  healthWorkspaceId(id: string): string {
    return this.idIn("phi", "Microsoft.HealthcareApis/workspaces", this.healthWorkspace(id));
  }

  /** The FHIR service of a FHIR store. At most 24 characters; it is alone in its workspace. */
  get fhirService(): string {
    return "fhir";
  }

  fhirServiceId(id: string): string {
    return `${this.healthWorkspaceId(id)}/fhirservices/${this.fhirService}`;
  }

  /** The host under which a FHIR store answers (Azure documentation, "Deploy a FHIR service"). */
  fhirHost(id: string): string {
    return `${this.healthWorkspace(id)}-${this.fhirService}.fhir.azurehealthcareapis.com`;
  }

  /** The search service of a vector index. At most 60 characters, unique over all of Azure. */
  searchService(id: string): string {
    return this.#unique("search", id, 60);
  }

  searchServiceId(id: string): string {
    return this.idIn("phi", "Microsoft.Search/searchServices", this.searchService(id));
  }

  /** The container registry. At most 50 characters, unique over all of Azure. */
  get registry(): string {
    return this.#unique("registry", "registry", 50);
  }

  get registryId(): string {
    return this.idIn("platform", "Microsoft.ContainerRegistry/registries", this.registry);
  }

  /** The host of the container registry. */
  get registryHost(): string {
    return `${this.registry}.azurecr.io`;
  }

  /** The account of the cloud's own models, and its subdomain. At most 64 characters, unique over all of Azure. */
  get modelAccount(): string {
    return this.#unique("models", "models", 64);
  }

  get modelAccountId(): string {
    return this.idIn("platform", "Microsoft.CognitiveServices/accounts", this.modelAccount);
  }

  /** The cluster of Log Analytics in which the workspace is, since only a cluster takes a key of the customer's. */
  get recordsCluster(): string {
    return this.owned("records-cluster");
  }

  get recordsClusterId(): string {
    return this.idIn("audit", "Microsoft.OperationalInsights/clusters", this.recordsCluster);
  }

  /** The workspace of Log Analytics into which everything is recorded. */
  get recordsWorkspace(): string {
    return this.owned("records");
  }

  get recordsWorkspaceId(): string {
    return this.idIn("audit", "Microsoft.OperationalInsights/workspaces", this.recordsWorkspace);
  }

  /** The private link scope of Azure Monitor. */
  get monitorScope(): string {
    return this.owned("monitor-scope");
  }

  get monitorScopeId(): string {
    return this.idIn("audit", "Microsoft.Insights/privateLinkScopes", this.monitorScope);
  }

  /** Where workloads send what they record. */
  get collectionEndpoint(): string {
    return this.owned("records-endpoint");
  }

  get collectionEndpointId(): string {
    return this.idIn("audit", "Microsoft.Insights/dataCollectionEndpoints", this.collectionEndpoint);
  }

  /** The rule by which one workload's records go to its table. */
  collectionRule({ id }: Pick<Workload, "id">): string {
    return this.owned(`${id}-records`);
  }

  collectionRuleId(workload: Pick<Workload, "id">): string {
    return this.idIn("audit", "Microsoft.Insights/dataCollectionRules", this.collectionRule(workload));
  }

  /** The table of records of our own form. Names of tables have no hyphens, and those of such tables end in `_CL`. */
  recordsTable(of: string): string {
    return `${this.owned(of).replaceAll("-", "_")}_CL`;
  }

  /** The table of a stream of records that no service of Azure's writes. */
  streamTable(stream: RecordStream): string {
    return this.recordsTable(`${stream}-records`);
  }

  /** The table of a workload's output. */
  outputTable({ id }: Pick<Workload, "id">): string {
    return this.recordsTable(`${id}-output`);
  }

  tableId(table: string): string {
    return `${this.recordsWorkspaceId}/tables/${table}`;
  }

  /** A managed identity of a workload. No id holds an underscore, so no workload's name is that of another's identity. */
  identity({ id }: Pick<Workload, "id">, kind: IdentityKind = "workload"): string {
    return this.owned(kind === "workload" ? id : `${id}_starting`);
  }

  identityId(workload: Pick<Workload, "id">, kind: IdentityKind = "workload"): string {
    return this.#identityIdIn("platform", this.identity(workload, kind));
  }

  /** The set over which the machines of a workload are spread. */
  scaleSet({ id }: Pick<Workload, "id">): string {
    return this.owned(id);
  }

  scaleSetId(workload: Pick<Workload, "id">): string {
    return this.idIn("platform", "Microsoft.Compute/virtualMachineScaleSets", this.scaleSet(workload));
  }

  /** The machine of one replica of a workload, counted from one. */
  machine({ id }: Pick<Workload, "id">, replica: number): string {
    return this.owned(`${id}-${String(replica)}`);
  }

  /** The network interface of that machine, which is called as the machine is. */
  interfaceId(workload: Pick<Workload, "id">, replica: number): string {
    return this.idIn("platform", "Microsoft.Network/networkInterfaces", this.machine(workload, replica));
  }

  /** What encrypts the disks of machines with the key of the platform. */
  get diskEncryptionSet(): string {
    return this.owned("machines");
  }

  get diskEncryptionSetId(): string {
    return this.idIn("platform", "Microsoft.Compute/diskEncryptionSets", this.diskEncryptionSet);
  }

  /** Whom the platform's alarms tell. */
  get alarmReceivers(): string {
    return this.owned("alarms");
  }

  get alarmReceiversId(): string {
    return this.idIn("audit", "Microsoft.Insights/actionGroups", this.alarmReceivers);
  }

  /** The alarm of a workload's certificates. */
  certificateAlarm({ id }: Pick<Workload, "id">): string {
    return this.owned(`${id}-certificates`);
  }

  /** The network security perimeter around the services that can be in one. */
  get perimeter(): string {
    return this.owned("perimeter");
  }

  get perimeterId(): string {
    return this.idIn("network", "Microsoft.Network/networkSecurityPerimeters", this.perimeter);
  }

  perimeterProfileId(profile: string): string {
    return `${this.perimeterId}/profiles/${profile}`;
  }

  /**
   * Where the egress guard reads the keys of providers: its own secret in the vault of secrets, which the hospital puts
   * there. The platform makes no secret of that name, so that no state ever holds a key.
   */
  get providerKeysUrl(): string {
    return `${this.vaultUri("secrets")}secrets/${egressGuardId}`;
  }

  /** The secret with the certificates of the firewall's authority, which the egress guard trusts. */
  get trustedFirewall(): string {
    return `${egressGuardId}--firewall-authority`;
  }

  get trustedFirewallId(): string {
    return `${this.vaultId("secrets")}/secrets/${this.trustedFirewall}`;
  }

  get trustedFirewallUrl(): string {
    return `${this.vaultUri("secrets")}secrets/${this.trustedFirewall}`;
  }

  /** The firewall, its policy, its identity and its public address are each of another type, and called alike. */
  get firewall(): string {
    return this.owned("egress-firewall");
  }

  get firewallId(): string {
    return this.idIn("network", "Microsoft.Network/azureFirewalls", this.firewall);
  }

  get firewallPolicyId(): string {
    return this.idIn("network", "Microsoft.Network/firewallPolicies", this.firewall);
  }

  get firewallAddressId(): string {
    return this.idIn("network", "Microsoft.Network/publicIPAddresses", this.firewall);
  }

  get firewallIdentityId(): string {
    return this.#identityIdIn("network", this.firewall);
  }

  /** The subnet of the firewall, whose name Azure prescribes ("Azure Firewall FAQ"). */
  get firewallSubnet(): string {
    return "AzureFirewallSubnet";
  }

  get firewallSubnetId(): string {
    return `${this.networkId}/subnets/${this.firewallSubnet}`;
  }

  /** The secret of one authority of the firewall's: the next is another, so that the policy names which it takes. */
  firewallAuthority(number: number): string {
    return `authority-${String(number)}`;
  }

  firewallAuthorityId(number: number): string {
    return `${this.vaultId("firewall")}/secrets/${this.firewallAuthority(number)}`;
  }

  firewallAuthorityUrl(number: number): string {
    return `${this.vaultUri("firewall")}secrets/${this.firewallAuthority(number)}`;
  }

  /** The policy that says which names are answered in the network. */
  get namesPolicy(): string {
    return this.owned("names");
  }

  get namesPolicyId(): string {
    return this.idIn("network", "Microsoft.Network/dnsResolverPolicies", this.namesPolicy);
  }

  #identityIdIn(part: GroupPart, name: string): string {
    return this.idIn(part, "Microsoft.ManagedIdentity/userAssignedIdentities", name);
  }

  /**
   * A name that no other resource of Azure's has: lower-case letters and digits, as the strictest of its services takes
   * them. It is cut to the length that is given, and what is cut off is still in its hash.
   */
  #unique(kind: string, id: string, longest: number): string {
    const hash = stableHash(`${this.subscriptionId}/${this.#platform}/${kind}/${id}`);
    const words = this.owned(id).replaceAll("-", "");
    return words.slice(0, longest - hashLength) + hash.toString(36).padStart(hashLength, "0");
  }
}

/** The part of a name that stands for a peer; ids are unique over all kinds. */
export function shortName(peer: FilteredPeer): string {
  return peer.kind === "load-balancer" ? peer.kind : peer.id;
}
