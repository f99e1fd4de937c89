import type { ResourceType } from "../../resource-type";
import type { StackGraph } from "../../stack-graph";
import type { UnderstoodTypes } from "../unread-resources";

/** The types from which facts are drawn; `docs/rules.md` lists them. */
export const typesRead: ReadonlySet<ResourceType> = new Set<ResourceType>([]);

/** Types that are understood where they are outside of the PHI zone. */
export const typesReadOutsidePhi: ReadonlySet<ResourceType> = new Set<ResourceType>([]);

/** Types that open nothing, whatever their properties say: they record, name, encrypt, keep or close. */
export const harmlessTypes: ReadonlySet<ResourceType> = new Set<ResourceType>([]);

/** Modules of Google Cloud whose resources carry packets, so that one in the network of a PHI zone may carry the zone's. */
const networkModules = [
  "gcp:compute:",
  "gcp:networkconnectivity:",
  "gcp:networkservices:",
  "gcp:vmwareengine:",
];

/** What makes resources that the pack is never shown, by package or by type. */
const makers = /^(?:google-native:|gcp:(?:deploymentmanager|cloudbuild|infrastructuremanager|config):)/;

function namesOf(graph: StackGraph, urns: readonly string[]): readonly string[] {
  return urns.flatMap((urn) => {
    const node = graph.node(urn);
    return node === undefined ? [] : graph.gcpNamesOf(node).filter((name) => name.includes("/"));
  });
}

/** What of Google Cloud's is understood. */
export const understoodTypes: UnderstoodTypes = {
  read: typesRead,
  readOutsidePhi: typesReadOutsidePhi,
  harmless: harmlessTypes,
  networkModules,
  makers,
  isRead: () => false,
  referenceFinder: (graph, nodes) => {
    const names = namesOf(
      graph,
      nodes.map(({ urn }) => urn),
    );
    return (texts) => texts.find((text) => names.some((name) => text.includes(name)));
  },
  attachment: () => () => undefined,
};
