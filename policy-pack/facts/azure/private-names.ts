import { reading, textOf } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import type { PublicName } from "../fact";

import { armKey, isArmId, withParents } from "./arm-id";
import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { endpointType, linksOf } from "./private-links";
import { namedReferents, referentsAt } from "./referents";

const groupType = "azure-native:network:privatednszonegroup";
const zoneType = "azure-native:privatedns:privatezone";
const linkType = "azure-native:privatedns:virtualnetworklink";
const recordType = "azure-native:privatedns:privaterecordset";

/** Types from which facts about private names are drawn. */
export const privateNameTypes = [groupType] as const;

/** The private zones in which the names of a service are, by its sub-resource (Azure Private Link, "Private endpoint DNS zone values"). */
const zonesOfGroups: Readonly<Record<string, readonly string[]>> = {
  account: ["privatelink.cognitiveservices.azure.com", "privatelink.openai.azure.com"],
  azuremonitor: [
    "privatelink.monitor.azure.com",
    "privatelink.oms.opinsights.azure.com",
    "privatelink.ods.opinsights.azure.com",
  ],
  blob: ["privatelink.blob.core.windows.net"],
  dfs: ["privatelink.dfs.core.windows.net"],
  file: ["privatelink.file.core.windows.net"],
  healthcareworkspace: [
    "privatelink.workspace.azurehealthcareapis.com",
    "privatelink.fhir.azurehealthcareapis.com",
  ],
  queue: ["privatelink.queue.core.windows.net"],
  registry: ["privatelink.azurecr.io"],
  searchservice: ["privatelink.search.windows.net"],
  sqlserver: ["privatelink.database.windows.net"],
  table: ["privatelink.table.core.windows.net"],
  vault: ["privatelink.vaultcore.azure.net"],
};

/** The name of a private zone, as far as it is known. */
function nameOf(graph: StackGraph, zone: Referent): string | undefined {
  if (zone.kind !== "resource") {
    return zone.kind === "external" ? zone.id.split("/").at(-1)?.toLowerCase() : undefined;
  }
  const said = textOf(graph.read(zone.node, "privateZoneName"));
  const named = said.kind === "known" ? said : textOf(reading(zone.node.outputs["name"]));
  return named.kind === "known" ? named.value.toLowerCase() : undefined;
}

/** Whether something may be the same as what is named elsewhere: always, where one of the two is not known. */
function maySpeakOfOne(ones: readonly Referent[], others: readonly Referent[]): boolean {
  const isKnown = (to: Referent): boolean =>
    (to.kind === "external" && isArmId(to.id)) || (to.kind === "resource" && !to.assumed);
  return (
    ![...ones, ...others].every(isKnown) ||
    ones.some((one) =>
      others.some(
        (other) =>
          (one.kind === "resource" && other.kind === "resource" && one.node === other.node) ||
          (one.kind === "external" &&
            other.kind === "external" &&
            [other.id, ...withParents(other.id)].some((id) => armKey(id) === armKey(one.id))),
      ),
    )
  );
}

/** What says where names are found, by what it is about: each is asked for by many, and read once. */
interface NameParts {
  /** Groups of private zones, by the endpoint that they are of. */
  readonly groups: ReadonlyMap<Node, readonly Node[]>;
  /** What joins private zones to networks, by the zone. */
  readonly links: ReadonlyMap<Node, readonly Node[]>;
  /** The URNs of what records are made from. */
  readonly recorded: ReadonlySet<string>;
}

const read = new WeakMap<StackGraph, NameParts>();

function partsOf(graph: StackGraph): NameParts {
  const known = read.get(graph);
  if (known !== undefined) {
    return known;
  }
  const named = (type: string, key: string, of: string): readonly (readonly [Node, Node])[] =>
    graph
      .ofType(type)
      .flatMap((part) =>
        namedReferents(graph, part, key, graph.read(part, key), [of]).flatMap((to) =>
          to.kind === "resource" ? [[to.node, part] as const] : [],
        ),
      );
  const byWhole = (pairs: readonly (readonly [Node, Node])[]): ReadonlyMap<Node, readonly Node[]> => {
    const parts = new Map<Node, Node[]>();
    for (const [whole, part] of pairs) {
      parts.set(whole, [...(parts.get(whole) ?? []), part]);
    }
    return parts;
  };
  const found: NameParts = {
    groups: byWhole(named(groupType, "privateEndpointName", endpointType)),
    links: byWhole(named(linkType, "privateZoneName", zoneType)),
    recorded: new Set(
      graph
        .ofType(recordType)
        .flatMap(({ propertyDependencies }) => Object.values(propertyDependencies).flat()),
    ),
  };
  read.set(graph, found);
  return found;
}

/** The names of the private zones into which the names of an endpoint's service are put. */
export interface PrivateNames {
  /** Whether there is a group of zones, or a record, at all. */
  readonly isNamed: boolean;
  /** Zones that its service's names need, and that are not there, or are joined to no network. */
  readonly missing: readonly string[];
}

/** Where the names of what an endpoint leads to are found. */
export function privateNamesOf({ graph }: AzureStack, endpoint: Node): PrivateNames {
  const { groups, links, recorded } = partsOf(graph);
  const zones = (groups.get(endpoint) ?? []).flatMap((group) =>
    referentsAt(graph, group, ["privateDnsZoneConfigs", "privateDnsZoneId"], [zoneType]),
  );
  const hasRecord = recorded.has(endpoint.urn);
  // Of a zone that is not of the stack it cannot be said to which networks it is joined.
  const around = referentsAt(graph, endpoint, ["subnet", "id"], types.network);
  const isJoined = (zone: Referent): boolean =>
    zone.kind !== "resource" ||
    (links.get(zone.node) ?? []).some((link) =>
      maySpeakOfOne(referentsAt(graph, link, ["virtualNetwork", "id"], types.network), around),
    );
  const found = zones.filter(isJoined).map((zone) => nameOf(graph, zone));
  const needed = linksOf(graph, endpoint)
    .flatMap(({ groups: names }) => names ?? [])
    .flatMap((name) => zonesOfGroups[name] ?? []);
  // A zone whose name is not known may be any of them.
  const isOpenEnded = hasRecord || found.includes(undefined);
  return {
    isNamed: zones.length > 0 || hasRecord,
    missing: isOpenEnded ? [] : [...new Set(needed)].filter((name) => !found.includes(name)),
  };
}

/** Endpoints in zones whose service is still found by its public name, so that calls leave for that. */
export function publicServiceNames(stack: AzureStack): readonly PublicName[] {
  const { graph, zones } = stack;
  return graph.ofType(endpointType).flatMap((node): readonly PublicName[] => {
    const zone = zones.of(node.urn);
    const { isNamed, missing } = privateNamesOf(stack, node);
    if (zone === undefined || (isNamed && missing.length === 0)) {
      return [];
    }
    return [
      {
        urn: node.urn,
        label: labelOf(node),
        zone,
        platform: platformOf(stack, node),
        isStore: false,
        what: `${labelOf(node)} leads to its service, and nothing lets its clients find it by the service's name${missing.length === 0 ? "" : ` (${missing.join(", ")})`}.`,
        assumption: undefined,
        remedy:
          "Add a PrivateDnsZoneGroup with the private zones of the service, each linked to the network.",
      },
    ];
  });
}
