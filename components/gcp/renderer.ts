import type { GcpTarget } from "../../model/cloud-target";
import { egressGuardId } from "../../model/egress-guard";
import { nativeModelsOn } from "../../model/native-models";
import type { Renderer } from "../renderer";
import type { Surroundings } from "../surroundings";

import { GcpAccessLevels } from "./access-levels";
import { GcpAccountGuardrails } from "./account-guardrails";
import { GcpAuditLog } from "./audit-log";
import { GcpDataStores } from "./data-stores";
import { GcpEgressInspection } from "./egress-inspection";
import { GcpEncryptionKeys } from "./encryption-keys";
import { GcpFlowFilters } from "./flow-filters";
import { GcpFrontDoor } from "./front-door";
import { GcpGuardPublication } from "./guard-publication";
import { GcpImageRegistry } from "./image-registry";
import { GcpModelArmor } from "./model-armor";
import { screening } from "./model-screening";
import { GcpNameResolution } from "./name-resolution";
import { PhysicalNames } from "./physical-names";
import { runningWorkloads } from "./running-workloads";
import { GcpPrivateEndpoints } from "./private-endpoints";
import { GcpProjectServices } from "./project-services";
import { GcpSegmentation } from "./segmentation";
import { GcpServiceAccounts } from "./service-accounts";
import { GcpServicePerimeter } from "./service-perimeter";
import { GcpWorkloadIdentities } from "./workload-identities";
import { GcpWorkloadSecrets } from "./workload-secrets";

/** Renders platforms on Google Cloud. */
export function gcpRenderer(target: GcpTarget, surroundings: Surroundings): Renderer {
  const { existingDataStores, entrance, guardsAccount, now, deployerId: deployer } = surroundings;
  if (deployer === undefined) {
    throw new Error("nothing says who runs Pulumi on Google Cloud");
  }
  return {
    cloud: "gcp",
    render: (spec, parent) => {
      const child = { parent };
      const names = new PhysicalNames(spec, target);
      const projectServices = new GcpProjectServices(`${spec.name}-project-services`, { spec, names }, child);
      const serviceAccounts = new GcpServiceAccounts(
        `${spec.name}-service-accounts`,
        { spec, names, projectServices },
        child,
      );
      const encryptionKeys = new GcpEncryptionKeys(
        `${spec.name}-encryption-keys`,
        { spec, names, projectServices, serviceAccounts },
        child,
      );
      const segmentation = new GcpSegmentation(
        `${spec.name}-segmentation`,
        { spec, names, dependsOn: [projectServices] },
        child,
      );
      const flowFilters = new GcpFlowFilters(
        `${spec.name}-flow-filters`,
        { spec, names, accounts: serviceAccounts.accounts, network: segmentation.sealed },
        child,
      );
      const nameResolution = new GcpNameResolution(
        `${spec.name}-name-resolution`,
        { spec, names, network: segmentation.sealed },
        child,
      );
      const sealed = [...segmentation.sealed, ...flowFilters.sealed, ...nameResolution.sealed];
      const privateEndpoints = new GcpPrivateEndpoints(
        `${spec.name}-private-endpoints`,
        { spec, names, sealed },
        child,
      );
      const auditLog = new GcpAuditLog(
        `${spec.name}-audit-log`,
        { spec, names, projectServices, encryptionKeys },
        child,
      );
      new GcpAccessLevels(`${spec.name}-access-levels`, { spec, names, dependsOn: [projectServices] }, child);
      const perimeter = new GcpServicePerimeter(
        `${spec.name}-service-perimeter`,
        { spec, names, deployer, dependsOn: [...serviceAccounts.accounts.values()] },
        child,
      );
      // A perimeter stands before anything that it encloses holds data.
      const enclosed = [...perimeter.sealed, auditLog];
      const imageRegistry = new GcpImageRegistry(
        `${spec.name}-image-registry`,
        { spec, names, projectServices, encryptionKeys, sealed: enclosed },
        child,
      );
      const workloadSecrets = new GcpWorkloadSecrets(
        `${spec.name}-workload-secrets`,
        { spec, names, projectServices, serviceAccounts, encryptionKeys, sealed: enclosed },
        child,
      );
      const dataStores = new GcpDataStores(
        `${spec.name}-data-stores`,
        {
          spec,
          names,
          projectServices,
          serviceAccounts,
          encryptionKeys,
          deployer,
          existing: existingDataStores,
          sealed: enclosed,
        },
        child,
      );
      const modelArmor =
        screening(spec) === "none"
          ? []
          : [new GcpModelArmor(`${spec.name}-model-armor`, { spec, names, projectServices }, child)];
      const workloadIdentities = new GcpWorkloadIdentities(
        `${spec.name}-workload-identities`,
        {
          spec,
          names,
          projectServices,
          serviceAccounts,
          granted: [encryptionKeys, auditLog, imageRegistry, workloadSecrets, dataStores, ...modelArmor],
        },
        child,
      );
      const { availabilityZones } = target;
      const guard = spec.workloads.find(({ id }) => id === egressGuardId);
      const egress =
        guard === undefined
          ? undefined
          : new GcpEgressInspection(
              `${spec.name}-egress-proxy`,
              {
                spec,
                guard,
                names,
                projectServices,
                serviceAccounts,
                encryptionKeys,
                sealed: [...sealed, ...enclosed],
              },
              child,
            );
      const running =
        spec.mesh.kind === "envoy"
          ? runningWorkloads({
              spec,
              mesh: spec.mesh,
              names,
              target,
              entrance,
              now,
              projectServices,
              serviceAccounts,
              encryptionKeys,
              enclosed,
              egress,
              ready: [
                ...sealed,
                ...privateEndpoints.ready,
                ...encryptionKeys.usable.platform,
                auditLog,
                imageRegistry,
                workloadIdentities,
              ],
              parent,
            })
          : undefined;
      if (guard !== undefined) {
        new GcpGuardPublication(
          `${spec.name}-guard-publication`,
          { spec, guard, names, groups: running?.workloads.groups.get(guard.id) ?? [], sealed },
          child,
        );
      }
      const frontDoor = new GcpFrontDoor(
        `${spec.name}-front-door`,
        {
          spec,
          names,
          entrance,
          availabilityZones,
          running: running && { machines: running.workloads.groups, certificates: running.certificates },
          sealed,
        },
        child,
      );
      const accountGuardrails = guardsAccount
        ? new GcpAccountGuardrails(
            `${spec.name}-account-guardrails`,
            { spec, names, models: nativeModelsOn("gcp", spec) },
            child,
          )
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
        workloadCredentials: running?.workloadCredentials,
        workloads: running?.workloads,
        egressInspection: egress,
        accountGuardrails,
      };
    },
  };
}
