import * as ecs from "@pulumi/aws/ecs";
import type * as kms from "@pulumi/aws/kms";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import type * as pulumi from "@pulumi/pulumi";

import type { EdgeClient } from "../../model/edge";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import type { EnvoyMesh } from "../../model/mesh";
import type { WorkloadPeer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import type { WorkloadZoneId } from "../../model/zone";
import { egressGuardId } from "../../model/egress-guard";
import { filterOf } from "../flow-filters";
import type { EdgeClients } from "../mesh/edge-clients";
import { podOf, proxyName, type EgressPlace, type NamedGuardrails } from "../mesh/pod";
import { Workloads } from "../workloads";
import { peerTagsOf, zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { certificateAlarms } from "./certificate-alarms";
import { guardrailsFor } from "./model-guardrails";
import type { PhysicalNames } from "./physical-names";
import { certificateVolume, containerDefinitions } from "./task-definition";

export interface AwsWorkloadsArgs {
  readonly spec: PlatformSpec;
  readonly mesh: EnvoyMesh;
  readonly names: PhysicalNames;
  readonly networkId: pulumi.Output<string>;
  /** The subnets in which a zone's workloads run. */
  readonly subnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  /** The filters of the workloads, by the name of their peer. */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly roleIds: {
    /** The ARNs of the workloads' own roles, and of those that start them, by workload. */
    readonly workload: Readonly<Record<string, pulumi.Output<string>>>;
    readonly execution: Readonly<Record<string, pulumi.Output<string>>>;
  };
  readonly key: kms.Key;
  /** What must stand before the cluster records how its workloads do. */
  readonly clusterMetrics: readonly pulumi.Resource[];
  readonly logNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the workloads behind the load balancer are registered, by who enters there. */
  readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly edge: EdgeClients;
  /** What the egress guard is told and where its replicas are registered; there where a platform has one. */
  readonly egress: { readonly place: EgressPlace; readonly targetId: pulumi.Output<string> } | undefined;
  /** The guardrails that calls of the cloud's own models have to name. */
  readonly guardrails: pulumi.Output<NamedGuardrails>;
  /** What the certificate agents ask for, by workload. */
  readonly credentialIds: Readonly<Record<string, string>>;
  /** What must stand before a workload finds its credential, by workload. */
  readonly written: ReadonlyMap<string, pulumi.Resource>;
  /** What must stand before any workload runs. */
  readonly ready: readonly pulumi.Resource[];
}

/** What each replica of a workload has: one processor, and memory in MiB (Amazon ECS developer guide, "Task size"). */
const size = { cpu: "1024", memory: "2048" } as const;

/** How long a name of a workload is taken to lead to the same addresses, in seconds. */
const nameSeconds = 10;

/** How long failing checks of the load balancer do not count after a replica was started, in seconds. */
const startSeconds = 180;

function peerOf({ id, zone }: Workload): WorkloadPeer {
  return { kind: "workload", id, zone };
}

/** What is known of a workload under its id. @throws Error if nothing is, which is a mistake of the renderer's. */
function ofWorkload<T>(known: Readonly<Record<string, T>>, { id }: Workload): T {
  const found = known[id];
  if (found === undefined) {
    throw new Error(`workload/${id} lacks a part`);
  }
  return found;
}

/**
 * The workloads on AWS: a service of ECS on Fargate each, over the zone's subnets in all availability zones, behind the
 * workload's own filter and without a public address. Nobody opens a shell in one. A deployment that does not get healthy
 * is taken back. Workloads are found in a private namespace, which is the trust domain, but for the egress guard.
 */
export class AwsWorkloads extends Workloads {
  readonly serviceIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: AwsWorkloadsArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: AwsWorkloadsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, key, logNames } = args;
    super(Workloads.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    const cluster = this.#cluster();
    const namespace = this.#namespace();
    const services = spec.workloads.map((workload): readonly [string, pulumi.Output<string>] => [
      workload.id,
      this.#service(workload, cluster, namespace).id,
    ]);
    certificateAlarms({ spec, names, key, logNames }, this);
    this.serviceIds = Object.fromEntries(services);
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ serviceIds: this.serviceIds, zoneMembers: this.zoneMembers });
  }

  /** Where workloads run. What they put on their disks, their certificates too, is under the platform's key. */
  #cluster(): ecs.Cluster {
    const { spec, names, key, clusterMetrics } = this.#args;
    return new ecs.Cluster(
      `${spec.name}-cluster`,
      {
        name: names.cluster,
        settings: [{ name: "containerInsights", value: "enabled" }],
        configuration: {
          managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: key.arn },
        },
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this, dependsOn: [...clusterMetrics] },
    );
  }

  /** The names of the trust domain, which the network's resolver answers by itself, and never asks for elsewhere. */
  #namespace(): servicediscovery.PrivateDnsNamespace {
    const { spec, networkId } = this.#args;
    return new servicediscovery.PrivateDnsNamespace(
      `${spec.name}-discovery`,
      {
        name: spec.trustDomain,
        description: `Workloads of ${spec.name}`,
        vpc: networkId,
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this },
    );
  }

  #service(
    workload: Workload,
    cluster: ecs.Cluster,
    namespace: servicediscovery.PrivateDnsNamespace,
  ): ecs.Service {
    const { spec, subnetIds, filterIds, targetIds, egress, written, ready } = this.#args;
    const { id, zone, port, replicas } = workload;
    const prefix = `${spec.name}-${id}`;
    const tags = peerTagsOf(spec.name, zone, peerOf(workload));
    // The guard's own addresses lead nowhere in its callers' network; they find it by the endpoint there.
    const published = id === egressGuardId ? egress : undefined;
    const discovery =
      published === undefined
        ? this.#register.add(
            zone,
            new servicediscovery.Service(
              `${prefix}-discovery`,
              {
                name: `${id}.${zone}`,
                dnsConfig: {
                  namespaceId: namespace.id,
                  routingPolicy: "MULTIVALUE",
                  dnsRecords: [{ type: "A", ttl: nameSeconds }],
                },
                // ECS says who is healthy.
                healthCheckCustomConfig: {},
                tags,
              },
              { parent: this },
            ),
          )
        : undefined;
    const targets = [
      ...(isBehindLoadBalancer(spec, workload) ? Object.values(targetIds) : []),
      ...(published === undefined ? [] : [published.targetId]),
    ];
    const credential = written.get(id);
    return this.#register.add(
      zone,
      new ecs.Service(
        `${prefix}-service`,
        {
          name: id,
          cluster: cluster.arn,
          taskDefinition: this.#taskDefinition(workload).arn,
          launchType: "FARGATE",
          platformVersion: "1.4.0",
          schedulingStrategy: "REPLICA",
          desiredCount: replicas,
          availabilityZoneRebalancing: "ENABLED",
          deploymentController: { type: "ECS" },
          deploymentMinimumHealthyPercent: 100,
          deploymentMaximumPercent: 200,
          deploymentCircuitBreaker: { enable: true, rollback: true },
          enableExecuteCommand: false,
          enableEcsManagedTags: true,
          propagateTags: "SERVICE",
          networkConfiguration: {
            assignPublicIp: false,
            subnets: subnetIds[zone].apply((ids) => [...ids]),
            securityGroups: [filterOf(filterIds, peerOf(workload))],
          },
          ...(discovery === undefined ? {} : { serviceRegistries: { registryArn: discovery.arn } }),
          ...(targets.length === 0
            ? {}
            : {
                healthCheckGracePeriodSeconds: startSeconds,
                loadBalancers: targets.map((targetGroupArn) => ({
                  targetGroupArn,
                  containerName: proxyName,
                  containerPort: port,
                })),
              }),
          tags,
        },
        { parent: this, dependsOn: [...ready, ...(credential === undefined ? [] : [credential])] },
      ),
    );
  }

  #taskDefinition(workload: Workload): ecs.TaskDefinition {
    const { spec, mesh, names, roleIds, edge, egress, guardrails, credentialIds } = this.#args;
    const { id, zone } = workload;
    const credentialId = ofWorkload(credentialIds, workload);
    const containers = guardrailsFor(workload, spec, guardrails).apply((named) => {
      const pod = podOf(spec, mesh, workload, {
        cloud: "aws",
        credentialId,
        configuration: "argument",
        edge,
        egress: egress?.place,
        guardrails: named,
      });
      return containerDefinitions(pod, names);
    });
    return this.#register.add(
      zone,
      new ecs.TaskDefinition(
        `${spec.name}-${id}-task`,
        {
          family: names.ofWorkload(workload),
          requiresCompatibilities: ["FARGATE"],
          networkMode: "awsvpc",
          runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
          ...size,
          taskRoleArn: ofWorkload(roleIds.workload, workload),
          executionRoleArn: ofWorkload(roleIds.execution, workload),
          containerDefinitions: containers,
          volumes: [{ name: certificateVolume }],
          // A deployment is taken back to what was there before.
          skipDestroy: true,
          tags: peerTagsOf(spec.name, zone, peerOf(workload)),
        },
        { parent: this },
      ),
    );
  }
}
