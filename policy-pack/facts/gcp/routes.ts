import { everyAddress, rangeText, type AddressRange } from "../../address-range";
import { subtract, type PacketSet } from "../../packet-set";
import { allPackets } from "../../reachability";
import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Blind, Network, NextHop, Route, RouteTable, Subnet } from "../fact";

import { types } from "./compute-types";
import { blockOf } from "./firewall-rules";
import { labelOf, type GcpStack } from "./gcp-stack";
import type { Signature } from "./identities";
import type { Joins } from "./joins";
import type { Networks } from "./networks";
import { elsewhere, hopOf, internet, type Appliances } from "./next-hops";

const routeType = "gcp:compute:route";
const policyRoute = "gcp:networkconnectivity:policybasedroute";

/** Types by which packets are led out of networks. */
export const routeTypes: readonly ResourceType[] = [routeType, policyRoute];

/** A route, as it competes with others for packets. */
interface Candidate extends Omit<Route, "nextHop"> {
  /** `none`: it takes packets, and leads none of them anywhere that counts as a way out. */
  readonly hop: NextHop | "none";
  /** A smaller number comes first, of two routes to the same addresses. */
  readonly priority: number;
  /** Whether it is in force on what is in a subnet, or may be; it is in every, where nothing narrows it. */
  readonly isFor?: (subnet: Subnet) => boolean;
}

/** What a route has that Google gives to every network. */
const byDefault = 1000;

function size(range: AddressRange): bigint {
  return BigInt(range.to) - BigInt(range.from);
}

function rangesOf(packets: PacketSet): readonly AddressRange[] {
  return packets.map(({ family, addressFrom, addressTo }) => ({ family, from: addressFrom, to: addressTo }));
}

function routeBy(candidate: Candidate, destination: Route["destination"]): readonly Route[] {
  const { urn, label, hop, assumption, isCertain, remedy } = candidate;
  return hop === "none"
    ? []
    : [
        {
          urn,
          label,
          destination,
          nextHop: hop,
          assumption,
          isCertain,
          ...(remedy === undefined ? {} : { remedy }),
        },
      ];
}

/**
 * The routes that packets take out of a network, as Google Cloud chooses among them: the longest prefix, and of two with
 * the same one that with the smaller priority (VPC documentation, "Routing order"). Both are in force where these are equal.
 */
function effective(candidates: readonly Candidate[]): readonly Route[] {
  const anywhere = candidates.filter(({ destination }) => destination === "anything");
  const ranged = candidates
    .flatMap((candidate) =>
      candidate.destination === "anything" ? [] : [{ ...candidate, destination: candidate.destination }],
    )
    .sort((a, b) => {
      const [first, second] = [size(a.destination), size(b.destination)];
      return first === second ? a.priority - b.priority : first < second ? -1 : 1;
    });
  const routes: Route[] = anywhere.flatMap((candidate) => routeBy(candidate, "anything"));
  let taken: PacketSet = [];
  ranged.forEach((candidate, index) => {
    const previous = ranged[index - 1];
    const isEqual =
      previous !== undefined &&
      previous.priority === candidate.priority &&
      rangeText(previous.destination) === rangeText(candidate.destination);
    const own = allPackets([candidate.destination]);
    const rest = isEqual ? own : subtract(own, taken);
    routes.push(...rangesOf(rest).flatMap((range) => routeBy(candidate, range)));
    if (candidate.isCertain) {
      taken = [...taken, ...own];
    }
  });
  return routes;
}

/** The routes of networks: those that Google gives them, those that the customer makes, and those that joins bring. */
export class Routes {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #joins: Joins;
  readonly #appliances: Appliances;
  readonly #tables = new Map<Network, RouteTable>();
  readonly #ofSubnets = new Map<string, Subnet["routeTables"]>();
  /** The routes that the customer makes, with the networks of which each may be. */
  readonly #made: readonly { readonly node: Node; readonly networks: readonly Network[] }[];
  /** The first subnet of a network that Google gives, or may give, a way to the Internet over IPv6. */
  readonly #outByIpv6: ReadonlyMap<Network, Node>;
  readonly #blind: Blind[] = [];
  /** Tells who is in a subnet, as far as routes for tags go: nobody, until all that is in it is read. */
  wearersIn: (subnet: Subnet) => readonly Signature[] = () => [];

  /** @param appliances tells what stands where a route sends packets on. */
  constructor(stack: GcpStack, networks: Networks, joins: Joins, appliances: Appliances) {
    this.#stack = stack;
    this.#networks = networks;
    this.#joins = joins;
    this.#appliances = appliances;
    const { graph, zones } = stack;
    this.#made = graph
      .ofType(...routeTypes)
      .map((node) => ({ node, networks: networks.candidates(networks.referents(node)) }));
    this.#outByIpv6 = new Map(
      graph
        .ofType(...types.subnet)
        .filter((subnet) => {
          const access = textOf(graph.read(subnet, "ipv6AccessType"));
          return (
            access.kind === "unknown" ||
            (access.kind === "known" && access.value.toUpperCase() !== "INTERNAL")
          );
        })
        .map((subnet) => [networks.of(subnet), subnet] as const)
        // Of several, the first stays.
        .reverse(),
    );
    for (const { node, networks: candidates } of this.#made) {
      if (candidates.length !== 1 || candidates[0]?.isDetermined !== true) {
        this.#blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: zones.of(node.urn),
          what: "Of which network it is cannot be known: `network` is unknown, and derives from no network of the stack.",
          remedy: "Set network to a network of this stack, without computing it.",
        });
      }
      for (const network of candidates) {
        const isPhi = zones.of(node.urn) === "phi";
        zones.inherit(network.urn, isPhi ? "phi" : undefined, `its route ${node.name}`);
      }
    }
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** The tables of networks in which no subnet is: nothing is in force there, but it may be. */
  ofNetworksWithout(subnets: readonly Subnet[]): readonly RouteTable[] {
    const held = new Set(subnets.map(({ network }) => network));
    return [...this.#networks.all, ...this.#networks.others]
      .filter((network) => !held.has(network))
      .map((network) => this.of(network));
  }

  /** All routes of a network. */
  of(network: Network): RouteTable {
    const known = this.#tables.get(network);
    if (known !== undefined) {
      return known;
    }
    const table = this.#table(network, `the routing of ${network.label}`, () => network.zone, undefined);
    this.#tables.set(network, table);
    return table;
  }

  /** The routes in force on what is in a subnet: those of its network, but for what is for others. */
  ofSubnet(subnet: Subnet): Subnet["routeTables"] {
    const known = this.#ofSubnets.get(subnet.key);
    if (known !== undefined) {
      return known;
    }
    const { network } = subnet;
    const tables = this.#candidates(network).every(({ isFor }) => isFor === undefined)
      ? [this.of(network)]
      : [
          this.#table(
            network,
            `the routing of ${network.label} on ${subnet.label}`,
            () => subnet.zone,
            subnet,
          ),
        ];
    this.#ofSubnets.set(subnet.key, tables);
    return tables;
  }

  #table(
    network: Network,
    label: string,
    zone: () => RouteTable["zone"],
    subnet: Subnet | undefined,
  ): RouteTable {
    let read: readonly Route[] | undefined;
    const routesOf = (): readonly Route[] => {
      read ??= effective(
        this.#candidates(network).filter(
          ({ isFor }) => subnet === undefined || isFor === undefined || isFor(subnet),
        ),
      );
      return read;
    };
    return {
      urn: network.isInStack ? network.urn : this.#stack.graph.root,
      label,
      get zone() {
        return zone();
      },
      platform: network.platform,
      network,
      // Who is in a subnet, and the addresses of other networks, are known only once all is read.
      get routes() {
        return routesOf();
      },
    };
  }

  #candidates(network: Network): readonly Candidate[] {
    return [
      ...this.#defaults(network),
      ...this.#made.flatMap(({ node, networks }) => this.#written(node, networks, network)),
      ...this.#joined(network),
    ];
  }

  /** The ways to the Internet that Google gives a network. */
  #defaults(network: Network): readonly Candidate[] {
    const { graph } = this.#stack;
    const node = this.#networks.nodeOf(network);
    if (node === undefined) {
      return [];
    }
    const deleted = flagOf(graph.read(node, "deleteDefaultRoutesOnCreate"));
    const isDeleted = deleted.kind === "known" && deleted.value;
    const external = this.#outByIpv6.get(network);
    const common = { urn: node.urn, priority: byDefault, isCertain: true, hop: internet(node.urn) } as const;
    return [
      ...(isDeleted
        ? []
        : [
            {
              ...common,
              label: `${network.label}: 0.0.0.0/0 by the default route that Google gives it`,
              destination: everyAddress.ipv4,
              assumption:
                deleted.kind === "unknown" ? "`deleteDefaultRoutesOnCreate` is not known" : undefined,
              remedy: "Set deleteDefaultRoutesOnCreate to true before the network is created.",
            },
          ]),
      ...(external === undefined ? [] : [external]).map((subnet) => ({
        ...common,
        urn: subnet.urn,
        label: `${labelOf(subnet)}: ::/0 by the default route that Google gives networks with external IPv6`,
        destination: everyAddress.ipv6,
        assumption:
          graph.read(subnet, "ipv6AccessType").kind === "unknown"
            ? "`ipv6AccessType` is not known"
            : undefined,
        remedy: "Take ipv6AccessType away, and set stackType to IPV4_ONLY.",
        // What has no address of the family sends no packet of it.
        isFor: ({ ranges }: Subnet): boolean => ranges.some(({ family }) => family === "ipv6"),
      })),
    ];
  }

  /** A route of the customer's, if it is of a network, or may be. */
  #written(node: Node, candidates: readonly Network[], network: Network): readonly Candidate[] {
    const { graph } = this.#stack;
    const isCertain = candidates.length === 1 && candidates[0] === network;
    if (!isCertain && !candidates.some((one) => one === network || !one.isDetermined)) {
      return [];
    }
    const isByPolicy = node.resourceType === policyRoute;
    const filter = recordOf(graph.read(node, "filter"));
    const said = isByPolicy ? memberReading(filter, "destRange") : graph.read(node, "destRange");
    const text = textOf(said);
    const range = text.kind === "known" ? blockOf(text.value) : undefined;
    const everything = isByPolicy && said.kind === "absent";
    const hop = hopOf(graph, node, range, this.#appliances);
    if (hop === "other routes") {
      return [];
    }
    const priority = integerOf(graph.read(node, "priority"));
    const isFor = this.#narrowed(node);
    const to = range === undefined ? "any destination" : rangeText(range);
    const by =
      hop === "restricted APIs"
        ? "the restricted addresses of Google's APIs"
        : [hop.kind, hop.name].filter((part) => part !== undefined).join(" ");
    return [
      {
        urn: node.urn,
        label: `${labelOf(node)}: ${to} by ${by}`,
        destination: range ?? "anything",
        hop: hop === "restricted APIs" ? "none" : hop,
        priority:
          priority.kind === "known"
            ? priority.value
            : priority.kind === "absent"
              ? byDefault
              : Number.POSITIVE_INFINITY,
        assumption: isCertain
          ? range === undefined && !everything
            ? "which addresses its destination stands for is not known, so it is taken to be any"
            : undefined
          : "of which network it is is not known",
        // What has none of its tags takes other routes, and so does what a policy does not match.
        isCertain: isCertain && isFor === undefined && !isByPolicy && priority.kind !== "unknown",
        ...(isFor === undefined ? {} : { isFor }),
      },
    ];
  }

  /** For what is in which subnets a route is, where it is for some: for machines with a tag, or for what sends from some addresses. */
  #narrowed(node: Node): Candidate["isFor"] {
    const { graph } = this.#stack;
    const byTag = [
      graph.read(node, "tags"),
      memberReading(recordOf(graph.read(node, "virtualMachine")), "tags"),
    ].filter(({ kind }) => kind !== "absent");
    const tags = byTag.flatMap(itemsOf).map(textOf);
    const source = textOf(memberReading(recordOf(graph.read(node, "filter")), "srcRange"));
    const from = source.kind === "known" ? blockOf(source.value) : undefined;
    if (tags.length === 0 && from === undefined) {
      return undefined;
    }
    const wears = ({ identities, perhaps, isWhole }: Signature): boolean =>
      !isWhole ||
      tags.some(
        (tag) =>
          tag.kind !== "known" || [...identities, ...perhaps].some(({ key }) => key === `tag ${tag.value}`),
      );
    return (subnet) =>
      (from === undefined ||
        subnet.ranges.some(
          (range) => range.family === from.family && range.from < from.to && from.from < range.to,
        )) &&
      // Of a network of PHI anything may get the tag, and of a platform's what runs its workloads, which the stack does not
      // show; of one of several zones, what has it is what is in force.
      (tags.length === 0 ||
        subnet.network.zone === "phi" ||
        subnet.platform !== undefined ||
        tags.some(({ kind }) => kind !== "known") ||
        this.wearersIn(subnet).some(wears));
  }

  /** The routes that peerings and gateways bring. */
  #joined(network: Network): readonly Candidate[] {
    return this.#joins
      .of(network)
      .filter(({ isInternal }) => !isInternal)
      .flatMap((join): readonly Candidate[] =>
        (join.ranges ?? (["anything"] as const)).map((destination) => ({
          urn: join.node.urn,
          label: `${join.label}: ${destination === "anything" ? "any destination" : rangeText(destination)} by ${join.kind}`,
          destination,
          hop: elsewhere(join.kind, join.label, join.node.urn),
          priority: 0,
          isCertain: false,
          assumption:
            destination === "anything"
              ? `which addresses ${join.label} leads to is not known, so they are taken to be any`
              : undefined,
          remedy:
            join.kind === "a gateway"
              ? "Take the gateway away."
              : "Take the peering away, or put what is of other zones into a network of its own.",
        })),
      );
  }
}
