import { extentText } from "../../extent-text";
import { addressRange, everyAddress, rangeText, type AddressRange } from "../../address-range";
import { icmp, icmpv6 } from "../../protocol";
import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind, Filter, Network, Remote, Rule } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { extent } from "./extent";
import type { Networks } from "./networks";

type Direction = "egress" | "ingress";

/** A rule with its place; without a number it comes before all others, where an allow rule lets out most. */
interface NumberedRule {
  readonly number: number;
  readonly rule: Rule;
}

interface OpenAcl {
  readonly filter: Filter;
  readonly egress: NumberedRule[];
  readonly ingress: NumberedRule[];
}

/** The fields of one rule, inline or standalone, under the names that they share here. */
interface RuleFields {
  readonly urn: string;
  readonly name: string;
  readonly number: Reading<unknown>;
  readonly action: Reading<unknown>;
  readonly protocol: Reading<unknown>;
  readonly fromPort: Reading<unknown>;
  readonly toPort: Reading<unknown>;
  readonly cidrBlock: Reading<unknown>;
  readonly ipv6CidrBlock: Reading<unknown>;
  readonly icmpType: Reading<unknown>;
  readonly icmpCode: Reading<unknown>;
}

const icmpProtocols: readonly number[] = [icmp, icmpv6];

const aclReferents = [...types.networkAcl, ...types.network];

function ranges(
  cidrBlock: Reading<unknown>,
  ipv6CidrBlock: Reading<unknown>,
): readonly { readonly range: AddressRange; readonly isKnown: boolean }[] {
  const blocks = [
    { read: textOf(cidrBlock), family: "ipv4" },
    { read: textOf(ipv6CidrBlock), family: "ipv6" },
  ] as const;
  const found = blocks.flatMap(({ read, family }) => {
    if (read.kind === "absent") {
      return [];
    }
    const range = read.kind === "known" ? addressRange(read.value) : undefined;
    return [{ range: range ?? everyAddress[family], isKnown: range !== undefined }];
  });
  return found.length > 0
    ? found
    : blocks.map(({ family }) => ({ range: everyAddress[family], isKnown: false }));
}

/** The network ACLs of a stack with their rules, inline and standalone, in the order in which AWS tries them. */
export class NetworkAcls {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #byUrn = new Map<string, OpenAcl>();
  readonly #defaults = new Map<Network, Filter>();
  readonly #blind: Blind[] = [];

  constructor(stack: AwsStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    const { graph } = stack;
    for (const node of graph.ofType(...types.networkAcl)) {
      const acl = this.#acl(node);
      this.#byUrn.set(node.urn, acl);
      if (node.resourceType === "aws:ec2:defaultnetworkacl" && acl.filter.network.isDetermined) {
        this.#defaults.set(acl.filter.network, acl.filter);
      }
      this.#readInline(node, acl, "egress");
      this.#readInline(node, acl, "ingress");
    }
    for (const node of graph.ofType("aws:ec2:networkaclrule")) {
      this.#readStandalone(node);
    }
  }

  get all(): readonly Filter[] {
    return [...this.#byUrn.values()].map(({ filter }) => filter);
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** The ACL of a node; `undefined` for one that is not in the stack. */
  of(referent: Referent): Filter | undefined {
    const vpc = this.#networks.defaultPart(referent, "networkAcl");
    if (vpc !== undefined) {
      return this.#defaults.get(this.#networks.ofNode(vpc));
    }
    return referent.kind === "resource" ? this.#byUrn.get(referent.node.urn)?.filter : undefined;
  }

  /** The ACL of subnets that are associated with none; `undefined` for AWS's own, which lets everything pass. */
  defaultOf(network: Network): Filter | undefined {
    return this.#defaults.get(network);
  }

  #networkOf(node: Node): Network {
    if (node.resourceType !== "aws:ec2:defaultnetworkacl") {
      return this.#networks.of(node);
    }
    const vpcs = this.#stack.graph
      .referents(node, "defaultNetworkAclId", types.network)
      .flatMap((referent) => this.#networks.defaultPart(referent, "networkAcl") ?? []);
    const [vpc, ...others] = vpcs;
    return vpc !== undefined && others.length === 0
      ? this.#networks.ofNode(vpc)
      : this.#networks.undetermined;
  }

  #acl(node: Node): OpenAcl {
    const { zones } = this.#stack;
    const network = this.#networkOf(node);
    zones.inherit(node.urn, network.zone, network.label);
    const egress: NumberedRule[] = [];
    const ingress: NumberedRule[] = [];
    const inOrder = (rules: readonly NumberedRule[]): readonly Rule[] =>
      [...rules]
        // Of two rules with one number AWS takes one; which is not known, so the one that lets more pass comes first.
        .sort(
          (a, b) =>
            a.number - b.number ||
            (a.rule.action < b.rule.action ? -1 : a.rule.action > b.rule.action ? 1 : 0),
        )
        .map(({ rule }) => rule);
    const filter: Filter = {
      urn: node.urn,
      label: labelOf(node),
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      kind: "network ACL",
      combination: "ordered",
      peer: undefined,
      network,
      subnets: undefined,
      get egress() {
        return inOrder(egress);
      },
      get ingress() {
        return inOrder(ingress);
      },
    };
    return { filter, egress, ingress };
  }

  #add(acl: OpenAcl, direction: Direction, fields: RuleFields): void {
    const packets = extent(fields.protocol, fields.fromPort, fields.toPort);
    const number = integerOf(fields.number);
    const action = textOf(fields.action);
    const denies = action.kind === "known" && action.value.toLowerCase() === "deny";
    // Of ICMP a rule may match one type only; the judge does not look into ICMP.
    const isIcmp =
      packets.protocols.to - packets.protocols.from === 1 && icmpProtocols.includes(packets.protocols.from);
    const matchesWholeProtocol =
      !isIcmp ||
      [fields.icmpType, fields.icmpCode]
        .map(integerOf)
        .every((read) => read.kind === "absent" || (read.kind === "known" && read.value === -1));
    for (const { range, isKnown } of ranges(fields.cidrBlock, fields.ipv6CidrBlock)) {
      const assumption =
        packets.assumption ??
        (isKnown ? undefined : "its address block is not known, so it is taken to be any") ??
        (number.kind === "known" ? undefined : "its number is not known, so it is taken to come first") ??
        (action.kind === "known" ? undefined : "its action is not known, so it is taken to allow");
      if (denies && (assumption !== undefined || !matchesWholeProtocol)) {
        continue; // A denial that may be narrower than it looks proves nothing.
      }
      const remote: Remote = { kind: "addresses", range };
      acl[direction].push({
        number: number.kind === "known" ? number.value : Number.NEGATIVE_INFINITY,
        rule: {
          urn: fields.urn,
          label: `${fields.name}: ${denies ? "deny" : "allow"} ${direction} ${extentText(packets)} ${direction === "egress" ? "to" : "from"} ${rangeText(range)}`,
          action: denies ? "deny" : "allow",
          protocols: packets.protocols,
          ports: packets.ports,
          remote,
          assumption,
        },
      });
    }
  }

  #readInline(node: Node, acl: OpenAcl, direction: Direction): void {
    itemsOf(this.#stack.graph.read(node, direction)).forEach((item, index) => {
      const rule = recordOf(item);
      const at = (key: string): Reading<unknown> => memberReading(rule, key);
      this.#add(acl, direction, {
        urn: node.urn,
        name: `${labelOf(node)} ${direction}[${String(index)}]`,
        number: at("ruleNo"),
        action: at("action"),
        protocol: at("protocol"),
        fromPort: at("fromPort"),
        toPort: at("toPort"),
        cidrBlock: at("cidrBlock"),
        ipv6CidrBlock: at("ipv6CidrBlock"),
        icmpType: at("icmpType"),
        icmpCode: at("icmpCode"),
      });
    });
  }

  #readStandalone(node: Node): void {
    const { graph, zones } = this.#stack;
    const read = (key: string): Reading<unknown> => graph.read(node, key);
    const referents = graph.referents(node, "networkAclId", aclReferents);
    if (referents.length === 0 || referents.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "To which network ACL it belongs cannot be known: `networkAclId` is unknown, and derives from no network ACL of the stack.",
        remedy: "Set networkAclId to the id of a network ACL of this stack, without computing it.",
      });
    }
    const egress = flagOf(read("egress"));
    // Left out, it is a rule for what comes in (Pulumi registry, aws.ec2.NetworkAclRule).
    const directions: readonly Direction[] =
      egress.kind === "unknown"
        ? ["egress", "ingress"]
        : egress.kind === "known" && egress.value
          ? ["egress"]
          : ["ingress"];
    const isCertain = referents.length === 1 && egress.kind !== "unknown";
    for (const referent of referents) {
      const filter = this.of(referent);
      const acl = filter === undefined ? undefined : this.#byUrn.get(filter.urn);
      for (const direction of acl === undefined ? [] : directions) {
        const action = textOf(read("ruleAction"));
        const denies = action.kind === "known" && action.value.toLowerCase() === "deny";
        if (acl !== undefined && (isCertain || !denies)) {
          this.#add(acl, direction, {
            urn: node.urn,
            name: labelOf(node),
            number: read("ruleNumber"),
            action: read("ruleAction"),
            protocol: read("protocol"),
            fromPort: read("fromPort"),
            toPort: read("toPort"),
            cidrBlock: read("cidrBlock"),
            ipv6CidrBlock: read("ipv6CidrBlock"),
            icmpType: read("icmpType"),
            icmpCode: read("icmpCode"),
          });
        }
      }
    }
  }
}
