import { listOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { NetworkConnection, NetworkInterface } from "../fact";
import { pathText, referentsAt, valuesAt, type PropertyPath } from "../property-path";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { joinTypes, type Joins } from "./joins";
import { managerRuleTypes, openManagerRules } from "./manager-rules";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import type { Subnets, WrittenSubnet } from "./subnets";

/** How a type of resource lets people or copies of packets into a subnet or a network, or out of it. */
interface ConnectionShape {
  /** Properties that hold ids of subnets. */
  readonly subnets?: readonly PropertyPath[];
  /** Properties that hold ids of networks. */
  readonly networks?: readonly PropertyPath[];
  /** Properties that hold ids of what has an address, such as a machine or an interface. */
  readonly targets?: readonly PropertyPath[];
  /** The input that names an interface of which it is a part. */
  readonly interfaceName?: string;
  readonly what: string;
}

const ipSubnet: PropertyPath = ["ipConfigurations", "subnet", "id"];

const shapes: ReadonlyMap<ResourceType, ConnectionShape> = new Map<ResourceType, ConnectionShape>([
  [
    "azure-native:network:virtualnetworkgateway",
    { subnets: [ipSubnet], what: "a virtual network gateway leads from it to other networks" },
  ],
  [
    "azure-native:network:bastionhost",
    {
      subnets: [ipSubnet],
      networks: [["virtualNetwork", "id"]],
      what: "people connect to it from outside, by a bastion",
    },
  ],
  [
    "azure-native:network:virtualnetworktap",
    {
      targets: [
        ["destinationNetworkInterfaceIPConfiguration", "id"],
        ["destinationLoadBalancerFrontEndIPConfiguration", "id"],
      ],
      what: "copies of packets are sent to it",
    },
  ],
  [
    "azure-native:network:networkinterfacetapconfiguration",
    { interfaceName: "networkInterfaceName", what: "copies of its packets are sent elsewhere" },
  ],
  [
    "azure-native:network:packetcapture",
    { targets: [["target"]], what: "its packets are captured, and kept elsewhere" },
  ],
  [
    "azure-native:network:connectionmonitor",
    {
      targets: [
        ["source", "resourceId"],
        ["endpoints", "resourceId"],
      ],
      what: "a monitor opens connections from it",
    },
  ],
]);

/** Types of Azure's that join networks or let somebody into one, and that are judged by what they name. */
export const connectionTypes: readonly ResourceType[] = [...joinTypes, ...shapes.keys(), ...managerRuleTypes];

/**
 * Types that lead somewhere only from a network to which one of {@link connectionTypes} joins them. What is in the PHI
 * zone itself is not understood.
 */
export const joinedTypes: readonly ResourceType[] = [
  "azure-native:network:networkgroup",
  "azure-native:network:networkmanager",
  "azure-native:network:virtualhub",
  "azure-native:network:virtualwan",
  "azure-native:network:hubroutetable",
  "azure-native:network:routingintent",
  "azure-native:network:routemap",
  "azure-native:network:vpngateway",
  "azure-native:network:vpnsite",
  "azure-native:network:vpnconnection",
  "azure-native:network:p2svpngateway",
  "azure-native:network:vpnserverconfiguration",
  "azure-native:network:expressroutegateway",
  "azure-native:network:expressroutecircuit",
  "azure-native:network:expressroutecircuitpeering",
  "azure-native:network:expressrouteconnection",
  "azure-native:network:localnetworkgateway",
  "azure-native:network:virtualnetworkgatewayconnection",
  "azure-native:network:virtualhubbgpconnection",
];

const remedy = "Take it away: nothing but its clients' connections reaches the PHI zone, and it opens none.";

function isEmpty(value: Reading<unknown>): boolean {
  const list = listOf(value);
  return value.kind === "absent" || (list.kind === "known" && list.value.length === 0);
}

/** What a subnet itself says that lets others into it. */
function shownBySubnet({
  read,
}: WrittenSubnet): readonly { readonly what: string; readonly key: string; readonly isKnown: boolean }[] {
  const lists = [
    ["delegations", "it is delegated to a service of Azure's, which puts its own interfaces there"],
    ["applicationGatewayIPConfigurations", "an Application Gateway is in it"],
    ["ipAllocations", "addresses of it are given to others"],
  ] as const;
  const scope = textOf(read("sharingScope"));
  const gateway = read("serviceGateway");
  return [
    ...lists
      .filter(([key]) => !isEmpty(read(key)))
      .map(([key, what]) => ({ key, what, isKnown: read(key).kind === "known" })),
    ...(scope.kind === "absent"
      ? []
      : [
          {
            key: "sharingScope",
            what: "it is shared with others",
            isKnown: scope.kind === "known",
          },
        ]),
    ...(gateway.kind === "absent"
      ? []
      : [
          {
            key: "serviceGateway",
            what: "a service gateway gives what is in it ways out",
            isKnown: gateway.kind === "known",
          },
        ]),
  ];
}

/** The ways in which a network that the PHI zone has to itself, or a subnet of the zone, is joined to others. */
export function networkConnections(
  stack: AzureStack,
  networks: Networks,
  joins: Joins,
  subnets: Subnets,
  interfaces: readonly NetworkInterface[],
): readonly NetworkConnection[] {
  const { graph, zones } = stack;
  const holdsPhi = [...networks.all, ...subnets.all].some(({ zone }) => zone === "phi");
  const connection = (
    node: Node,
    label: string,
    what: string,
    assumption: string | undefined,
  ): NetworkConnection => ({
    urn: node.urn,
    label,
    zone: "phi",
    platform: platformOf(stack, node),
    what,
    assumption,
    remedy,
  });
  const isPhiAlone = (node: Node): boolean => networks.ofNode(node).zone === "phi";

  const ofJoins = joins.all.flatMap(({ node, label, what, networks: ends, key }) => {
    const open = ends.some((to) => to.kind === "resource" && !to.assumed && isPhiAlone(to.node));
    const perhaps = ends.some(
      (to) =>
        (to.kind === "resource" && to.assumed && isPhiAlone(to.node)) ||
        (to.kind === "external" && subnets.mayBePhiAlone(networks.external(to.id))) ||
        (to.kind === "undetermined" && holdsPhi),
    );
    return open
      ? [connection(node, label, what, undefined)]
      : perhaps
        ? [connection(node, label, what, `which network \`${key}\` names is not known, or what is in it`)]
        : [];
  });

  const ofShapes = graph.ofType(...shapes.keys()).flatMap((node): readonly NetworkConnection[] => {
    const shape = shapes.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    const inSubnets = (shape.subnets ?? []).map((path) => ({ path, named: subnets.at(node, path) }));
    const ofNetworks = (shape.networks ?? []).flatMap((path) =>
      referentsAt(graph, node, path, types.network),
    );
    const ids = (shape.targets ?? []).flatMap((path) =>
      valuesAt(graph, node, path).map((value) => ({ path, value })),
    );
    const targets = ids.flatMap(({ path, value }) => {
      const text = textOf(value);
      const wanted = interfaces.flatMap(({ urn }) => graph.node(urn)?.resourceType ?? []);
      // An id of a part begins with the id of the whole.
      const whole =
        text.kind === "known" ? text.value.replace(/\/(?:ip|frontendIP)Configurations\/.*$/i, "") : "";
      return graph.referentsOf(
        node,
        path[0],
        text.kind === "known" ? { kind: "known", value: whole } : text,
        wanted,
      );
    });
    const owners =
      shape.interfaceName === undefined
        ? []
        : ownersOf(graph, node, shape.interfaceName, types.networkInterface[0]);
    const isInPhi =
      inSubnets.some(({ named }) => !named.isAmbiguous && named.subnets.some(({ zone }) => zone === "phi")) ||
      ofNetworks.some((to) => to.kind === "resource" && isPhiAlone(to.node)) ||
      [...targets, ...owners].some((to) => to.kind === "resource" && zones.of(to.node.urn) === "phi");
    const hidden = [
      ...inSubnets.filter(
        ({ named }) =>
          named.others.some((other) => !other.startsWith("/")) ||
          (named.isAmbiguous && named.subnets.some(({ zone }) => zone === "phi")),
      ),
      ...ids.filter(
        ({ value }) =>
          textOf(value).kind === "unknown" && targets.some(({ kind }) => kind === "undetermined"),
      ),
    ][0]?.path;
    return isInPhi
      ? [connection(node, labelOf(node), shape.what, undefined)]
      : hidden !== undefined && holdsPhi
        ? [connection(node, labelOf(node), shape.what, `\`${pathText(hidden)}\` is not known`)]
        : [];
  });

  const ofSubnets = subnets.written
    .filter(({ subnet }) => subnet.zone === "phi")
    .flatMap((written) =>
      shownBySubnet(written).map(({ what, key, isKnown }) => ({
        ...connection(
          written.node,
          written.subnet.label,
          what,
          isKnown ? undefined : `\`${key}\` is not known`,
        ),
        remedy: `Take ${key} away from the subnet: nothing is in it but private endpoints of stores.`,
      })),
    );

  return [...ofJoins, ...ofShapes, ...ofSubnets, ...(holdsPhi ? openManagerRules(stack, subnets) : [])];
}
