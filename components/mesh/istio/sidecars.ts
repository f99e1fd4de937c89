import type { PlatformSpec } from "../../../model/platform-spec";
import { platformPort, type Workload } from "../../../model/workload";
import { programPort, upstreamsOf } from "../ports";

import { isDecisionPoint } from "./access-decisions";
import { labelsOf, podLabels, serviceName } from "./account";
import type { Manifest } from "./manifest";
import { endpointBlocks, providersOf } from "./private-destinations";

/** By what name the mesh knows the private endpoints that one workload uses. Nothing resolves it: they have names of their own. */
function endpointsHost(trustDomain: string, { id, zone }: Workload): string {
  return `private-endpoints.${id}.${zone}.${trustDomain}`;
}

const tlsPort = { number: platformPort, name: "tls", protocol: "TLS" } as const;

/** What is outside of the mesh and one workload's flows name. No other namespace sees it. */
function serviceEntries(spec: PlatformSpec, workload: Workload): readonly Manifest[] {
  const entry = (name: string, entrySpec: Readonly<Record<string, unknown>>): Manifest => ({
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name: `${workload.id}-${name}`, namespace: workload.zone, labels: labelsOf(workload) },
    spec: { exportTo: ["."], location: "MESH_EXTERNAL", ...entrySpec },
  });
  const blocks = endpointBlocks(spec, workload);
  return [
    ...(blocks.length === 0
      ? []
      : [
          entry("private-endpoints", {
            hosts: [endpointsHost(spec.trustDomain, workload)],
            addresses: blocks.map(({ text }) => text),
            ports: [{ number: platformPort, name: "tcp", protocol: "TCP" }],
            // The program asks for an address by the endpoint's own name, and its TLS is its own: both are left as they are.
            resolution: "NONE",
          }),
        ]),
    ...providersOf(spec, workload).map(({ id, fqdns }) =>
      entry(id, { hosts: fqdns, ports: [tlsPort], resolution: "DNS" }),
    ),
  ];
}

/** What a workload's sidecar listens on and knows of: one port, and whom the flows name. */
function sidecar(spec: PlatformSpec, workload: Workload): Manifest {
  const hosts = [
    ...upstreamsOf(spec, workload).map(({ workload: to }) => `${to.zone}/${serviceName(to)}`),
    ...(endpointBlocks(spec, workload).length === 0
      ? []
      : [`./${endpointsHost(spec.trustDomain, workload)}`]),
    ...providersOf(spec, workload).flatMap(({ fqdns }) => fqdns.map((name) => `./${name}`)),
  ];
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: { name: workload.id, namespace: workload.zone, labels: labelsOf(workload) },
    spec: {
      workloadSelector: { labels: podLabels(workload) },
      ingress: [
        {
          port: { number: platformPort, name: "http", protocol: "HTTP" },
          // The program listens on the loopback alone, so that nothing reaches it but its sidecar.
          defaultEndpoint: `127.0.0.1:${String(programPort)}`,
          // It is asked by HTTP/1.1 and by gRPC on one port, so that each goes on as it came.
          ...(isDecisionPoint(workload) ? { connectionPool: { http: { useClientProtocol: true } } } : {}),
        },
      ],
      // A namespace of which nothing is taken stands for none at all.
      egress: [{ hosts: hosts.length === 0 ? ["~/*"] : hosts }],
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    },
  };
}

/** The sidecar of each workload, and what it may reach that is no workload. */
export function sidecars(spec: PlatformSpec): readonly Manifest[] {
  return spec.workloads.flatMap((workload) => [sidecar(spec, workload), ...serviceEntries(spec, workload)]);
}
