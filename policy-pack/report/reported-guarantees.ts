import { alwaysNotShown, frameworksOf, guarantees, type Guarantee } from "../guarantee";
import type { Judgement } from "../judge";
import type { RuleProofs } from "../rule-proofs";
import { rules } from "../rules";

import type { ReportedFinding, ReportedGuarantee } from "./report";

/**
 * Whether a finding breaks a guarantee: it refuses the stack, or it would on a platform of ours. What is waived somebody has
 * accepted; what is advice of a rule of the first group leaves nothing open by itself.
 */
function breaks({ waiver, level, rule }: ReportedFinding): boolean {
  const isOfSecondGroup = rules.some(({ name, level: of }) => name === rule && of.group === "second");
  return waiver === null && (level === "mandatory" || isOfSecondGroup);
}

function statusOf(
  proofs: readonly RuleProofs[],
  findings: readonly ReportedFinding[],
): ReportedGuarantee["status"] {
  if (findings.some(breaks)) {
    return "broken";
  }
  const concerned = proofs.filter(({ kind }) => kind !== "unconcerned");
  // What nothing shows counts as broken: silence is no proof.
  const isShown = concerned.every((one) => one.kind === "proofs" && one.proofs.length > 0);
  return concerned.length === 0 ? "not-applicable" : isShown ? "held" : "broken";
}

/** What of a rule nothing shows, in a sentence. */
function unshown(of: RuleProofs, findings: readonly ReportedFinding[]): readonly string[] {
  switch (of.kind) {
    case "unconcerned":
      return [`Nothing is a matter of ${of.rule}: ${of.why}`];
    case "failed":
      return [`The judge failed while it looked for what shows ${of.rule}: ${of.why}`];
    case "proofs":
      return of.proofs.length > 0 || findings.some(({ rule }) => rule === of.rule)
        ? []
        : [`Nothing in this stack shows that ${of.rule} is kept, so that the guarantee counts as broken.`];
  }
}

function reported(
  guarantee: Guarantee,
  judgement: Pick<Judgement, "proofs">,
  findings: readonly ReportedFinding[],
): ReportedGuarantee {
  const { id, title, rules: names, notShown } = guarantee;
  const proofs = judgement.proofs.filter(({ rule }) => names.includes(rule));
  const own = findings.filter(({ rule }) => (names as readonly string[]).includes(rule));
  const waived = own.filter(({ waiver }) => waiver !== null);
  const advice = own.filter((finding) => finding.waiver === null && !breaks(finding));
  return {
    id,
    title,
    status: statusOf(proofs, own),
    rules: [...names],
    frameworks: frameworksOf(guarantee).map((framework) => ({ ...framework })),
    proofs: proofs.flatMap((of) =>
      of.kind === "proofs"
        ? of.proofs.map(({ statement, evidence }) => ({
            rule: of.rule,
            statement,
            evidence: evidence.map((one) => ({ ...one })),
          }))
        : [],
    ),
    findings: own.map(({ fingerprint }) => fingerprint),
    notShown: [
      ...proofs.flatMap((of) => unshown(of, own)),
      ...waived.map(
        ({ summary }) => `Waived, and so not kept in this part, which somebody has accepted: ${summary}`,
      ),
      ...advice.map(({ summary }) => `Advised, and so not kept in this part: ${summary}`),
      ...notShown,
      ...alwaysNotShown,
    ],
  };
}

/**
 * Which guarantees a stack keeps, what shows it, and what does not.
 *
 * @param findings the findings of the report, with their waivers.
 */
export function reportedGuarantees(
  judgement: Pick<Judgement, "proofs">,
  findings: readonly ReportedFinding[],
): ReportedGuarantee[] {
  return guarantees.map((guarantee) => reported(guarantee, judgement, findings));
}
