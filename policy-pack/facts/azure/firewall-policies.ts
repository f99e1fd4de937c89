import { box, firstMatch, type PacketSet } from "../../packet-set";
import { integerOf, itemsOf, memberReading, recordOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Rule } from "../fact";
import { labelOf } from "../label";

import { applicationRule, natRule, networkRule, type FirewallRule, type RuleSource } from "./firewall-rules";
import { within } from "./gateway-parts";
import { mayBePartOf } from "./part-of";
import { wordOf } from "./word";

const policyType = "azure-native:network:firewallpolicy";
const groupType = "azure-native:network:firewallpolicyrulecollectiongroup";
/** What older API versions had in its place. */
const oldGroupType = "azure-native:network:firewallpolicyrulegroup";

/** Types that inspect packets: read where they inspect those of a zone that may reach the Internet, which the PHI zone may not. */
export const firewallPolicyTypes: readonly ResourceType[] = [policyType, groupType, oldGroupType];

/** What may pass a firewall by for a reason that is not known. */
function anything(urn: string, label: string, assumption: string | undefined): Rule {
  return {
    urn,
    label,
    action: "allow",
    protocols: everyProtocol,
    ports: everyPort,
    remote: { kind: "anything" },
    assumption,
  };
}

/** Rules of a collection, with where it stands among the others. */
interface Collection {
  readonly group: Reading<number>;
  readonly own: Reading<number>;
  readonly rules: readonly FirewallRule[];
}

/** In which order a firewall tries its rules, whatever their priorities (Azure Firewall, "Rule processing logic"). */
const order: readonly FirewallRule["kind"][] = ["nat", "network", "application"];

/** Why nothing that a policy passes has been looked into; `undefined` where it looks. */
interface Fault {
  readonly urn: string;
  readonly label: string;
  readonly assumption: string | undefined;
}

/** What a rule passes without a look; `undefined` where it looks. */
function unlooked({ kind, look }: FirewallRule): string | undefined {
  switch (kind) {
    case "nat":
      return "passes packets on to another address by their headers alone";
    case "network":
      return "passes packets by their headers alone";
    case "application":
      return look === "at names"
        ? "passes TLS without ending it (terminateTLS)"
        : look === "at no name"
          ? "passes requests to names that nobody has looked at"
          : undefined;
  }
}

/** The rules for the packets of a set, one for each part of it. */
function asRules(packets: PacketSet): readonly Rule[] {
  return packets.flatMap(
    ({ family, protocolFrom, protocolTo, portFrom, portTo, addressFrom, addressTo, steps: [by] }) =>
      by === undefined
        ? []
        : [
            {
              ...anything(by.urn, by.label, by.assumption),
              protocols: { from: protocolFrom, to: protocolTo },
              ports: { from: portFrom, to: portTo },
              remote: { kind: "addresses", range: { family, from: addressFrom, to: addressTo } } as const,
            },
          ],
  );
}

interface Tried {
  readonly rule: Rule;
  readonly packets: PacketSet;
}

function tried(from: FirewallRule, { urn, label, assumption }: Fault): Tried {
  const rule: Rule = { ...anything(urn, label, from.assumption ?? assumption), action: from.action };
  return {
    rule,
    packets: from.extents.flatMap(({ protocols, ports }) =>
      from.destinations.map((range) => box(protocols, ports, range, [rule])),
    ),
  };
}

/** What the policies of Azure's firewalls let by without a look. */
export class FirewallPolicies {
  readonly #graph: StackGraph;
  readonly #known = new Map<string, readonly Rule[]>();

  constructor(graph: StackGraph) {
    this.#graph = graph;
  }

  /** What a firewall lets by without a look; nothing, where it looks into all that it lets by. */
  uninspected(firewall: Node): readonly Rule[] {
    const known = this.#known.get(firewall.urn);
    if (known !== undefined) {
      return known;
    }
    const rules = this.#read(firewall);
    this.#known.set(firewall.urn, rules);
    return rules;
  }

  #read(firewall: Node): readonly Rule[] {
    const graph = this.#graph;
    const reference = graph.read(firewall, "firewallPolicy");
    if (reference.kind === "absent") {
      const fault = {
        urn: firewall.urn,
        label: `${labelOf(firewall)}: has no policy, and its own rules look into nothing`,
        assumption: undefined,
      };
      return this.#passed(this.#ownRules(firewall), fault);
    }
    const id = memberReading(recordOf(reference), "id");
    const [policy, ...others] = graph.referentsOf(firewall, "firewallPolicy", id, [policyType]);
    if (policy?.kind !== "resource" || others.length > 0) {
      const label = `the policy of ${labelOf(firewall)}`;
      return [anything(firewall.urn, label, `${label} is not in the stack, so it may let anything by`)];
    }
    return this.#ofPolicy(firewall, policy.node, policy.assumed);
  }

  #ofPolicy(firewall: Node, policy: Node, isAssumed: boolean): readonly Rule[] {
    const collections = this.#collections(policy, new Set());
    if (collections === undefined || isAssumed) {
      return [this.#unknown(policy, "which rules it tries is not known")];
    }
    return this.#passed(collections, this.#blindness(firewall, policy));
  }

  #unknown(policy: Node, why: string): Rule {
    return anything(policy.urn, labelOf(policy), `${why}, so it may let anything by`);
  }

  /** Why a firewall looks into nothing that its policy passes. */
  #blindness(firewall: Node, policy: Node): Fault | undefined {
    const graph = this.#graph;
    const tierOf = (node: Node): Reading<string> =>
      wordOf(memberReading(recordOf(graph.read(node, "sku")), "tier"));
    const authority = within(
      recordOf(graph.read(policy, "transportSecurity")),
      "certificateAuthority",
      "keyVaultSecretId",
    );
    const checks = [
      { node: policy, key: "sku.tier", read: tierOf(policy), what: "is of a tier that looks into no TLS" },
      {
        node: firewall,
        key: "sku.tier",
        read: tierOf(firewall),
        what: "is of a tier that looks into no TLS",
      },
      {
        node: policy,
        key: "transportSecurity",
        // One that is made with the stack has an address which a preview does not know.
        read: authority.kind === "absent" ? authority : ({ kind: "known", value: "premium" } as const),
        what: "has no authority to end TLS with",
      },
    ].filter(({ read }) => read.kind !== "known" || read.value !== "premium");
    // What is certainly wrong tells more than what may be.
    const found = checks.find(({ read }) => read.kind !== "unknown") ?? checks[0];
    if (found === undefined) {
      return undefined;
    }
    const { node, key, read, what } = found;
    const label = labelOf(node);
    return {
      urn: node.urn,
      label: `${label}: ${what} (${key})`,
      assumption: read.kind === "unknown" ? `\`${key}\` of ${label} is not known` : undefined,
    };
  }

  /**
   * What rules let by without a look, the first rule for a packet deciding.
   *
   * @param fault why none of them looks, where that is so.
   */
  #passed(collections: readonly Collection[], fault: Fault | undefined): readonly Rule[] {
    const isOrdered = collections.every(({ group, own }) => group.kind === "known" && own.kind === "known");
    const value = (read: Reading<number>): number => (read.kind === "known" ? read.value : 0);
    const inOrder = [...collections]
      .sort((a, b) => value(a.group) - value(b.group) || value(a.own) - value(b.own))
      .flatMap(({ rules }) => rules);
    const byKind = order.flatMap((kind) => inOrder.filter((rule) => rule.kind === kind));
    // Where it is not known which collection comes first, or for whom a rule holds, nothing comes before what lets packets by.
    const counted = byKind.filter(
      (rule) =>
        rule.action === "allow" ||
        (isOrdered && rule.isForEverySource && rule.isForEveryName && rule.assumption === undefined),
    );
    const all = counted.map((rule) => ({ rule, look: unlooked(rule) }));
    const uninspected = all.flatMap(({ rule, look }): readonly Tried[] => {
      if (rule.action === "deny") {
        return [tried(rule, { urn: rule.urn, label: rule.label, assumption: undefined })];
      }
      if (fault !== undefined) {
        return [tried(rule, fault)];
      }
      return look === undefined && rule.assumption === undefined
        ? []
        : [
            tried(rule, {
              urn: rule.urn,
              label: `${rule.label}: ${look ?? "passes requests"}`,
              assumption: undefined,
            }),
          ];
    });
    return asRules(firstMatch(uninspected));
  }

  /** The collections of a policy, and of those that it is based on; `undefined` where they are not known. */
  #collections(policy: Node, seen: ReadonlySet<string>): readonly Collection[] | undefined {
    const graph = this.#graph;
    if (
      graph
        .ofType(oldGroupType)
        .some((group) => mayBePartOf(graph, group, "firewallPolicyName", policy, policyType))
    ) {
      return undefined;
    }
    const own: Collection[] = [];
    for (const group of graph.ofType(groupType)) {
      if (mayBePartOf(graph, group, "firewallPolicyName", policy, policyType)) {
        const priority = integerOf(graph.read(group, "priority"));
        own.push(
          ...itemsOf(graph.read(group, "ruleCollections")).map((item) => ({
            group: priority,
            ...this.#collection(group, item),
          })),
        );
      }
    }
    const base = graph.read(policy, "basePolicy");
    if (base.kind === "absent") {
      return own;
    }
    const id = memberReading(recordOf(base), "id");
    const [parent, ...others] = graph.referentsOf(policy, "basePolicy", id, [policyType]);
    if (parent?.kind !== "resource" || parent.assumed || others.length > 0 || seen.has(parent.node.urn)) {
      return undefined;
    }
    const inherited = this.#collections(parent.node, new Set([...seen, policy.urn]));
    // Those of the base come before all others, whatever their priorities.
    return inherited === undefined
      ? undefined
      : [
          ...inherited.map((one) => ({
            ...one,
            group:
              one.group.kind === "known"
                ? { kind: "known" as const, value: one.group.value - 1e6 }
                : one.group,
          })),
          ...own,
        ];
  }

  #collection(group: Node, item: Reading<unknown>): Omit<Collection, "group"> {
    const collection = recordOf(item);
    const action = wordOf(within(collection, "action", "type"));
    const label = labelOf(group);
    const rules = itemsOf(memberReading(collection, "rules")).flatMap((read): readonly FirewallRule[] => {
      const rule = recordOf(read);
      const source: RuleSource = { graph: this.#graph, node: group, key: "ruleCollections", rule, action };
      const type = wordOf(memberReading(rule, "ruleType"));
      switch (type.kind === "known" ? type.value : undefined) {
        case "applicationrule":
          return applicationRule(source, label);
        case "natrule":
          return [natRule(source, label)].filter((one) => one !== undefined);
        case "networkrule":
          return [networkRule(source, label)];
        default:
          return [networkRule({ ...source, action: { kind: "unknown" } }, label)];
      }
    });
    return { own: integerOf(memberReading(collection, "priority")), rules };
  }

  /** The rules that a firewall without a policy has itself. */
  #ownRules(firewall: Node): readonly Collection[] {
    const graph = this.#graph;
    const label = labelOf(firewall);
    const read = (
      key: string,
      rulesOf: (source: RuleSource) => readonly (FirewallRule | undefined)[],
    ): readonly Collection[] =>
      itemsOf(graph.read(firewall, key)).map((item) => {
        const collection = recordOf(item);
        const action = wordOf(within(collection, "action", "type"));
        return {
          group: { kind: "known", value: 0 },
          own: integerOf(memberReading(collection, "priority")),
          rules: itemsOf(memberReading(collection, "rules")).flatMap((rule) =>
            rulesOf({ graph, node: firewall, key, rule: recordOf(rule), action }).filter(
              (one) => one !== undefined,
            ),
          ),
        };
      });
    return [
      ...read("natRuleCollections", (source) => [natRule(source, label)]),
      ...read("networkRuleCollections", (source) => [networkRule(source, label)]),
      ...read("applicationRuleCollections", (source) => applicationRule(source, label)),
    ];
  }
}
