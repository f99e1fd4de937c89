import { integerOf, itemsOf, listOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Network, ResolverOpening } from "../fact";

import type { AwsStack } from "./aws-stack";
import { declaredHosts } from "../declared-hosts";
import type { Networks } from "./networks";
import { isWithin, type PrivateZones } from "./private-zones";
import { carryingName, resolverOpening } from "../resolver-openings";

const groupType = ["aws:route53:resolverfirewallrulegroup"];
const listType = ["aws:route53:resolverfirewalldomainlist"];

/** Types from which facts about DNS firewalls are drawn. */
export const dnsFirewallTypes = [
  ...groupType,
  ...listType,
  "aws:route53:resolverfirewallconfig",
  "aws:route53:resolverfirewallrule",
  "aws:route53:resolverfirewallrulegroupassociation",
] as const;

/** A name that carries data out, under a domain that is answered. */
function carryingNameUnder(domain: string): string {
  return domain === "*" ? carryingName : domain.replace("*", "data-to-take-out");
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

/** Whether a domain of a list is every name. */
function isEveryDomain(domain: string): boolean {
  return domain === "*" || domain === "*.";
}

/** Where a rule stands among the rules of all groups: the lowest numbers are tried first. */
interface Priority {
  readonly group: Reading<number>;
  readonly own: Reading<number>;
}

/** A rule of a firewall. */
interface FirewallRule extends Priority {
  readonly kind: "rule";
  readonly node: Node;
  /** Whether it is in force on the network for certain. What only may be, opens and does not close. */
  readonly isCertain: boolean;
  readonly action: Reading<string>;
  /** `undefined` where they cannot be known. */
  readonly domains: readonly string[] | undefined;
  /** Whether it is for some questions only: of one type, or such as look like a tunnel. */
  readonly isLimited: boolean;
  readonly redirection: Reading<string>;
}

/** A whole group of rules that are not of the stack. */
interface UnknownGroup extends Priority {
  readonly kind: "unknown-group";
  readonly node: Node;
}

type Entry = FirewallRule | UnknownGroup;

/** Whether a property refers to one resource of the stack, and for certain to that. */
function isOneResource(referents: readonly Referent[]): boolean {
  const [only, ...others] = referents;
  return others.length === 0 && only?.kind === "resource" && !only.assumed;
}

/** The DNS firewalls of a stack's networks: what they let be asked. */
export class DnsFirewalls {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #zones: PrivateZones;

  constructor(stack: AwsStack, networks: Networks, zones: PrivateZones) {
    this.#stack = stack;
    this.#networks = networks;
    this.#zones = zones;
  }

  /** What the firewall of a network lets be asked: each name that its first rule for it does not block. */
  openings(network: Network): readonly ResolverOpening[] {
    return [...this.#unblocked(network), ...this.#failMode(network)];
  }

  /**
   * The rules that a network's names are tried by, in their order, up to the one that blocks all others; none where nothing
   * closes its firewall.
   */
  closingRules(network: Network): readonly { readonly node: Node; readonly says: string }[] {
    if (this.openings(network).length > 0) {
      return [];
    }
    const closing: { readonly node: Node; readonly says: string }[] = [];
    for (const entry of this.#entries(network) ?? []) {
      if (entry.kind === "rule" && entry.action.kind === "known") {
        const { node, action, domains = [], isCertain, isLimited } = entry;
        const isFinal = action.value === "BLOCK" && isCertain && !isLimited && domains.some(isEveryDomain);
        closing.push({ node, says: `${action.value} ${[...domains].sort().join(", ")}` });
        if (isFinal) {
          return closing;
        }
      }
    }
    return [];
  }

  /** The rules of a group: those that are resources of their own, and those that it lists itself. */
  #rulesOf(group: Node, priority: Reading<number>, isInForce: boolean): readonly FirewallRule[] {
    const { graph } = this.#stack;
    const standalone = graph.ofType("aws:route53:resolverfirewallrule").flatMap((node) => {
      const of = graph.referents(node, "firewallRuleGroupId", groupType);
      const isOfThis = of.some(
        (referent) =>
          referent.kind === "undetermined" || (referent.kind === "resource" && referent.node === group),
      );
      return isOfThis
        ? [
            this.#rule(node, "firewallDomainListId", (key) => graph.read(node, key), {
              group: priority,
              isCertain: isInForce && isOneResource(of),
            }),
          ]
        : [];
    });
    const inline = itemsOf(graph.read(group, "firewallRules")).map((item) =>
      this.#rule(group, "firewallRules", (key) => memberReading(recordOf(item), key), {
        group: priority,
        isCertain: isInForce,
      }),
    );
    return [...standalone, ...inline];
  }

  /**
   * @param listKey the property of the resource that holds the id of the list, or of which the id is a part.
   */
  #rule(
    node: Node,
    listKey: string,
    read: (key: string) => Reading<unknown>,
    place: Pick<FirewallRule, "group" | "isCertain">,
  ): FirewallRule {
    const { graph } = this.#stack;
    const list = read("firewallDomainListId");
    return {
      ...place,
      kind: "rule",
      node,
      own: integerOf(read("priority")),
      action: textOf(read("action")),
      domains:
        list.kind === "absent" ? undefined : this.#domains(graph.referentsOf(node, listKey, list, listType)),
      isLimited: ["qType", "dnsThreatProtection"].some((key) => read(key).kind !== "absent"),
      redirection: textOf(read("firewallDomainRedirectionAction")),
    };
  }

  /** The domains of a list; `undefined` where they cannot be known. */
  #domains(lists: readonly Referent[]): readonly string[] | undefined {
    if (lists.length !== 1 || lists[0]?.kind !== "resource") {
      return undefined;
    }
    const domains = listOf(this.#stack.graph.read(lists[0].node, "domains"));
    if (domains.kind !== "known") {
      return undefined;
    }
    const texts = itemsOf(domains).map(textOf);
    return texts.every((text) => text.kind === "known") ? texts.map(({ value }) => value) : undefined;
  }

  /** What is in force on a network, or may be, in its order; `undefined` where the order cannot be known. */
  #entries(network: Network): readonly Entry[] | undefined {
    const { graph } = this.#stack;
    const entries = graph
      .ofType("aws:route53:resolverfirewallrulegroupassociation")
      .filter((node) => this.#networks.mayBeOf(node, "vpcId", network))
      .flatMap((association): readonly Entry[] => {
        const groups = graph.referents(association, "firewallRuleGroupId", groupType);
        const group = integerOf(graph.read(association, "priority"));
        const isInForce = this.#networks.isOf(association, "vpcId", network) && isOneResource(groups);
        const isUnknown = groups.length === 0 || groups.some(({ kind }) => kind !== "resource");
        return [
          ...groups.flatMap((referent) =>
            referent.kind === "resource" ? this.#rulesOf(referent.node, group, isInForce) : [],
          ),
          ...(isUnknown
            ? [
                {
                  kind: "unknown-group" as const,
                  node: association,
                  group,
                  own: { kind: "known" as const, value: 0 },
                },
              ]
            : []),
        ];
      });
    const ordered = entries.flatMap((entry) =>
      entry.group.kind === "known" && entry.own.kind === "known"
        ? [{ entry, group: entry.group.value, own: entry.own.value }]
        : [],
    );
    return ordered.length < entries.length
      ? undefined
      : ordered.sort((a, b) => a.group - b.group || a.own - b.own).map(({ entry }) => entry);
  }

  #unblocked(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const entries = this.#entries(network);
    if (entries === undefined) {
      return [
        resolverOpening(graph, network, {
          what: "in which order the rules of its DNS firewall are tried is not known",
          assumption: "a `priority` is not known",
          remedy: "Give each rule and each association its priority as a literal number.",
        }),
      ];
    }
    const found: ResolverOpening[] = [];
    for (const entry of entries) {
      if (entry.kind === "unknown-group") {
        found.push(
          resolverOpening(graph, network, {
            by: entry.node,
            what: "a group of rules that is not of the stack comes before the final block of its DNS firewall",
            assumption: "what its rules answer is not known",
            remedy:
              "Associate groups of this stack only, or let this one come after the group that ends in a block.",
          }),
        );
        continue;
      }
      const { action, domains, isCertain, isLimited } = entry;
      if (action.kind === "known" && action.value === "BLOCK") {
        const isWhole = (domains ?? []).some(isEveryDomain);
        if (isWhole && !isLimited && isCertain) {
          return found; // Whatever no rule before it answers is refused.
        }
        continue;
      }
      found.push(...this.#answered(network, entry));
    }
    return [
      ...found,
      resolverOpening(graph, network, {
        what:
          entries.length === 0
            ? "its resolver answers every name: no DNS firewall of the stack is in force on it"
            : "its DNS firewall ends without blocking what no rule names, and then answers it",
        remedy: "Associate a rule group that ends in a rule BLOCK for the domain *.",
      }),
    ];
  }

  /** What a rule that does not block lets be asked of others than AWS, and than the network's own resolver. */
  #answered(
    network: Network,
    { node, action, domains, redirection }: FirewallRule,
  ): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const what =
      action.kind === "known" && action.value === "ALERT"
        ? "a rule of its DNS firewall only reports what it should block"
        : "a rule of its DNS firewall answers names that somebody else may answer for";
    if (domains === undefined || action.kind !== "known") {
      return [
        resolverOpening(graph, network, {
          by: node,
          what,
          assumption: action.kind === "known" ? "its domains are not known" : "`action` is not known",
          remedy: "Name the domains that are answered as literals, in a list of this stack.",
        }),
      ];
    }
    const own = this.#zones.namesIn(network);
    // In the network of an egress zone whoever is called has to be found.
    const providers = network.zone === "egress" ? declaredHosts(graph, network.platform) : undefined;
    const open = domains.filter(
      (domain) =>
        action.value !== "ALLOW" ||
        !(
          isAwsOwn(domain) ||
          own.some((zone) => isWithin(domain, zone)) ||
          providers?.has(domain.replace(/\.$/, "")) === true
        ),
    );
    const follows =
      redirection.kind === "unknown" ||
      (redirection.kind === "known" && redirection.value === "TRUST_REDIRECTION_DOMAIN");
    if (open.length === 0 && !(follows && domains.some((domain) => domain.includes("*")))) {
      return [];
    }
    return [
      resolverOpening(graph, network, {
        by: node,
        what:
          open.length > 0
            ? `${what}: ${open.join(", ")}`
            : "a rule of its DNS firewall follows an answer wherever it leads",
        remedy:
          "Answer the full names of the private endpoints only, names under one service of AWS in one region, or names of a private zone of the network.",
        name: carryingNameUnder(open[0] ?? "*"),
      }),
    ];
  }

  #failMode(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:route53:resolverfirewallconfig")
      .filter((node) => this.#networks.mayBeOf(node, "resourceId", network))
      .flatMap((node) => {
        const mode = textOf(graph.read(node, "firewallFailOpen"));
        return mode.kind === "absent" || (mode.kind === "known" && mode.value === "DISABLED")
          ? []
          : [
              resolverOpening(graph, network, {
                by: node,
                what: "its DNS firewall lets every query through while it does not work",
                assumption: mode.kind === "unknown" ? "`firewallFailOpen` is not known" : undefined,
                remedy: "Set firewallFailOpen to DISABLED.",
              }),
            ];
      });
  }
}
