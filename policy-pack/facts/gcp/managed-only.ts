import type { ResourceType } from "../../resource-type";
import type { Blind } from "../fact";

import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { ownersIn } from "./owners";

/** Types by which a project has a network, or a part in one of another's. */
const sharing: ReadonlyMap<ResourceType, readonly string[]> = new Map<ResourceType, readonly string[]>([
  ["gcp:compute:sharedvpcserviceproject", ["serviceProject", "hostProject"]],
  ["gcp:compute:sharedvpchostproject", ["project"]],
  ["gcp:compute:subnetworkiammember", ["subnetwork"]],
  ["gcp:compute:subnetworkiambinding", ["subnetwork"]],
  ["gcp:compute:subnetworkiampolicy", ["subnetwork"]],
]);

/** Types that share networks between projects. */
export const sharingTypes: readonly ResourceType[] = [...sharing.keys()];

/** What makes networks, has addresses in them, or carries packets, whatever it is for. */
const ofNetworks =
  /^gcp:(?:compute:(?!securitypolicy|regionsecuritypolicy|disk|regiondisk|image|snapshot|resourcepolicy|sslpolicy|regionsslpolicy)|networkconnectivity:|networkservices:|servicenetworking:|vmwareengine:|vpcaccess:|container:|networksecurity:(?:firewallendpoint|mirroring|intercept))/;

/**
 * What is in the PHI zone of a platform, or gives its project a part in a network. The zone is managed-only: stores that
 * are reached by Google's APIs, and no network at all.
 *
 * @param zoneOfProject the zone of a project, by its id or its number.
 */
export function managedOnly(
  stack: GcpStack,
  zoneOfProject: (project: string) => string | undefined,
): readonly Blind[] {
  const { graph, zones, platforms } = stack;
  if (platforms.size === 0) {
    return [];
  }
  const remedy = "Run it in the processing zone, and let a flow name the store that it needs.";
  return graph.nodes.flatMap((node): readonly Blind[] => {
    if (platformOf(stack, node) === undefined || !node.resourceType.startsWith("gcp:")) {
      return [];
    }
    const keys = sharing.get(node.resourceType);
    const isShared =
      keys?.some((key) => {
        const value = graph.read(node, key);
        return (
          (value.kind === "known" &&
            typeof value.value === "string" &&
            zoneOfProject(value.value) === "phi") ||
          ownersIn(graph, node, key, value, ["gcp:organizations:project", "gcp:compute:subnetwork"]).some(
            (to) => to.kind === "undetermined" || (to.kind === "resource" && zones.of(to.node.urn) === "phi"),
          )
        );
      }) ?? false;
    if (isShared) {
      return [
        {
          urn: node.urn,
          label: labelOf(node),
          zone: "phi",
          what: "It gives the PHI project of a platform a part in a network, or may; the PHI zone is managed-only and has none.",
          remedy: "Take it away.",
        },
      ];
    }
    return zones.of(node.urn) === "phi" && ofNetworks.test(node.resourceType)
      ? [
          {
            urn: node.urn,
            label: labelOf(node),
            zone: "phi",
            what: "It is in the PHI zone of a platform, which is managed-only: stores that are reached by Google's APIs, and no network.",
            remedy,
          },
        ]
      : [];
  });
}
