import { accessDocumentSchema, type AccessDocument } from "../model/access-document";
import { decisionPointId } from "../model/access-policy";
import { cedarAgents, cedarPolicies, cedarSchema } from "../model/cedar-policies";

import type { DeclaredPlatform } from "./declared-flows";
import type { JudgedStack } from "./judged-stack";
import { rememberedByText } from "./remembered-by-text";
import { canonicalText, toldDocuments, type DocumentKind, type Told } from "./told-document";

/** What the decision points of a platform are told of who may do what, as far as their resources show it. */
export type ToldAccess = Told<AccessDocument>;

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
    ...pairs.filter(([, told, meant]) => canonicalText(told) !== canonicalText(meant)).map(([what]) => what),
    ...(access.phiLocations.includes("external") ? ["that PHI may be used from external networks"] : []),
  ];
}

const kind: DocumentKind<AccessDocument> = {
  name: "access document",
  about: "who may do what",
  field: "accessDocuments",
  workload: decisionPointId,
  parsed,
  differences,
  remedy: leave,
};

const read = new WeakMap<JudgedStack, readonly ToldAccess[]>();

/** What the decision points of each platform of a stack are told. */
export function toldAccess(stack: JudgedStack): readonly ToldAccess[] {
  const told = read.get(stack) ?? toldDocuments(stack, kind);
  read.set(stack, told);
  return told;
}
