import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { valuesAt, type PropertyPath } from "../property-path";

import { subscriptionOf } from "./arm-id";
import { labelOf, type AzureStack } from "./azure-stack";
import type { SubnetZones } from "./subnet-zones";
import { namedReferents, referentsAt, referentsOf } from "./referents";

export const linkServiceType = "azure-native:network:privatelinkservice";
export const endpointType = "azure-native:network:privateendpoint";
/** What a private endpoint of Azure Monitor leads to, with members behind it. */
export const monitorScopeType = "azure-native:monitor:privatelinkscope";
const scopedType = "azure-native:monitor:privatelinkscopedresource";

/** What a private endpoint leads to, by one of its connections. */
export interface PrivateLink {
  readonly endpoint: Node;
  /** Whether its owner has to agree, who may be anybody. */
  readonly isManual: boolean;
  /** What the id refers to. */
  readonly referents: readonly Referent[];
  /** The sub-resources of the service, in lower case, such as `blob`; `undefined` where they are not known. */
  readonly groups: readonly string[] | undefined;
}

function within(value: Reading<unknown>, key: string): Reading<unknown> {
  return memberReading(recordOf(value), key);
}

function groupsOf(connection: Reading<unknown>): readonly string[] | undefined {
  const groups = itemsOf(within(connection, "groupIds")).map(textOf);
  const known = groups.flatMap((group) => (group.kind === "known" ? [group.value.toLowerCase()] : []));
  return known.length === groups.length ? known : undefined;
}

/** What a private endpoint leads to. */
export function linksOf(graph: StackGraph, endpoint: Node): readonly PrivateLink[] {
  return (
    [
      ["privateLinkServiceConnections", false],
      ["manualPrivateLinkServiceConnections", true],
    ] as const
  ).flatMap(([key, isManual]) =>
    itemsOf(graph.read(endpoint, key)).map((connection) => ({
      endpoint,
      isManual,
      referents: referentsOf(graph, endpoint, key, within(connection, "privateLinkServiceId")),
      groups: groupsOf(connection),
    })),
  );
}

/** All that the private endpoints of a stack lead to. */
export function privateLinks({ graph }: AzureStack): readonly PrivateLink[] {
  return graph.ofType(endpointType).flatMap((endpoint) => linksOf(graph, endpoint));
}

/** The service that a link certainly leads to, where it is of the stack. */
export function serviceOf({ referents }: PrivateLink): Node | undefined {
  const [only, ...others] = referents;
  return only?.kind === "resource" && !only.assumed && others.length === 0 ? only.node : undefined;
}

const subscriptions = new WeakMap<StackGraph, ReadonlySet<string>>();

/** The subscriptions in which the stack has resources. */
export function ownSubscriptions(graph: StackGraph): ReadonlySet<string> {
  const known =
    subscriptions.get(graph) ??
    new Set(
      graph.nodes.flatMap((node) =>
        node.resourceType.startsWith("azure-native:") ? (graph.subscriptionOf(node) ?? []) : [],
      ),
    );
  subscriptions.set(graph, known);
  return known;
}

/** Whether an id is of a subscription in which the stack has resources. */
export function isOwnId(own: ReadonlySet<string>, id: string): boolean {
  const subscription = subscriptionOf(id);
  return subscription !== undefined && own.has(subscription);
}

/** Where resources hold the ids of the subnets that private links are in. */
const placed: readonly (readonly [ResourceType, PropertyPath])[] = [
  [endpointType, ["subnet", "id"]],
  [linkServiceType, ["ipConfigurations", "subnet", "id"]],
];

/**
 * Gives private endpoints, and what others may join, the zones of their subnets, and services the zone of the private
 * endpoints that lead to them: what is reached in the PHI zone holds PHI. A scope of Azure Monitor leads on to its members.
 */
export function inheritEndpointZones(stack: AzureStack, subnets: SubnetZones): void {
  const { graph, zones } = stack;
  for (const [type, path] of placed) {
    for (const node of graph.ofType(type)) {
      for (const id of valuesAt(graph, node, path)) {
        const { zones: around, isKnown } = subnets.zonesAt(node, path[0], id);
        for (const zone of isKnown ? around : []) {
          zones.inherit(node.urn, zone, "its subnet");
        }
      }
    }
  }
  for (const link of privateLinks(stack)) {
    const service = serviceOf(link);
    if (service !== undefined) {
      zones.inherit(
        service.urn,
        zones.of(link.endpoint.urn),
        `its private endpoint ${labelOf(link.endpoint)}`,
      );
    }
  }
  for (const member of graph.ofType(scopedType)) {
    const scopes = namedReferents(graph, member, "scopeName", graph.read(member, "scopeName"), [
      monitorScopeType,
    ]);
    const linked = referentsAt(graph, member, ["linkedResourceId"]);
    for (const scope of scopes) {
      for (const to of linked) {
        if (scope.kind === "resource" && to.kind === "resource" && !to.assumed) {
          zones.inherit(to.node.urn, zones.of(scope.node.urn), `its scope ${labelOf(scope.node)}`);
        }
      }
    }
  }
}
