import type { AccessDocument } from "../../model/access-document";
import { networkLocations, type NetworkLocation } from "../../model/access-policy";
import { resourcesOf } from "../../model/cedar-policies";

import type { Decision, UserRequest } from "./decision";
import type { DecisionEngine } from "./decision-engine";

/** Whether something may be done: by whoever signed in, only after a second factor, or not at all. */
export type Permission = "allowed" | "second factor" | "denied";

/** What a role may do with a resource, from each network, on a compliant device. */
export interface RoleAccess {
  readonly role: string;
  readonly resource: string;
  readonly from: Readonly<Record<NetworkLocation, Permission>>;
}

/** For whom an agent may call a tool, and within what. */
export interface AgentAccess {
  readonly agent: string;
  readonly tool: string;
  /** The roles for which it may, with something that the role may use; none if it may not. */
  readonly roles: readonly string[];
  /** Whether the patient whose record is open must be whom the call is about. */
  readonly patientInContext: boolean;
  /** How many rows it may ask for at most; `null` where that is not bounded. */
  readonly mostRows: number | null;
}

/** Who may do what. On a device that is not compliant nobody may do anything. */
export interface AccessTable {
  readonly roles: readonly RoleAccess[];
  readonly agents: readonly AgentAccess[];
}

/** Somebody whom no policy names: policies of the hospital's own about one user do not show in the table. */
const anybody = "anybody";
const anyPatient = "patient";

function request(role: string, resource: string, location: string, secondFactor: boolean): UserRequest {
  return { user: anybody, role, resource, action: "use", device: "compliant", location, secondFactor };
}

function permission({ allowed, requiresMfa }: Decision): Permission {
  return allowed ? "allowed" : requiresMfa ? "second factor" : "denied";
}

/**
 * Who may do what, by asking the engine: every role about every resource from every network, and every agent about every
 * tool for every role.
 */
export function accessTable({ access, workloads }: AccessDocument, engine: DecisionEngine): AccessTable {
  const resources = resourcesOf(access);
  const roles = access.roles.map(({ id }) => id);
  const from = (role: string, resource: string): RoleAccess["from"] => {
    const at = (location: NetworkLocation): Permission =>
      permission(engine.decide(request(role, resource, location, false)));
    return { corporate_network: at("corporate_network"), vpn: at("vpn"), external: at("external") };
  };
  /** All that a role is allowed in some context: tools are called within that alone, and some within part of it. */
  const granted = new Map(
    roles.map((role) => [
      role,
      resources
        .flatMap((resource) => networkLocations.map((location) => request(role, resource, location, true)))
        .filter((asked) => engine.decide(asked).allowed),
    ]),
  );
  return {
    roles: roles.flatMap((role) =>
      resources.map((resource) => ({ role, resource, from: from(role, resource) })),
    ),
    agents: access.agents.flatMap((agent) =>
      access.tools.map((tool) => {
        const { patientArgument, rowsArgument } = tool;
        const values = {
          ...(patientArgument === undefined ? {} : { [patientArgument]: anyPatient }),
          ...(rowsArgument === undefined ? {} : { [rowsArgument]: 1 }),
        };
        const caller = workloads[agent.workload] ?? "";
        const mayFor = (role: string): boolean =>
          (granted.get(role) ?? []).some(
            (user) =>
              engine.decideToolCall({
                request: user,
                agents: [caller],
                tool: tool.id,
                patient: anyPatient,
                arguments: values,
              }).allowed,
          );
        return {
          agent: agent.id,
          tool: tool.id,
          roles: roles.filter(mayFor),
          patientInContext: patientArgument !== undefined,
          mostRows: agent.tools.find(({ id }) => id === tool.id)?.mostRows ?? null,
        };
      }),
    ),
  };
}
