import { stringify } from "yaml";

import type { StackConfiguration } from "../components/stack-configuration";
import { edgeClients } from "../components/mesh/edge-clients";
import { envoyConfiguration } from "../components/mesh/envoy-configuration";
import { istioManifests } from "../components/mesh/istio/manifests";
import { ingressValues, istiodValues } from "../components/mesh/istio/mesh-values";

function yaml(documents: readonly unknown[]): string {
  // Without anchors: what is the same in two places is written twice, as whoever reviews one of them expects.
  return documents
    .map((document) => `---\n${stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
    .join("");
}

/**
 * The mesh of a stack, as files by their names: for `mesh: istio` the manifests to apply, and values for Istio's own charts;
 * for `mesh: envoy` the configuration of the Envoy beside each workload, to be looked at, since the platform brings it there.
 */
export function meshFiles(configuration: StackConfiguration): ReadonlyMap<string, string> {
  const { spec, target, surroundings } = configuration;
  const { mesh } = spec;
  const edge = edgeClients(spec, target, surroundings.entrance);
  return mesh.kind === "istio"
    ? new Map([
        ["manifests.yaml", yaml(istioManifests(spec, mesh, edge))],
        ["istiod-values.yaml", yaml([istiodValues(spec)])],
        ["istio-ingress-values.yaml", yaml([ingressValues(spec, edge)])],
      ])
    : new Map(
        spec.workloads.map((workload) => [
          `${workload.id}.envoy.json`,
          `${JSON.stringify(envoyConfiguration(spec, workload, edge), undefined, 2)}\n`,
        ]),
      );
}
