import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { absent, flagOf, mayBeTrue, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { purposeOf } from "../../zone-claims";
import {
  mayBeSame,
  type Filter,
  type Network,
  type PublicAddress,
  type RouteTable,
  type Subnet,
} from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { NetworkAcls } from "./network-acls";
import type { Networks } from "./networks";
import type { RouteTables } from "./route-tables";

/** Something that is in force on subnets, with those that it names; `undefined` where it cannot be known which. */
interface Association<T> {
  readonly subnets: ReadonlySet<string> | undefined;
  /** Whether it is in force on these for certain, and not on one of several that its id may be of. */
  readonly isCertain: boolean;
  readonly what: readonly T[];
  /** Whether `what` is all that it may be. */
  readonly isComplete: boolean;
}

/** The associations of a subnet, and those that may be of it or of another. */
function inForceOn<T>(
  { urn }: Node,
  associations: readonly Association<T>[],
): { readonly own: readonly Association<T>[]; readonly perhaps: readonly Association<T>[] } {
  return {
    own: associations.filter(({ subnets, isCertain }) => isCertain && subnets?.has(urn) === true),
    perhaps: associations.filter(
      ({ subnets, isCertain }) => subnets === undefined || (!isCertain && subnets.has(urn)),
    ),
  };
}

/** Where a subnet's addresses may be, and where they are known to be. One without an IPv4 block may get one from a pool. */
function addresses(ipv4: Reading<string>, ipv6: Reading<string>): Pick<Subnet, "ranges" | "knownRanges"> {
  const range = (block: Reading<string>): AddressRange | undefined =>
    block.kind === "known" ? addressRange(block.value) : undefined;
  const [known4, known6] = [range(ipv4), range(ipv6)];
  return {
    ranges: [
      known4 ?? everyAddress.ipv4,
      ...(known6 !== undefined
        ? [known6]
        : ipv6.kind === "absent" && ipv4.kind !== "absent"
          ? []
          : [everyAddress.ipv6]),
    ],
    knownRanges: [known4, known6].filter((found) => found !== undefined),
  };
}

/** The subnets of a stack, with the network ACLs and route tables in force on each. */
export class Subnets {
  readonly #stack: AwsStack;
  readonly #acls: NetworkAcls;
  readonly #tables: RouteTables;
  readonly #byUrn = new Map<string, Subnet>();
  /** Subnets that say which network ACL and which route table is theirs, rather than fall back to the network's. */
  readonly withAcl = new Set<string>();
  readonly withRouteTable = new Set<string>();

  constructor(stack: AwsStack, networks: Networks, acls: NetworkAcls, tables: RouteTables) {
    this.#stack = stack;
    this.#acls = acls;
    this.#tables = tables;
    const { graph, zones } = stack;
    const aclAssociations = this.#aclAssociations();
    const tableAssociations = this.#tableAssociations();
    for (const node of graph.ofType(...types.subnet)) {
      const network = networks.of(node);
      zones.inherit(node.urn, network.zone, network.label);
      const filters = this.#filters(node, network, aclAssociations);
      const routes = this.#routeTables(node, network, tableAssociations);
      this.#byUrn.set(node.urn, {
        urn: node.urn,
        key: node.urn,
        label: labelOf(node),
        get zone() {
          return zones.of(node.urn);
        },
        platform: platformOf(stack, node),
        network,
        purpose: purposeOf(graph, node),
        ...addresses(textOf(graph.read(node, "cidrBlock")), textOf(graph.read(node, "ipv6CidrBlock"))),
        filters,
        filteredBy: "network ACL",
        routeTables: routes.tables,
        unknownRoutes: routes.unknown,
      });
    }
    // What is in force on a subnet of a zone belongs to that zone.
    for (const subnet of this.#byUrn.values()) {
      for (const { urn } of [...subnet.filters, ...subnet.routeTables]) {
        if (
          graph.node(urn) !== undefined &&
          !types.network.some((type) => type === graph.node(urn)?.resourceType)
        ) {
          zones.inherit(urn, subnet.zone, `its subnet ${subnet.label}`);
        }
      }
    }
  }

  get all(): readonly Subnet[] {
    return [...this.#byUrn.values()];
  }

  /** The subnets to which referents lead, and whether these are all. */
  of(referents: readonly Referent[]): readonly Subnet[] {
    return referents.flatMap((referent) => {
      const subnet = referent.kind === "resource" ? this.#byUrn.get(referent.node.urn) : undefined;
      return subnet === undefined ? [] : [subnet];
    });
  }

  /** Whether a property that holds the id of a subnet names a certain one, and for certain no other. */
  isOf(node: Node, key: string, subnet: Subnet): boolean {
    const referents = this.#stack.graph.referents(node, key, types.subnet);
    return referents.length === 1 && this.of(referents)[0] === subnet;
  }

  #named(referents: readonly Referent[]): ReadonlySet<string> | undefined {
    return referents.some(({ kind }) => kind === "undetermined")
      ? undefined
      : new Set(referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node.urn] : [])));
  }

  #aclAssociations(): readonly Association<Filter>[] {
    const { graph } = this.#stack;
    const of = (
      subnets: readonly Referent[],
      acls: readonly Referent[],
      isCertain: boolean,
    ): Association<Filter> => {
      const what = acls.flatMap((referent) => this.#acls.of(referent) ?? []);
      return {
        subnets: this.#named(subnets),
        isCertain,
        what,
        isComplete: what.length === acls.length && acls.length > 0,
      };
    };
    return [
      ...graph.ofType("aws:ec2:networkaclassociation").map((node) => {
        const named = graph.referents(node, "subnetId", types.subnet);
        const acls = graph.referents(node, "networkAclId", [...types.networkAcl, ...types.network]);
        return of(named, acls, named.length === 1);
      }),
      ...graph
        .ofType(...types.networkAcl)
        .map((node) =>
          of(
            graph.listReferents(node, "subnetIds", types.subnet),
            [{ kind: "resource", node, assumed: false }],
            true,
          ),
        )
        .filter(({ subnets }) => subnets === undefined || subnets.size > 0),
    ];
  }

  #tableAssociations(): readonly Association<RouteTable>[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:ec2:routetableassociation")
      .flatMap((node): readonly Association<RouteTable>[] => {
        const subnets = graph.referents(node, "subnetId", types.subnet);
        if (subnets.length === 0) {
          return []; // It associates a gateway, not a subnet.
        }
        const tables = graph.referents(node, "routeTableId", [...types.routeTable, ...types.network]);
        const what = this.#tables.tables(tables);
        return [
          {
            subnets: this.#named(subnets),
            isCertain: subnets.length === 1,
            what,
            isComplete: what.length === tables.length && tables.length > 0,
          },
        ];
      });
  }

  /** The network ACLs that may be in force on a subnet; none where everything may pass. */
  #filters(node: Node, network: Network, associations: readonly Association<Filter>[]): readonly Filter[] {
    const { own, perhaps } = inForceOn(node, associations);
    if (own.length > 0) {
      this.withAcl.add(node.urn);
    }
    const fallback = this.#acls.defaultOf(network);
    const found = [...own, ...perhaps];
    if (found.some(({ isComplete }) => !isComplete) || (own.length === 0 && fallback === undefined)) {
      return [];
    }
    return unique([
      ...found.flatMap(({ what }) => what),
      ...(own.length === 0 && fallback !== undefined ? [fallback] : []),
    ]);
  }

  #routeTables(
    node: Node,
    network: Network,
    associations: readonly Association<RouteTable>[],
  ): { readonly tables: readonly RouteTable[]; readonly unknown: string | undefined } {
    const { own, perhaps } = inForceOn(node, associations);
    if (own.length > 0) {
      this.withRouteTable.add(node.urn);
    }
    const fallback = own.length === 0 ? this.#tables.mainOf(network) : [];
    const found = [...own, ...perhaps];
    const unknown = found.some(({ isComplete }) => !isComplete)
      ? "it is associated with a route table that is not in the stack"
      : fallback === undefined
        ? `it has no route table association in the stack, and the main route table of ${network.label} is not in the stack either`
        : undefined;
    return { tables: unique([...found.flatMap(({ what }) => what), ...(fallback ?? [])]), unknown };
  }

  /** The ways in which subnets give what is in them an address that the Internet knows. */
  publicAddresses(): readonly PublicAddress[] {
    const { graph } = this.#stack;
    return this.all.flatMap((subnet): readonly PublicAddress[] => {
      const { urn, label, zone, platform } = subnet;
      const node = graph.node(urn);
      if (zone === undefined || node === undefined) {
        return [];
      }
      const found: PublicAddress[] = [];
      const add = (key: string, isKnown: boolean, what: string, remedy: string): void => {
        found.push({
          urn,
          label,
          zone,
          platform,
          what,
          remedy,
          assumption: isKnown ? undefined : `\`${key}\` is not known`,
        });
      };
      const mapsPublic = flagOf(graph.read(node, "mapPublicIpOnLaunch"));
      const isDefault = node.resourceType === "aws:ec2:defaultsubnet";
      if (mayBeTrue(mapsPublic) || (isDefault && mapsPublic.kind === "absent")) {
        add(
          "mapPublicIpOnLaunch",
          mapsPublic.kind !== "unknown",
          "everything that starts in the subnet gets a public IPv4 address",
          "Set mapPublicIpOnLaunch to false.",
        );
      }
      const blocks = ["ipv6CidrBlock", "ipv6IpamPoolId", "ipv6NetmaskLength"].map((key) =>
        graph.read(node, key),
      );
      const block =
        blocks.find(({ kind }) => kind === "known") ??
        blocks.find(({ kind }) => kind === "unknown") ??
        absent;
      const native = flagOf(graph.read(node, "ipv6Native"));
      const assigns = flagOf(graph.read(node, "assignIpv6AddressOnCreation"));
      if (block.kind !== "absent" || mayBeTrue(native) || mayBeTrue(assigns)) {
        add(
          "ipv6CidrBlock",
          block.kind === "known" ||
            (native.kind === "known" && native.value) ||
            (assigns.kind === "known" && assigns.value),
          "the subnet has IPv6 addresses, every one of which is public",
          "Take ipv6CidrBlock, ipv6Native and assignIpv6AddressOnCreation away from the subnet.",
        );
      }
      return found;
    });
  }

  /**
   * Whether the PHI zone may have a network to itself: the network is only read, so that nothing shows its zone, and the
   * stack has subnets of the PHI zone in it and no others.
   */
  mayBePhiAlone(network: Network): boolean {
    const inside = this.all.filter((subnet) => subnet.network === network);
    return !network.isInStack && inside.length > 0 && inside.every(({ zone }) => zone === "phi");
  }

  /** The subnets that may be in a network. */
  inNetwork(network: Network): readonly Subnet[] {
    return this.all.filter((subnet) => mayBeSame(subnet.network, network));
  }
}

function unique<T extends { readonly urn: string; readonly label: string }>(
  items: readonly T[],
): readonly T[] {
  return [...new Map(items.map((item) => [`${item.urn} ${item.label}`, item])).values()];
}
