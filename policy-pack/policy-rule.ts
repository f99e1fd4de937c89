import type { Finding, Severity } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { RuleName } from "./rule-name";

/** Where a rule comes from, as CrossGuard's clients show it. */
export interface Framework {
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  readonly specification: string;
}

/** A rule of the judge: a pure function over what is read from the resources. */
export interface PolicyRule {
  readonly name: RuleName;
  readonly title: string;
  /** What must hold. */
  readonly description: string;
  /** The severity of the worst that it finds. */
  readonly severity: Severity;
  readonly framework: Framework;
  readonly remediation: string;
  /** Findings in no particular order. */
  readonly check: (stack: JudgedStack) => readonly Finding[];
}
