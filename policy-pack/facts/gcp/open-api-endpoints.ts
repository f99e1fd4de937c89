import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { PerimeterOpening } from "../fact";

import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";

const endpointType = "gcp:compute:globalforwardingrule";

/** What an endpoint of Private Service Connect for Google's APIs leads to: APIs behind service perimeters alone, or all. */
function bundleOf(stack: GcpStack, node: Node): "vpc-sc" | "all-apis" | "unknown" | undefined {
  const target = textOf(stack.graph.read(node, "target"));
  if (target.kind === "known") {
    const name = target.value.toLowerCase();
    return name === "vpc-sc" || name === "all-apis" ? name : undefined;
  }
  // An output of a proxy or of a service attachment is no bundle of APIs.
  return (node.propertyDependencies["target"] ?? []).length > 0 ? undefined : "unknown";
}

/** The endpoints of Private Service Connect that lead to APIs which no service perimeter holds. */
export function openApiEndpoints(stack: GcpStack, networks: Networks): readonly PerimeterOpening[] {
  const { graph, zones } = stack;
  return graph.ofType(endpointType).flatMap((node): readonly PerimeterOpening[] => {
    const bundle = bundleOf(stack, node);
    const network = networks.of(node);
    zones.inherit(node.urn, network.zone, network.label);
    const zone = zones.of(node.urn);
    return zone === undefined || bundle === undefined || bundle === "vpc-sc"
      ? []
      : [
          {
            urn: node.urn,
            label: labelOf(node),
            zone,
            platform: platformOf(stack, node),
            what: "its endpoint leads to every API of Google's, also to those that no service perimeter holds (all-apis)",
            assumption: bundle === "unknown" ? "`target` is not known" : undefined,
            remedy: "Set target to vpc-sc.",
            isAdvice: false,
            isGuiltyAlone: bundle === "all-apis",
          },
        ];
  });
}
