import type { DeclaredPlatform } from "./declared-flows";
import type { EnforcementPoint, Laxity } from "./facts/fact";
import type { ToldDocuments } from "./facts/told-documents";
import type { Evidence } from "./finding";
import type { JudgedStack } from "./judged-stack";
import { bindingPlatform } from "./undeclared";

/** Something that is wrong with what workloads of a platform are told, at the resource that tells it. */
export interface ToldProblem extends Laxity {
  readonly at: Evidence;
}

/** What workloads of a platform are told, as far as their resources show it. */
export interface Told<D> {
  readonly platform: DeclaredPlatform;
  /** The one document that all of them are told; `undefined` where nothing shows which it is. */
  readonly document: D | undefined;
  /** The resources that tell it. */
  readonly evidence: readonly Evidence[];
  readonly problems: readonly ToldProblem[];
}

/** A kind of document that a workload of every platform that has it is told. */
export interface DocumentKind<D> {
  /** What it is called, such as `access document`. */
  readonly name: string;
  /** What it is about, in the middle of a sentence: `who may do what`. */
  readonly about: string;
  readonly field: keyof ToldDocuments;
  /** The id of the workload that has to be told it. */
  readonly workload: string;
  /** Reads its text; `undefined` where it is none. */
  readonly parsed: (text: string) => D | undefined;
  /** In what it says something else than what its platform declares. */
  readonly differences: (platform: DeclaredPlatform, document: D) => readonly string[];
  readonly remedy: string;
}

/** A value as one text, whatever the order of its fields. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}

function toldBy<D>(
  platform: DeclaredPlatform,
  points: readonly EnforcementPoint[],
  kind: DocumentKind<D>,
): Told<D> {
  const { name, about, field, workload, remedy } = kind;
  const problems: ToldProblem[] = [];
  const texts = new Map<string, Evidence[]>();
  for (const point of points) {
    const at = { urn: point.urn, label: point.label };
    const [text, ...others] = point[field];
    const isToBeTold = point.peers.includes(`workload/${workload}`);
    if (text?.kind === "known" && others.length === 0) {
      texts.set(text.value, [...(texts.get(text.value) ?? []), at]);
    } else if (isToBeTold || point[field].length > 0) {
      problems.push({
        at,
        what: `nothing shows what it is told of ${about}`,
        assumption: text === undefined ? "what its image says" : `what its ${name} says`,
        remedy,
      });
    }
  }
  const documents = [...texts].map(([text, evidence]) => ({ document: kind.parsed(text), evidence }));
  for (const { document, evidence } of documents) {
    const said =
      document === undefined
        ? [{ what: `its ${name} cannot be read`, assumption: `${about} by it` }]
        : kind.differences(platform, document).map((what) => ({ what: `its ${name} says ${what}` }));
    problems.push(...evidence.flatMap((at) => said.map((one) => ({ at, ...one, remedy }))));
  }
  if (documents.length > 1) {
    problems.push(
      ...documents.flatMap(({ evidence }) =>
        evidence.map((at) => ({
          at,
          what: `its ${name} is another than those of others of its platform`,
          remedy,
        })),
      ),
    );
  }
  const [only] = documents.length === 1 ? documents : [];
  const isWhole = problems.every(({ assumption }) => assumption === undefined);
  return {
    platform,
    document: isWhole ? only?.document : undefined,
    evidence: only?.evidence ?? [],
    problems,
  };
}

/**
 * What the workloads of each platform of a stack that has them are told. Of one whose workloads are in a mesh of Istio's
 * nothing is said: no resource of the platform's tells them.
 */
export function toldDocuments<D>(stack: JudgedStack, kind: DocumentKind<D>): readonly Told<D>[] {
  return [...stack.declarations.platforms.values()]
    .filter(({ mesh, workloads }) => mesh !== "istio" && workloads.some(({ id }) => id === kind.workload))
    .map((platform) =>
      toldBy(
        platform,
        stack.facts.enforcementPoints.filter(
          (point) => bindingPlatform(stack, point.platform) === platform.name && point.runs,
        ),
        kind,
      ),
    );
}
