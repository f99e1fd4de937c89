import type { PolicyRule } from "./policy-rule";

/** Where a rule is described. */
export function ruleUrl({ name }: Pick<PolicyRule, "name">): string {
  return `docs/rules.md#${name}`;
}
