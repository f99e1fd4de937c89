import { addressRange, type AddressRange } from "../../address-range";
import {
  flagOf,
  integerOf,
  itemsOf,
  mayBeTrue,
  memberReading,
  recordOf,
  textOf,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Network } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";

import { types } from "./compute-types";
import { labelOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersIn } from "./owners";

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
  /** What a route by it is said to lead to. */
  readonly kind: "a peering" | "a gateway";
  /** Whether it joins networks of one platform that hold no PHI, and gives neither a route of the other's. */
  readonly isInternal: boolean;
}

const peering = "gcp:compute:networkpeering";
const peeringRoutes = "gcp:compute:networkpeeringroutesconfig";
const serviceConnection = "gcp:servicenetworking:connection";
const serviceControls = "gcp:servicenetworking:vpcservicecontrols";
const spoke = "gcp:networkconnectivity:spoke";
const tunnel = "gcp:compute:vpntunnel";
const attachment = "gcp:compute:interconnectattachment";
const vpnGateways: readonly ResourceType[] = ["gcp:compute:havpngateway", "gcp:compute:vpngateway"];

/** How a type of resource joins a network by what it names. */
interface JoinShape {
  /** Properties that name networks. */
  readonly networks?: readonly PropertyPath[];
  /** Properties that name routers, gateways, tunnels and machines, which are in a network. */
  readonly parts?: readonly PropertyPath[];
  readonly what: string;
}

const shapes: ReadonlyMap<ResourceType, JoinShape> = new Map<ResourceType, JoinShape>([
  ["gcp:compute:havpngateway", { networks: [["network"]], what: "a VPN gateway leads to other networks" }],
  ["gcp:compute:vpngateway", { networks: [["network"]], what: "a VPN gateway leads to other networks" }],
  [
    tunnel,
    {
      parts: [["vpnGateway"], ["targetVpnGateway"], ["router"]],
      what: "a VPN tunnel leads to another network",
    },
  ],
  [attachment, { parts: [["router"]], what: "an interconnect leads to another network" }],
  ["gcp:compute:routerpeer", { parts: [["router"]], what: "its router learns routes from another" }],
  ["gcp:compute:routerinterface", { parts: [["router"]], what: "its router has an interface to another" }],
  [
    spoke,
    {
      networks: [
        ["linkedVpcNetwork", "uri"],
        ["linkedProducerVpcNetwork", "network"],
      ],
      parts: [
        ["linkedVpnTunnels", "uris"],
        ["linkedInterconnectAttachments", "uris"],
        ["linkedRouterApplianceInstances", "instances", "virtualMachine"],
      ],
      what: "it is a spoke of a hub, which leads to its other spokes",
    },
  ],
  [
    "gcp:vmwareengine:networkpeering",
    { networks: [["peerNetwork"]], what: "it is peered with a network of VMware Engine" },
  ],
]);

/** What is in a network, and says so by `network`, by a router, or by its interfaces. */
const partTypes: readonly ResourceType[] = [
  ...types.router,
  ...vpnGateways,
  tunnel,
  attachment,
  ...types.instance,
];

/** Types by which networks are joined, and which are judged by what they join. */
export const joinTypes: readonly ResourceType[] = [
  peering,
  peeringRoutes,
  serviceConnection,
  serviceControls,
  ...shapes.keys(),
];

/** Where Google finds addresses for a producer's network by itself (Service Networking documentation, "Allocated ranges"). */
const privateBlocks: readonly AddressRange[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap(
  (text) => addressRange(text) ?? [],
);

/** What joins the networks of a stack to each other and to networks that are not in it. */
export class Joins {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly all: readonly Join[];

  constructor(stack: GcpStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    this.all = [
      ...graph.ofType(peering).flatMap((node) => this.#peering(node)),
      ...graph.ofType(serviceConnection).flatMap((node) => this.#serviceConnection(node)),
      ...graph.ofType(...shapes.keys()).flatMap((node) => this.#shaped(node)),
    ];
  }

  /** What joins a network to others, or may. */
  of(network: Network): readonly Join[] {
    return this.all.filter(({ networks }) =>
      this.#networks.candidates(networks).some((one) => one === network || !one.isDetermined),
    );
  }

  #peering(node: Node): readonly Join[] {
    const { graph } = this.#stack;
    const own = this.#networks.referents(node, "network");
    const remote = this.#networks.referents(node, "peerNetwork");
    const [here, there] = [this.#networks.to(own), this.#networks.to(remote)];
    const called = textOf(graph.read(node, "name"));
    const configs = graph.ofType(peeringRoutes).filter((config) => {
      const meant = textOf(graph.read(config, "peering"));
      return (
        // By its own name, as most write it; one of another network is told of there as well.
        (called.kind === "known" && meant.kind === "known" && meant.value === called.value) ||
        ownersIn(graph, config, "peering", graph.read(config, "peering"), [peering]).some(
          (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === node),
        )
      );
    });
    const says = (key: string): boolean =>
      [node, ...configs].some((one) => mayBeTrue(flagOf(graph.read(one, key))));
    const learns = says("importCustomRoutes") || says("importSubnetRoutesWithPublicIp");
    const gives = says("exportCustomRoutes") || says("exportSubnetRoutesWithPublicIp");
    const isOfOnePlatform = here.platform !== undefined && here.platform === there.platform;
    const join = {
      node,
      label: labelOf(node),
      kind: "a peering",
      what: "it is peered with another network",
      isInternal:
        isOfOnePlatform &&
        [here, there].every(({ isInStack, zone }) => isInStack && zone !== undefined && zone !== "phi") &&
        !learns &&
        !gives,
    } as const;
    return [
      { ...join, networks: own, key: "network", ranges: learns ? undefined : there.ranges },
      // Of a network that is not known the other half, which is its own, says more.
      ...(remote.some(({ kind }) => kind === "undetermined")
        ? []
        : [{ ...join, networks: remote, key: "peerNetwork", ranges: gives ? undefined : here.ranges }]),
    ];
  }

  /** A producer's network keeps its own way to the Internet, unless it is told that it is within service perimeters. */
  #serviceConnection(node: Node): readonly Join[] {
    const { graph } = this.#stack;
    const networks = this.#networks.referents(node, "network");
    const [network, ...others] = this.#networks.candidates(networks);
    const service = textOf(graph.read(node, "service"));
    const isHeld = graph.ofType(serviceControls).some((controls) => {
      const enabled = flagOf(graph.read(controls, "enabled"));
      const [only, ...rest] = this.#networks.candidates(this.#networks.referents(controls, "network"));
      const held = textOf(graph.read(controls, "service"));
      return (
        enabled.kind === "known" &&
        enabled.value &&
        only !== undefined &&
        rest.length === 0 &&
        only.isDetermined &&
        only === network &&
        (held.kind === "known" && service.kind === "known" ? held.value === service.value : false)
      );
    });
    if (isHeld && others.length === 0) {
      return [];
    }
    return [
      {
        node,
        label: labelOf(node),
        kind: "a peering",
        what: "it is peered with a network of Google's services, which keeps its own way to the Internet (servicenetworking/vpcServiceControls)",
        networks,
        key: "network",
        ranges: this.#reserved(node),
        isInternal: false,
      },
    ];
  }

  /** The addresses that are reserved for a producer's network. */
  #reserved(node: Node): readonly AddressRange[] {
    const { graph } = this.#stack;
    const names = itemsOf(graph.read(node, "reservedPeeringRanges"));
    const ranges = names.flatMap((name) =>
      ownersIn(graph, node, "reservedPeeringRanges", name, ["gcp:compute:globaladdress"]).map((to) => {
        if (to.kind !== "resource") {
          return undefined;
        }
        const address = textOf(graph.read(to.node, "address"));
        const length = integerOf(graph.read(to.node, "prefixLength"));
        return address.kind === "known" && length.kind === "known"
          ? addressRange(`${address.value}/${String(length.value)}`)
          : undefined;
      }),
    );
    const known = ranges.filter((range) => range !== undefined);
    return known.length === ranges.length && known.length > 0 ? known : privateBlocks;
  }

  #shaped(node: Node): readonly Join[] {
    const { graph } = this.#stack;
    const shape = shapes.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    const common = {
      node,
      label: labelOf(node),
      kind: "a gateway",
      what: shape.what,
      ranges: undefined,
      isInternal: false,
    } as const;
    const named = (
      path: PropertyPath,
      find: (value: Reading<unknown>) => readonly Referent[],
    ): readonly Join[] => {
      const networks = valuesAt(graph, node, path).flatMap(find);
      return networks.length === 0 ? [] : [{ ...common, key: pathText(path), networks }];
    };
    return [
      ...(shape.networks ?? []).flatMap((path) =>
        named(path, (value) => this.#networks.referentsIn(node, path[0], value)),
      ),
      ...(shape.parts ?? []).flatMap((path) =>
        named(path, (value) => this.#networksOfPart(node, path[0], value, 0)),
      ),
    ];
  }

  /** The networks in which something is that a value names. */
  #networksOfPart(node: Node, key: string, value: Reading<unknown>, depth: number): readonly Referent[] {
    const { graph } = this.#stack;
    return ownersIn(graph, node, key, value, partTypes).flatMap((to): readonly Referent[] => {
      if (to.kind === "undetermined") {
        return [to];
      }
      // What is in which network, of what the stack only names, the stack does not show.
      if (to.kind === "external" || depth > 3) {
        return [{ kind: "undetermined" }];
      }
      return this.networksOfNode(to.node, depth);
    });
  }

  /** The networks that a router, a gateway, a tunnel or a machine is in. */
  networksOfNode(part: Node, depth = 0): readonly Referent[] {
    const { graph } = this.#stack;
    if (graph.read(part, "network").kind !== "absent") {
      return this.#networks.referents(part, "network");
    }
    const interfaces = itemsOf(graph.read(part, "networkInterfaces")).flatMap((item) => {
      const record = recordOf(item);
      const network = memberReading(record, "network");
      return network.kind === "absent"
        ? ownersIn(
            graph,
            part,
            "networkInterfaces",
            memberReading(record, "subnetwork"),
            types.subnet,
          ).flatMap((to): readonly Referent[] =>
            to.kind === "resource" ? this.#networks.referents(to.node) : [{ kind: "undetermined" }],
          )
        : this.#networks.referentsIn(part, "networkInterfaces", network);
    });
    const parts = ["vpnGateway", "targetVpnGateway", "router"].flatMap((key) => {
      const value = graph.read(part, key);
      return value.kind === "absent" ? [] : this.#networksOfPart(part, key, value, depth + 1);
    });
    return [...interfaces, ...parts];
  }
}
