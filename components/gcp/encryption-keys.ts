import * as kms from "@pulumi/gcp/kms";
import * as projects from "@pulumi/gcp/projects";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { EncryptionKeys, type KeyPurpose } from "../encryption-keys";
import { ownId } from "../own-id";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { zoneOfKey, type PhysicalNames, type ProjectZone } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import { requestedAgents, serviceAgent, storeServices, type EncryptingService } from "./service-agents";
import type { GcpServiceAccounts } from "./service-accounts";
import { clientsOf, predefinedRoles } from "./service-grants";

export interface GcpEncryptionKeysArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
}

/** How long a version of a key encrypts before the next one does: a year of 365 days. */
const rotationPeriod = "31536000s";

/** How long a version that somebody destroyed can be had back: ninety days, of 120 at most. */
const destroyScheduledDuration = "7776000s";

/** What is encrypted with a key: what a service holds in the project of a zone. */
interface KeyUser {
  readonly service: EncryptingService;
  readonly zone: ProjectZone;
}

/**
 * The keys on Google Cloud: a key in a ring of its own for each purpose, in a hardware security module, as AWS has them
 * anyway. The PHI zone's is in its own project, where it encrypts the zone's records as well, so that neither what the zone
 * holds nor what is recorded of it needs anything from outside of its perimeter.
 *
 * The key says of everyone who uses it that they do: the agents of the services that encrypt with it, and the workloads whose
 * flows name the keys. Whoever else is let in by somebody is taken out again.
 */
export class GcpEncryptionKeys extends EncryptionKeys {
  readonly keyIds: Readonly<Record<KeyPurpose, pulumi.Output<string>>>;
  /** What must stand before a service encrypts with a key. */
  readonly usable: Readonly<Record<KeyPurpose, readonly pulumi.Resource[]>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: GcpEncryptionKeysArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: GcpEncryptionKeysArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(EncryptionKeys.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const created = { phi: this.#key("phi"), audit: this.#key("audit"), platform: this.#key("platform") };
    this.usable = {
      phi: created.phi.usable,
      audit: created.audit.usable,
      platform: created.platform.usable,
    };
    const id = (purpose: KeyPurpose): pulumi.Output<string> =>
      ownId(created[purpose].key, names.keyId(purpose));
    this.keyIds = { phi: id("phi"), audit: id("audit"), platform: id("platform") };
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ keyIds: this.keyIds, zoneMembers: this.zoneMembers });
  }

  /** The services that encrypt with a key. */
  #usersOf(purpose: KeyPurpose): readonly KeyUser[] {
    switch (purpose) {
      case "phi": {
        const services = new Set(this.#args.spec.dataStores.map(({ kind }) => storeServices[kind]));
        return [...services, "logging" as const].sort().map((service) => ({ service, zone: "phi" }));
      }
      case "audit":
        return this.#args.names.networkedZones.map((zone) => ({ service: "logging" as const, zone }));
      case "platform":
        return [
          { service: "artifactregistry", zone: "processing" },
          { service: "secretmanager", zone: "processing" },
          // The disks of machines.
          ...(this.#args.spec.mesh.kind === "envoy"
            ? this.#args.names.networkedZones.map((zone) => ({ service: "compute" as const, zone }))
            : []),
        ];
    }
  }

  #key(purpose: KeyPurpose): { readonly key: kms.CryptoKey; readonly usable: readonly pulumi.Resource[] } {
    const { spec, names, projectServices, serviceAccounts } = this.#args;
    const zone = zoneOfKey[purpose];
    const isOfZone = zone === "phi";
    const prefix = `${spec.name}-${purpose}`;
    const members = <R extends pulumi.Resource>(resource: R): R =>
      isOfZone ? this.#register.add(zone, resource) : resource;
    const ring = members(
      new kms.KeyRing(
        `${prefix}-key-ring`,
        { name: names.keyRing(purpose), location: names.region, project: names.project(zone) },
        // Google Cloud keeps a ring for good, and would refuse a second one of its name.
        { parent: this, protect: true, dependsOn: [...projectServices.enabled[zone]] },
      ),
    );
    const key = members(
      new kms.CryptoKey(
        `${prefix}-key`,
        {
          name: names.keyRing(purpose),
          keyRing: names.keyRingId(purpose),
          purpose: "ENCRYPT_DECRYPT",
          versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" },
          rotationPeriod,
          destroyScheduledDuration,
          labels: zoneTags(spec.name, isOfZone ? zone : sharedZone),
        },
        // Without its key what is encrypted with it is lost.
        { parent: this, protect: true, dependsOn: [ring] },
      ),
    );
    const users = this.#usersOf(purpose);
    const clients: readonly Workload[] = purpose === "platform" ? clientsOf("keys", spec) : [];
    const use = new kms.CryptoKeyIAMBinding(
      `${prefix}-key-users`,
      {
        cryptoKeyId: names.keyId(purpose),
        role: predefinedRoles.keyUser,
        members: [
          ...users.map((user) => serviceAgent(user.service, names.projectNumber(user.zone))),
          ...clients.map((workload) => names.member(workload)),
        ],
      },
      {
        parent: this,
        dependsOn: [key, ...users.flatMap((user) => this.#agent(user)), ...serviceAccounts.ofAll(clients)],
      },
    );
    return { key, usable: [key, use] };
  }

  /** What makes the agent of a service, which a policy cannot name before it exists. */
  #agent({ service, zone }: KeyUser): readonly pulumi.Resource[] {
    const { spec, names, projectServices } = this.#args;
    if (!requestedAgents.includes(service)) {
      return projectServices.enabled[zone];
    }
    const agent = new projects.ServiceIdentity(
      `${spec.name}-${zone}-${service}-agent`,
      { project: names.project(zone), service: `${service}.googleapis.com` },
      { parent: this, dependsOn: [...projectServices.enabled[zone]] },
    );
    return [this.#register.add(zone, agent)];
  }
}
