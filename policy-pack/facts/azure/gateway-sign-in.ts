import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

import { within, type Mapping } from "./gateway-parts";
import { wordOf } from "./word";

const policyTypes = ["azure-native:network:webapplicationfirewallpolicy"] as const;

function isWord(read: Reading<unknown>, ...words: readonly string[]): boolean {
  const word = wordOf(read);
  return word.kind === "known" && words.includes(word.value);
}

/** Whether a text that a header begins with, or an expression that it matches, is that of a bearer token (RFC 6750 §2.1). */
function isBearer(operator: Reading<string>, read: Reading<unknown>): boolean {
  const text = textOf(read);
  if (text.kind !== "known" || operator.kind !== "known") {
    return false;
  }
  return operator.value === "beginswith"
    ? /^bearer/i.test(text.value)
    : // Without alternatives, such as those of a bar, what follows can only ask for more.
      operator.value === "regex" &&
        /^\^(?:\(\?i\))?(?:[Bb]|\[Bb\]|\[bB\])earer/.test(text.value) &&
        !text.value.includes("|");
}

/** Whether a condition holds for each request that brings no bearer token, such as one without the header. */
function isWithoutToken(item: Reading<unknown>): boolean {
  const condition = recordOf(item);
  const operator = wordOf(memberReading(condition, "operator"));
  // The SDK writes the property without its second `i`; other API versions may not.
  const negated = ["negationConditon", "negationCondition"].map((key) =>
    flagOf(memberReading(condition, key)),
  );
  const variables = itemsOf(memberReading(condition, "matchVariables")).map(recordOf);
  const [variable, ...others] = variables;
  const values = itemsOf(memberReading(condition, "matchValues"));
  return (
    variable !== undefined &&
    others.length === 0 &&
    isWord(memberReading(variable, "variableName"), "requestheaders") &&
    isWord(memberReading(variable, "selector"), "authorization") &&
    negated.some((flag) => flag.kind === "known" && flag.value) &&
    values.length > 0 &&
    values.every((value) => isBearer(operator, value))
  );
}

/** Whether a rule of a web firewall certainly blocks whoever brings no bearer token. */
function blocksWithoutToken(rule: Mapping): boolean {
  const conditions = itemsOf(memberReading(rule, "matchConditions"));
  const [only, ...others] = conditions;
  const state = wordOf(memberReading(rule, "state"));
  return (
    isWord(memberReading(rule, "action"), "block") &&
    isWord(memberReading(rule, "ruleType"), "matchrule") &&
    (state.kind === "absent" || isWord(state, "enabled")) &&
    only !== undefined &&
    // All of several conditions have to hold, so that another one would let some requests by.
    others.length === 0 &&
    isWithoutToken(only)
  );
}

/** Whether a policy of a web firewall certainly lets nobody by who brings no bearer token. */
function asksForToken(graph: StackGraph, policy: Node): boolean {
  const settings = recordOf(graph.read(policy, "policySettings"));
  const rules = itemsOf(graph.read(policy, "customRules"))
    .map(recordOf)
    .map((rule) => ({ rule, priority: integerOf(memberReading(rule, "priority")) }));
  const first = rules.find(({ rule }) => blocksWithoutToken(rule));
  const at = first?.priority;
  if (
    !isWord(memberReading(settings, "mode"), "prevention") ||
    !isWord(memberReading(settings, "state"), "enabled") ||
    at?.kind !== "known"
  ) {
    return false;
  }
  // A rule that lets a request by ends the trial, so that none may come before (Azure Web Application Firewall, "Custom rules").
  return rules.every(
    ({ rule, priority }) =>
      isWord(memberReading(rule, "action"), "block", "log") ||
      isWord(memberReading(rule, "state"), "disabled") ||
      (priority.kind === "known" && priority.value > at.value),
  );
}

/**
 * Whether whoever comes to a listener of a gateway certainly has signed in, as far as a gateway can tell: its web firewall
 * blocks requests without a bearer token, whichever path they ask for. Whose token it is, what is behind verifies.
 */
export function signsIn(graph: StackGraph, gateway: Node, listener: Mapping): boolean {
  if (!isWord(within(recordOf(graph.read(gateway, "sku")), "tier"), "waf_v2")) {
    return false;
  }
  const own = memberReading(listener, "firewallPolicy");
  const paths = itemsOf(graph.read(gateway, "urlPathMaps")).flatMap((map) =>
    itemsOf(memberReading(recordOf(map), "pathRules")).map(
      (rule) => ["urlPathMaps", memberReading(recordOf(rule), "firewallPolicy")] as const,
    ),
  );
  const policies = [
    own.kind === "absent"
      ? (["firewallPolicy", graph.read(gateway, "firewallPolicy")] as const)
      : (["httpListeners", own] as const),
    // A path's own policy stands in the place of the listener's.
    ...paths.filter(([, reference]) => reference.kind !== "absent"),
  ];
  return policies.every(([key, reference]) => {
    const id = memberReading(recordOf(reference), "id");
    const found = id.kind === "absent" ? [] : graph.referentsOf(gateway, key, id, policyTypes);
    return found.length > 0 && found.every((to) => to.kind === "resource" && asksForToken(graph, to.node));
  });
}
