import type { RuleName } from "../../policy-pack/rule-name";

import { judge, type Judgement } from "./judge-on-a-day";
import type { Knowledge, Sketch } from "./stack-sketch";

/** What is judged of a stack, as far as proofs are concerned. */
export type Judged = Pick<Judgement, "findings" | "proofs">;

/** Judges a sketch as it is known. */
export function judged(stack: Sketch, knowledge: Knowledge): Judged {
  return judge(stack.resources(), { dryRun: knowledge === "preview" });
}

/** The rules by which a stack is refused, once for each finding. */
export function refusals({ findings }: Pick<Judged, "findings">): readonly RuleName[] {
  return findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
}

/** What is shown of a rule: each statement with each URN that shows it. */
export function shown({ proofs }: Judged, rule: RuleName): ReadonlySet<string> {
  return new Set(
    proofs.flatMap((of) =>
      of.rule === rule && of.kind === "proofs"
        ? of.proofs.flatMap(({ statement, evidence }) => evidence.map(({ urn }) => `${statement}\n${urn}`))
        : [],
    ),
  );
}

/** What is shown of a rule, without what shows it. */
export function statements({ proofs }: Judged, rule: RuleName): readonly string[] {
  return proofs.flatMap((of) =>
    of.rule === rule && of.kind === "proofs" ? of.proofs.map(({ statement }) => statement) : [],
  );
}

/** Every URN that the findings of a rule point at. */
export function accusedBy({ findings }: Judged, rule: RuleName): ReadonlySet<string> {
  return new Set(
    findings
      .filter((finding) => finding.rule === rule)
      .flatMap(({ urn, openedBy, passes = [] }) => [urn, ...passes, ...openedBy.map((one) => one.urn)]),
  );
}
