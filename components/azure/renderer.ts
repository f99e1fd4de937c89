import type { AzureTarget } from "../../model/cloud-target";
import { edgeClients } from "../mesh/edge-clients";
import type { Renderer } from "../renderer";
import type { Surroundings } from "../surroundings";

import { AzureAccountGuardrails } from "./account-guardrails";
import { AzureAuditLog } from "./audit-log";
import { AzureDataStores } from "./data-stores";
import { AzureEgressInspection } from "./egress-inspection";
import { AzureEncryptionKeys } from "./encryption-keys";
import { egressGuardOf, firewallSubnet } from "./firewall-subnet";
import { AzureFlowFilters } from "./flow-filters";
import { AzureFrontDoor } from "./front-door";
import { AzureImageRegistry } from "./image-registry";
import { AzureNameResolution } from "./name-resolution";
import { PhysicalNames } from "./physical-names";
import { AzurePrivateEndpoints } from "./private-endpoints";
import { AzureResourceGroups } from "./resource-groups";
import { AzureSegmentation } from "./segmentation";
import { AzureServicePerimeter } from "./service-perimeter";
import { azureWorkloadCertificates } from "./workload-certificates";
import { AzureWorkloadCredentials } from "./workload-credentials";
import { AzureWorkloadIdentities } from "./workload-identities";
import { AzureWorkloads } from "./workloads";

/** Renders platforms on Azure. */
export function azureRenderer(target: AzureTarget, surroundings: Surroundings): Renderer {
  const { existingNetwork, existingDataStores, entrance, guardsAccount, locksRecords, now } = surroundings;
  return {
    cloud: "azure",
    render: (spec, parent) => {
      const child = { parent };
      const { mesh } = spec;
      const names = new PhysicalNames(spec, target, existingNetwork);
      const resourceGroups = new AzureResourceGroups(`${spec.name}-resource-groups`, { spec, names }, child);
      const encryptionKeys = new AzureEncryptionKeys(
        `${spec.name}-encryption-keys`,
        { spec, names, resourceGroups },
        child,
      );
      const { keys } = encryptionKeys;
      // Filters stand before the network does: each subnet is created with its own.
      const flowFilters = new AzureFlowFilters(
        `${spec.name}-flow-filters`,
        { spec, names, resourceGroups },
        child,
      );
      const segmentation = new AzureSegmentation(
        `${spec.name}-segmentation`,
        { spec, names, resourceGroups, existingNetwork, filters: flowFilters.sealed },
        child,
      );
      const auditLog = new AzureAuditLog(
        `${spec.name}-audit-log`,
        { spec, target, names, resourceGroups, networkId: segmentation.networkId, keys, locksRecords },
        child,
      );
      const records = auditLog.destination;
      const nameResolution = new AzureNameResolution(
        `${spec.name}-name-resolution`,
        {
          spec,
          names,
          resourceGroups,
          around: { entrance, existingDataStores },
          records,
          network: segmentation.sealed,
        },
        child,
      );
      const sealed = [...segmentation.sealed, ...flowFilters.sealed, ...nameResolution.sealed];
      const perimeter = new AzureServicePerimeter(
        `${spec.name}-service-perimeter`,
        {
          spec,
          names,
          resourceGroups,
          keyVault: { name: "phi_vault", id: names.vaultId("phi"), resource: keys.phi.vault },
          records,
        },
        child,
      );
      const imageRegistry = new AzureImageRegistry(
        `${spec.name}-image-registry`,
        { spec, target, names, resourceGroups, key: keys.platform, records },
        child,
      );
      const privateEndpoints = new AzurePrivateEndpoints(
        `${spec.name}-private-endpoints`,
        {
          spec,
          names,
          resourceGroups,
          key: keys.platform,
          registry: imageRegistry.registry,
          auditLog,
          perimeter,
          sealed,
        },
        child,
      );
      const dataStores = new AzureDataStores(
        `${spec.name}-data-stores`,
        {
          spec,
          target,
          names,
          resourceGroups,
          key: keys.phi,
          existing: existingDataStores,
          records,
          perimeter,
          sealed,
        },
        child,
      );
      const workloadIdentities = new AzureWorkloadIdentities(
        `${spec.name}-workload-identities`,
        {
          spec,
          names,
          resourceGroups,
          storeScopes: dataStores.scopes,
          granted: [encryptionKeys, auditLog, imageRegistry, privateEndpoints, dataStores],
        },
        child,
      );
      const certificates =
        mesh.kind === "envoy"
          ? azureWorkloadCertificates(`${spec.name}-certificates`, { spec, now }, child).issued
          : undefined;
      const frontDoor = new AzureFrontDoor(
        `${spec.name}-front-door`,
        {
          spec,
          names,
          resourceGroups,
          entrance,
          certificates,
          availabilityZones: target.availabilityZones,
          subnetId: names.subnetId({ kind: "load-balancer" }),
          records,
          sealed,
        },
        child,
      );
      const workloadCredentials =
        certificates === undefined
          ? undefined
          : new AzureWorkloadCredentials(
              `${spec.name}-workload-credentials`,
              {
                spec,
                names,
                identities: workloadIdentities,
                vault: privateEndpoints.secretsVault,
                certificates,
              },
              child,
            );
      const guard = egressGuardOf(spec);
      const subnet = firewallSubnet(spec);
      const egressInspection =
        guard === undefined || subnet === undefined
          ? undefined
          : new AzureEgressInspection(
              `${spec.name}-egress-inspection`,
              {
                spec,
                target,
                names,
                resourceGroups,
                now,
                guard,
                subnet,
                identities: workloadIdentities,
                secretsVault: privateEndpoints.secretsVault,
                records,
                sealed,
              },
              child,
            );
      const workloads =
        mesh.kind === "envoy"
          ? new AzureWorkloads(
              `${spec.name}-workloads`,
              {
                spec,
                mesh,
                target,
                names,
                key: keys.platform,
                edge: edgeClients(spec, target, entrance),
                identities: workloadIdentities,
                auditLog,
                readable: workloadCredentials?.readable ?? new Map(),
                ready: [...sealed, ...workloadIdentities.able, privateEndpoints, dataStores],
                inspected: egressInspection?.ready ?? [],
              },
              child,
            )
          : undefined;
      const accountGuardrails = guardsAccount
        ? new AzureAccountGuardrails(`${spec.name}-account-guardrails`, { spec, names }, child)
        : undefined;
      return {
        segmentation,
        flowFilters,
        privateEndpoints,
        encryptionKeys,
        auditLog,
        nameResolution,
        dataStores,
        imageRegistry,
        workloadIdentities,
        frontDoor,
        guardrailIds: {},
        workloadCredentials,
        workloads,
        egressInspection,
        accountGuardrails,
      };
    },
  };
}
