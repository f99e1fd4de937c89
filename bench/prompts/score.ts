import { identifierKinds, type IdentifierKind } from "../../services/egress-guard/detection/identifier-kind";

import type { Label, LabelledPrompt, Place } from "./labelled-prompt";

/** What a detector says of a prompt: where it found something. */
export interface PlacedFinding extends Place {
  /** Of what kind; left out for what is none of the eighteen, which is never held against the detector. */
  readonly kind?: IdentifierKind;
}

/** The identifiers that have a form: all but names, geography, biometrics, photographs and the last kind. */
export const structuredKinds: readonly IdentifierKind[] = identifierKinds.filter(
  (kind) => !["name", "geography", "biometric", "photograph", "other"].includes(kind),
);

/** How many of some labels were found, and how many of some findings were right. */
export interface Tally {
  readonly labels: number;
  /** Labels in each of whose places a finding of any kind is. */
  readonly found: number;
  /** Labels of which findings hold every letter and digit, so that nothing of them is left once they are taken out. */
  readonly covered: number;
  readonly findings: number;
  /** Findings where a label of any kind is. */
  readonly right: number;
}

/** How a detector did. */
export interface Score {
  readonly byKind: ReadonlyMap<IdentifierKind, Tally>;
  readonly structured: Tally;
  readonly overall: Tally;
  /** The same of identifiers that stand there as they are, and of those that are disguised. */
  readonly plain: Tally;
  readonly disguised: Tally;
  readonly harmless: number;
  /** Harmless prompts in which something was found. */
  readonly falseBlocks: number;
  /** Prompts with identifiers in which nothing was found, which would leave as they are. */
  readonly letThrough: number;
}

/** A prompt, with what was found in it. */
export interface InspectedPrompt {
  readonly prompt: LabelledPrompt;
  readonly findings: readonly PlacedFinding[];
}

function overlap(a: Place, b: Place): boolean {
  return a.part === b.part && a.start < b.end && b.start < a.end;
}

/** Whether there is a finding in each place of a label. */
export function isFound({ places }: Label, findings: readonly PlacedFinding[]): boolean {
  return places.every((place) => findings.some((finding) => overlap(place, finding)));
}

function isCovered({ places }: Label, { prompt, findings }: InspectedPrompt): boolean {
  return places.every(({ part, start, end }) => {
    const text = prompt.parts[part] ?? "";
    return Array.from({ length: end - start }, (_, index) => start + index).every(
      (at) =>
        !/[\p{L}\p{N}]/u.test(text[at] ?? "") ||
        findings.some((finding) => finding.part === part && finding.start <= at && at < finding.end),
    );
  });
}

function tally(
  inspected: readonly InspectedPrompt[],
  labelCounts: (label: Label) => boolean,
  findingCounts: (finding: PlacedFinding) => boolean,
): Tally {
  const labels = inspected.flatMap((one) =>
    one.prompt.labels.filter(labelCounts).map((label) => ({ label, one })),
  );
  const findings = inspected.flatMap(({ prompt: { labels: all, neutral }, findings: made }) => {
    const places = all.flatMap((label) => label.places);
    return made
      .filter(findingCounts)
      .map((finding) => ({
        right: places.some((place) => overlap(place, finding)),
        neutral: neutral.some((place) => overlap(place, finding)),
      }))
      .filter(({ right, neutral: indifferent }) => right || !indifferent);
  });
  return {
    labels: labels.length,
    found: labels.filter(({ label, one }) => isFound(label, one.findings)).length,
    covered: labels.filter(({ label, one }) => isCovered(label, one)).length,
    findings: findings.length,
    right: findings.filter(({ right }) => right).length,
  };
}

/** Scores what was found in prompts. */
export function score(inspected: readonly InspectedPrompt[]): Score {
  const structured = new Set(structuredKinds);
  const any = (): boolean => true;
  const ofAnyKind = ({ kind }: PlacedFinding): boolean => kind !== undefined;
  const harmless = inspected.filter(({ prompt: { labels } }) => labels.length === 0);
  return {
    byKind: new Map(
      identifierKinds.map((kind) => {
        const ofKind = (of: { readonly kind?: IdentifierKind }): boolean => of.kind === kind;
        return [kind, tally(inspected, ofKind, ofKind)];
      }),
    ),
    structured: tally(
      inspected,
      ({ kind }) => structured.has(kind),
      ({ kind }) => kind !== undefined && structured.has(kind),
    ),
    overall: tally(inspected, any, ofAnyKind),
    plain: tally(inspected, ({ disguise }) => disguise === undefined, ofAnyKind),
    disguised: tally(inspected, ({ disguise }) => disguise !== undefined, ofAnyKind),
    harmless: harmless.length,
    falseBlocks: harmless.filter(({ findings }) => findings.some(ofAnyKind)).length,
    letThrough: inspected.filter(
      ({ prompt: { labels }, findings }) => labels.length > 0 && findings.length === 0,
    ).length,
  };
}

/** The part of labels that were found; 1 if there are none. */
export function recall({ labels, found }: Tally): number {
  return labels === 0 ? 1 : found / labels;
}

/** The part of findings that were right; `undefined` if there are none. */
export function precision({ findings, right }: Tally): number | undefined {
  return findings === 0 ? undefined : right / findings;
}
