import { everyAddress, type AddressRange } from "../../address-range";
import { box, everyPacket, firstMatch, subtract, type PacketSet } from "../../packet-set";
import { udp } from "../../protocol";
import { tcpPackets } from "../../reachability";
import {
  integerOf,
  itemsOf,
  listOf,
  memberReading,
  reading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Interval, type Rule } from "../fact";

import { labelOf } from "./aws-stack";
import { actionsOf, statelessRules } from "./stateless-rules";
import { statefulRule, suricataRules, type StatefulRule, type Variables } from "./suricata-rules";

type Properties = Reading<Readonly<Record<string, unknown>>>;

const groupTypes = ["aws:networkfirewall:rulegroup"] as const;

/** Rule groups that AWS keeps: lists of what is to be refused (AWS Network Firewall guide, "Managed rule groups"). */
const ofAws = /:aws-managed:stateful-rulegroup\//;

/**
 * The one resource to which an ARN refers: by its name, or as that of whose outputs it was made. Not every provider shows
 * the ARN among the outputs.
 */
export function ofArn(
  graph: StackGraph,
  node: Node,
  key: string,
  arn: Reading<unknown>,
  types: readonly string[],
): Node | undefined {
  const [first, ...others] = graph.referentsOf(node, key, arn, types);
  if (first?.kind === "resource" && others.length === 0 && !first.assumed) {
    return first.node;
  }
  const [origin, ...more] = withoutArn(graph, node, key, types);
  return more.length === 0 ? origin : undefined;
}

/** The resources of whose outputs a property was made, and whose own ARNs are not known. */
function withoutArn(graph: StackGraph, node: Node, key: string, types: readonly string[]): readonly Node[] {
  return graph
    .origins(node, key, types)
    .flatMap((origin) =>
      origin.kind === "resource" && reading(origin.node.outputs["arn"]).kind !== "known" ? [origin.node] : [],
    );
}

/** What a policy does with packets that no stateless rule matches; one of them always (API, `FirewallPolicy`). */
const standardActions: readonly string[] = ["aws:pass", "aws:drop", "aws:forward_to_sfe"];

const unknownOrder = "which rules of the policy come first is not known";

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** The port on which a request is looked for that is not encrypted. */
const plainHttp: Interval = { from: 80, to: 81 };

/** What may pass a policy by for a reason that is not known. */
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

/** Packets that pass by without a look, as one rule for each part of them, after what lets each part by. */
function asRules(packets: PacketSet, by: (box: PacketSet[number]) => Rule | undefined): readonly Rule[] {
  return packets.flatMap((one): readonly Rule[] => {
    const rule = by(one);
    const { family, protocolFrom, protocolTo, portFrom, portTo, addressFrom, addressTo } = one;
    return rule === undefined
      ? []
      : [
          {
            ...rule,
            protocols: { from: protocolFrom, to: protocolTo },
            ports: { from: portFrom, to: portTo },
            remote: { kind: "addresses", range: { family, from: addressFrom, to: addressTo } },
          },
        ];
  });
}

/** The packets that ordered stateless rules let by without a look, one rule for each part of them. */
function passing(rules: readonly Rule[]): readonly Rule[] {
  const allowed = firstMatch(
    rules.map((rule) => ({
      rule,
      packets: (rule.remote.kind === "addresses" ? [rule.remote.range] : everywhere).map((range) =>
        box(rule.protocols, rule.ports, range, [rule]),
      ),
    })),
  );
  return asRules(allowed, ({ steps: [by] }) =>
    by === undefined ? undefined : anything(by.urn, by.label, by.assumption),
  );
}

/** The values of the variables of a rule group, by name; `undefined` where it is not known which there are. */
export function variablesOf(content: Properties): Variables | undefined {
  const sets = itemsOf(memberReading(recordOf(memberReading(content, "ruleVariables")), "ipSets"));
  const entries = sets.map((item): readonly [string, readonly string[] | undefined] | undefined => {
    const key = textOf(memberReading(recordOf(item), "key"));
    const set = recordOf(memberReading(recordOf(item), "ipSet"));
    const values = itemsOf(memberReading(set, "definitions")).map(textOf);
    const known = values.flatMap((value) => (value.kind === "known" ? [value.value] : []));
    return key.kind === "known" ? [key.value, known.length < values.length ? undefined : known] : undefined;
  });
  const named = entries.filter((entry) => entry !== undefined);
  return named.length < entries.length ? undefined : new Map(named);
}

/** The options of a rule that is a mapping, each as a keyword and its setting; `undefined` where one is not known. */
export function ruleOptions(rule: Properties): readonly string[] | undefined {
  const options = itemsOf(memberReading(rule, "ruleOptions")).map((option) => {
    const keyword = textOf(memberReading(recordOf(option), "keyword"));
    const settings = itemsOf(memberReading(recordOf(option), "settings")).map(textOf);
    return keyword.kind !== "known" || settings.some(({ kind }) => kind === "unknown")
      ? undefined
      : `${keyword.value}:${settings.map((setting) => (setting.kind === "known" ? setting.value : "")).join(",")}`;
  });
  return options.every((option) => option !== undefined) ? options : undefined;
}

function mappedRule(item: Reading<unknown>, variables: Variables): StatefulRule | undefined {
  const rule = recordOf(item);
  const header = recordOf(memberReading(rule, "header"));
  const text = (record: Properties, key: string): string | undefined => {
    const value = textOf(memberReading(record, key));
    return value.kind === "known" ? value.value : undefined;
  };
  const action = text(rule, "action");
  const protocol = text(header, "protocol");
  const source = text(header, "source");
  const destination = text(header, "destination");
  const destinationPort = text(header, "destinationPort");
  const direction = text(header, "direction");
  const options = ruleOptions(rule);
  if (
    action === undefined ||
    protocol === undefined ||
    source === undefined ||
    destination === undefined ||
    destinationPort === undefined ||
    direction === undefined ||
    options === undefined
  ) {
    return undefined;
  }
  return statefulRule(
    {
      action,
      protocol,
      source,
      destination,
      destinationPort,
      isTwoWay: direction.toUpperCase() === "ANY",
      options,
    },
    variables,
  );
}

/** The rules of a stateful group; `undefined` where they are not known. */
function statefulRules(graph: StackGraph, group: Node): readonly StatefulRule[] | undefined {
  const content = recordOf(graph.read(group, "ruleGroup"));
  const source = recordOf(memberReading(content, "rulesSource"));
  const variables = variablesOf(content);
  if (variables === undefined) {
    return undefined;
  }
  const found: StatefulRule[] = [];
  const texts = [graph.read(group, "rules"), memberReading(source, "rulesString")].map(textOf);
  const hasLines = texts.some(({ kind }) => kind === "known");
  for (const lines of texts) {
    const read = lines.kind === "known" ? suricataRules(lines.value, variables) : [];
    if (lines.kind === "unknown" || read === undefined) {
      return undefined;
    }
    found.push(...read);
  }
  const domains = recordOf(memberReading(source, "rulesSourceList"));
  const mapped = listOf(memberReading(source, "statefulRules"));
  if (domains.kind === "unknown" || mapped.kind === "unknown") {
    return undefined;
  }
  if (domains.kind === "known") {
    // A list of names refuses: those in it, or all others. It looks at handshakes, or at plain requests alone.
    const types = itemsOf(memberReading(domains, "targetTypes")).map(textOf);
    if (types.some(({ kind }) => kind === "unknown")) {
      return undefined;
    }
    const looksAtTls = types.some((type) => type.kind === "known" && type.value === "TLS_SNI");
    found.push({
      does: "refuses",
      packets: looksAtTls ? everyPacket : tcpPackets(everywhere, plainHttp),
      assumption: undefined,
    });
  }
  if (found.length === 0 && mapped.kind === "absent" && !hasLines) {
    return undefined; // AWS takes no group without rules; so these are not shown.
  }
  for (const item of itemsOf(mapped)) {
    const rule = mappedRule(item, variables);
    if (rule === undefined) {
      return undefined;
    }
    found.push(rule);
  }
  return found;
}

/** A rule group that a policy tries. */
export interface Reference {
  /** The group, its ARN where it is not in the stack, or nothing where it cannot be known which it is. */
  readonly group: Node | { readonly arn: string } | undefined;
  readonly priority: Reading<number>;
  /** Whether what the group drops is dropped, rather than let by and recorded. */
  readonly drops: boolean | undefined;
}

/** The rule groups of one type that a policy tries, in the order of its list. */
function references(
  graph: StackGraph,
  policy: Node,
  content: Properties,
  key: "statelessRuleGroupReferences" | "statefulRuleGroupReferences",
): readonly Reference[] {
  const ofKey = (node: Node): boolean => {
    const type = textOf(graph.read(node, "type"));
    return type.kind !== "known" || type.value === (key.startsWith("stateless") ? "STATELESS" : "STATEFUL");
  };
  const found = itemsOf(memberReading(content, key)).map((item) => {
    const reference = recordOf(item);
    const arn = memberReading(reference, "resourceArn");
    const text = textOf(arn);
    const found = text.kind === "known" ? graph.named(text.value) : undefined;
    const isShown =
      text.kind === "known" &&
      (ofAws.test(text.value) || withoutArn(graph, policy, "firewallPolicy", groupTypes).length === 0);
    const override = memberReading(recordOf(memberReading(reference, "override")), "action");
    return {
      group: found ?? (isShown ? { arn: text.value } : undefined),
      priority: integerOf(memberReading(reference, "priority")),
      drops: override.kind === "unknown" ? undefined : override.kind === "absent",
    };
  });
  // Of several ARNs that are not known it is known which groups they are, once there are as many groups as ARNs.
  const derived = found.filter(({ group }) => group === undefined);
  const candidates = graph
    .origins(policy, "firewallPolicy", groupTypes)
    .flatMap((origin) => (origin.kind === "resource" && ofKey(origin.node) ? [origin.node] : []))
    .filter((node) => !found.some(({ group }) => group === node));
  const [only] = derived;
  if (only === undefined || candidates.length === 0 || derived.length < candidates.length) {
    return found;
  }
  return [
    ...found.filter(({ group }) => group !== undefined),
    ...candidates.map((group) => ({
      group,
      priority: derived.length === 1 ? only.priority : unknown,
      drops: derived.every(({ drops }) => drops === only.drops) ? only.drops : undefined,
    })),
  ];
}

/** The stateful groups of rules that a policy tries. */
export function groupsOfPolicy(graph: StackGraph, policy: Node, content: Properties): readonly Reference[] {
  return references(graph, policy, content, "statefulRuleGroupReferences");
}

/** Whether an ARN is of a group of rules that AWS keeps. */
export function isOfAws(arn: string): boolean {
  return ofAws.test(arn);
}

/** What the policies of network firewalls let by without a look. */
export class FirewallPolicies {
  readonly #graph: StackGraph;
  readonly #known = new Map<string, readonly Rule[]>();

  constructor(graph: StackGraph) {
    this.#graph = graph;
  }

  /** The policy of a firewall, where it is in the stack. */
  policyOf(firewall: Node): Node | undefined {
    const arn = this.#graph.read(firewall, "firewallPolicyArn");
    return ofArn(this.#graph, firewall, "firewallPolicyArn", arn, ["aws:networkfirewall:firewallpolicy"]);
  }

  /** What the policy of a firewall lets by without a look; nothing, where it inspects. */
  uninspected(firewall: Node): readonly Rule[] {
    const policy = this.policyOf(firewall);
    if (policy === undefined) {
      const label = `the policy of ${labelOf(firewall)}`;
      return [anything(firewall.urn, label, `${label} is not in the stack, so it may let anything by`)];
    }
    const known = this.#known.get(policy.urn);
    if (known !== undefined) {
      return known;
    }
    const rules = this.#read(policy);
    this.#known.set(policy.urn, rules);
    return rules;
  }

  #read(policy: Node): readonly Rule[] {
    const content = recordOf(this.#graph.read(policy, "firewallPolicy"));
    const defaults = actionsOf(memberReading(content, "statelessDefaultActions"));
    const fragments = actionsOf(memberReading(content, "statelessFragmentDefaultActions"));
    const isStandard = [defaults, fragments].every((actions) =>
      actions?.some((action) => standardActions.includes(action)),
    );
    if (content.kind !== "known" || defaults === undefined || fragments === undefined || !isStandard) {
      return [this.#unknown(policy, "what its `firewallPolicy` says is not known")];
    }
    const stateless = this.#stateless(policy, content, defaults);
    if (stateless === undefined) {
      return [this.#unknown(policy, "its stateless rules are not known")];
    }
    const handsOn =
      [...defaults, ...fragments].includes("aws:forward_to_sfe") ||
      memberReading(content, "statelessRuleGroupReferences").kind !== "absent";
    return [
      ...stateless,
      ...(fragments.includes("aws:pass")
        ? [
            {
              ...anything(
                policy.urn,
                `${labelOf(policy)}: statelessFragmentDefaultActions is aws:pass`,
                undefined,
              ),
              // Fragments of anything else but UDP are dropped (AWS Network Firewall API, `FirewallPolicy`).
              protocols: { from: udp, to: udp + 1 },
            },
          ]
        : []),
      ...(handsOn ? this.#stateful(policy, content) : []),
    ];
  }

  #unknown(policy: Node, why: string): Rule {
    return anything(policy.urn, labelOf(policy), `${why}, so it may let anything by`);
  }

  /** What the stateless rules and their default let by; `undefined` where they are not known. */
  #stateless(policy: Node, content: Properties, defaults: readonly string[]): readonly Rule[] | undefined {
    const tried = references(this.#graph, policy, content, "statelessRuleGroupReferences");
    const groups = tried.map(({ group, priority }) => ({
      priority: priority.kind === "known" ? priority.value : undefined,
      rules: group !== undefined && "urn" in group ? statelessRules(this.#graph, group) : undefined,
    }));
    const known = groups.flatMap(({ priority, rules }) => (rules === undefined ? [] : [{ priority, rules }]));
    if (known.length < groups.length) {
      return undefined;
    }
    const isOrdered = known.every(({ priority }) => priority !== undefined);
    const inOrder = known
      .sort(({ priority: a = 0 }, { priority: b = 0 }) => a - b)
      .flatMap(({ rules }) => rules)
      // Where it is not known which group comes first, nothing comes before what lets packets by.
      .flatMap((rule) =>
        isOrdered
          ? [rule]
          : rule.action === "allow"
            ? [{ ...rule, assumption: rule.assumption ?? unknownOrder }]
            : [],
      );
    const byDefault = defaults.includes("aws:pass")
      ? [anything(policy.urn, `${labelOf(policy)}: statelessDefaultActions is aws:pass`, undefined)]
      : [];
    return passing([...inOrder, ...byDefault]);
  }

  /** What the stateful engine lets by: what rules pass by their headers alone, and all, where no rule refuses anything. */
  #stateful(policy: Node, content: Properties): readonly Rule[] {
    const tried = references(this.#graph, policy, content, "statefulRuleGroupReferences");
    const order = textOf(
      memberReading(recordOf(memberReading(content, "statefulEngineOptions")), "ruleOrder"),
    );
    const isStrict = order.kind === "known" && order.value === "STRICT_ORDER";
    const defaults = memberReading(content, "statefulDefaultActions");
    // Only where rules are tried in strict order does the policy itself say what becomes of the rest.
    const dropsRest =
      isStrict && (actionsOf(defaults) ?? []).some((action) => action.startsWith("aws:drop_"));
    const isOrdered = tried.length === 1 || tried.every(({ priority }) => priority.kind === "known");
    const inOrder = [...tried].sort(
      ({ priority: a }, { priority: b }) =>
        (a.kind === "known" ? a.value : 0) - (b.kind === "known" ? b.value : 0),
    );
    const passed: Rule[] = [];
    // What some rule refuses, or looks into to refuse it.
    let refused: PacketSet = [];
    let refusedBefore: PacketSet = [];
    let unread: string | undefined =
      order.kind === "unknown" ||
      (isStrict && actionsOf(defaults) === undefined && defaults.kind !== "absent")
        ? "what becomes of packets that no stateful rule matches is not known"
        : undefined;
    for (const { group, drops } of inOrder) {
      if (drops === undefined) {
        unread ??= "whether its rules drop anything, or only record it, is not known";
      }
      if (group !== undefined && !("urn" in group)) {
        const isRead = ofAws.test(group.arn) || drops === false;
        refused = ofAws.test(group.arn) && drops === true ? everyPacket : refused;
        unread ??= isRead ? undefined : `what ${group.arn} refuses is not in the stack`;
        continue;
      }
      const rules = group === undefined ? undefined : statefulRules(this.#graph, group);
      if (group === undefined || rules === undefined) {
        // It may pass everything, whatever the others refuse.
        return [this.#unknown(policy, "which stateful rules it tries is not known")];
      }
      // Rules are tried in this order only where it is strict; where groups have one that is not known, within each.
      refusedBefore = isOrdered ? refusedBefore : [];
      for (const { does, packets, assumption } of rules) {
        if (does === "refuses" && drops === true) {
          refused = [...refused, ...packets];
          refusedBefore = isStrict ? [...refusedBefore, ...packets] : [];
        } else if (does === "passes") {
          const unknown = assumption ?? (isStrict && !isOrdered ? unknownOrder : undefined);
          passed.push(...asRules(subtract(packets, refusedBefore), () => passedBy(group, unknown)));
        }
      }
    }
    const rest = dropsRest ? [] : subtract(everyPacket, refused);
    if (rest.length === 0) {
      return passed;
    }
    if (unread !== undefined) {
      return [...passed, this.#unknown(policy, unread)];
    }
    const label = `${labelOf(policy)}: ${
      refused.length === 0 ? "no stateful rule refuses anything" : "no stateful rule looks into it"
    }, and its default drops nothing`;
    return [...passed, ...asRules(rest, () => anything(policy.urn, label, undefined))];
  }
}

function passedBy(group: Node, assumption: string | undefined): Rule {
  return anything(group.urn, `${labelOf(group)}: passes packets by their headers alone`, assumption);
}
