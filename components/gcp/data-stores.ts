import * as bigquery from "@pulumi/gcp/bigquery";
import * as healthcare from "@pulumi/gcp/healthcare";
import * as storage from "@pulumi/gcp/storage";
import * as pulumi from "@pulumi/pulumi";

import type { DataStore, DataStoreKind } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { DataStores } from "../data-stores";
import { ownId } from "../own-id";
import { peerTagsOf, ZoneRegister, type PeerMembers, type Tags, type ZoneMembers } from "../zone-facts";

import { customRole } from "./custom-role";
import type { GcpEncryptionKeys } from "./encryption-keys";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import type { CustomRole } from "./service-grants";
import { bucketManager, clientsOfStore, storeRoles } from "./store-grants";
import { embeddingsSchema, embeddingsTable } from "./vector-table";

export interface GcpDataStoresArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** The address of the service account that runs Pulumi, and so manages the stores. */
  readonly deployer: string;
  /** Names of FHIR stores that exist already, by the model's id. */
  readonly existing: ReadonlyMap<string, string>;
  /** What must stand before a store does: the perimeters, and what records calls. */
  readonly sealed: readonly pulumi.Resource[];
}

/** The longest that Cloud Storage gives back what was deleted altogether, in seconds: ninety days. */
const longestSoftDeleteSeconds = 7_776_000;

/** The longest that BigQuery shows a table as it was, in hours: a week. */
const longestTimeTravelHours = 168;

/**
 * The stores on Google Cloud: the Cloud Healthcare API for FHIR, Cloud Storage for documents, BigQuery for vectors. They are
 * reached by their APIs alone, in a project that has no network, and the perimeter around it lets in who calls them. Each is
 * encrypted with the PHI zone's key, is in the platform's region, and says of everyone who uses it that they do: the workloads
 * whose flows name it. Whoever else is let in by somebody is taken out again, but at a store that existed before.
 */
export class GcpDataStores extends DataStores {
  readonly storeIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** Datasets of the Cloud Healthcare API take no labels. */
  readonly peerMembers: PeerMembers;
  readonly #args: GcpDataStoresArgs;
  readonly #register = new ZoneRegister();
  readonly #roles: ReadonlyMap<string, pulumi.Resource>;

  constructor(name: string, args: GcpDataStoresArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(DataStores.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    this.#roles = this.#createRoles();
    this.storeIds = Object.fromEntries(spec.dataStores.map((store) => [store.id, this.#place(store)]));
    this.zoneMembers = this.#register.members();
    this.peerMembers = this.#register.peerMembers();
    this.registerOutputs({
      storeIds: this.storeIds,
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  #tags({ id }: DataStore): Tags {
    return peerTagsOf(this.#args.spec.name, "phi", { kind: "data-store", id });
  }

  /** The roles of those who use the stores, by what each is called. */
  #createRoles(): ReadonlyMap<string, pulumi.Resource> {
    const { spec, names, projectServices } = this.#args;
    const kinds = new Set(spec.dataStores.map(({ kind }) => kind));
    const wanted: readonly CustomRole[] = [
      ...[...kinds].map((kind) => storeRoles[kind]),
      ...(kinds.has("document") ? [bucketManager] : []),
    ];
    return new Map(
      wanted.map((role) => [
        role.what,
        this.#register.add(
          "phi",
          customRole(spec.name, names, "phi", role, {
            parent: this,
            dependsOn: [...projectServices.enabled.phi],
          }),
        ),
      ]),
    );
  }

  /** The role of the clients of a kind of store, and what must stand before it is given to some of them. */
  #clientRole(
    kind: DataStoreKind,
    clients: readonly Workload[],
  ): { readonly role: string; readonly given: readonly pulumi.Resource[] } {
    const { names, serviceAccounts } = this.#args;
    const { what } = storeRoles[kind];
    return {
      role: names.role("phi", what),
      given: [this.#roleOf(what), ...serviceAccounts.ofAll(clients)],
    };
  }

  #roleOf(what: string): pulumi.Resource {
    const role = this.#roles.get(what);
    if (role === undefined) {
      throw new Error(`the role ${what} is not rendered`);
    }
    return role;
  }

  /** What a store waits for: its API and key, and what encloses it. */
  #before(): pulumi.Resource[] {
    const { projectServices, encryptionKeys, sealed } = this.#args;
    return [...projectServices.enabled.phi, ...encryptionKeys.usable.phi, ...sealed];
  }

  /** Creates a store, and gives its id. */
  #place(store: DataStore): pulumi.Output<string> {
    switch (store.kind) {
      case "fhir":
        return this.#fhirStore(store);
      case "document":
        return this.#documentStore(store);
      case "vector":
        return this.#vectorIndex(store);
    }
  }

  /** A FHIR store, which is created unless it exists: at one that does, the platform's clients are let in beside others. */
  #fhirStore(store: DataStore): pulumi.Output<string> {
    const { spec, names, existing } = this.#args;
    const clients = clientsOfStore(store, spec);
    const { role, given } = this.#clientRole("fhir", clients);
    const known = existing.get(store.id);
    if (known !== undefined) {
      for (const workload of clients) {
        new healthcare.FhirStoreIamMember(
          `${spec.name}-${store.id}-client-${workload.id}`,
          { fhirStoreId: known, role, member: names.member(workload) },
          { parent: this, dependsOn: [...given] },
        );
      }
      return pulumi.output(known);
    }
    const dataset = this.#register.add(
      "phi",
      new healthcare.Dataset(
        `${spec.name}-${store.id}-dataset`,
        {
          name: names.store(store),
          project: names.project("phi"),
          location: names.region,
          timeZone: "UTC",
          encryptionSpec: { kmsKeyName: names.keyId("phi") },
        },
        { parent: this, protect: true, dependsOn: this.#before() },
      ),
      { kind: "data-store", id: store.id },
    );
    const created = this.#register.add(
      "phi",
      new healthcare.FhirStore(
        `${spec.name}-${store.id}`,
        {
          name: names.store(store),
          dataset: names.fhirDatasetId(store),
          version: "R4",
          // Ids that clients choose are in records of calls, and may say who a patient is.
          enableUpdateCreate: false,
          disableReferentialIntegrity: false,
          disableResourceVersioning: false,
          enableHistoryImport: false,
          enableHistoryModifications: false,
          complexDataTypeReferenceParsing: "ENABLED",
          // What a search does not understand is an error, rather than a wider answer.
          defaultSearchHandlingStrict: true,
          // Nothing is told to anybody, or streamed anywhere.
          notificationConfigs: [],
          streamConfigs: [],
          labels: this.#tags(store),
        },
        { parent: this, protect: true, dependsOn: [dataset] },
      ),
    );
    if (clients.length > 0) {
      new healthcare.FhirStoreIamBinding(
        `${spec.name}-${store.id}-clients`,
        {
          fhirStoreId: names.fhirStoreId(store),
          role,
          members: clients.map((workload) => names.member(workload)),
        },
        { parent: this, dependsOn: [created, ...given] },
      );
    }
    return ownId(created, names.fhirStoreId(store));
  }

  #documentStore(store: DataStore): pulumi.Output<string> {
    const { spec, names, deployer } = this.#args;
    const clients = clientsOfStore(store, spec);
    const { role, given } = this.#clientRole("document", clients);
    const bucket = this.#register.add(
      "phi",
      new storage.Bucket(
        `${spec.name}-${store.id}`,
        {
          name: names.store(store),
          project: names.project("phi"),
          location: names.region,
          storageClass: "STANDARD",
          publicAccessPrevention: "enforced",
          uniformBucketLevelAccess: true,
          requesterPays: false,
          forceDestroy: false,
          versioning: { enabled: true },
          encryption: {
            defaultKmsKeyName: names.keyId("phi"),
            // Who writes names no key, or the zone's: not one of Google's, and not one of the caller's own.
            googleManagedEncryptionEnforcementConfig: { restrictionMode: "FullyRestricted" },
            customerSuppliedEncryptionEnforcementConfig: { restrictionMode: "FullyRestricted" },
            customerManagedEncryptionEnforcementConfig: { restrictionMode: "NotRestricted" },
          },
          softDeletePolicy: { retentionDurationSeconds: longestSoftDeleteSeconds },
          lifecycleRules: [
            {
              action: { type: "Delete" },
              condition: { daysSinceNoncurrentTime: spec.audit.retentionDays, withState: "ARCHIVED" },
            },
            { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
          ],
          cors: [],
          labels: this.#tags(store),
        },
        { parent: this, protect: true, dependsOn: this.#before() },
      ),
    );
    // The whole policy: a new bucket lets everybody who may view its project read it.
    new storage.BucketIAMPolicy(
      `${spec.name}-${store.id}-clients`,
      {
        bucket: names.store(store),
        policyData: JSON.stringify({
          bindings: [
            {
              role: names.role("phi", bucketManager.what),
              members: [`serviceAccount:${deployer}`],
            },
            ...(clients.length === 0
              ? []
              : [{ role, members: clients.map((workload) => names.member(workload)) }]),
          ],
        }),
      },
      { parent: this, dependsOn: [bucket, this.#roleOf(bucketManager.what), ...given] },
    );
    return ownId(bucket, names.store(store));
  }

  /**
   * A vector index: a dataset with a table of embeddings, which `VECTOR_SEARCH` searches. It answers by the API on 443, and
   * needs neither a network nor another port, as an index of Vertex AI does.
   */
  #vectorIndex(store: DataStore): pulumi.Output<string> {
    const { spec, names, deployer } = this.#args;
    const clients = clientsOfStore(store, spec);
    const { role, given } = this.#clientRole("vector", clients);
    const labels = this.#tags(store);
    const project = names.project("phi");
    const dataset = this.#register.add(
      "phi",
      new bigquery.Dataset(
        `${spec.name}-${store.id}`,
        {
          datasetId: names.store(store),
          project,
          location: names.region,
          defaultEncryptionConfiguration: { kmsKeyName: names.keyId("phi") },
          deleteContentsOnDestroy: false,
          maxTimeTravelHours: String(longestTimeTravelHours),
          // The whole list: a new dataset lets in everybody who may view or edit its project.
          accesses: [
            { role: "OWNER", userByEmail: deployer },
            ...clients.map((workload) => ({ role, userByEmail: names.email(workload) })),
          ],
          labels,
        },
        { parent: this, protect: true, dependsOn: [...this.#before(), ...given] },
      ),
    );
    this.#register.add(
      "phi",
      new bigquery.Table(
        `${spec.name}-${store.id}-embeddings`,
        {
          tableId: embeddingsTable,
          datasetId: names.store(store),
          project,
          schema: embeddingsSchema,
          encryptionConfiguration: { kmsKeyName: names.keyId("phi") },
          deletionProtection: true,
          labels,
        },
        { parent: this, protect: true, dependsOn: [dataset] },
      ),
    );
    return ownId(dataset, names.vectorDatasetId(store));
  }
}
