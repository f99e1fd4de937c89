import type { AccessDocument } from "../../model/access-document";
import { networkLocations, type Agent, type Tool } from "../../model/access-policy";
import { disclosesPhi, refusingPolicies } from "../../model/cedar-policies";

import type { Decision, ToolCall, UserRequest } from "./decision";
import { LoadedPolicies, type PolicyAnswer } from "./loaded-policies";
import type { TrustLevel } from "./trust-level";

/** Why something is denied, and how far it is trusted all the same. */
interface Refusal {
  readonly trustLevel: Exclude<TrustLevel, "VERIFIED">;
  readonly reason: string;
  readonly policyIds: readonly string[];
}

/** What could not be evaluated is trusted in nothing. */
function undecided({ policyIds }: PolicyAnswer): Refusal {
  return {
    trustLevel: "NONE",
    reason:
      policyIds.length === 0
        ? "The request cannot be read as one of the platform's."
        : "A policy cannot be evaluated for this request.",
    policyIds,
  };
}

/** The policies of the model's that refuse; others that refuse are the hospital's own. */
const refusing: ReadonlySet<string> = new Set(Object.values(refusingPolicies));

/** How many rows a call asks for; `undefined` if it does not say, or if that is no whole number above nought. */
function rowsAskedFor(tool: Tool | undefined, values: ToolCall["arguments"]): number | undefined {
  const rows = tool?.rowsArgument === undefined ? undefined : ownValue(values, tool.rowsArgument);
  return typeof rows === "number" && Number.isSafeInteger(rows) && rows >= 1 ? rows : undefined;
}

/**
 * Whether a call is about the patient in context, and about nobody else. There is none where what was granted discloses no
 * PHI: it may have been granted to somebody who may use none from there.
 */
function isAboutPatient(tool: Tool | undefined, { request, patient, arguments: values }: ToolCall): boolean {
  return (
    tool?.patientArgument !== undefined &&
    disclosesPhi(request.resource) &&
    patient !== undefined &&
    patient !== "" &&
    ownValue(values, tool.patientArgument) === patient
  );
}

function ownValue(values: ToolCall["arguments"], name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/**
 * Decides requests by policies of Cedar, in this process (NIST SP 800-207 §3, policy engine). Each is decided anew: no
 * decision is kept. Reasons name what the access policy names, and nothing else that is asked.
 */
export class DecisionEngine {
  readonly #policies: LoadedPolicies;
  readonly #sessionMinutes: number;
  readonly #hasOwnPolicies: boolean;
  readonly #roles: ReadonlySet<string>;
  readonly #locations: ReadonlySet<string> = new Set(networkLocations);
  readonly #phiLocations: ReadonlySet<string>;
  readonly #tools: ReadonlyMap<string, Tool>;
  /** Agents by the SPIFFE IDs of their workloads. */
  readonly #agents: ReadonlyMap<string, Agent>;

  private constructor({ access }: AccessDocument, policies: LoadedPolicies) {
    this.#policies = policies;
    this.#sessionMinutes = access.sessionMinutes;
    this.#hasOwnPolicies = access.policies.length > 0;
    this.#roles = new Set(access.roles.map(({ id }) => id));
    this.#phiLocations = new Set(access.phiLocations);
    this.#tools = new Map(access.tools.map((tool) => [tool.id, tool]));
    this.#agents = new Map(
      access.agents.flatMap((agent) => {
        const spiffeId = policies.agents[agent.id];
        return spiffeId === undefined ? [] : [[spiffeId, agent] as const];
      }),
    );
  }

  /** @throws {AccessDocumentError} with every finding, if the schema or a policy is not valid, or one is missing. */
  static open(document: AccessDocument): DecisionEngine {
    return new DecisionEngine(document, LoadedPolicies.open(document));
  }

  /**
   * Decides what a user asks for. What denies it first says how far the request is trusted: the device (`NONE`), where it
   * comes from and whether the role may (`AUTHENTICATED`), a second factor that is missing and with which it would be
   * allowed (`AUTHORIZED`).
   */
  decide(request: UserRequest): Decision {
    const { resource, action, role } = request;
    if (request.user === "") {
      return this.#denied(resource, action, {
        trustLevel: "NONE",
        reason: "It is not known who asks.",
        policyIds: [],
      });
    }
    const answer = this.#ask(request, request.secondFactor);
    if (answer.allowed) {
      return this.#allowed(resource, action, this.#permitReason(answer, role, resource), answer.policyIds);
    }
    const refusal = this.#refusalOfContext(request, answer);
    if (refusal !== undefined) {
      return this.#denied(resource, action, refusal);
    }
    if (request.secondFactor || !this.#couldTurnOnSecondFactor(answer)) {
      return this.#denied(resource, action, this.#refusalOfAuthority(request, answer));
    }
    const after = this.#ask(request, true);
    return after.allowed
      ? this.#denied(resource, action, {
          trustLevel: "AUTHORIZED",
          reason: `Role ${role ?? ""} may use ${resource} after a second factor.`,
          policyIds: answer.policyIds,
        })
      : this.#denied(resource, action, this.#refusalOfAuthority(request, after));
  }

  /**
   * Decides a call of a tool: it is allowed if the user's request is, now, and if each of the agents may make it. So an
   * agent gains nothing by another.
   */
  decideToolCall(call: ToolCall): Decision {
    const { request, tool } = call;
    const user = { ...this.decide(request), component: tool, action: "call" };
    if (!user.allowed) {
      return user;
    }
    const agents = [...new Set(call.agents)];
    if (agents.length === 0) {
      return this.#denied(tool, "call", {
        trustLevel: "AUTHENTICATED",
        reason: "It is not known which agent calls.",
        policyIds: [],
      });
    }
    const permitting = new Set(user.policyIds);
    for (const agent of agents) {
      const answer = this.#askForAgent(agent, call);
      if (!answer.allowed) {
        return this.#denied(tool, "call", this.#refusalOfCall(agent, call, answer));
      }
      answer.policyIds.forEach((id) => permitting.add(id));
    }
    const names = agents.map((agent) => this.#agents.get(agent)?.id ?? "").join(", ");
    const reason = `Role ${request.role ?? ""} may use ${request.resource}, and ${names} may call ${tool}.`;
    return this.#allowed(tool, "call", reason, [...permitting].sort());
  }

  #ask({ user, role, resource, device, location }: UserRequest, secondFactor: boolean): PolicyAnswer {
    return this.#policies.ask({
      principal: { type: "User", id: user },
      action: "use",
      resource: { type: "Resource", id: resource },
      context: { role: role ?? "", device: device ?? "", location: location ?? "", secondFactor },
    });
  }

  #askForAgent(agent: string, call: ToolCall): PolicyAnswer {
    const tool = this.#tools.get(call.tool);
    const rows = rowsAskedFor(tool, call.arguments);
    return this.#policies.ask({
      principal: { type: "Agent", id: agent },
      action: "call",
      resource: { type: "Tool", id: call.tool },
      context: {
        role: call.request.role ?? "",
        patientIsInContext: isAboutPatient(tool, call),
        ...(rows === undefined ? {} : { rows }),
      },
    });
  }

  #allowed(component: string, action: string, reason: string, policyIds: readonly string[]): Decision {
    return {
      trustLevel: "VERIFIED",
      allowed: true,
      component,
      action,
      reason,
      requiresMfa: false,
      sessionMinutes: this.#sessionMinutes,
      policyIds,
    };
  }

  #denied(component: string, action: string, { trustLevel, reason, policyIds }: Refusal): Decision {
    return {
      trustLevel,
      allowed: false,
      component,
      action,
      reason,
      requiresMfa: trustLevel === "AUTHORIZED",
      sessionMinutes: 0,
      policyIds,
    };
  }

  /** Whether a second factor could change an answer: policies of the hospital's own may ask for one in their own way. */
  #couldTurnOnSecondFactor({ policyIds }: PolicyAnswer): boolean {
    return this.#hasOwnPolicies || policyIds.includes(refusingPolicies.secondFactor);
  }

  #permitReason({ policyIds }: PolicyAnswer, role: string | undefined, resource: string): string {
    return this.#ownReason(policyIds) ?? `Role ${role ?? ""} may use ${resource}.`;
  }

  /** What the first of the hospital's own policies says of itself, if one of these is. */
  #ownReason(policyIds: readonly string[]): string | undefined {
    return policyIds.map((id) => this.#policies.reason(id)).find((reason) => reason !== undefined);
  }

  /** What the device, the location and the names that are asked for refuse: a second factor changes nothing of it. */
  #refusalOfContext(request: UserRequest, answer: PolicyAnswer): Refusal | undefined {
    if (!answer.decided) {
      return undecided(answer);
    }
    const { policyIds } = answer;
    const refusal = (reason: string): Refusal => ({ trustLevel: "AUTHENTICATED", reason, policyIds });
    if (policyIds.includes(refusingPolicies.device)) {
      return {
        trustLevel: "NONE",
        reason:
          request.device === "non_compliant"
            ? "The device is not compliant."
            : "It is not known whether the device is compliant.",
        policyIds,
      };
    }
    const { role = "", resource, location = "" } = request;
    if (!this.#locations.has(location)) {
      return refusal("It is not known from which network the request comes.");
    }
    // A resource that there is not may still be called as one that discloses PHI.
    const isOutside = disclosesPhi(resource) && !this.#phiLocations.has(location);
    if (isOutside || policyIds.includes(refusingPolicies.location)) {
      return refusal(
        location === "external"
          ? "The resource discloses PHI, and the request comes from an external network."
          : "The resource discloses PHI, which may not be used from the network that the request comes from.",
      );
    }
    if (policyIds.includes(refusingPolicies.unknown)) {
      return refusal(
        !this.#roles.has(role)
          ? "The role is none of the platform's."
          : "The resource is none of the platform's.",
      );
    }
    return undefined;
  }

  /** What is refused though the context is right: by a policy of the hospital's own, or because nothing permits it. */
  #refusalOfAuthority({ role = "", resource }: UserRequest, answer: PolicyAnswer): Refusal {
    if (!answer.decided) {
      return undecided(answer);
    }
    const { policyIds } = answer;
    return {
      trustLevel: "AUTHENTICATED",
      reason: this.#ownRefusal(policyIds) ?? `Role ${role} may not use ${resource}.`,
      policyIds,
    };
  }

  /** Why the hospital's own policies refuse, if one of these is theirs. */
  #ownRefusal(policyIds: readonly string[]): string | undefined {
    const own = policyIds.filter((id) => !refusing.has(id));
    const [first] = own;
    return first === undefined ? undefined : (this.#ownReason(own) ?? `Policy ${first} forbids it.`);
  }

  #refusalOfCall(caller: string, call: ToolCall, answer: PolicyAnswer): Refusal {
    if (!answer.decided) {
      return undecided(answer);
    }
    return {
      trustLevel: "AUTHENTICATED",
      reason: this.#reasonOfRefusedCall(caller, call, answer.policyIds),
      policyIds: answer.policyIds,
    };
  }

  #reasonOfRefusedCall(caller: string, call: ToolCall, policyIds: readonly string[]): string {
    const agent = this.#agents.get(caller);
    const tool = this.#tools.get(call.tool);
    if (agent === undefined) {
      return "The caller is none of the platform's agents.";
    }
    if (tool === undefined) {
      return "The tool is none of the platform's.";
    }
    const own = this.#ownRefusal(policyIds);
    if (own !== undefined) {
      return own;
    }
    const grant = agent.tools.find(({ id }) => id === tool.id);
    if (grant === undefined) {
      return `${agent.id} may not call ${tool.id}.`;
    }
    if (grant.access === "read" && tool.access === "write") {
      return `${agent.id} may only read, and ${tool.id} writes.`;
    }
    if (!agent.actsFor.includes(call.request.role ?? "")) {
      return `${agent.id} does not act for role ${call.request.role ?? ""}.`;
    }
    if (policyIds.includes(refusingPolicies.patient)) {
      if (!disclosesPhi(call.request.resource)) {
        return `${tool.id} is about patients, and ${call.request.resource} discloses no PHI.`;
      }
      return `${agent.id} may call ${tool.id} for the patient in context only.`;
    }
    return grant.mostRows === undefined
      ? `No policy permits ${agent.id} to call ${tool.id}.`
      : `${agent.id} may ask ${tool.id} for ${String(grant.mostRows)} rows at most, and has to say how many.`;
  }
}
