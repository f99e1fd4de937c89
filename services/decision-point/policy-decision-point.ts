import { randomUUID } from "node:crypto";

import type { AccessDocument } from "../../model/access-document";
import { asGranted, toolGatewayId } from "../../model/access-policy";
import { disclosesPhi } from "../../model/cedar-policies";
import type { TrustLevel } from "./trust-level";
import type { AuditTrail } from "../audit/audit-event";

import type { ContextTokens } from "./context-tokens";
import type { Decision, ToolCall, UserRequest } from "./decision";
import type { GrantedContext } from "./granted-context";
import { NetworkLocations } from "./network-location";
import type { OidcTokens } from "./oidc-tokens";
import { TokenRefused } from "./token-refused";

/** How records name what no route and no policy has a name for. */
const nothing = "none";

/** How records name who is not known. */
const nobody = "unknown";

/** By what it is proved for whom something is asked: the clinician's own token, or what was granted at an entrance. */
export interface Proof {
  readonly kind: "oidc" | "context";
  readonly token: string;
}

/** What is asked for. */
export type Subject =
  | {
      readonly kind: "resource";
      /** Its name, or `as-granted`; `undefined` if no route says what it is. */
      readonly resource: string | undefined;
      readonly action: string;
      /** Whether it is where tools are called, which agents do through the gateway of tools alone. */
      readonly isToolServer: boolean;
    }
  | {
      readonly kind: "tool";
      readonly tool: string;
      /** Whether it is called, or whether it is asked only if it may be. */
      readonly action: "call" | "list";
      readonly arguments: Readonly<Record<string, unknown>>;
      /** The SPIFFE ID of the agent that calls, as who asks has verified it. */
      readonly agent: string | undefined;
    };

/** A question for a decision. */
export interface Enquiry {
  /** The SPIFFE ID of who asks; `undefined` if that is not known. */
  readonly requester: string | undefined;
  /** The request's own number. */
  readonly requestId: string;
  /** `undefined` if nothing is shown. */
  readonly proof: Proof | undefined;
  /** Whom the asker takes the user for, if it says so. */
  readonly user: string | undefined;
  /** The address that the asker sees the request come from. It counts at entrances alone. */
  readonly address: string | undefined;
  /** The SPIFFE ID of whose request the asker holds back, if it knows that. */
  readonly caller: string | undefined;
  readonly about: Subject;
}

/** What is answered. */
export interface Answer {
  readonly decision: Decision;
  /** What was granted, signed anew, to be handed on; `undefined` where nothing is, or where what was shown still says it. */
  readonly context: string | undefined;
  /** Whether there is no token that proves for whom something is asked, so that another one would help. */
  readonly isUnproved: boolean;
}

/** Decides what the policies say. */
export interface Engine {
  decide(request: UserRequest): Decision;
  decideToolCall(call: ToolCall): Decision;
}

/** What a policy decision point is made of. */
export interface PolicyDecisionPointParts {
  readonly document: AccessDocument;
  readonly engine: Engine;
  /** Where every decision is written down before it is answered. */
  readonly trail: AuditTrail;
  /** Verifies clinicians' tokens; `undefined` if the platform has no identity provider. */
  readonly clinicians: OidcTokens | undefined;
  readonly contexts: ContextTokens;
  /** Is told of what went wrong in here. What it is told may be logged. */
  readonly onFault: (error: unknown) => void;
}

/** What became of an enquiry, and what is known of who is behind it. */
interface Outcome extends Answer {
  readonly granted: GrantedContext | undefined;
}

/** The request is not one that policies are asked about. */
class Denied extends Error {
  readonly trustLevel: TrustLevel;
  readonly granted: GrantedContext | undefined;

  constructor(trustLevel: TrustLevel, reason: string, granted?: GrantedContext) {
    super(reason);
    this.trustLevel = trustLevel;
    this.granted = granted;
  }
}

function namesOf(about: Subject): Pick<Decision, "component" | "action"> {
  const { action } = about;
  return { component: (about.kind === "tool" ? about.tool : about.resource) ?? nothing, action };
}

function denied(about: Subject, trustLevel: TrustLevel, reason: string): Decision {
  return {
    trustLevel,
    allowed: false,
    ...namesOf(about),
    reason,
    requiresMfa: false,
    sessionMinutes: 0,
    policyIds: [],
  };
}

function requestOf(granted: GrantedContext, resource: string, action: string): UserRequest {
  const { user, role, device, location, secondFactor } = granted;
  return { user, role, resource, action, device, location, secondFactor };
}

/**
 * The policy decision point (NIST SP 800-207 §3): finds out who asks for whom, decides, and writes down what it decided.
 * Whatever goes wrong is a denial.
 */
export class PolicyDecisionPoint {
  readonly #parts: PolicyDecisionPointParts;
  readonly #locations: NetworkLocations;
  readonly #workloads: ReadonlyMap<string, string>;
  readonly #entrances: ReadonlySet<string>;
  readonly #actions: ReadonlySet<string>;
  /** The workloads that offer tools about patients, whose records they hold. */
  readonly #holders: ReadonlySet<string>;

  /** @throws {RangeError} if a network of the access policy has addresses that are none. */
  constructor(parts: PolicyDecisionPointParts) {
    const { workloads, entrances, access } = parts.document;
    this.#parts = parts;
    this.#locations = new NetworkLocations(access.networks);
    this.#workloads = new Map(Object.entries(workloads).map(([id, spiffeId]) => [spiffeId, id]));
    this.#entrances = new Set(entrances);
    this.#actions = new Set(["use", ...access.routes.map(({ action }) => action)]);
    this.#holders = new Set(
      access.tools.flatMap(({ server, patientArgument }) => (patientArgument === undefined ? [] : server)),
    );
  }

  /** The workload with a SPIFFE ID; `undefined` if the platform has none. */
  workload(spiffeId: string | undefined): string | undefined {
    return spiffeId === undefined ? undefined : this.#workloads.get(spiffeId);
  }

  /** Whether what a workload asks about comes from outside of the platform. */
  isEntrance(workload: string | undefined): boolean {
    return workload !== undefined && this.#entrances.has(workload);
  }

  /** Decides, and has written it down. It never throws. */
  async answer(enquiry: Enquiry): Promise<Answer> {
    const id = randomUUID();
    const outcome = await this.#outcome(enquiry, id);
    const { decision, context, isUnproved } = outcome;
    try {
      this.#record(enquiry, outcome);
    } catch (error) {
      this.#parts.onFault(error);
      const reason = "The record of the decision could not be written.";
      return { decision: denied(enquiry.about, "NONE", reason), context: undefined, isUnproved: false };
    }
    return { decision, context, isUnproved };
  }

  async #outcome(enquiry: Enquiry, id: string): Promise<Outcome> {
    const { about } = enquiry;
    try {
      return await this.#decided(enquiry, id);
    } catch (error) {
      const isUnproved = error instanceof TokenRefused;
      const nothingKnown = { granted: undefined, context: undefined, isUnproved };
      if (error instanceof Denied) {
        const { trustLevel, message, granted } = error;
        return { ...nothingKnown, decision: denied(about, trustLevel, message), granted };
      }
      if (isUnproved) {
        return { ...nothingKnown, decision: denied(about, "NONE", error.message) };
      }
      this.#parts.onFault(error);
      return { ...nothingKnown, decision: denied(about, "NONE", "The request could not be decided.") };
    }
  }

  async #decided(enquiry: Enquiry, id: string): Promise<Outcome> {
    const { about, proof, user } = enquiry;
    const asker = this.workload(enquiry.requester);
    if (asker === undefined) {
      throw new Denied("NONE", "Who asks is no workload of the platform.");
    }
    if (proof === undefined) {
      throw new TokenRefused("No token is shown.");
    }
    const granted = await this.#proved(proof, asker, enquiry.address);
    if (user !== undefined && user !== granted.user) {
      throw new TokenRefused("The token is about somebody else than the subject.");
    }
    return about.kind === "tool"
      ? this.#toolCall(about, proof, granted, asker, id)
      : this.#request(about, proof, granted, { asker, caller: enquiry.caller, id });
  }

  /** What is known by a token. What an asker says itself counts only of the address, and only where requests come in. */
  async #proved({ kind, token }: Proof, asker: string, address: string | undefined): Promise<GrantedContext> {
    const { clinicians, contexts, document } = this.#parts;
    if (kind === "context") {
      if (this.isEntrance(asker)) {
        throw new TokenRefused("What was granted before counts for nothing where requests come in.");
      }
      return contexts.verify(token);
    }
    if (clinicians === undefined) {
      throw new Denied("NONE", "The platform has no identity provider.");
    }
    const clinician = await clinicians.verify(token);
    return {
      ...clinician,
      location: address !== undefined && this.isEntrance(asker) ? this.#locations.of(address) : undefined,
      resource: nothing,
      agents: [],
      expires: Math.floor(Date.now() / 1000) + document.access.sessionMinutes * 60,
    };
  }

  async #request(
    about: Subject & { readonly kind: "resource" },
    proof: Proof,
    granted: GrantedContext,
    {
      asker,
      caller,
      id,
    }: { readonly asker: string; readonly caller: string | undefined; readonly id: string },
  ): Promise<Outcome> {
    const resource =
      about.resource === asGranted && proof.kind === "context" ? granted.resource : about.resource;
    if (resource === undefined || resource === asGranted) {
      throw new Denied("AUTHENTICATED", "No route says what the request is about.", granted);
    }
    // What may be used from anywhere, and by anybody, opens no record.
    if (about.resource === asGranted && this.#holders.has(asker) && !disclosesPhi(resource)) {
      throw new Denied(
        "AUTHENTICATED",
        "What was granted discloses no PHI, which the workload does.",
        granted,
      );
    }
    if (!this.#actions.has(about.action)) {
      throw new Denied("AUTHENTICATED", "The access policy has no such action.", granted);
    }
    if (about.isToolServer && (this.workload(caller) !== toolGatewayId || granted.agents.length === 0)) {
      throw new Denied("AUTHENTICATED", "Tools are called through the gateway of tools alone.", granted);
    }
    const decision = this.#parts.engine.decide(requestOf(granted, resource, about.action));
    return this.#granted(decision, proof, { ...granted, resource }, proof.kind === "oidc", id);
  }

  async #toolCall(
    { tool, agent, action, arguments: values }: Subject & { readonly kind: "tool" },
    proof: Proof,
    granted: GrantedContext,
    asker: string,
    id: string,
  ): Promise<Outcome> {
    if (proof.kind !== "context") {
      throw new Denied("AUTHENTICATED", "A tool call needs what was granted to the user.", granted);
    }
    if (agent !== undefined && asker !== toolGatewayId) {
      throw new Denied("AUTHENTICATED", "Only the gateway of tools says which agent calls.", granted);
    }
    const acting = { ...granted, agents: [...granted.agents, ...(agent === undefined ? [] : [agent])] };
    if (acting.agents.length === 0) {
      throw new Denied("AUTHENTICATED", "No agent calls the tool.", granted);
    }
    const decision = this.#parts.engine.decideToolCall({
      request: requestOf(granted, granted.resource, "use"),
      agents: acting.agents,
      tool,
      patient: granted.patient,
      arguments: values,
    });
    // Also to ask a server what a tool is like, an agent has to act.
    return this.#granted({ ...decision, action }, proof, acting, true, id);
  }

  /** What is handed on of what is allowed; no session is made longer by that. */
  async #granted(
    decision: Decision,
    proof: Proof,
    granted: GrantedContext,
    isNew: boolean,
    id: string,
  ): Promise<Outcome> {
    if (!decision.allowed) {
      return { decision, granted, context: undefined, isUnproved: false };
    }
    const left = Math.ceil((granted.expires - Date.now() / 1000) / 60);
    return {
      decision:
        proof.kind === "context"
          ? { ...decision, sessionMinutes: Math.min(decision.sessionMinutes, left) }
          : decision,
      granted,
      context: isNew ? await this.#parts.contexts.sign(granted, id) : undefined,
      isUnproved: false,
    };
  }

  #record({ about, requester, requestId }: Enquiry, { decision, granted }: Outcome): void {
    const { allowed, trustLevel, reason, policyIds } = decision;
    this.#parts.trail.append({
      kind: "access-decision",
      time: new Date(),
      requestId,
      user: granted?.user,
      role: granted?.role,
      agents: granted?.agents ?? [],
      enforcementPoint: requester ?? nobody,
      resource: about.kind === "tool" ? (granted?.resource ?? nothing) : decision.component,
      action: decision.action,
      tool: about.kind === "tool" ? about.tool : undefined,
      device: granted?.device,
      location: granted?.location,
      allowed,
      trustLevel,
      reason,
      policyIds,
      outcome: undefined,
    });
  }
}
