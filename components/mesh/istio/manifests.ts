import type { IstioMesh } from "../../../model/mesh";
import type { PlatformSpec } from "../../../model/platform-spec";
import type { EdgeClients } from "../edge-clients";

import { accessDocuments, decisionPolicies } from "./access-decisions";
import { authorizationPolicies } from "./authorization-policies";
import { certificates } from "./certificates";
import { inspectionDocuments } from "./inspection-documents";
import { entrance } from "./entrance";
import type { Manifest } from "./manifest";
import { defaults, namespaces } from "./namespaces";
import { networkPolicies } from "./network-policies";
import { services } from "./cluster-services";
import { sidecars } from "./sidecars";

/**
 * The platform's mesh on a Kubernetes cluster with Istio and cert-manager, in the order in which it is to be applied: what
 * is closed comes before what is opened.
 *
 * @param edge who calls the gateway, and what they show.
 */
export function istioManifests(spec: PlatformSpec, mesh: IstioMesh, edge: EdgeClients): readonly Manifest[] {
  return [
    ...namespaces(spec),
    ...defaults(spec),
    ...services(spec),
    ...certificates(spec, mesh),
    ...accessDocuments(spec),
    ...inspectionDocuments(spec),
    // Before the policies that let somebody in.
    ...decisionPolicies(spec),
    ...authorizationPolicies(spec, edge),
    ...networkPolicies(spec, edge),
    ...sidecars(spec),
    ...entrance(spec, edge),
  ];
}
