import { accessDocumentSchema, type AccessDocument } from "../model/access-document";
import { decisionPointId } from "../model/access-policy";
import { cedarAgents, cedarPolicies, cedarSchema } from "../model/cedar-policies";

import type { DeclaredPlatform } from "./declared-flows";
import { rememberedByText } from "./facts/envoy/remembered-by-text";
import type { EnforcementPoint, Laxity } from "./facts/fact";
import type { Evidence } from "./finding";
import type { JudgedStack } from "./judged-stack";
import { bindingPlatform } from "./undeclared";

/** Something that is wrong with what a platform's decision points are told, at the resource that tells it. */
export interface AccessProblem extends Laxity {
  readonly at: Evidence;
}

/** What the decision points of a platform are told of who may do what, as far as their resources show it. */
export interface ToldAccess {
  readonly platform: DeclaredPlatform;
  /** The one document that all of them are told; `undefined` where nothing shows which it is. */
  readonly document: AccessDocument | undefined;
  /** The resources that tell it. */
  readonly evidence: readonly Evidence[];
  readonly problems: readonly AccessProblem[];
}

const leave =
  "Leave what decision points are told to the Platform component: it follows from the platform file.";

const parsed = rememberedByText((text): AccessDocument | undefined => {
  try {
    return accessDocumentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
});

/** The ids of the workloads that the load balancer of a platform calls. */
export function entrancesOf({ flows }: DeclaredPlatform): readonly string[] {
  return flows
    .flatMap(({ from, to }) => (from.kind === "load-balancer" && to.kind === "workload" ? [to.id] : []))
    .sort();
}

/** The identity of a platform's decision points; `undefined` where it declares none, or no trust domain. */
export function decisionPointOf({ workloads, trustDomain }: DeclaredPlatform): string | undefined {
  const declared = workloads.find(({ id }) => id === decisionPointId);
  return trustDomain === undefined ? undefined : declared?.spiffeId;
}

/** A value as one text, whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}

/** In what a document says something else than what its platform declares, and than what its own policy comes to. */
function differences(platform: DeclaredPlatform, document: AccessDocument): readonly string[] {
  const { workloads, trustDomain } = platform;
  const { access, cedar } = document;
  const declared = Object.fromEntries(workloads.map(({ id, spiffeId }) => [id, spiffeId]));
  const pairs: readonly (readonly [what: string, told: unknown, meant: unknown])[] = [
    ["another trust domain than its platform declares", document.trustDomain, trustDomain],
    [
      "another identity of the decision points than its platform declares",
      document.decisionPoint,
      decisionPointOf(platform),
    ],
    ["other workloads than its platform declares", document.workloads, declared],
    ["other entrances than the load balancer calls", [...document.entrances].sort(), entrancesOf(platform)],
    ["another schema of policies than the model has", cedar.schema, cedarSchema],
    [
      "other policies than those that its own access policy comes to",
      cedar.policies,
      cedarPolicies(access, cedarAgents(access, document.workloads)),
    ],
  ];
  return [
    ...pairs.filter(([, told, meant]) => canonical(told) !== canonical(meant)).map(([what]) => what),
    ...(access.phiLocations.includes("external") ? ["that PHI may be used from external networks"] : []),
  ];
}

function toldBy(platform: DeclaredPlatform, points: readonly EnforcementPoint[]): ToldAccess {
  const problems: AccessProblem[] = [];
  const texts = new Map<string, Evidence[]>();
  for (const point of points) {
    const at = { urn: point.urn, label: point.label };
    const [text, ...others] = point.accessDocuments;
    const isDecisionPoint = point.peers.includes(`workload/${decisionPointId}`);
    if (text?.kind === "known" && others.length === 0) {
      texts.set(text.value, [...(texts.get(text.value) ?? []), at]);
    } else if (isDecisionPoint || point.accessDocuments.length > 0) {
      problems.push({
        at,
        what: "nothing shows what it is told of who may do what",
        assumption: text === undefined ? "what its image says" : "what its access document says",
        remedy: leave,
      });
    }
  }
  const documents = [...texts].map(([text, evidence]) => ({ document: parsed(text), evidence }));
  for (const { document, evidence } of documents) {
    const said =
      document === undefined
        ? [{ what: "its access document cannot be read", assumption: "who may do what by it" }]
        : differences(platform, document).map((what) => ({ what: `its access document says ${what}` }));
    problems.push(...evidence.flatMap((at) => said.map((one) => ({ at, ...one, remedy: leave }))));
  }
  if (documents.length > 1) {
    problems.push(
      ...documents.flatMap(({ evidence }) =>
        evidence.map((at) => ({
          at,
          what: "its access document is another than those of others of its platform",
          remedy: leave,
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

const read = new WeakMap<JudgedStack, readonly ToldAccess[]>();

/**
 * What the decision points of each platform of a stack are told. Of one whose workloads are in a mesh of Istio's nothing is
 * said: no resource of the platform's tells them.
 */
export function toldAccess(stack: JudgedStack): readonly ToldAccess[] {
  const known = read.get(stack);
  if (known !== undefined) {
    return known;
  }
  const told = [...stack.declarations.platforms.values()]
    .filter(({ mesh, workloads }) => mesh !== "istio" && workloads.some(({ id }) => id === decisionPointId))
    .map((platform) =>
      toldBy(
        platform,
        stack.facts.enforcementPoints.filter(
          (point) => bindingPlatform(stack, point.platform) === platform.name && point.runs,
        ),
      ),
    );
  read.set(stack, told);
  return told;
}
