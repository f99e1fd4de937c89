import { addressRange, type AddressRange } from "../../address-range";
import { flagOf, itemsOf, mayBeTrue, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Network } from "../fact";
import { pathText, referentsAt, valuesAt, type PropertyPath } from "../property-path";

import { withParents } from "./arm-id";
import { labelOf, types, type AzureStack } from "./azure-stack";
import { membersOfGroups } from "./manager-groups";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";

/** Something that joins a network to others, so that packets leave it without a route that anybody writes. */
export interface Join {
  readonly node: Node;
  readonly label: string;
  readonly what: string;
  /** The networks that it joins, or may. */
  readonly networks: readonly Referent[];
  /** The property that names them. */
  readonly key: string;
  /** The addresses to which packets leave; `undefined` where these are learned, or not known. */
  readonly ranges: readonly AddressRange[] | undefined;
  /** Whether it is a gateway's doing, which a route table may refuse. */
  readonly isLearned: boolean;
}

/** How a type of resource joins networks by a gateway, or by Azure's own hub. */
interface GatewayShape {
  readonly networks: readonly PropertyPath[];
  readonly subnets: readonly PropertyPath[];
  readonly what: string;
}

const inSubnet: readonly PropertyPath[] = [["ipConfigurations", "subnet", "id"]];

const gateways: ReadonlyMap<ResourceType, GatewayShape> = new Map<ResourceType, GatewayShape>([
  [
    "azure-native:network:virtualnetworkgateway",
    { networks: [], subnets: inSubnet, what: "a virtual network gateway leads to other networks" },
  ],
  [
    "azure-native:network:hubvirtualnetworkconnection",
    {
      networks: [["remoteVirtualNetwork", "id"]],
      subnets: [],
      what: "it is connected to a virtual hub",
    },
  ],
  [
    "azure-native:network:virtualhubipconfiguration",
    { networks: [], subnets: [["subnet", "id"]], what: "a route server gives it routes" },
  ],
]);

const peering = "azure-native:network:virtualnetworkpeering";
/** By which a network manager joins networks to each other, and gives routes to all in some groups. */
const connectivity = "azure-native:network:connectivityconfiguration";
const routing = "azure-native:network:routingrulecollection";
const databricksPeering = "azure-native:databricks:vnetpeering";

/** Types by which networks are joined, and which are judged by what they join. */
export const joinTypes: readonly ResourceType[] = [
  peering,
  databricksPeering,
  connectivity,
  routing,
  "azure-native:network:routingrule",
  "azure-native:network:networkmanagerroutingconfiguration",
  "azure-native:network:staticmember",
  ...gateways.keys(),
];

function blocks(space: Reading<unknown>): readonly AddressRange[] | undefined {
  const items = itemsOf(memberReading(recordOf(space), "addressPrefixes")).map(textOf);
  const ranges = items.flatMap((text) => (text.kind === "known" ? (addressRange(text.value) ?? []) : []));
  return items.length > 0 && ranges.length === items.length ? ranges : undefined;
}

/** What joins the networks of a stack to each other and to networks that are not in it. */
export class Joins {
  readonly #stack: AzureStack;
  readonly #networks: Networks;
  readonly all: readonly Join[];

  constructor(stack: AzureStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    this.all = [
      ...graph
        .ofType(peering)
        .flatMap((node) =>
          this.#peering(
            node,
            labelOf(node),
            (key) => graph.read(node, key),
            ownersOf(graph, node, "virtualNetworkName", types.network[0]),
            "virtualNetworkName",
            "remoteVirtualNetwork",
          ),
        ),
      ...graph
        .ofType(...types.network)
        .flatMap((node) =>
          itemsOf(graph.read(node, "virtualNetworkPeerings")).flatMap((item, index) =>
            this.#peering(
              node,
              `${labelOf(node)} virtualNetworkPeerings[${String(index)}]`,
              (key) => memberReading(recordOf(item), key),
              [{ kind: "resource", node, assumed: false }],
              "virtualNetworkPeerings",
              "virtualNetworkPeerings",
            ),
          ),
        ),
      ...graph.ofType(databricksPeering).map((node) => ({
        node,
        label: labelOf(node),
        what: "it is peered with a network of Databricks",
        networks: referentsAt(graph, node, ["remoteVirtualNetwork", "id"], types.network),
        key: "remoteVirtualNetwork",
        ranges: blocks(graph.read(node, "databricksAddressSpace")),
        isLearned: false,
      })),
      ...graph.ofType(...gateways.keys()).flatMap((node) => this.#gateway(node)),
      ...graph.ofType(connectivity).map((node) => ({
        node,
        label: labelOf(node),
        what: "a network manager joins it to others",
        networks: [
          ...membersOfGroups(graph, node, ["appliesToGroups", "networkGroupId"]),
          ...referentsAt(graph, node, ["hubs", "resourceId"], types.network),
        ],
        key: "appliesToGroups",
        ranges: undefined,
        isLearned: false,
      })),
      ...graph.ofType(routing).map((node) => ({
        node,
        label: labelOf(node),
        what: "a network manager gives it routes",
        networks: membersOfGroups(graph, node, ["appliesTo", "networkGroupId"]),
        key: "appliesTo",
        ranges: undefined,
        isLearned: false,
      })),
    ];
  }

  /** What joins a network to others, or may. */
  of(network: Network): readonly Join[] {
    return this.all.filter(({ networks }) => this.#networks.mayLeadTo(networks, network));
  }

  #peering(
    node: Node,
    label: string,
    read: (key: string) => Reading<unknown>,
    own: readonly Referent[],
    ownKey: string,
    remoteKey: string,
  ): readonly Join[] {
    const { graph } = this.#stack;
    const id = memberReading(recordOf(read("remoteVirtualNetwork")), "id");
    const remote = graph.referentsOf(
      node,
      remoteKey,
      id.kind === "absent" ? { kind: "unknown" } : id,
      types.network,
    );
    const what = "it is peered with another network";
    const rangesOf = (referents: readonly Referent[]): readonly AddressRange[] | undefined =>
      this.#networks.to(referents).ranges;
    const join = { node, label, what, isLearned: false } as const;
    const learns = mayBeTrue(flagOf(read("useRemoteGateways")));
    const ownJoin = { ...join, networks: own, key: ownKey } as const;
    return [
      { ...ownJoin, ranges: rangesOf(remote) ?? blocks(read("remoteAddressSpace")) },
      ...(learns
        ? [
            {
              ...ownJoin,
              what: "it uses the gateway of a network that it is peered with",
              ranges: undefined,
              isLearned: true,
            },
          ]
        : []),
      // Of a network that is not known the other half, which is its own, says more.
      ...(remote.some(({ kind }) => kind === "undetermined")
        ? []
        : [{ ...join, networks: remote, key: remoteKey, ranges: rangesOf(own) }]),
    ];
  }

  #gateway(node: Node): readonly Join[] {
    const { graph } = this.#stack;
    const shape = gateways.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    const common = {
      node,
      label: labelOf(node),
      what: shape.what,
      ranges: undefined,
      isLearned: true,
    } as const;
    return [
      ...shape.networks.map((path) => ({
        ...common,
        key: pathText(path),
        networks: referentsAt(graph, node, path, types.network),
      })),
      ...shape.subnets.map((path) => ({
        ...common,
        key: pathText(path),
        networks: this.networksOfSubnets(node, path),
      })),
    ];
  }

  /** The networks of the subnets that the ids at a path are of. */
  networksOfSubnets(node: Node, path: PropertyPath): readonly Referent[] {
    const { graph } = this.#stack;
    return valuesAt(graph, node, path).flatMap((value): readonly Referent[] => {
      const text = textOf(value);
      if (text.kind === "known") {
        const [, network = text.value] = withParents(text.value);
        return graph.referentsOf(node, path[0], { kind: "known", value: network }, types.network);
      }
      const origins = graph.origins(node, path[0], [...types.network, ...types.subnet]);
      return origins.flatMap((origin): readonly Referent[] =>
        origin.kind === "resource" && (types.subnet as readonly string[]).includes(origin.node.resourceType)
          ? ownersOf(graph, origin.node, "virtualNetworkName", types.network[0])
          : [origin],
      );
    });
  }

  /** Whether gateways may give a network routes that no resource of the stack writes: it is not in the stack, or has one. */
  mayLearn(network: Network): boolean {
    return (
      !network.isInStack ||
      this.all.some(({ networks, isLearned }) => isLearned && this.#networks.mayLeadTo(networks, network))
    );
  }

  /** The addresses of networks that a network is joined to, as far as they are known, and whether that is all of them. */
  joined(network: Network): { readonly ranges: readonly AddressRange[]; readonly isAll: boolean } {
    const joins = this.of(network);
    return {
      ranges: joins.flatMap(({ ranges }) => ranges ?? []),
      isAll: joins.every(({ ranges }) => ranges !== undefined) && network.isInStack,
    };
  }
}
