import * as healthcareapis from "@pulumi/azure-native/healthcareapis";
import * as search from "@pulumi/azure-native/search";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import type { DataStore } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import { DataStores } from "../data-stores";
import { peerTagsOf, ZoneRegister, zoneTags, type Tags, type ZoneMembers } from "../zone-facts";

import { closedStorageAccount } from "./closed-storage-account";
import { customerKey, type CustomerKey } from "./customer-key";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import { ownId } from "../own-id";
import type { PhysicalNames } from "./physical-names";
import { privateLink } from "./private-link";
import { linkedStores } from "./private-zones";
import type { AzureResourceGroups } from "./resource-groups";
import type { AzureServicePerimeter } from "./service-perimeter";

export interface AzureDataStoresArgs {
  readonly spec: PlatformSpec;
  readonly target: AzureTarget;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  readonly key: CustomerKey;
  /** Ids of FHIR services that exist already, by the model's id. */
  readonly existing: ReadonlyMap<string, string>;
  readonly records: RecordsDestination;
  /** What encloses the stores that can be enclosed. */
  readonly perimeter: AzureServicePerimeter;
  /** What must stand before an endpoint does: the subnets with their filters, and the private names. */
  readonly sealed: readonly pulumi.Resource[];
}

/** A store as it was rendered. */
interface Placed {
  /** The id of the store, which its platform's output says. */
  readonly storeId: pulumi.Output<string>;
  /** The id on which its clients are given their role. */
  readonly scope: string;
  /** The id of the resource that its endpoint leads to. */
  readonly reachedId: string;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * The stores on Azure: Azure Health Data Services for FHIR, Blob Storage for documents, AI Search for vectors. Each is
 * encrypted with a key of the PHI zone's, is reached through an endpoint in its own subnet of the zone, and admits the
 * workloads whose flows name it.
 */
export class AzureDataStores extends DataStores {
  readonly storeIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The id on which the clients of each store are given their role, by the model's id of the store. */
  readonly scopes: ReadonlyMap<string, string>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: AzureDataStoresArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: AzureDataStoresArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, sealed } = args;
    super(DataStores.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    const fhirKey = this.#fhirKey();
    const storeIds = new Map<string, pulumi.Output<string>>();
    const scopes = new Map<string, string>();
    for (const store of spec.dataStores) {
      const { storeId, scope, reachedId, ready } = this.#place(store, fhirKey);
      const { endpoint } = privateLink(
        {
          platform: spec.name,
          names,
          peer: { kind: "data-store", id: store.id },
          serviceId: reachedId,
          link: linkedStores[store.kind],
        },
        { parent: this, dependsOn: [...sealed, ...ready] },
      );
      this.#register.add("phi", endpoint);
      storeIds.set(store.id, storeId);
      scopes.set(store.id, scope);
    }
    this.storeIds = Object.fromEntries(storeIds);
    this.scopes = scopes;
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ storeIds: this.storeIds, zoneMembers: this.zoneMembers });
  }

  #tags({ id }: DataStore): Tags {
    return peerTagsOf(this.#args.spec.name, "phi", { kind: "data-store", id });
  }

  /** Records what is read and written of a store. */
  #recorded({ id }: DataStore, resourceId: string, resource: pulumi.Resource): void {
    const { spec, records } = this.#args;
    diagnostics(`${spec.name}-${id}`, resourceId, records, {
      parent: this,
      dependsOn: [resource, ...records.delivery],
    });
  }

  /**
   * The key of FHIR stores, if any is created. It has a vault of its own: Azure Health Data Services cannot be in the
   * perimeter in which the vault of the other stores' key is (Azure documentation, "Onboarded private link resources"), and
   * reaches a closed vault as a service of Azure's own ("Configure customer-managed keys for the FHIR service").
   */
  #fhirKey(): CustomerKey | undefined {
    const { spec, names, resourceGroups, existing, records } = this.#args;
    if (!spec.dataStores.some(({ id, kind }) => kind === "fhir" && !existing.has(id))) {
      return undefined;
    }
    const key = customerKey(
      {
        platform: spec.name,
        names,
        purpose: "fhir",
        bypass: "AzureServices",
        isForWorkloads: false,
        tags: zoneTags(spec.name, "phi"),
      },
      { parent: this, dependsOn: [resourceGroups.groups.phi] },
    );
    key.members.forEach((member) => this.#register.add("phi", member));
    diagnostics(`${spec.name}-fhir-vault`, names.vaultId("fhir"), records, {
      parent: this,
      dependsOn: [key.vault, ...records.delivery],
    });
    return key;
  }

  #place(store: DataStore, fhirKey: CustomerKey | undefined): Placed {
    switch (store.kind) {
      case "fhir":
        return this.#fhirStore(store, fhirKey);
      case "document":
        return this.#documentStore(store);
      case "vector":
        return this.#vectorIndex(store);
    }
  }

  /** A FHIR store, which is created unless it exists: of one that does, only the endpoint is the platform's. */
  #fhirStore(store: DataStore, key: CustomerKey | undefined): Placed {
    const { spec, names, resourceGroups, existing } = this.#args;
    const known = existing.get(store.id);
    if (known !== undefined) {
      const reachedId = known.replace(/\/fhirservices\/[^/]+$/i, "");
      return { storeId: pulumi.output(known), scope: known, reachedId, ready: [] };
    }
    if (key === undefined) {
      throw new Error(`data-store/${store.id} has no key`);
    }
    const tags = this.#tags(store);
    const resourceGroupName = names.group("phi");
    const workspace = this.#register.add(
      "phi",
      new healthcareapis.Workspace(
        `${spec.name}-${store.id}-workspace`,
        {
          workspaceName: names.healthWorkspace(store.id),
          resourceGroupName,
          location: names.location,
          tags,
        },
        { parent: this, protect: true, dependsOn: [resourceGroups.groups.phi] },
      ),
    );
    const service = this.#register.add(
      "phi",
      new healthcareapis.FhirService(
        `${spec.name}-${store.id}`,
        {
          fhirServiceName: names.fhirService,
          workspaceName: names.healthWorkspace(store.id),
          resourceGroupName,
          location: names.location,
          kind: "fhir-R4",
          authenticationConfiguration: {
            authority: `https://login.microsoftonline.com/${names.tenantId}`,
            audience: `https://${names.fhirHost(store.id)}`,
            smartProxyEnabled: false,
            smartIdentityProviders: [],
          },
          corsConfiguration: { origins: [], headers: [], methods: [], allowCredentials: false },
          // Neither exports nor imports, and no template is loaded from a registry.
          importConfiguration: { enabled: false, initialImportMode: false },
          identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId(key.purpose)] },
          encryption: { customerManagedKeyEncryption: { keyEncryptionKeyUrl: names.keyUri(key.purpose) } },
          resourceVersionPolicyConfiguration: { default: "versioned" },
          tags,
        },
        { parent: this, protect: true, dependsOn: [workspace, ...key.usable] },
      ),
    );
    this.#recorded(store, names.fhirServiceId(store.id), service);
    return {
      storeId: ownId(service, names.fhirServiceId(store.id)),
      scope: names.fhirServiceId(store.id),
      reachedId: names.healthWorkspaceId(store.id),
      // A FHIR service that came after the endpoint would have no private name.
      ready: [workspace, service],
    };
  }

  #documentStore(store: DataStore): Placed {
    const { spec, target, names, resourceGroups, key, perimeter } = this.#args;
    const { account, closed } = closedStorageAccount(
      `${spec.name}-${store.id}`,
      {
        names,
        target,
        accountName: names.storageAccount(store.id),
        group: "phi",
        key,
        bypass: "None",
        retentionDays: spec.audit.retentionDays,
        tags: this.#tags(store),
      },
      { parent: this, dependsOn: [resourceGroups.groups.phi, ...perimeter.ready] },
    );
    this.#register.add("phi", account);
    const container = this.#register.add(
      "phi",
      new storage.BlobContainer(
        `${spec.name}-${store.id}-container`,
        {
          containerName: names.documentContainer,
          accountName: names.storageAccount(store.id),
          resourceGroupName: names.group("phi"),
          publicAccess: "None",
        },
        { parent: this, protect: true, dependsOn: [...closed] },
      ),
    );
    const accountId = names.storageAccountId(store.id);
    this.#recorded(store, `${accountId}/blobServices/default`, account);
    perimeter.enclose({ name: store.id, id: accountId, resource: account });
    return {
      storeId: ownId(account, accountId),
      scope: names.documentContainerId(store.id),
      reachedId: accountId,
      ready: [...closed, container],
    };
  }

  /** A vector index; whoever makes indexes in it names the key in each, or is refused. */
  #vectorIndex(store: DataStore): Placed {
    const { spec, names, resourceGroups, key, perimeter } = this.#args;
    const id = names.searchServiceId(store.id);
    const service = this.#register.add(
      "phi",
      new search.Service(
        `${spec.name}-${store.id}`,
        {
          searchServiceName: names.searchService(store.id),
          resourceGroupName: names.group("phi"),
          location: names.location,
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
          identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId(key.purpose)] },
          tags: this.#tags(store),
        },
        {
          parent: this,
          protect: true,
          dependsOn: [resourceGroups.groups.phi, ...perimeter.ready, ...key.usable],
        },
      ),
    );
    this.#recorded(store, id, service);
    perimeter.enclose({ name: store.id, id, resource: service });
    return { storeId: ownId(service, id), scope: id, reachedId: id, ready: [service] };
  }
}
