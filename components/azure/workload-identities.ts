import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

import type { DataStore } from "../../model/data-store";
import { platformServiceIds } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";
import { WorkloadIdentities } from "../workload-identities";

import { ownId } from "../own-id";
import { identityKinds, type IdentityKind, type PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";
import { roleAssignment } from "./role-assignment";
import type { RoleName } from "./role-definitions";
import { clientsOf, isGiven, serviceGrants } from "./service-grants";
import { clientsOfStore, storeRoles } from "./store-grants";

export interface AzureWorkloadIdentitiesArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  /** The id on which the clients of each store are given their role, by the model's id of the store. */
  readonly storeScopes: ReadonlyMap<string, string>;
  /** What roles are given on: the parts of the platform whose resources flows name. */
  readonly granted: readonly pulumi.Resource[];
}

/** A role of one identity on one resource, called by what it is for. */
interface Given {
  readonly what: string;
  readonly role: RoleName;
  readonly scope: string;
}

/**
 * The identities of workloads on Azure: two managed identities each, with the roles that the workload's flows name, each
 * on the one resource that a flow names. They have no other, and nobody else may act as them: what runs the workload is
 * given its identities when it is created.
 */
export class AzureWorkloadIdentities extends WorkloadIdentities {
  readonly identityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly startingIdentityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload can do what its flows say. */
  readonly able: readonly pulumi.Resource[];
  readonly #args: AzureWorkloadIdentitiesArgs;
  readonly #identities = new Map<string, managedidentity.UserAssignedIdentity>();

  constructor(name: string, args: AzureWorkloadIdentitiesArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, resourceGroups, granted } = args;
    super(WorkloadIdentities.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    const register = new ZoneRegister();
    const roles: pulumi.Resource[] = [];
    const ids = {
      workload: new Map<string, pulumi.Output<string>>(),
      starting: new Map<string, pulumi.Output<string>>(),
    };
    for (const workload of spec.workloads) {
      for (const kind of identityKinds) {
        const logicalName = `${spec.name}-${workload.id}-${kind}`;
        const identity = register.add(
          workload.zone,
          new managedidentity.UserAssignedIdentity(
            `${logicalName}-identity`,
            {
              resourceName: names.identity(workload, kind),
              resourceGroupName: names.group("platform"),
              location: names.location,
              tags: peerTagsOf(spec.name, workload.zone, {
                kind: "workload",
                id: workload.id,
                zone: workload.zone,
              }),
            },
            { parent: this, dependsOn: [resourceGroups.groups.platform] },
          ),
        );
        for (const { what, role, scope } of this.#given(workload, kind)) {
          roles.push(
            roleAssignment(
              `${logicalName}-${what}`,
              { names, role, scope, identity, identityId: names.identityId(workload, kind) },
              { parent: this, dependsOn: [...granted] },
            ),
          );
        }
        this.#identities.set(names.identityId(workload, kind), identity);
        ids[kind].set(workload.id, ownId(identity, names.identityId(workload, kind)));
      }
    }
    this.able = [...this.#identities.values(), ...roles];
    this.identityIds = Object.fromEntries(ids.workload);
    this.startingIdentityIds = Object.fromEntries(ids.starting);
    this.zoneMembers = register.members();
    this.registerOutputs({
      identityIds: this.identityIds,
      startingIdentityIds: this.startingIdentityIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** An identity of a workload. */
  of(workload: Workload, kind: IdentityKind): managedidentity.UserAssignedIdentity {
    const identity = this.#identities.get(this.#args.names.identityId(workload, kind));
    if (identity === undefined) {
      throw new Error(`workload/${workload.id} has no identity`);
    }
    return identity;
  }

  /** What an identity may do, once each: logs and metrics go out by the same rule. */
  #given(workload: Workload, kind: IdentityKind): readonly Given[] {
    const { spec, names } = this.#args;
    const given = new Map<string, Given>();
    const give = (what: string, role: RoleName, scope: string): void => {
      const key = `${role} ${scope}`;
      given.set(key, given.get(key) ?? { what, role, scope });
    };
    for (const id of platformServiceIds.filter((service) => clientsOf(service, spec).includes(workload))) {
      for (const grant of serviceGrants[id]) {
        if (isGiven(id, grant, workload, kind)) {
          give(id, grant.role, grant.scope(workload, names));
        }
      }
    }
    if (kind === "workload") {
      for (const store of spec.dataStores.filter((one) => clientsOfStore(one, spec).includes(workload))) {
        give(store.id, storeRoles[store.kind], this.#scopeOf(store));
      }
    }
    return [...given.values()];
  }

  #scopeOf({ id }: DataStore): string {
    const scope = this.#args.storeScopes.get(id);
    if (scope === undefined) {
      throw new Error(`data-store/${id} is not rendered`);
    }
    return scope;
  }
}
