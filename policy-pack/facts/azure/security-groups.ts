import { everyAddress, type AddressRange } from "../../address-range";
import { itemsOf, memberReading, recordOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import {
  everyPort,
  everyProtocol,
  type Blind,
  type Filter,
  type Network,
  type Rule,
  type Subnet,
} from "../fact";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { effectiveRules, together, type Surroundings } from "./effective-rules";
import { HostAccess } from "./host-access";
import type { Joins } from "./joins";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import type { RouteTables } from "./route-tables";
import { securityRule, type Direction, type SecurityRule } from "./security-rules";
import type { Subnets } from "./subnets";

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];
const directions: readonly Direction[] = ["egress", "ingress"];

/** Rules that are resources of their own. */
const ruleType = "azure-native:network:securityrule";

interface Written {
  readonly node: Node;
  readonly label: string;
  readonly rules: SecurityRule[];
}

/** What lets everything pass, because no filter is in force, or because none that is shown is. */
function openRule(urn: string, label: string, direction: Direction, assumption: string | undefined): Rule {
  return {
    urn,
    label: `${label}: ${direction} ${direction === "egress" ? "to" : "from"} anything`,
    action: "allow",
    protocols: everyProtocol,
    ports: everyPort,
    remote: { kind: "anything" },
    assumption,
  };
}

/** The network security groups of a stack: rules that are written, and the filters that they amount to where they are in force. */
export class SecurityGroups {
  readonly #stack: AzureStack;
  readonly #networks: Networks;
  readonly #joins: Joins;
  readonly #tables: RouteTables;
  readonly #subnets: Subnets;
  readonly #written = new Map<string, Written>();
  readonly #filters = new Map<string, readonly Filter[]>();
  readonly #open = new Map<string, Filter>();
  readonly #combined = new Map<string, Filter>();
  readonly #blind: Blind[] = [];
  readonly #host: HostAccess;
  /** The subnets of each network, and those on which each group is in force, or may be. */
  readonly #inNetworks = new Map<Network, readonly Subnet[]>();
  readonly #under = new Map<Node, readonly Subnet[]>();
  /** Groups that resources of their own may give rules. */
  readonly #withStandaloneRules = new Set<string>();
  /** Groups that are put on single interfaces. */
  readonly #onInterfaces = new Set<string>();
  /** The subnets in which members of application security groups are, by the URN of the group. */
  readonly #members = new Map<string, Subnet[]>();

  constructor(stack: AzureStack, networks: Networks, joins: Joins, tables: RouteTables, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#joins = joins;
    this.#tables = tables;
    this.#subnets = subnets;
    const { graph } = stack;
    this.#host = new HostAccess(networks);
    for (const { subnet, groups } of subnets.written) {
      this.#inNetworks.set(subnet.network, [...(this.#inNetworks.get(subnet.network) ?? []), subnet]);
      for (const node of new Set(groups.flatMap((to) => (to.kind === "resource" ? [to.node] : [])))) {
        this.#under.set(node, [...(this.#under.get(node) ?? []), subnet]);
      }
    }
    for (const node of graph.ofType(...types.securityGroup)) {
      const written: Written = { node, label: labelOf(node), rules: [] };
      this.#written.set(node.urn, written);
      this.#readInline(written);
    }
    for (const node of graph.ofType(ruleType)) {
      this.#readStandalone(node);
    }
    for (const written of this.#written.values()) {
      this.#filters.set(written.node.urn, this.#filtersOf(written));
    }
  }

  /**
   * Every filter: of each group, of each subnet without one, and of each interface that has one of its own besides. Only
   * after all that may be in a zone is read.
   */
  get all(): readonly Filter[] {
    const ofGroups = this.#ofGroups();
    // What the host answers is known once each filter has told what it lets out.
    ofGroups.forEach(({ egress }) => egress);
    return [...ofGroups, ...this.#open.values(), ...this.#combined.values(), ...this.#host.filters];
  }

  #ofGroups(): readonly Filter[] {
    return [...this.#written.values()].flatMap(({ node }) => {
      const filters = this.#filters.get(node.urn) ?? [];
      const isOfInterfaces = this.#onInterfaces.has(node.urn) && filters[0]?.subnets === undefined;
      // What is put on interfaces is in force with what is in force on their subnets; on a platform it holds by itself too.
      return isOfInterfaces ? filters.filter(({ platform }) => platform !== undefined) : filters;
    });
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** Tells whether code of somebody's runs behind a filter, or may: only code asks Azure's host for anything. */
  set runsCode(runsCode: HostAccess["runsCode"]) {
    this.#host.runsCode = runsCode;
  }

  /** The filters of a group; none for one that is not in the stack. */
  of(referent: Referent): readonly Filter[] {
    return referent.kind === "resource" ? (this.#filters.get(referent.node.urn) ?? []) : [];
  }

  /** Whether each group that is in force on a subnet denies what only a rule for its tag denies. */
  deniesOnSubnet(subnet: Subnet, tag: Parameters<HostAccess["denies"]>[1]): boolean {
    const groups = this.#subnets.writtenOf(subnet)?.groups ?? [];
    return (
      groups.length > 0 &&
      groups.every((to) => {
        const written = to.kind === "resource" ? this.#written.get(to.node.urn) : undefined;
        return written !== undefined && this.#host.denies(written.rules, tag, subnet.knownRanges);
      })
    );
  }

  /** Groups of zones that hold all their rules themselves, and know each. */
  ownersOfAllRules(): readonly Node[] {
    const { graph, zones } = this.#stack;
    return [...this.#written.values()].flatMap(({ node, rules }) => {
      const isWhole =
        Object.hasOwn(node.inputs ?? {}, "securityRules") &&
        itemsOf(graph.read(node, "securityRules")).every(({ kind }) => kind === "known") &&
        !this.#withStandaloneRules.has(node.urn);
      return isWhole && zones.of(node.urn) !== undefined && rules.length > 0 ? [node] : [];
    });
  }

  /** The filters in force on whatever is in a subnet: those of its groups, or one that lets everything pass. */
  ofSubnet(subnet: Subnet): readonly Filter[] {
    const groups = this.#subnets.writtenOf(subnet)?.groups ?? [];
    const found = groups.flatMap((to) => this.of(to));
    return groups.some((to) => this.of(to).length === 0)
      ? [...found, this.#opened(subnet, "a network security group that is not in the stack", true)]
      : groups.length === 0
        ? [this.#opened(subnet, "no network security group", false)]
        : found;
  }

  /** The filter of private endpoints in a subnet whose network policies are off: no group is in force on them. */
  unbound(subnet: Subnet, isKnown: boolean): Filter {
    const what = "no network policy for private endpoints";
    return this.#opened(subnet, what, !isKnown, ["ingress"]);
  }

  /** The filters in force on an interface of a subnet that has groups of its own besides. */
  ofInterface(subnet: Subnet, groups: readonly Referent[]): readonly Filter[] {
    // What a group that is not in the stack denies is not known: the other one decides alone.
    const ofSubnet = (this.#subnets.writtenOf(subnet)?.groups ?? []).flatMap((to) => this.of(to));
    return groups.flatMap((to): readonly Filter[] => {
      if (to.kind === "resource") {
        this.#onInterfaces.add(to.node.urn);
      }
      const own = this.of(to);
      return own.length === 0
        ? this.ofSubnet(subnet)
        : own.flatMap((one) =>
            ofSubnet.length === 0
              ? [this.#combine(one, undefined, subnet)]
              : ofSubnet.map((other) => this.#combine(one, other, subnet)),
          );
    });
  }

  /** Says that a member of an application security group is in a subnet. */
  addMember(group: Referent, subnets: readonly Subnet[]): void {
    if (group.kind === "resource") {
      this.#members.set(group.node.urn, [...(this.#members.get(group.node.urn) ?? []), ...subnets]);
    }
  }

  #readInline({ node, label, rules }: Written): void {
    const { graph } = this.#stack;
    itemsOf(graph.read(node, "securityRules")).forEach((item, index) => {
      const record = recordOf(item);
      const read = (key: string): Reading<unknown> => memberReading(record, key);
      const called = memberReading(record, "name");
      const name =
        called.kind === "known" && typeof called.value === "string"
          ? `${label} rule ${called.value}`
          : `${label} securityRules[${String(index)}]`;
      rules.push(securityRule(graph, node, name, read, "securityRules"));
    });
  }

  #readStandalone(node: Node): void {
    const { graph, zones } = this.#stack;
    const referents = ownersOf(graph, node, "networkSecurityGroupName", types.securityGroup[0]);
    if (referents.length === 0 || referents.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "To which network security group it belongs cannot be known: `networkSecurityGroupName` is unknown, and derives from no network security group of the stack.",
        remedy:
          "Set networkSecurityGroupName to the name of a network security group of this stack, without computing it.",
      });
    }
    const rule = securityRule(graph, node, labelOf(node), (key) => graph.read(node, key), undefined);
    for (const referent of referents) {
      const written = referent.kind === "resource" ? this.#written.get(referent.node.urn) : undefined;
      if (written !== undefined) {
        this.#withStandaloneRules.add(written.node.urn);
      }
      // A denial that may be another group's proves nothing.
      if (written === undefined || (rule.action === "deny" && referents.length > 1)) {
        continue;
      }
      zones.inherit(
        written.node.urn,
        zones.of(node.urn) === "phi" ? "phi" : undefined,
        `its rule ${node.name}`,
      );
      // Once it is deployed, a group shows rules that are resources of their own as well.
      written.rules.push(rule);
    }
  }

  /** The subnets on which a group is in force, or may be. */
  #subnetsUnder({ node }: Written): readonly Subnet[] {
    return this.#under.get(node) ?? [];
  }

  /** One filter for each peer whose filter a group is: services that share one private endpoint share its group. */
  #filtersOf(written: Written): readonly Filter[] {
    const { graph } = this.#stack;
    const [kind, names] = (peerOf(graph, written.node) ?? "").split("/");
    const peers =
      kind === undefined || kind === ""
        ? [undefined]
        : names === undefined
          ? [kind]
          : names
              .split(" ")
              .filter((name) => name !== "")
              .map((name) => `${kind}/${name}`);
    return peers.map((peer) => this.#filter(written, peer, peers.length > 1));
  }

  #filter(written: Written, peer: string | undefined, isShared: boolean): Filter {
    const { zones } = this.#stack;
    const { node, label } = written;
    const subnets = this.#subnetsUnder(written);
    const platform = platformOf(this.#stack, node);
    const network = this.#networkOf(subnets);
    const name = isShared ? `${label} of ${peer ?? ""}` : label;
    const read = new Map<Direction, readonly Rule[]>();
    const host = this.#host;
    const rulesOf = (direction: Direction): readonly Rule[] => {
      const known = read.get(direction);
      if (known !== undefined) {
        return known;
      }
      const group = { urn: node.urn, label, rules: written.rules };
      const rules = [
        ...effectiveRules(group, direction, this.#surroundings(network, subnets)),
        ...(direction === "egress"
          ? host.opened({
              urn: node.urn,
              label,
              rules: written.rules,
              filter,
              near: subnets.flatMap((one) => one.ranges),
            })
          : []),
      ];
      read.set(direction, rules);
      return rules;
    };
    const filter: Filter = {
      urn: node.urn,
      label: name,
      get zone() {
        return zones.of(node.urn);
      },
      platform,
      kind: "network security group",
      combination: "union",
      peer,
      network,
      subnets: subnets.length > 0 ? subnets : undefined,
      // Zones and what is joined to the network are known only once all is read.
      get egress() {
        return rulesOf("egress");
      },
      get ingress() {
        return rulesOf("ingress");
      },
    };
    return filter;
  }

  #networkOf(subnets: readonly Subnet[]): Network {
    const [network, ...others] = new Set(subnets.map((subnet) => subnet.network));
    return others.length > 0
      ? this.#networks.undetermined
      : (network ?? this.#networks.only ?? this.#networks.undetermined);
  }

  #surroundings(network: Network, subnets: readonly Subnet[]): Surroundings {
    const inside = network.isDetermined ? (this.#inNetworks.get(network) ?? []) : [];
    const own = network.ranges ?? inside.flatMap(({ knownRanges }) => knownRanges);
    const { ranges, isAll } = this.#joins.joined(network);
    // Most subnets have the same routes.
    const tables = new Set(inside.flatMap((subnet) => subnet.routeTables).map(({ urn }) => urn));
    const destinations = [...tables].flatMap((urn) =>
      (this.#tables.at(urn)?.routes ?? []).map(({ destination }) => destination),
    );
    const routed = [...new Set(destinations)].filter((destination) => destination !== "anything");
    return {
      own,
      joined:
        isAll && network.ranges !== undefined
          ? [...ranges, ...routed]
          : [...ranges, ...routed, ...everywhere],
      near: subnets.length === 0 ? undefined : subnets.flatMap((subnet) => subnet.ranges),
      membersOf: (group) => this.#membersOf(group),
    };
  }

  /** Who is in an application security group; of one without a member in the stack it is not known. */
  #membersOf(group: Referent): readonly AddressRange[] | undefined {
    return group.kind === "resource"
      ? this.#members.get(group.node.urn)?.flatMap(({ ranges }) => ranges)
      : undefined;
  }

  /** What is in force where no group is. */
  #opened(subnet: Subnet, what: string, isAssumed: boolean, open: readonly Direction[] = directions): Filter {
    const key = `${subnet.key} ${what}`;
    const label = `${what} on ${subnet.label}`;
    const assumption = isAssumed ? `whether ${what} is in force on it is not known` : undefined;
    const rules = (direction: Direction): readonly Rule[] =>
      open.includes(direction) ? [openRule(subnet.urn, label, direction, assumption)] : [];
    const known = this.#open.get(key);
    const filter: Filter = known ?? {
      urn: subnet.urn,
      label,
      get zone() {
        return subnet.zone;
      },
      platform: subnet.platform,
      kind: "network security group",
      combination: "union",
      peer: undefined,
      network: subnet.network,
      subnets: [subnet],
      egress: rules("egress"),
      ingress: rules("ingress"),
    };
    this.#open.set(key, filter);
    return filter;
  }

  /** The filters of an interface and of its subnet in force together: what both let pass. */
  #combine(own: Filter, ofSubnet: Filter | undefined, subnet: Subnet): Filter {
    if (ofSubnet !== undefined && own.urn === ofSubnet.urn) {
      return ofSubnet;
    }
    const { zones } = this.#stack;
    const key = `${own.urn} ${own.label} ${ofSubnet?.urn ?? ""} ${ofSubnet?.label ?? ""} ${subnet.key}`;
    const known = this.#combined.get(key);
    const filter: Filter = known ?? {
      urn: own.urn,
      label: `${own.label} with ${ofSubnet?.label ?? `no network security group on ${subnet.label}`}`,
      get zone() {
        return zones.of(own.urn) ?? subnet.zone;
      },
      platform: own.platform,
      kind: "network security group",
      combination: "union",
      peer: own.peer ?? ofSubnet?.peer,
      network: subnet.network,
      subnets: [subnet],
      get egress() {
        return ofSubnet === undefined ? own.egress : together(own.egress, ofSubnet.egress);
      },
      get ingress() {
        return ofSubnet === undefined ? own.ingress : together(own.ingress, ofSubnet.ingress);
      },
    };
    this.#combined.set(key, filter);
    return filter;
  }
}
