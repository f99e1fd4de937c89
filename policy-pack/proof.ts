import { world, type Evidence, type Finding } from "./finding";

/** What resources of a stack show that a rule holds in some part of it. */
export interface Proof {
  /** A fact that is read from the resources, in a sentence. */
  readonly statement: string;
  /** The resources that show it; never none. */
  readonly evidence: readonly Evidence[];
}

/** A proof of one resource, or of several that show a fact together. */
export function proof(statement: string, ...evidence: readonly Evidence[]): Proof {
  return { statement, evidence: evidence.map(({ urn, label }) => ({ urn, label })) };
}

/** Everything that findings point at. */
function accused(findings: readonly Finding[]): ReadonlySet<string> {
  const urns = findings.flatMap(({ urn, passes = [], openedBy }) => [
    urn,
    ...passes,
    ...openedBy.map((evidence) => evidence.urn),
  ]);
  return new Set(urns.filter((urn) => urn !== world));
}

/** The proofs that lean on nothing that a finding points at: what is accused in one part is evidence of none. */
export function beyondDoubt(proofs: readonly Proof[], findings: readonly Finding[]): readonly Proof[] {
  const doubtful = accused(findings);
  return proofs.filter(
    ({ evidence }) => evidence.length > 0 && !evidence.some(({ urn }) => doubtful.has(urn)),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One proof for each statement, with all that shows it; in the same order whatever the order of the resources was. */
export function merged(proofs: readonly Proof[]): readonly Proof[] {
  const byStatement = new Map<string, Map<string, Evidence>>();
  for (const { statement, evidence } of proofs) {
    const known = byStatement.get(statement) ?? new Map<string, Evidence>();
    evidence.forEach((one) => known.set(`${one.urn} ${one.label}`, one));
    byStatement.set(statement, known);
  }
  return [...byStatement]
    .map(([statement, evidence]) => ({
      statement,
      evidence: [...evidence.values()].sort((a, b) => compare(a.label, b.label) || compare(a.urn, b.urn)),
    }))
    .sort((a, b) => compare(a.statement, b.statement));
}
