import * as artifactregistry from "@pulumi/gcp/artifactregistry";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import type * as pulumi from "@pulumi/pulumi";

import { platformServiceIds, type PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { ownId } from "../own-id";
import { WorkloadIdentities } from "../workload-identities";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import { customRole } from "./custom-role";
import type { PhysicalNames, ProjectZone } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import { clientsOf, modelClient, predefinedRoles, usedServices } from "./service-grants";
import { clientsOfStore } from "./store-grants";

export interface GcpWorkloadIdentitiesArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  /** What roles are given on: the parts of the platform whose resources flows name. */
  readonly granted: readonly pulumi.Resource[];
}

/**
 * What the workloads' service accounts may do on Google Cloud: what their flows name, and nothing else.
 *
 * On what holds secrets or PHI, the resource itself says of everyone that they are let in: keys, secrets and stores do, each
 * where it is rendered. The rest is here, one grant for each flow. These are added to what else a project or an account says,
 * since both may have been there before: to say all of it would take from others what is theirs.
 *
 * The account that runs a workload also starts it: whatever runs it pulls its image, and writes what it prints, as the
 * workload.
 */
export class GcpWorkloadIdentities extends WorkloadIdentities {
  readonly identityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly startingIdentityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: GcpWorkloadIdentitiesArgs;
  readonly #granted: readonly pulumi.Resource[];

  constructor(name: string, args: GcpWorkloadIdentitiesArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, projectServices, serviceAccounts, granted } = args;
    super(WorkloadIdentities.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    this.#granted = [
      ...granted,
      ...(usedServices(spec).has("model-inference")
        ? [
            customRole(spec.name, names, "processing", modelClient, {
              parent: this,
              dependsOn: [...projectServices.enabled.processing],
            }),
          ]
        : []),
    ];
    for (const service of platformServiceIds) {
      for (const workload of clientsOf(service, spec)) {
        this.#grant(service, workload);
      }
    }
    for (const store of spec.dataStores.filter(({ kind }) => kind === "vector")) {
      for (const workload of clientsOfStore(store, spec)) {
        // Queries run in the zone's own project, so that what they answer with is kept nowhere else.
        this.#onProject("phi", workload, store.id, predefinedRoles.queryRunner);
      }
    }
    const ids = Object.fromEntries(
      spec.workloads.map((workload) => [
        workload.id,
        ownId(serviceAccounts.of(workload), names.email(workload)),
      ]),
    );
    this.identityIds = ids;
    this.startingIdentityIds = ids;
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({
      identityIds: this.identityIds,
      startingIdentityIds: this.startingIdentityIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** Gives a workload what a flow to a platform service lets it do, where the service's own resource does not say so. */
  #grant(service: PlatformServiceId, workload: Workload): void {
    const { names } = this.#args;
    switch (service) {
      case "model-inference":
        this.#onProject("processing", workload, service, names.role("processing", modelClient.what));
        return;
      case "registry":
        this.#onRegistry(workload);
        return;
      case "identity":
        this.#onItself(workload);
        return;
      case "logs":
        this.#onProject(workload.zone, workload, service, predefinedRoles.logWriter);
        return;
      case "metrics":
        this.#onProject(workload.zone, workload, service, predefinedRoles.metricWriter);
        return;
      case "keys":
      case "secrets":
        return;
    }
  }

  #options(workload: Workload): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: [this.#args.serviceAccounts.of(workload), ...this.#granted] };
  }

  #onProject(zone: ProjectZone, workload: Workload, what: string, role: string): void {
    const { spec, names } = this.#args;
    new projects.IAMMember(
      `${spec.name}-${workload.id}-${what}`,
      { project: names.project(zone), role, member: names.member(workload) },
      this.#options(workload),
    );
  }

  #onRegistry(workload: Workload): void {
    const { spec, names } = this.#args;
    new artifactregistry.RepositoryIamMember(
      `${spec.name}-${workload.id}-registry`,
      {
        project: names.project("processing"),
        location: names.region,
        repository: names.repositoryId,
        role: predefinedRoles.registryReader,
        member: names.member(workload),
      },
      this.#options(workload),
    );
  }

  #onItself(workload: Workload): void {
    const { spec, names } = this.#args;
    new serviceaccount.IAMMember(
      `${spec.name}-${workload.id}-identity`,
      {
        serviceAccountId: names.serviceAccountId(workload),
        role: predefinedRoles.identityTokenCreator,
        member: names.member(workload),
      },
      this.#options(workload),
    );
  }
}
