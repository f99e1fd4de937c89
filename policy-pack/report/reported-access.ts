import type { Judgement } from "../judge";

import type { ReportedAccess } from "./report";

/** Who may do what as a report has it. */
export function reportedAccess({ access }: Judgement): readonly ReportedAccess[] {
  return access.map(({ platform, urns, notKnown, sessionMinutes, uses, calls, ownPolicies }) => ({
    platform,
    urns: [...urns],
    notKnown: notKnown ?? null,
    sessionMinutes: sessionMinutes ?? null,
    uses: uses.map((use) => ({ ...use, locations: [...use.locations] })),
    calls: calls.map(({ agent, tool, access: may, actsFor, mostRows, patientInContext }) => ({
      agent,
      tool,
      may,
      actsFor: [...actsFor],
      mostRows: mostRows ?? null,
      patientInContext,
    })),
    ownPolicies: [...ownPolicies],
  }));
}

/** On what terms somebody may use something, in words. */
export function useText({ allowed, locations, secondFactor }: ReportedAccess["uses"][number]): string {
  if (!allowed) {
    return "no";
  }
  const where = locations.includes("external") ? "" : ` from ${locations.join(" or ")}`;
  return `yes${where}${secondFactor ? ", with a second factor" : ""}`;
}

/** Roles by resources, as rows of cells, of which the first is the head. */
export function useTable({ uses }: ReportedAccess): readonly (readonly string[])[] {
  const roles = [...new Set(uses.map(({ role }) => role))];
  const resources = [...new Set(uses.map(({ resource }) => resource))];
  return [
    ["role", ...resources],
    ...roles.map((role) => [
      role,
      ...resources.map((resource) => {
        const use = uses.find((one) => one.role === role && one.resource === resource);
        return use === undefined ? "no" : useText(use);
      }),
    ]),
  ];
}

/** On what terms an agent may call a tool, in words. */
export function callText({
  agent,
  tool,
  may,
  actsFor,
  mostRows,
  patientInContext,
}: ReportedAccess["calls"][number]): string {
  const limits = [
    ...(patientInContext ? ["of the patient in context alone"] : []),
    ...(mostRows === null ? [] : [`${String(mostRows)} rows at most`]),
  ];
  return `${agent} may call ${tool} to ${may} for ${actsFor.join(", ")}${limits.length === 0 ? "" : `, ${limits.join(", ")}`}`;
}

/** What is said of the whole table: what always has to be, and what it does not tell. */
export function accessNotes({ sessionMinutes, ownPolicies }: ReportedAccess): readonly string[] {
  return [
    `Devices have to be compliant, always${sessionMinutes === null ? "" : `; what is allowed lasts ${String(sessionMinutes)} minutes`}.`,
    ...(ownPolicies.length === 0
      ? []
      : [`Policies of your own may permit or forbid more than this: ${ownPolicies.join(", ")}.`]),
  ];
}
