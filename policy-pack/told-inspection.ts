import { egressGuardId } from "../model/egress-guard";
import { inspectionDocumentSchema, type InspectionDocument } from "../model/inspection-document";

import type { DeclaredPlatform } from "./declared-flows";
import { hostPattern } from "./host-pattern";
import type { JudgedStack } from "./judged-stack";
import { rememberedByText } from "./remembered-by-text";
import { canonicalText, toldDocuments, type DocumentKind, type Told } from "./told-document";

/** What the egress guard of a platform is told of providers and of PHI, as far as its resources show it. */
export type ToldInspection = Told<InspectionDocument>;

const parsed = rememberedByText((text): InspectionDocument | undefined => {
  try {
    return inspectionDocumentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
});

/** A list whose order says nothing. */
function sorted<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The ids of the workloads that a platform lets call its egress guard. */
export function guardCallers({ flows }: DeclaredPlatform): readonly string[] {
  return [
    ...new Set(
      flows.flatMap(({ from, to }) =>
        from.kind === "workload" && to.kind === "workload" && to.id === egressGuardId ? [from.id] : [],
      ),
    ),
  ].sort();
}

/** In what a guard is told something else than what its platform declares. */
function differences(platform: DeclaredPlatform, document: InspectionDocument): readonly string[] {
  const { workloads, trustDomain, llmProviders } = platform;
  const external = llmProviders.filter(({ kind }) => kind === "external");
  const identities = new Map(workloads.map(({ id, spiffeId }) => [id, spiffeId]));
  const told = sorted(document.providers);
  const meant = sorted(external);
  const pairs: readonly (readonly [what: string, told: unknown, meant: unknown])[] = [
    ["another trust domain than its platform declares", document.trustDomain, trustDomain],
    [
      "another identity of the egress guard than its platform declares",
      document.egressGuard,
      identities.get(egressGuardId),
    ],
    [
      "other callers than its platform's flows name",
      document.callers,
      Object.fromEntries(guardCallers(platform).map((id) => [id, identities.get(id)])),
    ],
    ["other providers than its platform declares", told.map(({ id }) => id), meant.map(({ id }) => id)],
    [
      "other hosts of providers than its platform declares",
      told.map(({ fqdns }) => fqdns.map(hostPattern)),
      meant.map(({ hosts }) => hosts),
    ],
    [
      "other models, or something else of what happens to PHI, than its platform declares",
      told.map(({ models }) => Object.fromEntries(models.map(({ name, onFinding }) => [name, onFinding]))),
      meant.map(({ onFinding }) => onFinding),
    ],
    [
      "other agreements than its platform declares",
      told.map(({ agreement }) => agreement ?? null),
      meant.map(({ agreement }) => agreement ?? null),
    ],
  ];
  return pairs
    .filter(([, said, right]) => canonicalText(said) !== canonicalText(right))
    .map(([what]) => what);
}

const kind: DocumentKind<InspectionDocument> = {
  name: "inspection document",
  about: "which providers it may call, and what happens to PHI",
  field: "inspectionDocuments",
  workload: egressGuardId,
  parsed,
  differences,
  remedy: "Leave what the egress guard is told to the Platform component: it follows from the platform file.",
};

const read = new WeakMap<JudgedStack, readonly ToldInspection[]>();

/** What the egress guards of each platform of a stack are told. */
export function toldInspection(stack: JudgedStack): readonly ToldInspection[] {
  const told = read.get(stack) ?? toldDocuments(stack, kind);
  read.set(stack, told);
  return told;
}
