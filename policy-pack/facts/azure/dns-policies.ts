import { integerOf, itemsOf, listOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Network, ResolverOpening } from "../fact";
import { carryingName, resolverOpening } from "../resolver-openings";

import { types, type AzureStack } from "./azure-stack";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import { wordOf } from "./word";

const policyType = "azure-native:dnsresolver:dnsresolverpolicy";
const ruleType = "azure-native:dnsresolver:dnssecurityrule";
const linkType = "azure-native:dnsresolver:dnsresolverpolicyvirtualnetworklink";
const listType = "azure-native:dnsresolver:dnsresolverdomainlist";

/** Types from which facts about DNS security policies are drawn. */
export const dnsPolicyTypes: readonly ResourceType[] = [policyType, ruleType, linkType, listType];

/**
 * Zones under which Azure alone answers, whatever is asked: a name there is a customer's resource, and no customer's name
 * servers (Azure documentation, "Azure Private Endpoint private DNS zone values").
 */
const zonesOfAzure: readonly string[] = [
  "azure-automation.net",
  "azurecr.io",
  "azurehealthcareapis.com",
  "azmk8s.io",
  "cognitiveservices.azure.com",
  "core.windows.net",
  "database.azure.com",
  "database.windows.net",
  "documents.azure.com",
  "login.microsoftonline.com",
  "management.azure.com",
  "monitor.azure.com",
  "openai.azure.com",
  "opinsights.azure.com",
  "redis.cache.windows.net",
  "search.windows.net",
  "services.ai.azure.com",
  "servicebus.windows.net",
  "vault.azure.net",
  "vaultcore.azure.net",
];

/** A domain as it is compared: without the dot at its end, in lower case. */
function bare(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, "").replace(/^\*\./, "");
}

/** Whether Azure alone answers for a domain of a list, and all names under it. */
export function isAzureOwn(domain: string): boolean {
  const name = bare(domain);
  return zonesOfAzure.some((zone) => name === zone || name.endsWith(`.${zone}`));
}

/** Whether a domain of a list is every name. */
function isEveryDomain(domain: string): boolean {
  return domain === "." || domain === "*" || domain === "*.";
}

/** A name that carries data out, under a domain that is answered. */
function carryingNameUnder(domain: string): string {
  return isEveryDomain(domain) ? carryingName : `data-to-take-out.${bare(domain)}`;
}

/** A rule of a policy. */
interface SecurityRule {
  readonly node: Node;
  readonly priority: Reading<number>;
  readonly action: Reading<string>;
  /** `undefined` where they cannot be known. */
  readonly domains: readonly string[] | undefined;
  /** Whether it is in force for certain. What only may be, opens and does not close. */
  readonly isCertain: boolean;
}

/** The policies of a network, as far as they are shown. */
interface InForce {
  readonly links: readonly Node[];
  readonly policies: readonly Node[];
  /** Whether these are for certain the policy of the network: it has one at most. */
  readonly isCertain: boolean;
}

function isOne(referents: readonly Referent[]): boolean {
  const [only, ...others] = referents;
  return others.length === 0 && only?.kind === "resource" && !only.assumed;
}

/** The DNS security policies of a stack's networks: what they let be asked. */
export class DnsPolicies {
  readonly #stack: AzureStack;
  readonly #networks: Networks;

  constructor(stack: AzureStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
  }

  /** The policies that are linked to a network. */
  inForce(network: Network): InForce {
    const { graph } = this.#stack;
    const found = graph.ofType(linkType).flatMap((link) => {
      const id = memberReading(recordOf(graph.read(link, "virtualNetwork")), "id");
      const to = id.kind === "absent" ? [] : graph.referentsOf(link, "virtualNetwork", id, types.network);
      if (!this.#networks.mayLeadTo(to, network)) {
        return [];
      }
      const policies = ownersOf(graph, link, "dnsResolverPolicyName", policyType);
      const isHere = to.length === 1 && this.#networks.to(to) === network && !to.some(isAssumed);
      return [{ link, policies, isCertain: isHere && isOne(policies) }];
    });
    return {
      links: found.map(({ link }) => link),
      policies: found.flatMap(({ policies }) =>
        policies.flatMap((policy) => (policy.kind === "resource" ? [policy.node] : [])),
      ),
      isCertain: found.length === 1 && found.every(({ isCertain }) => isCertain),
    };
  }

  /** What the policy of a network lets be asked: each name that its first rule for it does not block. */
  openings(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const { links, policies, isCertain } = this.inForce(network);
    const [link] = links;
    if (link === undefined) {
      return [
        resolverOpening(graph, network, {
          what: "its resolver answers every name: no DNS security policy of the stack is in force on it",
          remedy: "Link a DnsResolverPolicy to it that ends in a rule Block for the domain `.`.",
        }),
      ];
    }
    if (policies.length === 0) {
      return [
        resolverOpening(graph, network, {
          by: link,
          what: "its DNS security policy is not of the stack, and may answer every name",
          assumption: "what its rules answer is not known",
          remedy: "Link a DnsResolverPolicy of this stack.",
        }),
      ];
    }
    const rules = this.#rulesOf(policies);
    const ordered = inOrder(rules);
    if (ordered === undefined) {
      return [
        resolverOpening(graph, network, {
          what: "in which order the rules of its DNS security policy are tried is not known",
          assumption: "a `priority` is not known",
          remedy: "Give each rule its priority as a literal number.",
        }),
      ];
    }
    const found: ResolverOpening[] = [];
    for (const rule of ordered) {
      if (rule.action.kind === "known" && rule.action.value === "block") {
        if ((rule.domains ?? []).some(isEveryDomain) && rule.isCertain && isCertain) {
          return found; // Whatever no rule before it answers is refused.
        }
        continue;
      }
      found.push(...this.#answered(network, rule));
    }
    return [
      ...found,
      resolverOpening(graph, network, {
        what: isCertain
          ? "its DNS security policy ends without blocking what no rule names, and then answers it"
          : "its DNS security policy may be another than the one that blocks what no rule names",
        assumption: isCertain ? undefined : "which policy is linked to it is not known",
        remedy: "Let the policy that is linked to it end in a rule Block for the domain `.`.",
      }),
    ];
  }

  /** The rules that names are tried by, in their order, up to the one that blocks all others; none where nothing closes. */
  closingRules(network: Network): readonly { readonly node: Node; readonly says: string }[] {
    if (this.openings(network).length > 0) {
      return [];
    }
    const closing: { readonly node: Node; readonly says: string }[] = [];
    for (const { node, action, domains = [], isCertain } of inOrder(
      this.#rulesOf(this.inForce(network).policies),
    ) ?? []) {
      if (action.kind === "known") {
        const word = `${action.value.charAt(0).toUpperCase()}${action.value.slice(1)}`;
        closing.push({ node, says: `${word} ${[...domains].sort().join(", ")}` });
        if (action.value === "block" && isCertain && domains.some(isEveryDomain)) {
          return closing;
        }
      }
    }
    return [];
  }

  #rulesOf(policies: readonly Node[]): readonly SecurityRule[] {
    const { graph } = this.#stack;
    return graph.ofType(ruleType).flatMap((node): readonly SecurityRule[] => {
      const of = ownersOf(graph, node, "dnsResolverPolicyName", policyType);
      const isHere = of.some(
        (policy) =>
          policy.kind === "undetermined" || (policy.kind === "resource" && policies.includes(policy.node)),
      );
      const state = wordOf(graph.read(node, "dnsSecurityRuleState"));
      if (!isHere || (state.kind === "known" && state.value === "disabled")) {
        return [];
      }
      return [
        {
          node,
          priority: integerOf(graph.read(node, "priority")),
          action: wordOf(memberReading(recordOf(graph.read(node, "action")), "actionType")),
          domains: this.#domains(node),
          isCertain: isOne(of) && state.kind !== "unknown",
        },
      ];
    });
  }

  /** The domains of a rule's lists; `undefined` where they cannot be known. */
  #domains(rule: Node): readonly string[] | undefined {
    const { graph } = this.#stack;
    const lists = itemsOf(graph.read(rule, "dnsResolverDomainLists")).flatMap((item) => {
      const id = memberReading(recordOf(item), "id");
      return graph.referentsOf(rule, "dnsResolverDomainLists", id, [listType]);
    });
    const domains = lists.map((list) =>
      list.kind === "resource" && !list.assumed
        ? listOf(graph.read(list.node, "domains"))
        : ({ kind: "unknown" } as const),
    );
    const texts = domains.flatMap((list) => itemsOf(list).map(textOf));
    return domains.length > 0 && texts.every((text) => text.kind === "known")
      ? texts.map(({ value }) => value)
      : undefined;
  }

  /** What a rule that does not block lets be asked of others than Azure. */
  #answered(network: Network, { node, action, domains }: SecurityRule): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const isAlert = action.kind === "known" && action.value === "alert";
    const what = isAlert
      ? "a rule of its DNS security policy only reports what it should block"
      : "a rule of its DNS security policy answers names that somebody else may answer for";
    if (domains === undefined || action.kind !== "known") {
      return [
        resolverOpening(graph, network, {
          by: node,
          what,
          assumption:
            action.kind === "known" ? "its domains are not known" : "`action.actionType` is not known",
          remedy: "Name the domains that are answered as literals, in a list of this stack.",
        }),
      ];
    }
    const open = domains.filter((domain) => !isAzureOwn(domain));
    return open.length === 0
      ? []
      : [
          resolverOpening(graph, network, {
            by: node,
            what: `${what}: ${open.join(", ")}`,
            remedy: "Answer names under the zones of Azure's services only.",
            name: carryingNameUnder(open.find(isEveryDomain) ?? open[0] ?? "."),
          }),
        ];
  }
}

function isAssumed(referent: Referent): boolean {
  return referent.kind === "resource" && referent.assumed;
}

/** Rules in the order in which they are tried, the lowest number first; `undefined` where it cannot be known. */
function inOrder(rules: readonly SecurityRule[]): readonly SecurityRule[] | undefined {
  const known = rules.flatMap((rule) =>
    rule.priority.kind === "known" ? [{ rule, priority: rule.priority.value }] : [],
  );
  return known.length < rules.length
    ? undefined
    : known.sort((a, b) => a.priority - b.priority).map(({ rule }) => rule);
}
