import { cloudApisAddress } from "../../model/address-plan";
import type { GcpTarget, GoogleProject } from "../../model/cloud-target";
import type { DataStore } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import type { Workload } from "../../model/workload";
import type { WorkloadZoneId } from "../../model/zone";
import type { ProgramStream } from "../audit-log";
import type { KeyPurpose } from "../encryption-keys";

/** The zones that have a network, where a platform has them. The PHI zone has none: nothing in it has an address. */
export const networkedZones = [
  "gateway",
  "processing",
  "egress",
] as const satisfies readonly WorkloadZoneId[];

export type NetworkedZone = (typeof networkedZones)[number];

/** The zones whose projects the platform uses. */
export type ProjectZone = NetworkedZone | "phi";

/** The zone in whose project a key is: the PHI zone's keys stay with what they encrypt. */
export const zoneOfKey: Readonly<Record<KeyPurpose, ProjectZone>> = {
  phi: "phi",
  audit: "processing",
  platform: "processing",
};

/** The service perimeters: one around the zones with networks, and one around the PHI zone. */
export type PerimeterName = "platform" | "phi";

/** The log of Docker's driver for Cloud Logging, whose name is not to be chosen. */
export const dockerLog = "gcplogs-docker-driver";

/** Characters of the hash that makes a name unique where it is shortened or made of many: 32 bits, in base 36. */
const hashLength = 7;

/** A hash of a text that a name of Google Cloud's can end with: lower-case letters and digits. */
export function shortHash(text: string): string {
  return stableHash(text).toString(36).padStart(hashLength, "0").slice(0, hashLength);
}

/**
 * Names with Google Cloud, and the relative resource names made of them (AIP-122).
 *
 * Every resource is called by a name of our own choosing, rather than one that Pulumi makes up: all names are then known
 * before anything exists, and a preview can judge what refers to what (ADR 10).
 */
export class PhysicalNames {
  readonly #spec: PlatformSpec;
  readonly #target: GcpTarget;
  readonly region: string;

  constructor(spec: PlatformSpec, target: GcpTarget) {
    this.#spec = spec;
    this.#target = target;
    this.region = target.region;
  }

  /** The zones of the platform that have a network. */
  get networkedZones(): readonly NetworkedZone[] {
    return networkedZones.filter((zone) => this.#spec.zones.some(({ id }) => id === zone));
  }

  /** The zones of the platform whose projects it uses. */
  get projectZones(): readonly ProjectZone[] {
    return [...this.networkedZones, "phi"];
  }

  /** A zone's project. @throws Error if the target names none, which an invariant has refused. */
  #projectOf(zone: ProjectZone): GoogleProject {
    const project = this.#target.projects[zone];
    if (project === undefined) {
      throw new Error(`zone ${zone} has no project`);
    }
    return project;
  }

  /** The id of a zone's project. */
  project(zone: ProjectZone): string {
    return this.#projectOf(zone).id;
  }

  /** A zone's project as service perimeters know it: by its number. */
  projectByNumber(zone: ProjectZone): string {
    return `projects/${this.projectNumber(zone)}`;
  }

  /** The number of a zone's project. */
  projectNumber(zone: ProjectZone): string {
    return this.#projectOf(zone).number;
  }

  /** The access policy of the organisation, which holds the perimeters. */
  get accessPolicy(): string {
    return `accessPolicies/${this.#target.accessPolicyId}`;
  }

  /** The full name of a perimeter. Within it, letters, digits and underscores alone are allowed. */
  perimeter(name: PerimeterName): string {
    return `${this.accessPolicy}/servicePerimeters/${this.underscored(name)}`;
  }

  accessLevel(name: string): string {
    return `${this.accessPolicy}/accessLevels/${this.underscored(name)}`;
  }

  /** The name of something that has to be unique in its project only. */
  owned(what: string): string {
    return `${this.#spec.name}-${what}`;
  }

  /** The same, for what takes letters, digits and underscores alone. */
  underscored(what: string): string {
    return this.owned(what).replaceAll("-", "_");
  }

  /** The name of something that has to be unique over all of Google Cloud: at most 63 characters, made so by the project. */
  unique(zone: ProjectZone, what: string): string {
    const hash = shortHash(`${this.project(zone)} ${this.#spec.name} ${what}`);
    return `${this.owned(what).slice(0, 63 - hashLength - 1)}-${hash}`;
  }

  /** The network of a zone. */
  network(zone: NetworkedZone): string {
    return this.owned(zone);
  }

  networkId(zone: NetworkedZone): string {
    return `projects/${this.project(zone)}/global/networks/${this.network(zone)}`;
  }

  /** The subnet of a workload. */
  subnet({ id }: Pick<Workload, "id">): string {
    return this.owned(id);
  }

  subnetId(workload: Pick<Workload, "id" | "zone">): string {
    const zone = workload.zone;
    return `projects/${this.project(zone)}/regions/${this.region}/subnetworks/${this.subnet(workload)}`;
  }

  /** The firewall policy of a zone's network. */
  firewallPolicy(zone: NetworkedZone): string {
    return this.owned(`${zone}-flows`);
  }

  /** The address, in the network of a zone, by which Google's APIs are called. */
  apisAddress(zone: NetworkedZone): string {
    const found = this.#spec.zones.find(({ id }) => id === zone);
    if (found === undefined) {
      throw new Error(`zone ${zone} is not declared`);
    }
    return cloudApisAddress(found).text.replace(/\/32$/, "");
  }

  /** A subnet by its own name, in the network of a zone. */
  subnetIdOf(zone: NetworkedZone, name: string): string {
    return `projects/${this.project(zone)}/regions/${this.region}/subnetworks/${name}`;
  }

  /** A resource of Compute Engine's in the region, in the project of a zone. */
  regionalId(zone: NetworkedZone, collection: string, what: string): string {
    return `projects/${this.project(zone)}/regions/${this.region}/${collection}/${this.owned(what)}`;
  }

  /** A resource of another of Google's services in the region, in the project of a zone. */
  locatedId(zone: ProjectZone, collection: string, what: string): string {
    return `projects/${this.project(zone)}/locations/${this.region}/${collection}/${this.owned(what)}`;
  }

  /** The account of a workload within its project. */
  accountId({ id }: Pick<Workload, "id">): string {
    return this.owned(id);
  }

  /** The address of the service account of a workload, which is who it is to the cloud. */
  email(workload: Pick<Workload, "id" | "zone">): string {
    return `${this.accountId(workload)}@${this.project(workload.zone)}.iam.gserviceaccount.com`;
  }

  /** A workload's service account as policies of IAM and perimeters name it. */
  member(workload: Pick<Workload, "id" | "zone">): string {
    return `serviceAccount:${this.email(workload)}`;
  }

  /** The resource name of a workload's service account. */
  serviceAccountId(workload: Pick<Workload, "id" | "zone">): string {
    return `projects/${this.project(workload.zone)}/serviceAccounts/${this.email(workload)}`;
  }

  /** What the machines of a workload are made from. A template is never changed, so that its name says what is in it. */
  machineTemplate(workload: Pick<Workload, "id">, content: string): string {
    return `${this.owned(workload.id)}-${shortHash(content)}`;
  }

  machineTemplateId(workload: Pick<Workload, "id" | "zone">, content: string): string {
    return `projects/${this.project(workload.zone)}/regions/${this.region}/instanceTemplates/${this.machineTemplate(workload, content)}`;
  }

  /** The machines of a workload in one zone of the region. */
  machines({ id }: Pick<Workload, "id">): string {
    return this.owned(id);
  }

  /** Those machines as a load balancer names them. */
  machineGroupId(workload: Pick<Workload, "id" | "zone">, availabilityZone: string): string {
    return `projects/${this.project(workload.zone)}/zones/${availabilityZone}/instanceGroups/${this.machines(workload)}`;
  }

  machineManagerId(workload: Pick<Workload, "id" | "zone">, availabilityZone: string): string {
    return `projects/${this.project(workload.zone)}/zones/${availabilityZone}/instanceGroupManagers/${this.machines(workload)}`;
  }

  /** The machine of one replica of a workload, counted from one, and its address. */
  machine({ id }: Pick<Workload, "id">, replica: number): string {
    return this.owned(`${id}-${String(replica)}`);
  }

  machineAddressId(workload: Pick<Workload, "id" | "zone">, replica: number): string {
    return `projects/${this.project(workload.zone)}/regions/${this.region}/addresses/${this.machine(workload, replica)}`;
  }

  /** The ring of a purpose's key. */
  keyRing(purpose: KeyPurpose): string {
    return this.owned(purpose);
  }

  keyRingId(purpose: KeyPurpose): string {
    return `projects/${this.project(zoneOfKey[purpose])}/locations/${this.region}/keyRings/${this.keyRing(purpose)}`;
  }

  /** The customer-managed key of a purpose. */
  keyId(purpose: KeyPurpose): string {
    return `${this.keyRingId(purpose)}/cryptoKeys/${this.keyRing(purpose)}`;
  }

  /** The secret of a workload, which is called as the workload is. */
  secretId({ id }: Pick<Workload, "id">): string {
    return `projects/${this.project("processing")}/secrets/${this.owned(id)}`;
  }

  /** The secret of a workload's certificates. No id holds an underscore, so that no workload's secret is called so. */
  credential({ id }: Pick<Workload, "id">): string {
    return `${this.owned(id)}_certificates`;
  }

  credentialId(workload: Pick<Workload, "id">): string {
    return `projects/${this.project("processing")}/secrets/${this.credential(workload)}`;
  }

  /** The secret with the certificate of the authority whose inspection a workload's calls go through. */
  authority({ id }: Pick<Workload, "id">): string {
    return `${this.owned(id)}_authority`;
  }

  authorityId(workload: Pick<Workload, "id">): string {
    return `projects/${this.project("processing")}/secrets/${this.authority(workload)}`;
  }

  /** The name of a custom role in a zone's project. */
  role(zone: ProjectZone, what: string): string {
    return `projects/${this.project(zone)}/roles/${this.underscored(what)}`;
  }

  /** The repository of the platform's images. */
  get repository(): string {
    return this.owned("images");
  }

  get repositoryId(): string {
    return `projects/${this.project("processing")}/locations/${this.region}/repositories/${this.repository}`;
  }

  /** Where images are pushed to, and pulled from, without the name of the image. */
  get repositoryAddress(): string {
    return `${this.registryHost}/${this.project("processing")}/${this.repository}`;
  }

  /** The host to which images are pushed, and from which they are pulled. */
  get registryHost(): string {
    return `${this.region}-docker.pkg.dev`;
  }

  /** The log bucket of a zone's project. */
  get logBucket(): string {
    return this.owned("records");
  }

  logBucketId(zone: ProjectZone): string {
    return `projects/${this.project(zone)}/locations/${this.region}/buckets/${this.logBucket}`;
  }

  /** A part of what is in a log bucket. */
  logViewId(zone: ProjectZone, view: string): string {
    return `${this.logBucketId(zone)}/views/${this.owned(view)}`;
  }

  /** The log bucket of a stream of records alone, in a zone's project. */
  streamBucketId(zone: ProjectZone, stream: ProgramStream): string {
    return `projects/${this.project(zone)}/locations/${this.region}/buckets/${this.owned(stream)}`;
  }

  /** Log views of several projects that are read together. */
  logScopeId(what: string): string {
    return `projects/${this.project("processing")}/locations/global/logScopes/${this.owned(what)}`;
  }

  /**
   * The log into which a workload writes, within its project: where the platform runs it, the one into which Docker's own
   * driver writes what all containers of a project print (Docker documentation, "Google Cloud Logging driver").
   */
  workloadLog({ id }: Pick<Workload, "id">): string {
    return this.#spec.mesh.kind === "envoy" ? dockerLog : this.owned(id);
  }

  workloadLogId(workload: Pick<Workload, "id" | "zone">): string {
    return `projects/${this.project(workload.zone)}/logs/${this.workloadLog(workload)}`;
  }

  /** The dataset of the Cloud Healthcare API that holds a FHIR store alone, and is called as the store is. */
  fhirDatasetId(store: DataStore): string {
    return `projects/${this.project("phi")}/locations/${this.region}/datasets/${this.store(store)}`;
  }

  fhirStoreId(store: DataStore): string {
    return `${this.fhirDatasetId(store)}/fhirStores/${this.store(store)}`;
  }

  /** The dataset of BigQuery that is a vector index. */
  vectorDatasetId(store: DataStore): string {
    return `projects/${this.project("phi")}/datasets/${this.store(store)}`;
  }

  /** The name of a data store within its project; a bucket's is unique over all of Google Cloud. */
  store(store: DataStore): string {
    return store.kind === "document"
      ? this.unique("phi", store.id)
      : store.kind === "vector"
        ? this.underscored(store.id)
        : this.owned(store.id);
  }
}
