import type { PlatformSpec } from "../../../model/platform-spec";
import { platformTag, zoneTag } from "../../../model/tag";
import type { WorkloadZoneId } from "../../../model/zone";

import { rootNamespace, type Manifest } from "./manifest";

/** The zones that have a namespace: all in which code runs. */
export function namespaceZones({ zones }: PlatformSpec): readonly WorkloadZoneId[] {
  return zones.flatMap(({ id }) => (id === "phi" ? [] : [id]));
}

/** Every connection in a namespace is mutual TLS, on every port. */
function strict(namespace: string): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace },
    spec: { mtls: { mode: "STRICT" } },
  };
}

/** What holds of everything in a namespace, whoever is in it: nobody is let in and nothing goes out until a flow says so. */
function closed(zone: WorkloadZoneId): readonly Manifest[] {
  const metadata = { name: "deny-all", namespace: zone };
  return [
    strict(zone),
    // A policy without rules matches nothing, and whoever is in the reach of one and matched by none is refused.
    { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata, spec: {} },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    // The sidecar of whatever is no workload of the platform's knows nobody. A namespace of which nothing is taken is none.
    {
      apiVersion: "networking.istio.io/v1",
      kind: "Sidecar",
      metadata: { name: "default", namespace: zone },
      spec: { egress: [{ hosts: ["~/*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    },
  ];
}

/** A namespace for each zone in which code runs. */
export function namespaces(spec: PlatformSpec): readonly Manifest[] {
  return namespaceZones(spec).map((zone) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: zone,
      labels: {
        [platformTag]: spec.name,
        [zoneTag]: zone,
        "istio-injection": "enabled",
        // The sidecar's own rights are no exception: they are those of Istio's CNI plugin, on the node.
        "pod-security.kubernetes.io/enforce": "restricted",
      },
    },
  }));
}

/** What is closed by default: the mesh, and each namespace. */
export function defaults(spec: PlatformSpec): readonly Manifest[] {
  return [strict(rootNamespace), ...namespaceZones(spec).flatMap(closed)];
}
