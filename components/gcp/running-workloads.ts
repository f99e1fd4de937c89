import type * as pulumi from "@pulumi/pulumi";

import type { GcpTarget } from "../../model/cloud-target";
import type { Entrance } from "../../model/entrance";
import type { EnvoyMesh } from "../../model/mesh";
import type { PlatformSpec } from "../../model/platform-spec";
import type { IssuedCertificates } from "../issued-certificates";
import { edgeClients } from "../mesh/edge-clients";

import type { GcpEgressInspection } from "./egress-inspection";
import type { GcpEncryptionKeys } from "./encryption-keys";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import { gcpWorkloadCertificates } from "./workload-certificates";
import { GcpWorkloadCredentials } from "./workload-credentials";
import { GcpWorkloads } from "./workloads";

interface RunningWorkloadsArgs {
  readonly spec: PlatformSpec;
  readonly mesh: EnvoyMesh;
  readonly names: PhysicalNames;
  readonly target: GcpTarget;
  readonly entrance: Entrance;
  /** The time, of which it follows which certificates are current. */
  readonly now: Date;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** What must stand before a secret is written: the perimeter. */
  readonly enclosed: readonly pulumi.Resource[];
  /** The way of the egress guard to external providers, where there is one. */
  readonly egress: GcpEgressInspection | undefined;
  /** What must stand before any workload runs. */
  readonly ready: readonly pulumi.Resource[];
  /** The platform's component. */
  readonly parent: pulumi.ComponentResource;
}

/** The workloads that the platform runs itself, with their certificates. */
export interface RunningWorkloads {
  readonly certificates: IssuedCertificates;
  readonly workloadCredentials: GcpWorkloadCredentials;
  readonly workloads: GcpWorkloads;
}

/** Issues the workloads' certificates, keeps them where each workload alone reads its own, and runs the workloads. */
export function runningWorkloads(args: RunningWorkloadsArgs): RunningWorkloads {
  const { spec, mesh, names, target, entrance, now, enclosed, ready, egress } = args;
  const { projectServices, serviceAccounts, encryptionKeys } = args;
  const child = { parent: args.parent };
  const { issued: certificates } = gcpWorkloadCertificates(
    `${spec.name}-certificates`,
    { spec, now, names, dependsOn: [...projectServices.enabled.processing, ...enclosed] },
    child,
  );
  const workloadCredentials = new GcpWorkloadCredentials(
    `${spec.name}-workload-credentials`,
    { spec, names, certificates, projectServices, serviceAccounts, encryptionKeys, sealed: enclosed },
    child,
  );
  const workloads = new GcpWorkloads(
    `${spec.name}-workloads`,
    {
      spec,
      mesh,
      names,
      availabilityZones: target.availabilityZones,
      edge: edgeClients(spec, target, entrance),
      credentialIds: workloadCredentials.credentialIds,
      readable: workloadCredentials.readable,
      ready,
      egress,
    },
    child,
  );
  return { certificates, workloadCredentials, workloads };
}
