import { networkLocations, phiPrefix, type AccessPolicy, type Agent, type ToolGrant } from "./access-policy";

/**
 * What requests look like, for Cedar's validator: a user, in a role, uses a resource; an agent, known by its workload's
 * SPIFFE ID, calls a tool for a user in that role. Nothing that an asker says of a resource or of a tool is in it: which
 * disclose PHI, or are about a patient, the policies say by name.
 *
 * No attribute may be left out but the rows: what is not known is an empty text, or false. Source: Cedar Policy Language
 * Reference, "Cedar schema format".
 */
export const cedarSchema = `namespace Bulkhead {
  entity User;
  entity Agent;
  entity Resource;
  entity Tool;
  action use appliesTo {
    principal: [User],
    resource: [Resource],
    context: {
      role: String,
      device: String,
      location: String,
      secondFactor: Bool,
    },
  };
  action call appliesTo {
    principal: [Agent],
    resource: [Tool],
    context: {
      role: String,
      patientIsInContext: Bool,
      rows?: Long,
    },
  };
}
`;

/** The ids of the policies that refuse, whatever permits. Those of requests come first, in the order in which they tell why. */
export const refusingPolicies = {
  /** The device is not compliant, or it is not known whether it is. */
  device: "device-is-compliant",
  /** The role, the resource or the location is none of the platform's. */
  unknown: "request-is-known",
  /** A resource that discloses PHI is asked for from outside. */
  location: "phi-stays-inside",
  /** A second factor is asked for. */
  secondFactor: "second-factor",
  /** The agent or the tool is none of the platform's. */
  unknownCall: "call-is-known",
  /** A tool that is about a patient is called without the patient in context. */
  patient: "patient-is-in-context",
} as const;

/** The name of an entity in policies. */
type EntityType = "Agent" | "Resource" | "Tool";

/** A string as Cedar writes it. Names of the model have nothing that would have to be escaped. */
function text(value: string): string {
  return JSON.stringify(value);
}

function entity(type: EntityType, id: string): string {
  return `Bulkhead::${type}::${text(id)}`;
}

/** Whether something is one of a list. Cedar's validator takes no empty list, of which nothing is one. */
function isOneOf(value: string, list: readonly string[]): string {
  return list.length === 0 ? "false" : `[${list.join(", ")}].contains(${value})`;
}

function isEntity(variable: "principal" | "resource", type: EntityType, ids: readonly string[]): string {
  return isOneOf(
    variable,
    ids.map((id) => entity(type, id)),
  );
}

function isText(attribute: string, values: readonly string[]): string {
  return isOneOf(`context.${attribute}`, values.map(text));
}

const use = 'action == Bulkhead::Action::"use"';
const call = 'action == Bulkhead::Action::"call"';

/** The policy that lets a role use its resources. */
export function rolePolicyId(role: string): string {
  return `role.${role}`;
}

/** The policy that lets an agent call a tool. */
export function toolPolicyId(agent: string, tool: string): string {
  return `agent.${agent}.${tool}`;
}

/** What of the model the policies say: agents by the SPIFFE IDs of their workloads. */
export interface CedarAgents {
  readonly spiffeIds: Readonly<Record<string, string>>;
}

/**
 * The agents of an access policy. One whose workload there is not has no identity.
 *
 * @param workloads the SPIFFE ID of each workload, by its id.
 */
export function cedarAgents(
  { agents }: Pick<AccessPolicy, "agents">,
  workloads: Readonly<Record<string, string>>,
): CedarAgents {
  return {
    spiffeIds: Object.fromEntries(
      agents.flatMap(({ id, workload }) => {
        const spiffeId = workloads[workload];
        return spiffeId === undefined ? [] : [[id, spiffeId]];
      }),
    ),
  };
}

type NamedPolicy = readonly [id: string, cedar: string];

/** Every resource that a role may use, once: there are no others. */
export function resourcesOf({ roles }: Pick<AccessPolicy, "roles">): readonly string[] {
  return [...new Set(roles.flatMap(({ resources }) => resources))];
}

function rolePolicies({ roles }: AccessPolicy): readonly NamedPolicy[] {
  return roles
    .filter(({ resources }) => resources.length > 0)
    .map(({ id, resources }) => [
      rolePolicyId(id),
      `permit (principal, ${use}, resource) when { context.role == ${text(id)} && ${isEntity("resource", "Resource", resources)} };`,
    ]);
}

/** What lets an agent call a tool; nothing does that may only be read with, and writes. */
function toolPolicy(
  { tools }: AccessPolicy,
  agent: Agent,
  grant: ToolGrant,
  spiffeId: string,
): NamedPolicy | undefined {
  const tool = tools.find(({ id }) => id === grant.id);
  if (tool === undefined || (tool.access === "write" && grant.access === "read")) {
    return undefined;
  }
  const { mostRows } = grant;
  const conditions = [
    isText("role", agent.actsFor),
    ...(mostRows === undefined
      ? []
      : [`context has rows && context.rows >= 1 && context.rows <= ${String(mostRows)}`]),
  ];
  return [
    toolPolicyId(agent.id, grant.id),
    `permit (principal == ${entity("Agent", spiffeId)}, ${call}, resource == ${entity("Tool", grant.id)}) when { ${conditions.join(" && ")} };`,
  ];
}

/** A policy that refuses what is about one of some things; there is none where there are none, since Cedar finds it vain. */
function refusal(
  id: string,
  scope: string,
  about: readonly string[],
  type: "Resource" | "Tool",
  unless: string,
): readonly NamedPolicy[] {
  return about.length === 0
    ? []
    : [
        [
          id,
          `forbid (principal, ${scope}, resource) when { ${isEntity("resource", type, about)} } unless { ${unless} };`,
        ],
      ];
}

function requestRefusals(access: AccessPolicy): readonly NamedPolicy[] {
  const resources = resourcesOf(access);
  const roles = access.roles.map(({ id }) => id);
  const known = [
    isText("role", roles),
    isEntity("resource", "Resource", resources),
    isText("location", networkLocations),
  ];
  return [
    [
      refusingPolicies.device,
      `forbid (principal, ${use}, resource) unless { context.device == "compliant" };`,
    ],
    [refusingPolicies.unknown, `forbid (principal, ${use}, resource) unless { ${known.join(" && ")} };`],
    ...refusal(
      refusingPolicies.location,
      use,
      resources.filter(disclosesPhi),
      "Resource",
      isText("location", access.phiLocations),
    ),
    ...refusal(refusingPolicies.secondFactor, use, access.mfaResources, "Resource", "context.secondFactor"),
  ];
}

function callRefusals(
  { agents, tools }: AccessPolicy,
  spiffeIds: CedarAgents["spiffeIds"],
): readonly NamedPolicy[] {
  const identities = agents.flatMap(({ id }) => spiffeIds[id] ?? []);
  const names = tools.map(({ id }) => id);
  const known = [isEntity("principal", "Agent", identities), isEntity("resource", "Tool", names)];
  const aboutPatients = tools.flatMap(({ id, patientArgument }) => (patientArgument === undefined ? [] : id));
  return [
    [refusingPolicies.unknownCall, `forbid (principal, ${call}, resource) unless { ${known.join(" && ")} };`],
    ...refusal(refusingPolicies.patient, call, aboutPatients, "Tool", "context.patientIsInContext"),
  ];
}

/**
 * The policies that the access policy becomes, by their ids, without the hospital's own.
 *
 * @param agents the SPIFFE ID of each agent, by its id. An agent without one may call nothing.
 */
export function generatedPolicies(
  access: AccessPolicy,
  { spiffeIds }: CedarAgents,
): Readonly<Record<string, string>> {
  const calls = access.agents.flatMap((agent) => {
    const spiffeId = spiffeIds[agent.id];
    return spiffeId === undefined
      ? []
      : agent.tools.flatMap((grant) => {
          const policy = toolPolicy(access, agent, grant, spiffeId);
          return policy === undefined ? [] : [policy];
        });
  });
  return Object.fromEntries([
    ...requestRefusals(access),
    ...rolePolicies(access),
    ...callRefusals(access, spiffeIds),
    ...calls,
  ]);
}

/**
 * The access policy as policies of Cedar, by their ids: the hospital's own, and those that the rest of it becomes, which no
 * own one takes the place of.
 *
 * @param agents the SPIFFE ID of each agent, by its id.
 */
export function cedarPolicies(access: AccessPolicy, agents: CedarAgents): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(access.policies.map(({ id, cedar }) => [id, cedar])),
    ...generatedPolicies(access, agents),
  };
}

/** Whether a resource's name says that it discloses PHI. */
export function disclosesPhi(resource: string): boolean {
  return resource.startsWith(phiPrefix);
}
