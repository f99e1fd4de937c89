import type * as compute from "@pulumi/gcp/compute";
import type { Unwrap } from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { peerTagsOf } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";

/**
 * What machines are started with: a release of Container-Optimized OS with long-term support, by its own name, so that all
 * machines of a platform are alike and a newer one is a change that somebody makes (Container-Optimized OS release notes,
 * milestone 129).
 */
export const machineImage = "projects/cos-cloud/global/images/cos-129-19506-505-8";

/** Two processors and 8 GiB of memory. */
const machineType = "e2-standard-2";

/** GiB of a machine's disk, which holds the system and its images. */
const diskSize = 20;

/**
 * What a machine's metadata says: nobody signs in, by whichever key, account or port, nothing in it writes metadata, and the
 * system is not exchanged for a newer one by itself (Compute Engine documentation, "Predefined metadata keys").
 */
export const machineMetadata = {
  "block-project-ssh-keys": "TRUE",
  "cos-update-strategy": "update_disabled",
  "enable-guest-attributes": "FALSE",
  "enable-oslogin": "FALSE",
  "serial-port-enable": "FALSE",
} as const;

/**
 * What the machines of a workload are made from: a Shielded VM with one interface in the workload's subnet and no public
 * address, which runs as the workload, and whose disk is under the platform's key.
 *
 * What the account may do is for its roles to say: a machine's scopes would only take away from that (Compute Engine
 * documentation, "Service accounts", best practices).
 */
export function machineTemplate(
  spec: PlatformSpec,
  names: PhysicalNames,
  workload: Workload,
  userData: string,
): Unwrap<Omit<compute.RegionInstanceTemplateArgs, "name">> {
  const { id, zone, spiffeId } = workload;
  const labels = peerTagsOf(spec.name, zone, { kind: "workload", id, zone });
  return {
    project: names.project(workload.zone),
    region: names.region,
    description: `Machines of ${spiffeId}`,
    machineType,
    canIpForward: false,
    disks: [
      {
        boot: true,
        autoDelete: true,
        sourceImage: machineImage,
        diskType: "pd-balanced",
        diskSizeGb: diskSize,
        diskEncryptionKey: { kmsKeySelfLink: names.keyId("platform") },
        labels,
      },
    ],
    networkInterfaces: [{ subnetwork: names.subnetId(workload), stackType: "IPV4_ONLY", nicType: "GVNIC" }],
    serviceAccount: {
      email: names.email(workload),
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
    },
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    scheduling: { automaticRestart: true, onHostMaintenance: "MIGRATE", provisioningModel: "STANDARD" },
    metadata: { ...machineMetadata, "user-data": userData },
    labels,
  };
}
