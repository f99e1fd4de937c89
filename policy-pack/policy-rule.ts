import type { Finding, Severity } from "./finding";
import type { Framework } from "./framework";
import type { JudgedStack } from "./judged-stack";
import type { Proof } from "./proof";
import type { RuleLevel } from "./rule-level";
import type { RuleName } from "./rule-name";

/** A rule of the judge: a pure function over what is read from the resources. */
export interface PolicyRule {
  /** A short name that stays the same even if the rule gets another {@link name}. */
  readonly id: `BH-${number}`;
  readonly name: RuleName;
  readonly title: string;
  /** What must hold. */
  readonly description: string;
  /** The severity of the worst that it finds. */
  readonly severity: Severity;
  readonly level: RuleLevel;
  /** The paragraphs that it serves: of the HIPAA Security Rule first, then of NIST SP 800-53 and SP 800-207. */
  readonly frameworks: readonly [Framework, ...Framework[]];
  readonly remediation: string;
  /** Findings in no particular order. */
  readonly check: (stack: JudgedStack) => readonly Finding[];
  /**
   * What shows that the rule holds, in no particular order: facts of this stack, with the resources that show them. What
   * leans on something that a finding points at is taken out afterwards.
   */
  readonly proofs: (stack: JudgedStack) => readonly Proof[];
  /** Why nothing in the stack is a matter of the rule's, in a sentence; `undefined` where something is. */
  readonly unconcerned: (stack: JudgedStack) => string | undefined;
}
