import type { Finding } from "../../../policy-pack/finding";
import { judge } from "../judge-on-a-day";
import type { Knowledge, Sketch } from "../stack-sketch";
import { renamed } from "../transformations";

import type { CorpusCase } from "./corpus-case";

/** The side of a case: the stack with what is wrong, or its nearest twin that is right. */
export type Side = "bad" | "good";

type Base = NonNullable<CorpusCase["base"]>;

/**
 * The cases of one cloud, each of whose stacks is judged once: what several tests look at is found once, and what many cases
 * start from is made once.
 */
export class JudgedCorpus {
  readonly cases: readonly CorpusCase[];
  readonly #base: Base;
  readonly #bases = new Map<Base, Map<Knowledge, Sketch>>();
  readonly #findings = new Map<CorpusCase, Map<string, readonly Finding[]>>();

  /** @param base what a case starts from that does not say. */
  constructor(cases: readonly CorpusCase[], base: Base) {
    this.cases = cases;
    this.#base = base;
  }

  /** A stack that no case has changed. */
  start(knowledge: Knowledge, base: Base = this.#base): Sketch {
    const known = this.#bases.get(base) ?? new Map<Knowledge, Sketch>();
    this.#bases.set(base, known);
    const start = known.get(knowledge) ?? base(knowledge);
    known.set(knowledge, start);
    return start.copy();
  }

  /** The stack of one side of a case. */
  stack(one: CorpusCase, side: Side, knowledge: Knowledge): Sketch {
    const stack = this.start(knowledge, one.base);
    one[side](stack);
    return stack;
  }

  /** What is found in the stack of one side of a case. */
  findings(one: CorpusCase, side: Side, knowledge: Knowledge): readonly Finding[] {
    const known = this.#findings.get(one) ?? new Map<string, readonly Finding[]>();
    this.#findings.set(one, known);
    const key = `${side} ${knowledge}`;
    const findings =
      known.get(key) ??
      judge(this.stack(one, side, knowledge).resources(), { dryRun: knowledge === "preview" }).findings;
    known.set(key, findings);
    return findings;
  }

  /** The findings of one level, with their resources, as texts. */
  found(one: CorpusCase, side: Side, knowledge: Knowledge, level: Finding["level"]): readonly string[] {
    return this.findings(one, side, knowledge)
      .filter((finding) => finding.level === level)
      .map(({ rule, urn, summary }) => `${rule} ${urn}: ${summary}`);
  }

  /** The sides of a case of which the verdict is another when its resources have other names. */
  differingWhenRenamed(one: CorpusCase, knowledge: Knowledge): readonly Side[] {
    const verdict = (findings: readonly Finding[]): readonly string[] =>
      findings.map(({ rule, level, severity }) => `${rule} ${level} ${severity}`).sort();
    return (["bad", "good"] as const).filter((side) => {
      const resources = renamed(this.stack(one, side, knowledge).resources());
      const { findings } = judge(resources, { dryRun: knowledge === "preview" });
      const known = verdict(this.findings(one, side, knowledge));
      return JSON.stringify(verdict(findings)) !== JSON.stringify(known);
    });
  }
}
