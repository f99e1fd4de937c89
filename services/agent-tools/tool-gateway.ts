import { ErrorCode, type Progress } from "@modelcontextprotocol/sdk/types.js";

import type { AccessDocument } from "../../model/access-document";
import { toolGatewayId, type Tool } from "../../model/access-policy";
import { contextHeader, requestIdHeader } from "../../model/request-headers";
import type { TrustLevel } from "../decision-point/trust-level";
import type { AuditEvent, AuditTrail } from "../audit/audit-event";
import { undeclared } from "../audit/audit-vocabulary";
import { WatchedTrail } from "../audit/watched-trail";
import type { GrantedContext } from "../decision-point/granted-context";

import { claimedContext } from "./claimed-context";
import { ProtocolError } from "./protocol-error";
import { DecisionUnavailable, type ToolAsker, type ToolDecisions, type ToolQuestion } from "./tool-decisions";
import type { ServerCall, ToolDefinition, ToolResult, ToolServers } from "./tool-servers";

/** A request of an agent, with what is known of it. */
export interface AgentRequest {
  /** The SPIFFE ID of the agent, as the proxy of this pod verified it. */
  readonly agent: string;
  /** The context token that came with it. */
  readonly token: string | undefined;
  readonly requestId: string;
  /** Headers by which traces are put together, which go on as they are. */
  readonly trace: Readonly<Record<string, string>>;
  /** Ends what is done for it. */
  readonly signal: AbortSignal;
}

/** A call of a tool, as an agent asks for it. */
export interface AgentCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Is told how far the tool is. */
  readonly onProgress: (progress: Progress) => void;
}

/** What a gateway of tools works with. */
export interface ToolGatewayParts {
  readonly document: AccessDocument;
  readonly decisions: ToolDecisions;
  readonly servers: ToolServers;
  readonly trail: AuditTrail;
  /** Is told what the records do not say: what stood in the way of a decision or of a server. */
  readonly onFault: (requestId: string, fault: unknown) => void;
}

/** What was decided of a call, whoever decided it. */
interface Verdict {
  readonly trustLevel: TrustLevel;
  readonly reason: string;
  readonly policies: readonly string[];
  /** What to hand on, if the call is allowed. */
  readonly granted: string | undefined;
}

/** What a request claims. */
interface Known {
  readonly asker: ToolAsker;
  readonly claims: GrantedContext;
}

function refused(reason: string): Verdict {
  return { trustLevel: "NONE", reason, policies: [], granted: undefined };
}

/** What the constraints of a tool are about. */
function constrained(
  { patientArgument, rowsArgument }: Tool,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = [patientArgument, rowsArgument].filter((name) => name !== undefined);
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(args, name)).map((name) => [name, args[name]]),
  );
}

/** The least that can be asked of a tool: of the patient in context, one row. Who may not do that may do nothing with it. */
function least({ id, patientArgument, rowsArgument }: Tool, { patient }: GrantedContext): ToolQuestion {
  return {
    tool: id,
    arguments: {
      ...(patientArgument === undefined || patient === undefined ? {} : { [patientArgument]: patient }),
      ...(rowsArgument === undefined ? {} : { [rowsArgument]: 1 }),
    },
  };
}

/** How a refusal reads to the model behind an agent, which can ask for less then. */
function refusal({ reason }: Verdict, requestId: string): ToolResult {
  return { content: [{ type: "text", text: `Refused: ${reason} (request ${requestId})` }], isError: true };
}

/**
 * The policy enforcement point of tool calls (NIST SP 800-207 §3): what the decision point does not allow, for the user and
 * for each agent that acts, is neither shown nor done, and what is done is recorded before and after.
 */
export class ToolGateway {
  readonly #parts: ToolGatewayParts;
  readonly #trail: WatchedTrail;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #ownId: string;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(parts: ToolGatewayParts) {
    this.#parts = parts;
    this.#trail = new WatchedTrail(parts.trail);
    this.#tools = new Map(parts.document.access.tools.map((tool) => [tool.id, tool]));
    this.#ownId = parts.document.workloads[toolGatewayId] ?? "";
  }

  /** Why no call would be made, whatever is asked; `undefined` while all is well. */
  get illness(): string | undefined {
    return this.#trail.illness;
  }

  /**
   * The tools that the agent may call for the user at all, as their servers describe them; none without a user. Those of a
   * server that does not answer are left out.
   *
   * @throws {DecisionUnavailable} if there is no decision.
   */
  async list(request: AgentRequest): Promise<readonly ToolDefinition[]> {
    const known = this.#known(request);
    if (known === undefined) {
      return [];
    }
    const tools = [...this.#tools.values()];
    const granted = await this.#mayList(
      known.asker,
      tools.map((tool) => least(tool, known.claims)),
    );
    const ofServers = new Map<string, { readonly token: string; readonly names: Set<string> }>();
    for (const [index, { id, server }] of tools.entries()) {
      const token = granted[index];
      if (token !== undefined) {
        const { names } = ofServers.get(server) ?? { names: new Set() };
        ofServers.set(server, { token, names: names.add(id) });
      }
    }
    const described = await Promise.all(
      [...ofServers].map(async ([server, { token, names }]) =>
        (await this.#described(server, token, request)).filter(({ name }) => names.has(name)),
      ),
    );
    return described.flat();
  }

  /**
   * Calls a tool if that is allowed. What is refused is a result that says so.
   *
   * @throws {ProtocolError} if there is none of that name, and with what its server answers as an error.
   * @throws {AuditUnavailable} if the call cannot be recorded: it was not made, or its result is kept back.
   * @throws {ToolServerFailed} if the server of the tool gives no answer.
   */
  async call(request: AgentRequest, call: AgentCall): Promise<ToolResult> {
    const made = this.#call(request, call);
    this.#underWay.add(made);
    try {
      return await made;
    } finally {
      this.#underWay.delete(made);
    }
  }

  /** Waits until what came of every call that was begun is recorded, also of those that nobody waits for any longer. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #call(request: AgentRequest, call: AgentCall): Promise<ToolResult> {
    const tool = this.#tools.get(call.tool);
    const known = this.#known(request);
    if (tool === undefined) {
      // What the agent wrote in the place of a name may be about a patient, and is nobody's to read.
      const reason = "There is no such tool.";
      this.#record(request, known, undeclared, refused(reason), undefined);
      throw new ProtocolError(ErrorCode.InvalidParams, reason);
    }
    const verdict = await this.#verdict(known, tool, call);
    this.#record(request, known, tool.id, verdict, undefined);
    if (verdict.granted === undefined) {
      return refusal(verdict, request.requestId);
    }
    let outcome: AuditEvent["outcome"] = "failed";
    try {
      const result = await this.#parts.servers.call(
        tool.server,
        tool.id,
        call.arguments,
        call.onProgress,
        this.#onward(verdict.granted, request),
      );
      outcome = result.isError === true ? "failed" : "succeeded";
      return result;
    } catch (error) {
      this.#parts.onFault(request.requestId, error);
      throw error;
    } finally {
      this.#record(request, known, tool.id, verdict, outcome);
    }
  }

  /** Who asks, as far as can be known before the decision point has verified it. */
  #known({ agent, token, requestId }: AgentRequest): Known | undefined {
    const claims = token === undefined ? undefined : claimedContext(token);
    return token === undefined || claims === undefined
      ? undefined
      : { asker: { agent, token, user: claims.user, requestId }, claims };
  }

  async #mayList(
    asker: ToolAsker,
    questions: readonly ToolQuestion[],
  ): Promise<readonly (string | undefined)[]> {
    try {
      return await this.#parts.decisions.mayList(asker, questions);
    } catch (error) {
      this.#parts.onFault(asker.requestId, error);
      throw error;
    }
  }

  async #verdict(known: Known | undefined, tool: Tool, { arguments: args }: AgentCall): Promise<Verdict> {
    if (known === undefined) {
      return refused("The call carries no context token of a user's request.");
    }
    try {
      const question = { tool: tool.id, arguments: constrained(tool, args) };
      const { decision, context } = await this.#parts.decisions.mayCall(known.asker, question);
      return { ...context, granted: decision ? context.token : undefined };
    } catch (error) {
      if (error instanceof DecisionUnavailable) {
        this.#parts.onFault(known.asker.requestId, error);
        return refused("There was no decision.");
      }
      throw error;
    }
  }

  #onward(token: string, { requestId, trace, signal }: AgentRequest): ServerCall {
    return { headers: { ...trace, [contextHeader]: token, [requestIdHeader]: requestId }, signal };
  }

  async #described(server: string, token: string, request: AgentRequest): Promise<readonly ToolDefinition[]> {
    try {
      return await this.#parts.servers.tools(server, this.#onward(token, request));
    } catch (error) {
      this.#parts.onFault(request.requestId, error);
      return [];
    }
  }

  #record(
    { agent, requestId }: AgentRequest,
    known: Known | undefined,
    tool: string,
    { trustLevel, reason, policies, granted }: Verdict,
    outcome: AuditEvent["outcome"],
  ): void {
    // Where nothing is trusted the decision point may not have found the token good, and what it says is anybody's word.
    const claims = trustLevel === "NONE" ? undefined : known?.claims;
    const event: AuditEvent = {
      kind: "tool-call",
      time: new Date(),
      requestId,
      user: claims?.user,
      role: claims?.role,
      agents: [...(claims?.agents ?? []), agent],
      enforcementPoint: this.#ownId,
      resource: claims?.resource ?? undeclared,
      action: "call",
      tool,
      device: claims?.device,
      location: claims?.location,
      allowed: granted !== undefined,
      trustLevel,
      reason,
      policyIds: policies,
      outcome,
    };
    try {
      this.#trail.append(event);
    } catch (error) {
      this.#parts.onFault(requestId, error);
      throw error;
    }
  }
}
