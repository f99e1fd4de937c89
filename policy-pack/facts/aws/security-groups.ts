import { extentText } from "../../extent-text";
import { addressRange, rangeText } from "../../address-range";
import {
  absent,
  flagOf,
  itemsOf,
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
import { peerOf } from "../../zone-claims";
import {
  everyPort,
  everyProtocol,
  type Blind,
  type Filter,
  type Network,
  type Remote,
  type Rule,
} from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { extent } from "./extent";
import type { Networks } from "./networks";
import { referentsAt, type PropertyPath } from "./property-path";

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
    for (const node of graph.ofType("aws:ec2:vpcsecuritygrouprulesexclusive")) {
      for (const { urn } of this.#owners(node, "securityGroupId")) {
        this.exclusivelyOwned.add(urn);
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

  /** The filters to which a property within others refers. */
  at(
    node: Node,
    path: PropertyPath,
  ): { readonly filters: readonly Filter[]; readonly others: readonly string[] } {
    return this.#resolve(referentsAt(this.#stack.graph, node, path, groupReferents));
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
      combination: "union",
      peer: peerOf(graph, node),
      network,
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
      combination: "union",
      peer: undefined,
      network,
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

  /** The blocks of a prefix list of the stack, which a property names; what is not in the stack may be any. */
  #prefixList(node: Node, key: string, id: Reading<unknown>): readonly ReadRemote[] {
    const { graph } = this.#stack;
    const lists = graph
      .referentsOf(node, key, id, types.prefixList)
      .flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
    const text = textOf(id);
    const matching =
      text.kind === "known" ? lists.filter((list) => graph.knownId(list) === text.value) : lists;
    const entries = matching.flatMap((list) => {
      const inline = itemsOf(graph.read(list, "entries")).map((item) =>
        memberReading(recordOf(item), "cidr"),
      );
      const standalone = graph
        .ofType("aws:ec2:managedprefixlistentry")
        .filter((entry) =>
          graph
            .referents(entry, "prefixListId", types.prefixList)
            .some((to) => to.kind !== "resource" || to.node === list),
        );
      return [...inline, ...standalone.map((entry) => graph.read(entry, "cidr"))];
    });
    return entries.length > 0
      ? entries.map(blockRemote)
      : [
          {
            remote: anything,
            assumption: "what its prefix list holds is not in the stack, so it is taken to hold any address",
          },
        ];
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
        ...itemsOf(at("prefixListIds")).flatMap((id) => this.#prefixList(node, direction, id)),
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
      ...(prefixList.kind === "absent" ? [] : this.#prefixList(node, "prefixListId", prefixList)),
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
      ...itemsOf(read("prefixListIds")).flatMap((id) => this.#prefixList(node, "prefixListIds", id)),
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
