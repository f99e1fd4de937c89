import * as pulumi from "@pulumi/pulumi";

import { decisionPointId } from "../../model/access-policy";
import { zoneLetter } from "../../model/availability-zone";
import type { AwsTarget } from "../../model/cloud-target";
import { filterOf } from "../flow-filters";
import { edgeClients } from "../mesh/edge-clients";
import type { NamedGuardrails } from "../mesh/pod";
import type { Renderer } from "../renderer";
import type { Surroundings } from "../surroundings";

import { AwsAccountGuardrails } from "./account-guardrails";
import { AwsAuditLog } from "./audit-log";
import { AwsDataStores } from "./data-stores";
import { egressZone } from "./egress-zone";
import { AwsEncryptionKeys } from "./encryption-keys";
import { AwsFlowFilters } from "./flow-filters";
import { AwsFrontDoor } from "./front-door";
import { guardedProviders } from "./guarded-models";
import { AwsImageRegistry } from "./image-registry";
import { AwsModelGuardrails } from "./model-guardrails";
import { AwsNameResolution } from "./name-resolution";
import { PhysicalNames } from "./physical-names";
import { AwsPolicyStore } from "./policy-store";
import { AwsPrivateEndpoints } from "./private-endpoints";
import { AwsSegmentation } from "./segmentation";
import { guardrailInVersion } from "./service-grants";
import { awsWorkloadCertificates } from "./workload-certificates";
import { AwsWorkloadCredentials } from "./workload-credentials";
import { AwsWorkloadIdentities } from "./workload-identities";
import { AwsWorkloads } from "./workloads";

/** Renders platforms on AWS. */
export function awsRenderer(target: AwsTarget, surroundings: Surroundings): Renderer {
  const {
    existingNetwork,
    existingDataStores,
    entrance,
    clinicianClientSecret,
    deployerId,
    guardsAccount,
    now,
  } = surroundings;
  return {
    cloud: "aws",
    render: (spec, parent) => {
      const child = { parent };
      const names = new PhysicalNames(spec, target);
      const encryptionKeys = new AwsEncryptionKeys(
        `${spec.name}-encryption-keys`,
        { spec, names, deployerId },
        child,
      );
      const { keys } = encryptionKeys;
      const segmentation = new AwsSegmentation(
        `${spec.name}-segmentation`,
        { spec, target, existingNetwork },
        child,
      );
      const { networkId, networks } = segmentation;
      const networkIds = new Map([...networks].map(([id, network]) => [id, network.id]));
      const availabilityZones = new Map(
        target.availabilityZones.map((zone) => [zoneLetter(target, zone), zone]),
      );
      const auditLog = new AwsAuditLog(
        `${spec.name}-audit-log`,
        { spec, names, networkIds, key: keys.audit },
        child,
      );
      const flowFilters = new AwsFlowFilters(
        `${spec.name}-flow-filters`,
        { spec, networkIds, letters: [...availabilityZones.keys()] },
        child,
      );
      const { filterIds, controlPlaneFilterIds } = flowFilters;
      const nameResolution = new AwsNameResolution(
        `${spec.name}-name-resolution`,
        {
          spec,
          names,
          network: "core",
          networkId,
          isExisting: existingNetwork !== undefined,
          recordsId: auditLog.streamIds["name-queries"],
          delivery: auditLog.delivery,
        },
        child,
      );
      const sealed = [...segmentation.sealed, ...flowFilters.sealed, ...nameResolution.sealed];
      const guardrails =
        guardedProviders(spec).length === 0
          ? pulumi.output<NamedGuardrails>({})
          : new AwsModelGuardrails(
              `${spec.name}-model-guardrails`,
              { spec, names, key: keys.platform },
              child,
            ).named;
      const privateEndpoints = new AwsPrivateEndpoints(
        `${spec.name}-private-endpoints`,
        {
          spec,
          names,
          network: "core",
          networkId,
          subnetIds: [...segmentation.subnetsFor("processing", "private-endpoint").values()],
          filterIds,
          guardrails,
          sealed,
        },
        child,
      );
      const dataStores = new AwsDataStores(
        `${spec.name}-data-stores`,
        {
          spec,
          names,
          networkId,
          subnetIds: [...segmentation.subnetsFor("phi", "private-endpoint").values()],
          filterIds,
          key: keys.phi,
          existing: existingDataStores,
          deployerId,
          sealed,
        },
        child,
      );
      const imageRegistry = new AwsImageRegistry(
        `${spec.name}-image-registry`,
        { spec, names, key: keys.platform },
        child,
      );
      const workloadIdentities = new AwsWorkloadIdentities(
        `${spec.name}-workload-identities`,
        {
          spec,
          names,
          networks,
          phiKey: keys.phi,
          storeArns: dataStores.arns,
          guardrails,
        },
        child,
      );
      const entranceSubnets = segmentation.subnetsFor("gateway", "load-balancer");
      const filterId = filterOf(filterIds, { kind: "load-balancer" });
      const frontDoor = new AwsFrontDoor(
        `${spec.name}-front-door`,
        {
          spec,
          names,
          entrance,
          clinicianClientSecret,
          networkId,
          subnetIds: [...entranceSubnets.values()],
          filterId,
          signInFilterId: controlPlaneFilterIds.get("aws-clinician-sign-in"),
          webFirewallRecordsId: auditLog.streamIds["web-firewall"],
          delivery: auditLog.delivery,
          // AWS refuses a public load balancer in a network that the Internet does not reach.
          sealed: [...sealed, ...segmentation.entrances],
        },
        child,
      );
      const egress = egressZone(
        {
          spec,
          names,
          segmentation,
          flowFilters,
          auditLog,
          availabilityZones,
          key: keys.platform,
          guardrails,
          deployerId,
          now,
          sealed,
        },
        child,
      );
      const { mesh } = spec;
      // On the customer's Kubernetes workloads run, and get their certificates, by what is not of the stack.
      const workloadCredentials =
        mesh.kind === "istio"
          ? undefined
          : new AwsWorkloadCredentials(
              `${spec.name}-workload-credentials`,
              {
                spec,
                names,
                key: keys.platform,
                certificates: awsWorkloadCertificates(
                  `${spec.name}-certificates`,
                  { spec, names, now },
                  child,
                ).issued,
                deployerId,
              },
              child,
            );
      const workloads =
        mesh.kind === "istio" || workloadCredentials === undefined
          ? undefined
          : new AwsWorkloads(
              `${spec.name}-workloads`,
              {
                spec,
                mesh,
                names,
                networkId,
                subnetIds: segmentation.workloadSubnetIds,
                filterIds,
                roleIds: {
                  workload: workloadIdentities.identityIds,
                  execution: workloadIdentities.startingIdentityIds,
                },
                key: keys.platform,
                clusterMetrics: auditLog.clusterMetrics,
                logNames: auditLog.workloadLogNames,
                targetIds: frontDoor.targetIds,
                edge: edgeClients(spec, target, entrance),
                egress: egress === undefined ? undefined : { place: egress.place, targetId: egress.targetId },
                guardrails,
                credentialIds: workloadCredentials.credentialIds,
                written: workloadCredentials.written,
                ready: [
                  ...sealed,
                  ...privateEndpoints.endpoints,
                  ...workloadIdentities.permissions,
                  ...frontDoor.listeners,
                  ...(egress?.ready ?? []),
                ],
              },
              child,
            );
      if (spec.workloads.some(({ id }) => id === decisionPointId)) {
        new AwsPolicyStore(`${spec.name}-policy-store`, { spec }, child);
      }
      const accountGuardrails = guardsAccount
        ? new AwsAccountGuardrails(
            `${spec.name}-account-guardrails`,
            {
              spec,
              names,
              entranceSubnets,
              translationSubnets: segmentation.subnetsFor("egress", "address-translation"),
            },
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
        guardrailIds: Object.fromEntries(
          guardedProviders(spec).map(({ id }) => [
            id,
            guardrails.apply((named) => guardrailInVersion(named, id)),
          ]),
        ),
        workloadCredentials,
        workloads,
        egressInspection: egress?.inspection,
        accountGuardrails,
      };
    },
  };
}
