import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt } from "../property-path";

import type { AzureStack } from "./azure-stack";
import type { Placement } from "./placement";
import { wordOf } from "./word";

/** Kubernetes clusters that Azure runs. */
export const clusterTypes = ["azure-native:containerservice:managedcluster"] as const;

/** Whether what runs in a cluster calls each other through a mesh, under an authority of the platform's. */
export function clusterHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType(...clusterTypes).map((node): HopFacts => {
      const place = placement.of(node, { subnets: [["agentPoolProfiles", "vnetSubnetID"]] });
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const isMeshed = acceptor.requires({
        key: "serviceMeshProfile.mode",
        read: wordOf(readAt(graph, node, "serviceMeshProfile.mode")),
        isRight: (value) => value === "istio",
        absentIs: "wrong",
        what: "no mesh of the cluster's makes what runs in it show certificates to each other",
        remedy: 'Set serviceMeshProfile.mode to "Istio", and let PeerAuthentication be STRICT.',
      });
      if (isMeshed) {
        acceptor.requires({
          key: "serviceMeshProfile.istio.certificateAuthority.plugin",
          read: readAt(graph, node, "serviceMeshProfile.istio.certificateAuthority.plugin"),
          isRight: () => true,
          absentIs: "wrong",
          what: "its mesh signs certificates with a key of its own, which nobody else knows or renews",
          remedy:
            "Let serviceMeshProfile.istio.certificateAuthority.plugin name an authority of yours in a key vault.",
          refusedOn: "our platform",
        });
      }
      // Whether the mesh takes callers without a certificate, resources of Kubernetes say.
      acceptor.hop(`workloads of ${acceptor.label}`, undefined);
      return acceptor.facts();
    }),
  );
}
