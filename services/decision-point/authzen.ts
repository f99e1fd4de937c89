import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import { decodeProtectedHeader } from "jose";

import { requestIdHeader } from "../../model/request-headers";
import { callerIdentity } from "../program/caller-identity";

import { evaluationSchema, evaluationsSchema, type Evaluation } from "./authzen-request";
import { contextTokenKind } from "./context-tokens";
import type { Answer, PolicyDecisionPoint, Proof, Subject } from "./policy-decision-point";
import { requestIdOf } from "./request-id";

/** The longest request that is read, in bytes, and how long that may take, in milliseconds. */
const longestRequest = 1_048_576;
const requestMilliseconds = 10_000;

const paths = {
  evaluation: "/access/v1/evaluation",
  evaluations: "/access/v1/evaluations",
  metadata: "/.well-known/authzen-configuration",
  health: "/healthz",
} as const;

/** One decision as AuthZEN says it (§6.2). */
interface EvaluationResponse {
  readonly decision: boolean;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A request that is not one of AuthZEN's (§10.1.6): the message is for who wrote the asker. */
class BadRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What the program answers by HTTP. */
export interface AuthZenParts {
  readonly decisionPoint: PolicyDecisionPoint;
  /** Where the decision point is found inside of the platform, such as `https://decision-point.processing.example`. */
  readonly origin: string;
  /** Why no request would be allowed, whatever is asked; `undefined` while all is well. */
  readonly illness: () => string | undefined;
  readonly onFault: (error: unknown) => void;
}

function proofOf(token: string | undefined): Proof | undefined {
  if (token === undefined) {
    return undefined;
  }
  try {
    return { kind: decodeProtectedHeader(token).typ === contextTokenKind ? "context" : "oidc", token };
  } catch {
    return { kind: "oidc", token };
  }
}

function subjectOf({ action: { name }, resource: { type, id }, context }: Evaluation): Subject | string {
  if (type === "resource") {
    return { kind: "resource", resource: id, action: name, isToolServer: false };
  }
  if (type !== "tool") {
    return "There are resources of the types resource and tool.";
  }
  return name === "call" || name === "list"
    ? { kind: "tool", tool: id, action: name, agent: context?.agent, arguments: context?.arguments ?? {} }
    : "Tools are for the actions call and list.";
}

function responseOf({ decision, context }: Answer): EvaluationResponse {
  const { allowed, trustLevel, component, action, reason, requiresMfa, sessionMinutes, policyIds } = decision;
  return {
    decision: allowed,
    context: {
      allowed,
      trustLevel,
      component,
      action,
      reason,
      requiresMfa,
      sessionMinutes,
      policies: policyIds,
      ...(context === undefined ? {} : { token: context }),
    },
  };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const late = setTimeout(() => {
      reject(new BadRequest(408, "The request did not come in time."));
    }, requestMilliseconds);
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > longestRequest) {
        reject(new BadRequest(413, "The request is too long."));
        request.pause();
      } else {
        chunks.push(chunk);
      }
    });
    request.once("end", () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
    request.once("close", () => {
      clearTimeout(late);
      reject(new BadRequest(400, "The request broke off."));
    });
  });
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";", 1);
  if (type.trim().toLowerCase() !== "application/json") {
    throw new BadRequest(415, "The request is not application/json.");
  }
  const text = await bodyOf(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest(400, "The request is no JSON.");
  }
}

function problemsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return issues
    .map(({ path, message }) => `${path.map(String).join(".") || "request"}: ${message}`)
    .join("; ");
}

/** Answers by the OpenID AuthZEN Authorization API 1.0: evaluations one by one (§6) and together (§7), and its metadata (§9). */
export class AuthZen {
  readonly #parts: AuthZenParts;

  constructor(parts: AuthZenParts) {
    this.#parts = parts;
  }

  get listener(): RequestListener {
    return (request, response) => {
      void this.#respond(request, response);
    };
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = request.headers[requestIdHeader];
    const requestId = requestIdOf(given);
    // Who asks finds its own number again, whatever it is (AuthZEN §10.1.4).
    response.setHeader("cache-control", "no-store");
    response.setHeader(requestIdHeader, given ?? requestId);
    try {
      const answer = await this.#answer(request, requestId);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof BadRequest)) {
        this.#parts.onFault(error);
      }
      const { status, message } =
        error instanceof BadRequest ? error : { status: 500, message: "The request could not be decided." };
      response.statusCode = status;
      if (!request.complete) {
        response.setHeader("connection", "close");
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(message));
    }
  }

  async #answer(request: IncomingMessage, requestId: string): Promise<object> {
    const [path] = (request.url ?? "").split("?", 1);
    switch (path) {
      case paths.health:
        return this.#health();
      case paths.metadata:
        return this.#metadata();
      case paths.evaluation:
      case paths.evaluations: {
        if (request.method !== "POST") {
          throw new BadRequest(405, "Evaluations are asked for by POST.");
        }
        const certificate = request.headers["x-forwarded-client-cert"];
        const requester = typeof certificate === "string" ? callerIdentity(certificate) : undefined;
        if (this.#parts.decisionPoint.workload(requester) === undefined) {
          throw new BadRequest(401, "Who asks is no workload of the platform.");
        }
        const json = await jsonOf(request);
        return path === paths.evaluation
          ? this.#evaluation(json, requester, requestId)
          : this.#evaluations(json, requester, requestId);
      }
      default:
        throw new BadRequest(404, "There is nothing here.");
    }
  }

  #health(): object {
    const illness = this.#parts.illness();
    if (illness !== undefined) {
      throw new BadRequest(503, illness);
    }
    return { status: "well" };
  }

  #metadata(): object {
    const { origin } = this.#parts;
    return {
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}${paths.evaluation}`,
      access_evaluations_endpoint: `${origin}${paths.evaluations}`,
    };
  }

  async #evaluation(
    json: unknown,
    requester: string | undefined,
    requestId: string,
  ): Promise<EvaluationResponse> {
    const { data, error } = evaluationSchema.safeParse(json);
    if (data === undefined) {
      throw new BadRequest(400, problemsOf(error.issues));
    }
    const { subject, context } = data;
    const about = subject.type === "user" ? subjectOf(data) : "Subjects are of the type user.";
    if (typeof about === "string") {
      throw new BadRequest(400, about);
    }
    const answer = await this.#parts.decisionPoint.answer({
      requester,
      requestId,
      proof: proofOf(context?.token),
      user: subject.id,
      address: context?.source_address,
      caller: undefined,
      about,
    });
    return responseOf(answer);
  }

  async #evaluations(json: unknown, requester: string | undefined, requestId: string): Promise<object> {
    const { data, error } = evaluationsSchema.safeParse(json);
    if (data === undefined) {
      throw new BadRequest(400, problemsOf(error.issues));
    }
    const { evaluations, options, ...defaults } = data;
    if (evaluations === undefined || evaluations.length === 0) {
      return this.#evaluation(defaults, requester, requestId);
    }
    const last = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true }[
      options?.evaluations_semantic ?? "execute_all"
    ];
    const responses: EvaluationResponse[] = [];
    for (const one of evaluations) {
      const response = await this.#one({ ...defaults, ...one }, requester, requestId);
      responses.push(response);
      if (response.decision === last) {
        break;
      }
    }
    return { evaluations: responses };
  }

  /** One of several evaluations: what is wrong with it is said in its own place (§7.2.1). */
  async #one(json: unknown, requester: string | undefined, requestId: string): Promise<EvaluationResponse> {
    try {
      return await this.#evaluation(json, requester, requestId);
    } catch (error) {
      if (error instanceof BadRequest) {
        const { status, message } = error;
        return { decision: false, context: { error: { status, message } } };
      }
      throw error;
    }
  }
}
