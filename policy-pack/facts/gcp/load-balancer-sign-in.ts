import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { readAt } from "../property-path";

import { backendServiceTypes } from "./load-balancers";
import { ownersOf } from "./owners";

/** The web firewall of Google Cloud's load balancers, with rules of its own that are resources as well. */
const firewallTypes: readonly ResourceType[] = [
  "gcp:compute:securitypolicy",
  "gcp:compute:regionsecuritypolicy",
];
const firewallRuleTypes: readonly ResourceType[] = [
  "gcp:compute:securitypolicyrule",
  "gcp:compute:regionsecuritypolicyrule",
];

/** Types of web firewalls from which facts are drawn. */
export const webFirewallTypes: readonly ResourceType[] = [...firewallTypes, ...firewallRuleTypes];

const header = String.raw`request\.headers\['authorization'\]`;

/** Conditions of the language of rules (Cloud Armor, "Custom rules language attributes"), without spaces, in lower case. */
const noHeader = new RegExp(`^!has\\(${header}\\)$`);
const noBearer = new RegExp(`^!${header}(?:\\.lower\\(\\))?\\.startswith\\('bearer'\\)$`);

/** Whether an expression certainly holds for each request that brings no bearer token (RFC 6750 §2.1). */
function holdsWithoutToken(expression: string): boolean {
  const text = expression.replaceAll('"', "'").replaceAll(/\s/g, "").toLowerCase();
  const alternatives = text.split("||").map((one) => one.replace(/^\((.*)\)$/, "$1"));
  // What is joined by "and" has to hold as a whole, and an alternative more blocks only more.
  return (
    !text.includes("&&") &&
    alternatives.some((one) => noHeader.test(one)) &&
    alternatives.some((one) => noBearer.test(one))
  );
}

interface WrittenRule {
  readonly action: Reading<string>;
  readonly priority: Reading<number>;
  readonly isEnforced: boolean;
  readonly expression: Reading<string>;
}

/** @param read reads a property of the rule. */
function written(read: (key: string) => Reading<unknown>): WrittenRule {
  const preview = flagOf(read("preview"));
  const expression = memberReading(recordOf(memberReading(recordOf(read("match")), "expr")), "expression");
  return {
    action: textOf(read("action")),
    priority: integerOf(read("priority")),
    isEnforced: preview.kind === "absent" || (preview.kind === "known" && !preview.value),
    expression: textOf(expression),
  };
}

/** Whether a rule that is a resource is one of a policy's, which it names by its id or by its name. */
function isOf(graph: StackGraph, rule: Node, policy: Node): "yes" | "perhaps" | "no" {
  const said = textOf(graph.read(rule, "securityPolicy"));
  const name = textOf(graph.read(policy, "name"));
  if (said.kind === "known" && name.kind === "known" && said.value === name.value) {
    return "yes";
  }
  const named = ownersOf(graph, rule, "securityPolicy", firewallTypes);
  const isNamed = named.some((to) => to.kind === "resource" && to.node === policy);
  return isNamed && named.length === 1
    ? "yes"
    : isNamed || named.some(({ kind }) => kind === "undetermined")
      ? "perhaps"
      : "no";
}

function rulesOf(graph: StackGraph, policy: Node): readonly WrittenRule[] {
  const inline = itemsOf(graph.read(policy, "rules")).map((rule) =>
    written((key) => memberReading(recordOf(rule), key)),
  );
  const standalone = graph.ofType(...firewallRuleTypes).flatMap((rule) => {
    const of = isOf(graph, rule, policy);
    const read = written((key) => graph.read(rule, key));
    // What may be another's, blocks nothing here.
    return of === "no" ? [] : [of === "yes" ? read : { ...read, isEnforced: false }];
  });
  return [...inline, ...standalone];
}

/** Whether a web firewall certainly lets nobody by who brings no bearer token. */
function asksForToken(graph: StackGraph, policy: Node): boolean {
  const type = textOf(graph.read(policy, "type"));
  const rules = rulesOf(graph, policy);
  const blocking = rules.flatMap(({ action, priority, isEnforced, expression }) =>
    isEnforced &&
    action.kind === "known" &&
    action.value.startsWith("deny") &&
    priority.kind === "known" &&
    expression.kind === "known" &&
    holdsWithoutToken(expression.value)
      ? [priority.value]
      : [],
  );
  const at = Math.min(...blocking);
  return (
    (type.kind === "absent" || (type.kind === "known" && type.value === "CLOUD_ARMOR")) &&
    Number.isFinite(at) &&
    // The first rule that matches decides, so that none before may let a request by.
    rules.every(
      ({ action, priority }) =>
        (action.kind === "known" && action.value.startsWith("deny")) ||
        (priority.kind === "known" && priority.value > at),
    )
  );
}

/** Whether Google signs in whoever comes to a backend service. */
function isProxiedByIdentity(graph: StackGraph, service: Node): boolean {
  const enabled = flagOf(readAt(graph, service, "iap.enabled"));
  return enabled.kind === "known" && enabled.value;
}

/**
 * Whether whoever comes to backend services certainly has signed in, as far as a load balancer can tell: by Identity-Aware
 * Proxy, or by a web firewall that blocks requests without a bearer token. Whose token it is, what is behind verifies.
 */
export function signsIn(graph: StackGraph, services: readonly Referent[]): boolean {
  return (
    services.length > 0 &&
    services.every((service) => {
      if (service.kind !== "resource" || !backendServiceTypes.includes(service.node.resourceType)) {
        return false;
      }
      const policies = ownersOf(graph, service.node, "securityPolicy", firewallTypes);
      return (
        isProxiedByIdentity(graph, service.node) ||
        (policies.length > 0 &&
          policies.every((policy) => policy.kind === "resource" && asksForToken(graph, policy.node)))
      );
    })
  );
}
