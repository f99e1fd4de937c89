import type { Finding } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { PolicyRule } from "./policy-rule";
import type { RuleName } from "./rule-name";

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What is said where the judge itself fails: what has not been judged is not accepted. */
export function failure(rule: RuleName, urn: string, error: unknown): Finding {
  return {
    rule,
    severity: "critical",
    level: "mandatory",
    verdict: "undetermined",
    urn,
    summary: `The judge failed, so that nothing shows whether the stack keeps this rule: ${messageOf(error)}`,
    packet: undefined,
    path: [],
    openedBy: [],
    notes: [],
    remedy: "Report this as a fault of the policy pack, with the resource that brings it about.",
    isGuiltyAlone: false,
    isAboutGate: true,
  };
}

/** What a rule finds. One that fails refuses the stack, and leaves what the others find. */
export function checked(rule: PolicyRule, stack: JudgedStack): readonly Finding[] {
  try {
    return rule.check(stack);
  } catch (error) {
    return [failure(rule.name, stack.root, error)];
  }
}
