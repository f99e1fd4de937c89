import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { textsIn } from "../../texts";
import { isOfOthers, type UnderstoodTypes } from "../unread-resources";

import { types } from "./compute-types";
import { firewallTypes } from "./firewall-layers";
import { gcpKey } from "./gcp-id";
import { interfaceTypes } from "./interfaces";
import { sharingTypes } from "./managed-only";
import { connectionTypes, joinedTypes } from "./network-connections";
import { isGrantType } from "./iam-grants";
import { harmlessProjectTypes, perimeterFactTypes } from "./perimeter-facts";
import { publicAddressTypes } from "./public-addresses";
import { routeTypes } from "./routes";
import { storeTypesHarmless, storeTypesRead } from "./store-facts";
import { transportTypes, transportTypesOutsidePhi } from "./transport-types";

/** The types from which facts are drawn; `docs/rules.md` lists them. */
export const typesRead: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...types.network,
  ...types.subnet,
  ...types.serviceAccount,
  ...types.tagValue,
  ...connectionTypes,
  ...firewallTypes,
  ...interfaceTypes,
  ...perimeterFactTypes,
  ...publicAddressTypes,
  ...routeTypes,
  ...sharingTypes,
  ...storeTypesRead,
  ...transportTypes,
]);

/**
 * Types that are understood where they are outside of the PHI zone: what lies beyond a gateway. The PHI zone has nothing to
 * send.
 */
export const typesReadOutsidePhi: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...joinedTypes,
  ...transportTypesOutsidePhi,
]);

/** Types that open nothing, whatever their properties say: they record, name, encrypt, keep or close. */
export const harmlessTypes: ReadonlySet<ResourceType> = new Set<ResourceType>([
  "gcp:compute:autoscaler",
  "gcp:compute:healthcheck",
  "gcp:compute:httphealthcheck",
  "gcp:compute:httpshealthcheck",
  "gcp:compute:regionautoscaler",
  "gcp:compute:regionhealthcheck",
  "gcp:compute:regionsecuritypolicy",
  "gcp:compute:regionsecuritypolicyrule",
  "gcp:compute:regionsslpolicy",
  "gcp:compute:resourcepolicy",
  "gcp:compute:securitypolicy",
  "gcp:compute:securitypolicyrule",
  "gcp:compute:sslpolicy",
  "gcp:monitoring:alertpolicy",
  "gcp:monitoring:dashboard",
  "gcp:tags:tagkey",
  ...harmlessProjectTypes,
  ...storeTypesHarmless,
]);

/** Modules of Google Cloud whose resources carry packets, so that one in the network of a PHI zone may carry the zone's. */
const networkModules = [
  "gcp:compute:",
  "gcp:networkconnectivity:",
  "gcp:networksecurity:",
  "gcp:networkservices:",
  "gcp:servicenetworking:",
  "gcp:vmwareengine:",
];

/** What makes resources that the pack is never shown, by package or by type. */
const makers =
  /^(?:google-native:|gcp:(?:deploymentmanager|cloudbuild|clouddeploy|infrastructuremanager|config|blueprints):)/;

/** What names Google's resources by parts of their names, within templates, scripts and configurations. */
const namingTypes =
  /^(?:google-native:|command:|gcp:(?:deploymentmanager|cloudbuild|clouddeploy|infrastructuremanager|config|workflows|cloudscheduler|cloudtasks):)/;

/** A name that is long and odd enough not to be a word of something else. */
const telling = /^(?=.*[\d._-])[\w.@-]{5,}$/;

/** Whether a text holds one of some names, as a whole word. */
function holds(names: readonly string[]): (text: string) => boolean {
  const compared = names.filter((name) => name !== "");
  return (text) =>
    compared.some((name) => {
      for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
        if (!/[\w.-]/.test(text.charAt(at + name.length)) && !/[\w-]/.test(text.charAt(at - 1))) {
          return true;
        }
      }
      return false;
    });
}

/** The whole names of some resources, by which others refer to them: relative names, e-mail addresses, names of buckets. */
function wholeNames(graph: StackGraph, nodes: readonly Node[]): readonly string[] {
  return nodes
    .filter(({ resourceType }) => resourceType.startsWith("gcp:"))
    .flatMap((node) => graph.gcpNamesOf(node))
    .filter((name) => name.includes("/") || name.includes("@") || telling.test(name));
}

/** The last parts of the names of some resources. */
function lastParts(graph: StackGraph, nodes: readonly Node[]): readonly string[] {
  return wholeNames(graph, nodes)
    .map((name) => name.split("/").at(-1) ?? "")
    .filter((name) => telling.test(name));
}

/** What of Google Cloud's is understood. */
export const understoodTypes: UnderstoodTypes = {
  read: typesRead,
  readOutsidePhi: typesReadOutsidePhi,
  harmless: harmlessTypes,
  networkModules,
  makers,
  isRead: (_graph, { resourceType }) => isGrantType(resourceType),
  referenceFinder: (graph, nodes) => {
    const isReference = holds(wholeNames(graph, nodes));
    return (texts) => texts.find((text) => isReference(gcpKey(text)));
  },
  attachment: ({ graph }, inPhi) => {
    const ofPhi = graph.nodes.filter(({ urn }) => inPhi.has(urn));
    const isNamed = holds(lastParts(graph, ofPhi));
    return (node) => {
      if (!namingTypes.test(node.resourceType) && !isOfOthers(node)) {
        return undefined;
      }
      const named = [...textsIn(node.inputs), ...textsIn(node.outputs)].find(isNamed);
      return named === undefined
        ? undefined
        : `names something in the PHI zone (${named.length > 100 ? `${named.slice(0, 100)}...` : named})`;
    };
  },
};
