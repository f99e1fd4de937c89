import type { AccessDocument } from "../../model/access-document";
import { networkLocations } from "../../model/access-policy";

import type { AuditEvent } from "./audit-event";
import { isNumberOfRequest } from "./request-number";

/** What stands in a record for a name that nothing declares: whoever asks could have written a patient's there. */
export const undeclared = "undeclared";

/** The names that records may hold, each declared by the access policy or by this platform. */
export interface AuditVocabulary {
  readonly roles: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  /** The SPIFFE IDs of the workloads. */
  readonly workloads: ReadonlySet<string>;
}

const devices: ReadonlySet<string> = new Set(["compliant", "non_compliant"]);
const locations: ReadonlySet<string> = new Set(networkLocations);

/** The ids of the entities of a type that policies in Cedar name. */
function namedInPolicies(policies: readonly string[], type: string): readonly string[] {
  const entity = new RegExp(`\\bBulkhead::${type}::"([^"\\\\]*)"`, "g");
  return policies.flatMap((policy) => [...policy.matchAll(entity)].map(([, id = ""]) => id));
}

/** The names that an access policy declares, also in the hospital's own policies. */
export function auditVocabulary({ access, cedar, workloads }: AccessDocument): AuditVocabulary {
  const policies = Object.values(cedar.policies);
  const named = (type: string): readonly string[] => namedInPolicies(policies, type);
  return {
    roles: new Set([...access.roles.map(({ id }) => id), ...named("Role")]),
    resources: new Set([
      ...access.roles.flatMap(({ resources }) => resources),
      ...access.routes.map(({ resource }) => resource),
      ...access.mfaResources,
      ...named("Resource"),
    ]),
    actions: new Set(["use", "call", "list", ...access.routes.map(({ action }) => action)]),
    tools: new Set([...access.tools.map(({ id }) => id), ...named("Tool")]),
    workloads: new Set(Object.values(workloads)),
  };
}

/** The most characters of what others say in their own words, so that a record fits in one line of every log. */
const mostCharacters = 256;
const mostNames = 16;

/** A text of others in Unicode that every reader takes, and not too long. */
function bounded(text: string): string {
  return Buffer.from(text.slice(0, mostCharacters)).toString("utf8");
}

/** The first names of a list, with the last replaced if there are too many, so that nobody takes it for the whole. */
function firstNames(names: readonly string[]): readonly string[] {
  return names.length <= mostNames ? names : [...names.slice(0, mostNames - 1), undeclared];
}

/** A text in which other words stand for some names. */
function withoutNames(text: string, names: readonly string[]): string {
  // A name that is a part of another would leave the rest of that one.
  return (
    [...names]
      .sort((one, other) => other.length - one.length)
      // What is not in it is not looked for: of a name that is too long there is no expression, and then no record.
      .filter((name) => name !== "" && text.includes(name))
      .reduce((rest, name) => {
        const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
        return rest.replaceAll(
          new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu"),
          undeclared,
        );
      }, text)
  );
}

/**
 * An event in declared names alone. A name that is replaced is replaced in the reason as well, which may quote it. What the
 * platform itself says (reasons, ids of policies, who a verified token is about) is only cut to length.
 */
export function inVocabulary(event: AuditEvent, vocabulary: AuditVocabulary): AuditEvent {
  const replaced: string[] = [];
  const known = (name: string, names: ReadonlySet<string>): string => {
    if (names.has(name)) {
      return name;
    }
    replaced.push(name);
    return undeclared;
  };
  const ifKnown = (name: string | undefined, names: ReadonlySet<string>): string | undefined =>
    name === undefined ? undefined : known(name, names);
  if (!isNumberOfRequest(event.requestId)) {
    replaced.push(event.requestId);
  }
  const inWords = {
    role: ifKnown(event.role, vocabulary.roles),
    agents: firstNames(event.agents.map((agent) => known(agent, vocabulary.workloads))),
    enforcementPoint: known(event.enforcementPoint, vocabulary.workloads),
    resource: known(event.resource, vocabulary.resources),
    action: known(event.action, vocabulary.actions),
    tool: ifKnown(event.tool, vocabulary.tools),
    device: ifKnown(event.device, devices),
    location: ifKnown(event.location, locations),
  };
  const reason = withoutNames(event.reason, replaced);
  return {
    ...event,
    ...inWords,
    requestId: isNumberOfRequest(event.requestId) ? event.requestId : undeclared,
    user: event.user === undefined ? undefined : bounded(event.user),
    reason: bounded(reason),
    policyIds: firstNames(event.policyIds).map(bounded),
  };
}
