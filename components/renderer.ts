import type * as pulumi from "@pulumi/pulumi";

import type { CloudKind } from "../model/cloud-target";
import type { PlatformSpec } from "../model/platform-spec";

import type { AccountGuardrails } from "./account-guardrails";
import type { AuditLog } from "./audit-log";
import type { DataStores } from "./data-stores";
import type { EgressInspection } from "./egress-inspection";
import type { EncryptionKeys } from "./encryption-keys";
import type { FlowFilters } from "./flow-filters";
import type { FrontDoor } from "./front-door";
import type { ImageRegistry } from "./image-registry";
import type { NameResolution } from "./name-resolution";
import type { PrivateEndpoints } from "./private-endpoints";
import type { Segmentation } from "./segmentation";
import type { WorkloadCredentials } from "./workload-credentials";
import type { WorkloadIdentities } from "./workload-identities";
import type { Workloads } from "./workloads";

/** All that a cloud must render. A cloud that lacks a part does not compile. */
export interface Rendering {
  readonly segmentation: Segmentation;
  readonly flowFilters: FlowFilters;
  readonly privateEndpoints: PrivateEndpoints;
  readonly encryptionKeys: EncryptionKeys;
  readonly auditLog: AuditLog;
  readonly nameResolution: NameResolution;
  readonly dataStores: DataStores;
  readonly imageRegistry: ImageRegistry;
  readonly workloadIdentities: WorkloadIdentities;
  readonly frontDoor: FrontDoor;
  /** The guardrails that calls of the cloud's own models have to name, each in its version, by the id of the native provider. */
  readonly guardrailIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** There where the platform runs its workloads itself. */
  readonly workloadCredentials: WorkloadCredentials | undefined;
  /** There where the platform runs its workloads itself. */
  readonly workloads: Workloads | undefined;
  /** There where the platform declares an external provider. */
  readonly egressInspection: EgressInspection | undefined;
  /** There only if the stack asks for them. */
  readonly accountGuardrails: AccountGuardrails | undefined;
}

/** Turns a platform into the resources of one cloud. */
export interface Renderer {
  readonly cloud: CloudKind;
  /** @param parent the platform's component, under which everything is created. */
  render(spec: PlatformSpec, parent: pulumi.ComponentResource): Rendering;
}
