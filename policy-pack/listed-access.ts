import type { AccessDocument } from "../model/access-document";
import { asGranted, networkLocations, type NetworkLocation, type ToolAccess } from "../model/access-policy";
import { disclosesPhi } from "../model/cedar-policies";

import type { JudgedStack } from "./judged-stack";
import { toldAccess, type ToldAccess } from "./told-access";

/** Whether the people in a role may use a resource, and on what terms. Their device has to be compliant always. */
export interface ListedUse {
  readonly role: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** From where they may; nowhere, where they may not. */
  readonly locations: readonly NetworkLocation[];
  /** Whether they need a second factor for it. */
  readonly secondFactor: boolean;
}

/** A tool that an agent may call for somebody who may use what they asked for. */
export interface ListedCall {
  readonly agent: string;
  readonly tool: string;
  readonly access: ToolAccess;
  /** The roles for which it may. */
  readonly actsFor: readonly string[];
  /** How many rows it may ask for; `undefined` where nothing bounds that. */
  readonly mostRows: number | undefined;
  /** Whether it is bound to the patient in context. */
  readonly patientInContext: boolean;
}

/** Who may do what, as the decision points of a platform are told. */
export interface ListedAccess {
  readonly platform: string;
  /** The resources that tell it. */
  readonly urns: readonly string[];
  /** Why it is not known, where it is not; nothing is listed then. */
  readonly notKnown: string | undefined;
  /** How long a session lasts, in minutes; `undefined` where it is not known. */
  readonly sessionMinutes: number | undefined;
  /** Every role with every resource. */
  readonly uses: readonly ListedUse[];
  readonly calls: readonly ListedCall[];
  /** The ids of the hospital's own policies, which may permit or forbid more than is listed. */
  readonly ownPolicies: readonly string[];
}

function usesOf({ access }: AccessDocument): readonly ListedUse[] {
  const { roles, routes, phiLocations, mfaResources } = access;
  const resources = [
    ...new Set([
      ...roles.flatMap((role) => role.resources),
      ...routes.map(({ resource }) => resource).filter((resource) => resource !== asGranted),
    ]),
  ].sort();
  return roles.flatMap((role) =>
    resources.map((resource): ListedUse => {
      const allowed = role.resources.includes(resource);
      const inside = networkLocations.filter((location) => phiLocations.includes(location));
      return {
        role: role.id,
        resource,
        allowed,
        locations: !allowed ? [] : disclosesPhi(resource) ? inside : networkLocations,
        secondFactor: allowed && mfaResources.includes(resource),
      };
    }),
  );
}

function callsOf({ access }: AccessDocument): readonly ListedCall[] {
  const tools = new Map(access.tools.map((tool) => [tool.id, tool]));
  return access.agents.flatMap((agent) =>
    agent.tools.map((grant): ListedCall => ({
      agent: agent.id,
      tool: grant.id,
      access: grant.access,
      actsFor: agent.actsFor,
      mostRows: grant.mostRows,
      patientInContext: tools.get(grant.id)?.patientArgument !== undefined,
    })),
  );
}

function listed({ platform, document, evidence, problems }: ToldAccess): ListedAccess {
  // The same whatever the order of the resources is.
  const [problem] = problems
    .filter(({ assumption }) => assumption !== undefined)
    .sort((one, other) => (one.at.urn < other.at.urn ? -1 : 1));
  return {
    platform: platform.name,
    urns: evidence.map(({ urn }) => urn).sort(),
    notKnown:
      document !== undefined
        ? undefined
        : problem === undefined
          ? "its decision points are told several things."
          : `${problem.at.label}: ${problem.what}.`,
    sessionMinutes: document?.access.sessionMinutes,
    uses: document === undefined ? [] : usesOf(document),
    calls: document === undefined ? [] : callsOf(document),
    ownPolicies: document?.access.policies.map(({ id }) => id) ?? [],
  };
}

/** Who may do what on each platform of a stack, read from what its decision points are told. */
export function listedAccess(stack: JudgedStack): readonly ListedAccess[] {
  return toldAccess(stack).map(listed);
}
