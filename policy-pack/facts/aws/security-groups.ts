import { extentText } from "../../extent-text";
import { addressRange, rangeText } from "../../address-range";
import {
  absent,
  flagOf,
  itemsOf,
  known,
  listOf,
  mayBeTrue,
  memberReading,
  reading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { peerOf, purposeOf } from "../../zone-claims";
import {
  everyPort,
  everyProtocol,
  type Blind,
  type Filter,
  type Network,
  type Remote,
  type Rule,
} from "../fact";
import { referentsAt, valuesAt, type PropertyPath } from "../property-path";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { extent } from "./extent";
import type { Networks } from "./networks";
import { prefixListBlocks } from "./prefix-lists";

type Direction = "egress" | "ingress";

interface OpenFilter extends Filter {
  readonly egress: Rule[];
  readonly ingress: Rule[];
}

/** A remote with the reason why it may be narrower than it is read. */
interface ReadRemote {
  readonly remote: Remote;
  readonly assumption: string | undefined;
}

const anything: Remote = { kind: "anything" };

/** Rules that are resources of their own. */
const ruleTypes = [
  "aws:ec2:securitygrouprule",
  "aws:vpc:securitygroupegressrule",
  "aws:vpc:securitygroupingressrule",
];

const groupReferents = [...types.securityGroup, ...types.network];

function remoteText(remote: Remote): string {
  switch (remote.kind) {
    case "addresses":
      return rangeText(remote.range);
    case "filter":
      return remote.filter.label;
    case "anything":
      return "any address";
  }
}

/** The remote of a rule that names one block of addresses. */
function blockRemote(block: Reading<unknown>): ReadRemote {
  const text = textOf(block);
  const range = text.kind === "known" ? addressRange(text.value) : undefined;
  return range === undefined
    ? { remote: anything, assumption: "an address block of it is not known, so it is taken to be any" }
    : { remote: { kind: "addresses", range }, assumption: undefined };
}

/** A rule without a remote is none that AWS takes; should it take it, it may mean anything. */
function orAnything(remotes: readonly ReadRemote[]): readonly ReadRemote[] {
  return remotes.length > 0
    ? remotes
    : [{ remote: anything, assumption: "it names no remote, so it is taken to be any" }];
}

/** The security groups of a stack with their rules: inline, standalone and legacy, and AWS's own where nothing replaces them. */
export class SecurityGroups {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #byUrn = new Map<string, OpenFilter>();
  readonly #defaults = new Map<Network, OpenFilter>();
  readonly #blind: Blind[] = [];
  /** Groups whose rules one resource owns exclusively, so that no other rule lasts (`VpcSecurityGroupRulesExclusive`). */
  readonly exclusivelyOwned = new Set<string>();

  constructor(stack: AwsStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    for (const node of graph.ofType(...types.securityGroup)) {
      const network = networks.of(node);
      const filter = this.#filter(node, network);
      this.#byUrn.set(node.urn, filter);
      if (node.resourceType === "aws:ec2:defaultsecuritygroup" && network.isDetermined) {
        this.#defaults.set(network, filter);
      }
    }
    const owning = graph.ofType("aws:ec2:vpcsecuritygrouprulesexclusive");
    for (const node of owning) {
      const owned = this.#owners(node, "securityGroupId");
      const referents = graph.referents(node, "securityGroupId", groupReferents);
      // Of several that it may own, it owns none for certain.
      if (referents.length === 1) {
        owned.forEach(({ urn }) => this.exclusivelyOwned.add(urn));
      }
    }
    for (const node of graph.ofType(...types.securityGroup)) {
      this.#readInline(node, "egress");
      this.#readInline(node, "ingress");
    }
    for (const node of graph.ofType("aws:vpc:securitygroupegressrule")) {
      this.#readStandalone(node, "egress");
    }
    for (const node of graph.ofType("aws:vpc:securitygroupingressrule")) {
      this.#readStandalone(node, "ingress");
    }
    for (const node of graph.ofType("aws:ec2:securitygrouprule")) {
      this.#readLegacy(node);
    }
    const rules = new Map(
      graph.ofType(...ruleTypes).flatMap((rule) =>
        ["id", "securityGroupRuleId"].flatMap((key) => {
          const id = reading(rule.outputs[key]);
          return id.kind === "known" ? [[id.value, rule] as const] : [];
        }),
      ),
    );
    for (const node of owning) {
      this.#readKept(node, "egress", "egressRuleIds", rules);
      this.#readKept(node, "ingress", "ingressRuleIds", rules);
    }
  }

  get all(): readonly Filter[] {
    return [
      ...this.#byUrn.values(),
      ...[...this.#defaults.values()].filter(({ urn }) => !this.#byUrn.has(urn)),
    ];
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /**
   * The filters to which a property within others refers.
   *
   * @param network the property beside it that names the network. A preview that knows neither shows what both were made
   * from together: where there is a group for each that is named, the network is the other property's, and not its
   * default group.
   */
  at(
    node: Node,
    path: PropertyPath,
    network?: PropertyPath,
  ): { readonly filters: readonly Filter[]; readonly others: readonly string[] } {
    const { graph } = this.#stack;
    const referents = referentsAt(graph, node, path, groupReferents);
    const isHidden = (at: PropertyPath): boolean => {
      const values = valuesAt(graph, node, at);
      return values.length > 0 && values.every(({ kind }) => kind === "unknown");
    };
    const groups = referents.filter(
      (referent) =>
        referent.kind === "resource" &&
        (types.securityGroup as readonly string[]).includes(referent.node.resourceType),
    );
    const isTold =
      network !== undefined &&
      isHidden(path) &&
      isHidden(network) &&
      groups.length === valuesAt(graph, node, path).length;
    return this.#resolve(isTold ? groups : referents);
  }

  /** The filter to which a property that names one security group refers. */
  named(
    node: Node,
    key: string,
  ): { readonly filters: readonly Filter[]; readonly others: readonly string[] } {
    return this.#resolve(this.#stack.graph.referents(node, key, groupReferents));
  }

  /** The group that AWS puts into each VPC, and in which everything is that names none. */
  defaultOf(network: Network): Filter {
    return this.#default(network);
  }

  #filter(node: Node, network: Network): OpenFilter {
    const { zones, graph } = this.#stack;
    zones.inherit(node.urn, network.zone, network.label);
    return {
      urn: node.urn,
      label: labelOf(node),
      // What a group is attached to, and its rules, are read later, and may put it into a zone.
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      kind: "security group",
      combination: "union",
      peer: peerOf(graph, node),
      purpose: purposeOf(graph, node),
      network,
      subnets: undefined,
      egress: [],
      ingress: [],
    };
  }

  #default(network: Network): OpenFilter {
    const existing = this.#defaults.get(network);
    if (existing !== undefined) {
      return existing;
    }
    const label = `default security group of ${network.label}`;
    const filter: OpenFilter = {
      urn: network.urn,
      label,
      zone: network.zone,
      platform: network.platform,
      kind: "security group",
      combination: "union",
      peer: undefined,
      network,
      subnets: undefined,
      egress: [],
      ingress: [],
    };
    const implied = {
      urn: network.urn,
      action: "allow",
      protocols: everyProtocol,
      ports: everyPort,
    } as const;
    // Amazon VPC user guide, "Default security groups": all traffic out, and all in from the group itself.
    filter.egress.push({
      ...implied,
      label: `the rule that AWS puts into the ${label}: egress to anything`,
      remote: anything,
      assumption: undefined,
    });
    filter.ingress.push({
      ...implied,
      label: `the rule that AWS puts into the ${label}: ingress from itself`,
      remote: { kind: "filter", filter },
      assumption: undefined,
    });
    if (network.isDetermined) {
      this.#defaults.set(network, filter);
    }
    return filter;
  }

  #resolve(referents: readonly Referent[]): {
    readonly filters: readonly OpenFilter[];
    readonly others: readonly string[];
  } {
    const filters: OpenFilter[] = [];
    const others: string[] = [];
    for (const referent of referents) {
      const vpc = this.#networks.defaultPart(referent, "securityGroup");
      const filter =
        vpc !== undefined
          ? this.#default(this.#networks.ofNode(vpc))
          : referent.kind === "resource"
            ? this.#byUrn.get(referent.node.urn)
            : undefined;
      if (filter !== undefined) {
        filters.push(filter);
      } else {
        others.push(referent.kind === "external" ? referent.id : "a security group that is not known");
      }
    }
    return { filters, others };
  }

  /** The groups to which a rule belongs, or may belong. */
  #owners(node: Node, key: string): readonly OpenFilter[] {
    const { graph, zones } = this.#stack;
    const referents = graph.referents(node, key, groupReferents);
    const { filters } = this.#resolve(referents);
    if (referents.length === 0 || referents.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: `To which security group it belongs cannot be known: \`${key}\` is unknown, and derives from no security group of the stack.`,
        remedy: `Set ${key} to the id of a security group of this stack, without computing it.`,
      });
    }
    return filters;
  }

  /** The filters behind which the remote of a rule is. */
  #groupRemotes(referents: readonly Referent[]): readonly ReadRemote[] {
    const { filters, others } = this.#resolve(referents);
    return [
      ...filters.map((filter) => ({ remote: { kind: "filter", filter } as const, assumption: undefined })),
      ...others.map((other) => ({
        remote: anything,
        assumption: `what is behind ${other} is not in the stack, so it is taken to be anything`,
      })),
    ];
  }

  /** The blocks of a prefix list of the stack; one that is not in it may hold any. */
  #prefixList(node: Node, id: Reading<unknown>, keys?: readonly string[]): readonly ReadRemote[] {
    const blocks = prefixListBlocks(this.#stack.graph, node, id, keys);
    return blocks === undefined
      ? [
          {
            remote: anything,
            assumption: "its prefix list is not in the stack, so it is taken to hold any address",
          },
        ]
      : blocks.map(blockRemote);
  }

  #add(
    filter: OpenFilter,
    direction: Direction,
    urn: string,
    name: string,
    packets: ReturnType<typeof extent>,
    remotes: readonly ReadRemote[],
  ): void {
    for (const { remote, assumption } of remotes) {
      filter[direction].push({
        urn,
        label: `${name}: ${direction} ${extentText(packets)} ${direction === "egress" ? "to" : "from"} ${remoteText(remote)}`,
        action: "allow",
        protocols: packets.protocols,
        ports: packets.ports,
        remote,
        assumption: packets.assumption ?? assumption,
      });
    }
  }

  #readInline(node: Node, direction: Direction): void {
    const { graph } = this.#stack;
    const filter = this.#byUrn.get(node.urn);
    if (filter === undefined) {
      return;
    }
    // Of a group with an exclusive owner the list is what AWS reports, which the owner puts right again.
    const isReported =
      this.exclusivelyOwned.has(node.urn) && node.inputs !== undefined && !(direction in node.inputs);
    const list = isReported ? absent : listOf(graph.read(node, direction));
    if (list.kind === "absent") {
      return;
    }
    if (list.kind === "unknown") {
      this.#add(filter, direction, node.urn, labelOf(node), extent(unknown, unknown, unknown), [
        {
          remote: anything,
          assumption: `its \`${direction}\` is not known, so it is taken to hold a rule for anything`,
        },
      ]);
      return;
    }
    list.value.forEach((item, index) => {
      const rule = recordOf(reading(item));
      const at = (key: string): Reading<unknown> => memberReading(rule, key);
      const name = `${labelOf(node)} ${direction}[${String(index)}]`;
      const remotes: readonly ReadRemote[] = [
        ...["cidrBlocks", "ipv6CidrBlocks"].flatMap((key) => itemsOf(at(key)).map(blockRemote)),
        // The dependencies of an inline rule are those of the whole list.
        ...itemsOf(at("prefixListIds")).flatMap((id) => this.#prefixList(node, id, [direction])),
        ...itemsOf(at("securityGroups")).flatMap((id) => this.#inlineGroup(node, direction, id)),
        ...(mayBeTrue(flagOf(at("self")))
          ? [{ remote: { kind: "filter", filter } as const, assumption: undefined }]
          : []),
      ];
      const packets = extent(at("protocol"), at("fromPort"), at("toPort"));
      this.#add(filter, direction, node.urn, name, packets, rule.kind === "known" ? remotes : orAnything([]));
    });
  }

  #inlineGroup(node: Node, direction: Direction, id: Reading<unknown>): readonly ReadRemote[] {
    const { graph } = this.#stack;
    // The dependencies of an inline rule are those of the whole list.
    return this.#groupRemotes(
      id.kind === "known"
        ? graph.referentsOf(node, direction, id, groupReferents)
        : graph.origins(node, direction, groupReferents),
    );
  }

  #readStandalone(node: Node, direction: Direction): void {
    const { graph } = this.#stack;
    const read = (key: string): Reading<unknown> => graph.read(node, key);
    const packets = extent(read("ipProtocol"), read("fromPort"), read("toPort"));
    const blocks = [read("cidrIpv4"), read("cidrIpv6")].filter(({ kind }) => kind !== "absent");
    const prefixList = read("prefixListId");
    const remotes = [
      ...blocks.map(blockRemote),
      ...(prefixList.kind === "absent" ? [] : this.#prefixList(node, prefixList, ["prefixListId"])),
      ...this.#groupRemotes(graph.referents(node, "referencedSecurityGroupId", groupReferents)),
    ];
    this.#give(node, direction, packets, orAnything(remotes));
  }

  #readLegacy(node: Node): void {
    const { graph } = this.#stack;
    const read = (key: string): Reading<unknown> => graph.read(node, key);
    const packets = extent(read("protocol"), read("fromPort"), read("toPort"));
    const isSelf = mayBeTrue(flagOf(read("self")));
    const others = [
      ...["cidrBlocks", "ipv6CidrBlocks"].flatMap((key) => itemsOf(read(key)).map(blockRemote)),
      ...itemsOf(read("prefixListIds")).flatMap((id) => this.#prefixList(node, id, ["prefixListIds"])),
      ...this.#groupRemotes(graph.referents(node, "sourceSecurityGroupId", groupReferents)),
    ];
    const remotes = isSelf ? others : orAnything(others);
    const type = textOf(read("type"));
    const directions: readonly Direction[] =
      type.kind === "known" && (type.value === "egress" || type.value === "ingress")
        ? [type.value]
        : ["egress", "ingress"];
    for (const direction of directions) {
      this.#give(node, direction, packets, remotes, isSelf);
    }
  }

  /**
   * Rules that the exclusive owner of a group leaves in it, and that are not of the stack: somebody made them, and what
   * they let pass cannot be read.
   *
   * @param named the rules of the stack by each id that is known.
   */
  #readKept(node: Node, direction: Direction, key: string, named: ReadonlyMap<unknown, Node>): void {
    const { graph } = this.#stack;
    const list = listOf(graph.read(node, key));
    const ids = itemsOf(list);
    const found = new Set(ids.flatMap((id) => (id.kind === "known" ? (named.get(id.value) ?? []) : [])));
    // Ids that are not known yet are those of rules from whose outputs the list is made, one each.
    const unmatched = graph
      .origins(node, key, ruleTypes)
      .filter((origin) => origin.kind === "resource" && !found.has(origin.node)).length;
    const hidden = ids.filter(({ kind }) => kind !== "known").length;
    const foreign = ids.flatMap((id) =>
      id.kind === "known" && !named.has(id.value) ? [String(id.value)] : [],
    );
    const kept = [
      ...foreign,
      ...(list.kind === "unknown" || hidden > unmatched ? ["a rule that is not known"] : []),
    ];
    const everything = extent(known("-1"), absent, absent);
    for (const rule of kept) {
      this.#give(node, direction, everything, [
        {
          remote: anything,
          assumption: `\`${key}\` leaves ${rule} in it, which is not of the stack and is taken to be for anything`,
        },
      ]);
    }
  }

  #give(
    node: Node,
    direction: Direction,
    packets: ReturnType<typeof extent>,
    remotes: readonly ReadRemote[],
    isSelf = false,
  ): void {
    const { zones } = this.#stack;
    for (const filter of this.#owners(node, "securityGroupId")) {
      zones.inherit(filter.urn, zones.of(node.urn) === "phi" ? "phi" : undefined, `its rule ${node.name}`);
      const own: readonly ReadRemote[] = isSelf
        ? [{ remote: { kind: "filter", filter }, assumption: undefined }]
        : [];
      this.#add(filter, direction, node.urn, labelOf(node), packets, [...remotes, ...own]);
    }
  }
}
