import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as pulumi from "@pulumi/pulumi";

import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";

export interface GcpServiceAccountsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
}

/**
 * The service accounts of workloads on Google Cloud: one each, in the project of its zone. A workload is let through by its
 * service account, wherever that is: by rules of firewalls, by perimeters and by roles. None has a key, and one that exists
 * already, which somebody else may act as, is not taken for it.
 */
export class GcpServiceAccounts extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:ServiceAccounts";

  /** The accounts, by workload. */
  readonly accounts: ReadonlyMap<string, serviceaccount.Account>;
  readonly zoneMembers: ZoneMembers;
  /** Service accounts take no labels. */
  readonly peerMembers: PeerMembers;

  constructor(name: string, args: GcpServiceAccountsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, projectServices } = args;
    super(GcpServiceAccounts.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    this.accounts = new Map(
      spec.workloads.map((workload) => {
        const { id, zone } = workload;
        const account = new serviceaccount.Account(
          `${spec.name}-${id}-account`,
          {
            accountId: names.accountId(workload),
            project: names.project(workload.zone),
            displayName: names.accountId(workload),
            description: `The identity of ${workload.spiffeId}`,
          },
          { parent: this, dependsOn: [...projectServices.enabled[workload.zone]] },
        );
        return [id, register.add(zone, account, { kind: "workload", id, zone })];
      }),
    );
    this.zoneMembers = register.members();
    this.peerMembers = register.peerMembers();
    this.registerOutputs({
      emails: Object.fromEntries(spec.workloads.map((workload) => [workload.id, names.email(workload)])),
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  /** The account of a workload. @throws Error if it has none, which is a mistake of the renderer's. */
  of({ id, zone }: Pick<Workload, "id" | "zone">): serviceaccount.Account {
    const account = this.accounts.get(id);
    if (account === undefined) {
      throw new Error(`${peerName({ kind: "workload", id, zone })} has no service account`);
    }
    return account;
  }

  /** The accounts of some workloads, which must stand before a policy names them. */
  ofAll(workloads: readonly Workload[]): serviceaccount.Account[] {
    return workloads.map((workload) => this.of(workload));
  }
}
