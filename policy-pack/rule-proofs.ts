import { messageOf } from "./failed-rule";
import type { Finding } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { PolicyRule } from "./policy-rule";
import { beyondDoubt, merged, type Proof } from "./proof";
import type { RuleName } from "./rule-name";
import { rules } from "./rules";

/** What shows of a rule that a stack keeps it. */
export type RuleProofs =
  /** Facts of the stack; none, where something is a matter of the rule's and nothing shows that it is in order. */
  | { readonly kind: "proofs"; readonly rule: RuleName; readonly proofs: readonly Proof[] }
  /** Nothing in the stack is a matter of the rule's. */
  | { readonly kind: "unconcerned"; readonly rule: RuleName; readonly why: string }
  /** The judge failed, so that nothing is shown. */
  | { readonly kind: "failed"; readonly rule: RuleName; readonly why: string };

/** Rules of which a finding says that a resource may be something else than every other rule has taken it for. */
const rulesOfReading: readonly RuleName[] = ["resources-are-understood", "zone-assignment"];

function proofsOfRule(rule: PolicyRule, stack: JudgedStack, findings: readonly Finding[]): RuleProofs {
  const { name } = rule;
  try {
    const why = rule.unconcerned(stack);
    if (why !== undefined) {
      return { kind: "unconcerned", rule: name, why };
    }
    const doubts = findings.filter(
      (finding) => finding.rule === name || rulesOfReading.includes(finding.rule),
    );
    return { kind: "proofs", rule: name, proofs: merged(beyondDoubt(rule.proofs(stack), doubts)) };
  } catch (error) {
    return { kind: "failed", rule: name, why: messageOf(error) };
  }
}

/**
 * What shows that a stack keeps each rule, in the order of the rules.
 *
 * @param findings all that the rules have found.
 */
export function proofsOf(stack: JudgedStack, findings: readonly Finding[]): readonly RuleProofs[] {
  return rules.map((rule) => proofsOfRule(rule, stack, findings));
}
