import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { Network, Subnet } from "../fact";

import { types } from "./compute-types";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersIn, regionOf } from "./owners";

/** The addresses of the subnets that Google makes in each region of a network (VPC documentation, "Auto mode VPC networks"). */
const automaticRange = addressRange("10.128.0.0/9");

/** What the model calls the subnets of each kind of peer. */
const purposes: Readonly<Record<string, string>> = {
  "load-balancer": "load-balancer",
  workload: "workload",
  "data-store": "private-endpoint",
  "platform-service": "private-endpoint",
};

/** A subnet, with what else is read of it. */
export interface WrittenSubnet {
  readonly subnet: Subnet;
  /** The subnetwork, or the network that has it without a resource of its own. */
  readonly node: Node;
  /** The peer of the model whose subnet it is. */
  readonly peer: string | undefined;
  /** `undefined` where it is not known, or where it is in several. */
  readonly region: string | undefined;
  readonly isAutomatic: boolean;
}

/** The families of addresses that a subnet has. */
function familiesOf(stackType: Reading<string>): { readonly ipv4: boolean; readonly ipv6: boolean } {
  switch (stackType.kind === "known" ? stackType.value.toUpperCase() : stackType.kind) {
    case "absent":
    case "IPV4_ONLY":
      return { ipv4: true, ipv6: false };
    case "IPV6_ONLY":
      return { ipv4: false, ipv6: true };
    default:
      return { ipv4: true, ipv6: true };
  }
}

/** Blocks of addresses, each of one family, as far as they are known. */
function blocks(
  values: readonly { readonly value: Reading<unknown>; readonly family: AddressRange["family"] }[],
): { readonly ranges: readonly AddressRange[]; readonly knownRanges: readonly AddressRange[] } {
  const read = values.map(({ value, family }) => {
    const text = textOf(value);
    return { family, range: text.kind === "known" ? addressRange(text.value) : undefined };
  });
  return {
    ranges: read.map(({ family, range }) => range ?? everyAddress[family]),
    knownRanges: read.flatMap(({ range }) => range ?? []),
  };
}

/** The subnets of a stack: those that it makes, and those that networks make by themselves. */
export class Subnets {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #byUrn = new Map<string, WrittenSubnet>();
  readonly #automatic = new Map<Network, WrittenSubnet>();
  readonly #byNetwork = new Map<Network, WrittenSubnet[]>();
  readonly #bySubnet = new Map<Subnet, WrittenSubnet>();

  /** @param tablesOf the route tables in force on a subnet. */
  constructor(stack: GcpStack, networks: Networks, tablesOf: (subnet: Subnet) => Subnet["routeTables"]) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    for (const node of graph.ofType(...types.subnet)) {
      this.#add(node, tablesOf);
    }
    for (const network of networks.all) {
      const node = networks.nodeOf(network);
      const makes = networks.makesSubnets(network);
      if (node !== undefined && makes.kind === "known" ? makes.value : makes.kind === "unknown") {
        this.#addAutomatic(network, node as Node, tablesOf);
      }
    }
    for (const written of this.written) {
      const { subnet } = written;
      this.#byNetwork.set(subnet.network, [...(this.#byNetwork.get(subnet.network) ?? []), written]);
      this.#bySubnet.set(subnet, written);
    }
  }

  get written(): readonly WrittenSubnet[] {
    return [...this.#byUrn.values(), ...this.#automatic.values()];
  }

  get all(): readonly Subnet[] {
    return this.written.map(({ subnet }) => subnet);
  }

  /** The subnets of a network. */
  in(network: Network): readonly WrittenSubnet[] {
    return this.#byNetwork.get(network) ?? [];
  }

  ofNode(node: Node): WrittenSubnet | undefined {
    return this.#byUrn.get(node.urn);
  }

  writtenOf(subnet: Subnet): WrittenSubnet | undefined {
    return this.#bySubnet.get(subnet);
  }

  /** What a value, held by a property of a resource, names of subnets. */
  referentsIn(node: Node, key: string, value: Reading<unknown>, project?: string): readonly Referent[] {
    return ownersIn(this.#stack.graph, node, key, value, types.subnet, project);
  }

  /** The subnets to which referents lead, or may. */
  to(referents: readonly Referent[]): readonly Subnet[] {
    return referents.flatMap((to) =>
      to.kind === "resource" ? (this.#byUrn.get(to.node.urn)?.subnet ?? []) : [],
    );
  }

  /** The subnets in which something is that names its network alone: those that the network makes, or else any of a region. */
  of(network: Network, region: string | undefined): readonly Subnet[] {
    const automatic = this.#automatic.get(network);
    const own = this.in(network).filter(
      (one) =>
        !one.isAutomatic && (region === undefined || one.region === undefined || one.region === region),
    );
    return [...(automatic === undefined ? [] : [automatic]), ...own].map(({ subnet }) => subnet);
  }

  #add(node: Node, tablesOf: (subnet: Subnet) => Subnet["routeTables"]): void {
    const { graph, zones } = this.#stack;
    const network = this.#networks.of(node);
    const has = familiesOf(textOf(graph.read(node, "stackType")));
    const secondary = itemsOf(graph.read(node, "secondaryIpRanges")).map((item) =>
      memberReading(recordOf(item), "ipCidrRange"),
    );
    const primary = graph.read(node, "ipCidrRange");
    const prefixes = ["internalIpv6Prefix", "externalIpv6Prefix"].map((key) => graph.read(node, key));
    const given = prefixes.filter(({ kind }) => kind !== "absent");
    const said = blocks([
      ...(has.ipv4 ? [primary, ...secondary] : []).map((value) => ({ value, family: "ipv4" as const })),
      ...(has.ipv6 ? (given.length > 0 ? given : [{ kind: "unknown" as const }]) : []).map((value) => ({
        value,
        family: "ipv6" as const,
      })),
    ]);
    const peer = peerOf(graph, node);
    const subnet: Subnet = {
      urn: node.urn,
      key: node.urn,
      label: labelOf(node),
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      network,
      purpose: purposes[peer?.split("/")[0] ?? ""],
      ...said,
      filters: [],
      filteredBy: undefined,
      get routeTables() {
        return tablesOf(subnet);
      },
      unknownRoutes: network.isInStack ? undefined : "the routes of its network are not in the stack",
    };
    zones.inherit(node.urn, network.zone, network.label);
    this.#networks.addRanges(network, said.knownRanges);
    this.#byUrn.set(node.urn, {
      subnet,
      node,
      peer,
      region: regionOf(graph, node),
      isAutomatic: false,
    });
  }

  #addAutomatic(network: Network, node: Node, tablesOf: (subnet: Subnet) => Subnet["routeTables"]): void {
    const subnet: Subnet = {
      urn: node.urn,
      key: `${node.urn} automatic`,
      label: `subnets that ${network.label} makes in each region`,
      get zone() {
        return network.zone;
      },
      platform: network.platform,
      network,
      purpose: undefined,
      ranges: automaticRange === undefined ? [] : [automaticRange],
      // Which of these addresses each region has is Google's to say.
      knownRanges: [],
      filters: [],
      filteredBy: undefined,
      get routeTables() {
        return tablesOf(subnet);
      },
      unknownRoutes: undefined,
    };
    this.#automatic.set(network, { subnet, node, peer: undefined, region: undefined, isAutomatic: true });
  }
}
