import { accessDocument } from "../../../model/access-document";
import { decisionPointId, toolGatewayId } from "../../../model/access-policy";
import type { PlatformSpec } from "../../../model/platform-spec";
import type { Workload } from "../../../model/workload";
import { asksForDecisions, decisionMilliseconds } from "../access-decisions";

import { identityOf, labelsOf, podLabels, serviceName } from "./account";
import type { Manifest } from "./manifest";

/** By what name policies call the decision point. */
const providerName = "bulkhead-decision-point";

/**
 * The port by which sidecars ask the decision point: it says that they do by gRPC, which is HTTP/2 all the way. As with the
 * other one, no packet has it.
 */
export const askingPort = 81;

/** The workloads of the platform's that decide. */
export function isDecisionPoint({ id }: Pick<Workload, "id">): boolean {
  return id === decisionPointId;
}

/**
 * Whom the sidecars of enforcement points ask, as Istio's own configuration knows it (Istio, `MeshConfig.ExtensionProvider`):
 * nobody, where there is no decision point. Whatever comes but a yes in time is a no.
 */
export function decisionProviders({ workloads }: Pick<PlatformSpec, "workloads">): readonly object[] {
  return workloads.filter(isDecisionPoint).map((workload) => ({
    name: providerName,
    envoyExtAuthzGrpc: {
      service: `${workload.zone}/${serviceName(workload)}`,
      port: askingPort,
      timeout: `${String(decisionMilliseconds / 1000)}s`,
      failOpen: false,
      statusOnError: "403",
    },
  }));
}

/**
 * Which workloads ask before each request, whoever sends it. Istio looks at these policies before those that say who may
 * call, and refuses all where nobody is known by the provider's name.
 */
export function decisionPolicies(spec: PlatformSpec): readonly Manifest[] {
  return spec.workloads
    .filter((workload) => asksForDecisions(spec.access, workload))
    .map((workload) => ({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: {
        name: `${workload.id}-access-decisions`,
        namespace: workload.zone,
        labels: labelsOf(workload),
      },
      spec: {
        selector: { matchLabels: podLabels(workload) },
        action: "CUSTOM",
        provider: { name: providerName },
        // A rule that says nothing is about every request.
        rules: [{}],
      },
    }));
}

/** What the decision point and the gateway of tools are told, for their pods to mount: with the identities of the cluster. */
export function accessDocuments(spec: PlatformSpec): readonly Manifest[] {
  if (!spec.workloads.some(isDecisionPoint)) {
    return [];
  }
  const text = JSON.stringify(accessDocument(spec, (workload) => identityOf(spec.trustDomain, workload)));
  return spec.workloads
    .filter((workload) => isDecisionPoint(workload) || workload.id === toolGatewayId)
    .map((workload) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${workload.id}-access`, namespace: workload.zone, labels: labelsOf(workload) },
      data: { "access.json": text },
    }));
}
