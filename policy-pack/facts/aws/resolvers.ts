import {
  flagOf,
  integerOf,
  itemsOf,
  listOf,
  memberReading,
  recordOf,
  textOf,
  type Reading,
} from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Network, ResolverOpening } from "../fact";

import { labelOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { Subnets } from "./subnets";

const groupType = ["aws:route53:resolverfirewallrulegroup"];
const listType = ["aws:route53:resolverfirewalldomainlist"];
const optionsType = ["aws:ec2:vpcdhcpoptions"];

/** Types from which facts about name resolution are drawn. */
export const resolverTypes = [
  ...groupType,
  ...listType,
  ...optionsType,
  "aws:ec2:vpcdhcpoptionsassociation",
  "aws:route53:profilesassociation",
  "aws:route53:record",
  "aws:route53:resolverendpoint",
  "aws:route53:resolverfirewallconfig",
  "aws:route53:resolverfirewallrule",
  "aws:route53:resolverfirewallrulegroupassociation",
  "aws:route53:resolverquerylogconfig",
  "aws:route53:resolverquerylogconfigassociation",
  "aws:route53:resolverruleassociation",
  "aws:route53:zone",
  "aws:route53:zoneassociation",
] as const;

/** A name that carries data to whoever answers for the zone in its end (RFC 1034 §3.1). */
const witness = "data-to-take-out.attacker.example";

/** Such a name under one that is answered. */
function witnessUnder(domain: string): string {
  return domain === "*" ? witness : domain.replace("*", "data-to-take-out");
}

/**
 * Whether a name of an allow-list is answered by AWS alone, whatever is asked under it: a service's own name, or every
 * name under a service of one region. Names directly under `amazonaws.com` are not enough: customers choose some of them.
 */
function isAwsOwn(domain: string): boolean {
  const name = domain.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  const isUnderAws = /\.(?:amazonaws\.com|api\.aws|on\.aws)(?:\.cn)?$/.test(name);
  if (!name.includes("*")) {
    return isUnderAws;
  }
  // A star, a service and a region, in either order: `*.us-east-1.aoss.amazonaws.com`.
  return isUnderAws && labels[0] === "*" && !labels.slice(1).join(".").includes("*") && labels.length >= 5;
}

/** A rule of a firewall, or a whole group of rules that are not known, in the order in which it is tried. */
interface FirewallRule {
  readonly node: Node;
  readonly kind: "rule" | "unknown-group";
  /** Whether it is in force on the network for certain. What only may be, opens and does not close. */
  readonly isCertain: boolean;
  readonly groupPriority: Reading<number>;
  readonly priority: Reading<number>;
}

/** Whether a property refers to one thing, and for certain to that. */
function isOne(referents: readonly Referent[]): boolean {
  const [only, ...others] = referents;
  return others.length === 0 && only !== undefined && (only.kind !== "resource" || !only.assumed);
}

/** The resolvers of a stack's networks: what they answer, and where they send what is asked. */
export class Resolvers {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;

  constructor(stack: AwsStack, networks: Networks, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
  }

  /** Networks that hold a PHI subnet, each once. */
  #networksWithPhi(): readonly Network[] {
    return [...new Set(this.#subnets.all.filter(({ zone }) => zone === "phi").map(({ network }) => network))];
  }

  openings(): readonly ResolverOpening[] {
    return this.#networksWithPhi().flatMap((network) => {
      const vpc = this.#stack.graph.node(network.urn);
      if (vpc !== undefined) {
        const support = flagOf(this.#stack.graph.read(vpc, "enableDnsSupport"));
        if (support.kind === "known" && !support.value) {
          return []; // Nothing in the network is answered at all.
        }
      }
      return [...this.#firewall(network), ...this.#failMode(network), ...this.#forwarding(network)];
    });
  }

  #opening(
    network: Network,
    node: Pick<Node, "urn"> & { readonly label: string },
    what: string,
    assumption: string | undefined,
    remedy: string,
    name = witness,
  ): ResolverOpening {
    return { network, urn: node.urn, label: node.label, name, what, assumption, remedy };
  }

  #labelled(node: Node): { readonly urn: string; readonly label: string } {
    return { urn: node.urn, label: labelOf(node) };
  }

  /** Whether a resource speaks of a network by a property that holds its id. */
  #isOf(node: Node, key: string, network: Network): boolean {
    const referents = this.#stack.graph.referents(node, key, types.network);
    return referents.some((referent) => {
      switch (referent.kind) {
        case "resource":
          return this.#networks.ofNode(referent.node) === network;
        case "external":
          return network.urn === referent.id;
        case "undetermined":
          return true;
      }
    });
  }

  #resources(referents: readonly Referent[]): readonly Node[] {
    return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
  }

  /** The rules that are in force on a network, or may be, in their order; `undefined` where the order cannot be known. */
  #rules(network: Network): readonly FirewallRule[] | undefined {
    const { graph } = this.#stack;
    const associations = graph
      .ofType("aws:route53:resolverfirewallrulegroupassociation")
      .filter((node) => this.#isOf(node, "vpcId", network));
    const rules = associations.flatMap((association): readonly FirewallRule[] => {
      const networks = graph.referents(association, "vpcId", types.network);
      const groups = graph.referents(association, "firewallRuleGroupId", groupType);
      const groupPriority = integerOf(graph.read(association, "priority"));
      const isInForce =
        isOne(networks) && networks.every(({ kind }) => kind !== "undetermined") && isOne(groups);
      const isUnknown = groups.length === 0 || groups.some(({ kind }) => kind !== "resource");
      const known = this.#resources(groups);
      const ofGroups = graph.ofType("aws:route53:resolverfirewallrule").flatMap((node) => {
        const of = graph.referents(node, "firewallRuleGroupId", groupType);
        const isOfThese = of.some(
          (referent) =>
            referent.kind === "undetermined" ||
            (referent.kind === "resource" && known.includes(referent.node)),
        );
        return isOfThese
          ? [
              {
                node,
                kind: "rule" as const,
                isCertain: isInForce && isOne(of) && of.every(({ kind }) => kind === "resource"),
                groupPriority,
                priority: integerOf(graph.read(node, "priority")),
              },
            ]
          : [];
      });
      return isUnknown
        ? [
            ...ofGroups,
            {
              node: association,
              kind: "unknown-group",
              isCertain: false,
              groupPriority,
              priority: { kind: "known", value: 0 },
            },
          ]
        : ofGroups;
    });
    if (
      rules.some(({ groupPriority, priority }) => groupPriority.kind !== "known" || priority.kind !== "known")
    ) {
      return undefined;
    }
    const numbers = ({ groupPriority, priority }: FirewallRule): readonly [number, number] => [
      groupPriority.kind === "known" ? groupPriority.value : 0,
      priority.kind === "known" ? priority.value : 0,
    ];
    return [...rules].sort((a, b) => {
      const [group, priority] = numbers(a);
      const [otherGroup, otherPriority] = numbers(b);
      return group - otherGroup || priority - otherPriority;
    });
  }

  /** The domains of a rule; `undefined` where they cannot be known. */
  #domains(rule: Node): readonly string[] | undefined {
    const { graph } = this.#stack;
    const lists = graph.referents(rule, "firewallDomainListId", listType);
    if (lists.length !== 1 || lists[0]?.kind !== "resource") {
      return undefined;
    }
    const domains = listOf(graph.read(lists[0].node, "domains"));
    if (domains.kind !== "known") {
      return undefined;
    }
    const texts = itemsOf(domains).map(textOf);
    return texts.every((text) => text.kind === "known") ? texts.map(({ value }) => value) : undefined;
  }

  /** What the firewall of a network lets be asked: each name that its first rule for it does not block. */
  #firewall(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const rules = this.#rules(network);
    if (rules === undefined) {
      return [
        this.#opening(
          network,
          network,
          "in which order the rules of its DNS firewall are tried is not known",
          "a `priority` is not known",
          "Give each rule and each association its priority as a literal number.",
        ),
      ];
    }
    const found: ResolverOpening[] = [];
    for (const { node, kind, isCertain } of rules) {
      if (kind === "unknown-group") {
        found.push(
          this.#opening(
            network,
            this.#labelled(node),
            "a group of rules that is not of the stack comes before the final block of its DNS firewall",
            "what its rules answer is not known",
            "Associate groups of this stack only, or let this one come after the group that ends in a block.",
          ),
        );
        continue;
      }
      const action = textOf(graph.read(node, "action"));
      const domains = this.#domains(node);
      const isWhole = (domains ?? []).some((domain) => domain === "*" || domain === "*.");
      const limited = graph.read(node, "qType").kind !== "absent";
      const detects = graph.read(node, "dnsThreatProtection").kind !== "absent";
      if (action.kind === "known" && action.value === "BLOCK") {
        if (isWhole && !limited && !detects && isCertain) {
          return found; // Whatever no rule before it answers is refused.
        }
        continue;
      }
      const what =
        action.kind === "known" && action.value === "ALERT"
          ? "a rule of its DNS firewall only reports what it should block"
          : "a rule of its DNS firewall answers names that somebody else may answer for";
      if (domains === undefined || action.kind !== "known") {
        found.push(
          this.#opening(
            network,
            this.#labelled(node),
            what,
            action.kind === "known" ? "its domains are not known" : "`action` is not known",
            "Name the domains that are answered as literals, in a list of this stack.",
          ),
        );
        continue;
      }
      const open = domains.filter((domain) => action.value !== "ALLOW" || !isAwsOwn(domain));
      const redirection = textOf(graph.read(node, "firewallDomainRedirectionAction"));
      const follows =
        redirection.kind === "unknown" ||
        (redirection.kind === "known" && redirection.value === "TRUST_REDIRECTION_DOMAIN");
      if (open.length > 0 || (follows && domains.some((domain) => domain.includes("*")))) {
        found.push(
          this.#opening(
            network,
            this.#labelled(node),
            open.length > 0
              ? `${what}: ${open.join(", ")}`
              : "a rule of its DNS firewall follows an answer wherever it leads",
            undefined,
            "Answer the full names of the private endpoints only, or names under one service of AWS in one region.",
            witnessUnder(open[0] ?? "*"),
          ),
        );
      }
    }
    found.push(
      this.#opening(
        network,
        network,
        rules.length === 0
          ? "its resolver answers every name: no DNS firewall of the stack is in force on it"
          : "its DNS firewall ends without blocking what no rule names, and then answers it",
        undefined,
        "Associate a rule group that ends in a rule BLOCK for the domain *.",
      ),
    );
    return found;
  }

  #failMode(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:route53:resolverfirewallconfig")
      .filter((node) => this.#isOf(node, "resourceId", network))
      .flatMap((node) => {
        const mode = textOf(graph.read(node, "firewallFailOpen"));
        return mode.kind === "absent" || (mode.kind === "known" && mode.value === "DISABLED")
          ? []
          : [
              this.#opening(
                network,
                this.#labelled(node),
                "its DNS firewall lets every query through while it does not work",
                mode.kind === "unknown" ? "`firewallFailOpen` is not known" : undefined,
                "Set firewallFailOpen to DISABLED.",
              ),
            ];
      });
  }

  /** What sends queries past the firewall, or to somebody else's resolver. */
  #forwarding(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const ofNetwork = (type: string, key: string, what: string, remedy: string): readonly ResolverOpening[] =>
      graph
        .ofType(type)
        .filter((node) => this.#isOf(node, key, network))
        .map((node) => this.#opening(network, this.#labelled(node), what, undefined, remedy));
    const endpoints = graph.ofType("aws:route53:resolverendpoint").flatMap((node) => {
      const direction = textOf(graph.read(node, "direction"));
      const isInbound = direction.kind === "known" && direction.value === "INBOUND";
      const placed = itemsOf(graph.read(node, "ipAddresses")).flatMap((item) =>
        graph.referentsOf(node, "ipAddresses", memberReading(recordOf(item), "subnetId"), types.subnet),
      );
      const isHere =
        placed.some(({ kind }) => kind !== "resource") ||
        this.#subnets.of(placed).some((subnet) => subnet.network === network);
      return isInbound || !isHere
        ? []
        : [
            this.#opening(
              network,
              this.#labelled(node),
              "a resolver endpoint sends queries out of it",
              direction.kind === "unknown" ? "`direction` is not known" : undefined,
              "Take the outbound endpoint away.",
            ),
          ];
    });
    const options = graph
      .ofType("aws:ec2:vpcdhcpoptionsassociation")
      .filter((node) => this.#isOf(node, "vpcId", network))
      .flatMap((association) => {
        const named = graph.referents(association, "dhcpOptionsId", optionsType);
        return named.flatMap((referent): readonly ResolverOpening[] => {
          const servers =
            referent.kind === "resource"
              ? listOf(graph.read(referent.node, "domainNameServers"))
              : ({ kind: "unknown" } as const);
          const isAmazon =
            servers.kind === "absent" ||
            (servers.kind === "known" && servers.value.every((server) => server === "AmazonProvidedDNS"));
          const node = referent.kind === "resource" ? referent.node : association;
          return isAmazon
            ? []
            : [
                this.#opening(
                  network,
                  this.#labelled(node),
                  "what is in it asks another resolver than Amazon's, which no DNS firewall sees",
                  servers.kind === "unknown" ? "`domainNameServers` are not known" : undefined,
                  "Set domainNameServers to AmazonProvidedDNS.",
                ),
              ];
        });
      });
    const delegations = graph.ofType("aws:route53:record").flatMap((node) => {
      const type = textOf(graph.read(node, "type"));
      const isDelegation = type.kind === "unknown" || (type.kind === "known" && type.value === "NS");
      const isHere = this.#resources(graph.referents(node, "zoneId", ["aws:route53:zone"])).some((zone) =>
        itemsOf(graph.read(zone, "vpcs")).some((vpc) =>
          graph
            .referentsOf(zone, "vpcs", memberReading(recordOf(vpc), "vpcId"), types.network)
            .some(
              (referent) => referent.kind !== "resource" || this.#networks.ofNode(referent.node) === network,
            ),
        ),
      );
      return isDelegation && isHere
        ? [
            this.#opening(
              network,
              this.#labelled(node),
              "a private zone of it hands a name on to other name servers",
              type.kind === "unknown" ? "`type` is not known" : undefined,
              "Take the NS record away.",
            ),
          ]
        : [];
    });
    return [
      ...endpoints,
      ...options,
      ...delegations,
      ...ofNetwork(
        "aws:route53:resolverruleassociation",
        "vpcId",
        "a resolver rule sends queries for some names to another resolver",
        "Take the association away.",
      ),
      ...ofNetwork(
        "aws:route53:profilesassociation",
        "resourceId",
        "a profile brings rules of resolution that are not in the stack",
        "Take the association away.",
      ),
      ...ofNetwork(
        "aws:route53:zoneassociation",
        "vpcId",
        "a zone that another network owns is answered in it",
        "Take the association away, and keep the zone's records in a zone of this network.",
      ),
    ];
  }

  /** Networks with zones whose queries nothing records. */
  unrecorded(networks: readonly Network[]): readonly Network[] {
    const { graph } = this.#stack;
    return networks.filter(
      (network) =>
        !graph
          .ofType("aws:route53:resolverquerylogconfigassociation")
          .some(
            (node) =>
              this.#isOf(node, "resourceId", network) &&
              isOne(graph.referents(node, "resourceId", types.network)) &&
              graph.referents(node, "resourceId", types.network).every(({ kind }) => kind !== "undetermined"),
          ),
    );
  }
}
