import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";

import { isBehindLoadBalancer } from "../../model/certificate-request";
import { egressGuardId } from "../../model/egress-guard";
import type { EnvoyMesh } from "../../model/mesh";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import type { EdgeClients } from "../mesh/edge-clients";
import { podOf } from "../mesh/pod";
import { ownId } from "../own-id";
import { Workloads } from "../workloads";
import { peerTagsOf, ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import { portName, type BackendGroup } from "./backend-groups";
import { certificateAlarms } from "./certificate-alarms";
import type { GcpEgressInspection } from "./egress-inspection";
import { machineConfiguration } from "./machine-configuration";
import { machineTemplate } from "./machine-template";
import type { PhysicalNames } from "./physical-names";
import { replicasOf, type Replica } from "./replicas";

export interface GcpWorkloadsArgs {
  readonly spec: PlatformSpec;
  readonly mesh: EnvoyMesh;
  readonly names: PhysicalNames;
  /** The zones of the region over which replicas are spread. */
  readonly availabilityZones: readonly string[];
  readonly edge: EdgeClients;
  /** What the certificate agents ask for, by workload. */
  readonly credentialIds: Readonly<Record<string, string>>;
  /** What must stand before a workload finds its credential, by workload. */
  readonly readable: ReadonlyMap<string, readonly pulumi.Resource[]>;
  /** What must stand before any workload runs. */
  readonly ready: readonly pulumi.Resource[];
  /** The way of the egress guard to external providers, where there is one. */
  readonly egress: Pick<GcpEgressInspection, "place" | "ready"> | undefined;
}

/** How long a machine that was started counts as one that is not there yet, in seconds: its containers start after it did. */
const readySeconds = 120;

/**
 * How a group of machines takes a new template: one after the other, each made anew under its own name and address, which
 * goes only if the old one is gone first.
 */
const updatePolicy = {
  type: "PROACTIVE",
  minimalAction: "REPLACE",
  mostDisruptiveAllowedAction: "REPLACE",
  replacementMethod: "RECREATE",
  maxSurgeFixed: 0,
  maxUnavailableFixed: 1,
  minReadySec: readySeconds,
} as const;

/**
 * The workloads on Google Cloud: a machine of Container-Optimized OS for each replica, under an address that is known
 * before, in a managed group for each zone of the region. A machine that is lost is made anew. The groups of a workload take
 * a new template one after the other, so that its other replicas serve meanwhile.
 *
 * No health check of Google's looks into machines, except those behind the load balancer: its checks come from outside of
 * the network, and no flow names them. Each machine ends and starts its own containers by their checks.
 */
export class GcpWorkloads extends Workloads {
  /** The relative names of the managed groups of each workload, with a blank between them. */
  readonly serviceIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** Groups of machines take no labels. */
  readonly peerMembers: PeerMembers;
  /** The groups in which the load balancer finds the machines of each workload. */
  readonly groups: ReadonlyMap<string, readonly BackendGroup[]>;
  readonly #args: GcpWorkloadsArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: GcpWorkloadsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(Workloads.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const groups = spec.workloads.map((workload) => ({ workload, groups: this.#groups(workload) }));
    this.groups = new Map(groups.map(({ workload, groups: ofIt }) => [workload.id, ofIt]));
    this.serviceIds = Object.fromEntries(
      groups.map(({ workload, groups: [first, ...others] }) => {
        const all = first === undefined ? [] : [first, ...others];
        const ids = all.map(({ zone }) => names.machineManagerId(workload, zone)).join(" ");
        return [workload.id, ownId(all.at(-1)?.resource ?? this, ids)];
      }),
    );
    certificateAlarms({ spec, names, ready: args.ready }, this.#register, this);
    this.zoneMembers = this.#register.members();
    this.peerMembers = this.#register.peerMembers();
    this.registerOutputs({
      serviceIds: this.serviceIds,
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  /** A resource of a workload's, which says so itself if it can. */
  #own<R extends pulumi.Resource>({ id, zone }: Workload, resource: R): R {
    return this.#register.add(zone, resource, { kind: "workload", id, zone });
  }

  /** The groups of a workload's machines, one for each zone of the region in which it has any. */
  #groups(workload: Workload): readonly BackendGroup[] {
    const { spec, names, availabilityZones } = this.#args;
    const replicas = replicasOf(spec, workload, availabilityZones);
    const template = this.#template(workload);
    const groups: BackendGroup[] = [];
    for (const zone of availabilityZones) {
      const here = replicas.filter(({ availabilityZone }) => availabilityZone === zone);
      if (here.length > 0) {
        const manager = this.#manager(workload, zone, template, groups.at(-1)?.ready ?? []);
        const machines = here.map((replica) => this.#machine(workload, replica, manager));
        groups.push({
          id: names.machineGroupId(workload, zone),
          zone,
          resource: manager,
          ready: [manager, ...machines],
        });
      }
    }
    return groups;
  }

  #template(workload: Workload): { readonly id: string; readonly resource: compute.RegionInstanceTemplate } {
    const { spec, mesh, names, edge, credentialIds, readable, ready, egress } = this.#args;
    const credentialId = credentialIds[workload.id];
    if (credentialId === undefined) {
      throw new Error(`workload/${workload.id} has no credential`);
    }
    const pod = podOf(spec, mesh, workload, {
      cloud: "gcp",
      credentialId,
      configuration: "file",
      edge,
      egress: egress?.place,
    });
    const args = machineTemplate(spec, names, workload, machineConfiguration(pod, names));
    const content = JSON.stringify(args);
    const resource = this.#own(
      workload,
      new compute.RegionInstanceTemplate(
        `${spec.name}-${workload.id}-machine`,
        { name: names.machineTemplate(workload, content), ...args },
        {
          parent: this,
          dependsOn: [
            ...ready,
            ...(readable.get(workload.id) ?? []),
            ...(workload.id === egressGuardId ? (egress?.ready ?? []) : []),
          ],
        },
      ),
    );
    return { id: names.machineTemplateId(workload, content), resource };
  }

  /** @param before the machines that have the template before these do. */
  #manager(
    workload: Workload,
    zone: string,
    template: { readonly id: string; readonly resource: pulumi.Resource },
    before: readonly pulumi.Resource[],
  ): compute.InstanceGroupManager {
    const { spec, names } = this.#args;
    const { id } = workload;
    return this.#own(
      workload,
      new compute.InstanceGroupManager(
        `${spec.name}-${id}-${zone}-machines`,
        {
          name: names.machines(workload),
          project: names.project(workload.zone),
          zone,
          description: `Machines of ${workload.spiffeId}`,
          baseInstanceName: names.machines(workload),
          // Each of its machines has a configuration of its own, which makes it: to say how many would make as many more.
          versions: [{ name: "current", instanceTemplate: template.id }],
          ...(isBehindLoadBalancer(spec, workload)
            ? { namedPorts: [{ name: portName, port: platformPort }] }
            : {}),
          updatePolicy,
          instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR", forceUpdateOnRepair: "YES" },
          waitForInstances: true,
          waitForInstancesStatus: "UPDATED",
        },
        { parent: this, dependsOn: [template.resource, ...before] },
      ),
    );
  }

  /** One machine of a group: its name, and the address that is kept for it. */
  #machine(workload: Workload, replica: Replica, manager: pulumi.Resource): compute.PerInstanceConfig {
    const { spec, names, ready } = this.#args;
    const { id, zone } = workload;
    const { number, address, availabilityZone } = replica;
    const project = names.project(workload.zone);
    const prefix = `${spec.name}-${id}-${String(number)}`;
    const kept = this.#own(
      workload,
      new compute.Address(
        `${prefix}-address`,
        {
          name: names.machine(workload, number),
          project,
          region: names.region,
          addressType: "INTERNAL",
          purpose: "GCE_ENDPOINT",
          subnetwork: names.subnetId(workload),
          address,
          labels: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
        },
        { parent: this, dependsOn: [...ready] },
      ),
    );
    return this.#own(
      workload,
      new compute.PerInstanceConfig(
        `${prefix}-machine`,
        {
          name: names.machine(workload, number),
          project,
          zone: availabilityZone,
          instanceGroupManager: names.machines(workload),
          preservedState: {
            internalIps: [
              {
                interfaceName: "nic0",
                autoDelete: "NEVER",
                ipAddress: { address: names.machineAddressId(workload, number) },
              },
            ],
          },
          removeInstanceOnDestroy: true,
        },
        { parent: this, dependsOn: [manager, kept] },
      ),
    );
  }
}
