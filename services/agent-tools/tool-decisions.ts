import { z } from "zod";

import { requestIdHeader } from "../../model/request-headers";
import { trustLevels } from "../decision-point/trust-level";

/** How long a decision may take, in milliseconds. No decision is a no. */
const mostMilliseconds = 2000;

/** A question about one tool. */
export interface ToolQuestion {
  readonly tool: string;
  /** The arguments that its constraints are about; nobody else needs to know the others. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Who asks to call tools, and with what proof. */
export interface ToolAsker {
  /** The SPIFFE ID of the agent that called us. */
  readonly agent: string;
  /** The context token of the request for which it acts. */
  readonly token: string;
  /** The user, as the token says. */
  readonly user: string;
  readonly requestId: string;
}

const saidSchema = z.object({
  trustLevel: z.enum(trustLevels),
  reason: z.string(),
  policies: z.array(z.string()),
});

/** Strict, since trust has no half measures, and what was granted is said by a token in which the agent acts. */
const allowedSchema = z.object({
  decision: z.literal(true),
  context: saidSchema.extend({ trustLevel: z.literal("VERIFIED"), token: z.string().min(1) }),
});

const answerSchema = z.discriminatedUnion("decision", [
  allowedSchema,
  z.object({ decision: z.literal(false), context: saidSchema }),
]);

const listAnswersSchema = z.object({
  evaluations: z.array(
    z.discriminatedUnion("decision", [allowedSchema, z.object({ decision: z.literal(false) })]),
  ),
});

/** What becomes of a call. What is allowed comes with the context token to hand on, in which the agent acts. */
export type ToolAnswer = z.output<typeof answerSchema>;

/** There is no decision: the decision point is down, slow, or says what makes no sense. */
export class DecisionUnavailable extends Error {
  override readonly name = "DecisionUnavailable";
}

/** Asks the decision point about tools (OpenID AuthZEN Authorization API 1.0, §6 and §7). */
export class ToolDecisions {
  readonly #origin: string;

  /** @param origin where the decision point answers, such as `http://127.0.0.1:15001`: the proxy ends mutual TLS. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /**
   * Whether a call may be made now.
   *
   * @throws {DecisionUnavailable} if there is no decision.
   */
  async mayCall(asker: ToolAsker, question: ToolQuestion): Promise<ToolAnswer> {
    return this.#ask("evaluation", asker, this.#evaluation("call", asker, question), answerSchema);
  }

  /**
   * Which calls may be made now, each answered for itself.
   *
   * @returns for each question the context token to hand on, `undefined` where the call may not be made.
   * @throws {DecisionUnavailable} if there is no decision on one of them.
   */
  async mayList(
    asker: ToolAsker,
    questions: readonly ToolQuestion[],
  ): Promise<readonly (string | undefined)[]> {
    const { evaluations } = await this.#ask(
      "evaluations",
      asker,
      {
        evaluations: questions.map((question) => this.#evaluation("list", asker, question)),
        options: { evaluations_semantic: "execute_all" },
      },
      listAnswersSchema,
    );
    if (evaluations.length !== questions.length) {
      throw new DecisionUnavailable("The decision point answered other questions than it was asked.");
    }
    return evaluations.map((answer) => (answer.decision ? answer.context.token : undefined));
  }

  #evaluation(action: "call" | "list", { agent, token, user }: ToolAsker, question: ToolQuestion): object {
    return {
      subject: { type: "user", id: user },
      action: { name: action },
      resource: { type: "tool", id: question.tool },
      context: { token, agent, arguments: question.arguments },
    };
  }

  async #ask<Answer>(
    endpoint: "evaluation" | "evaluations",
    { requestId }: ToolAsker,
    body: object,
    schema: z.ZodType<Answer>,
  ): Promise<Answer> {
    try {
      const response = await fetch(`${this.#origin}/access/v1/${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/json", [requestIdHeader]: requestId },
        body: JSON.stringify(body),
        redirect: "error",
        signal: AbortSignal.timeout(mostMilliseconds),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`it answered with status ${String(response.status)}`);
      }
      return schema.parse(await response.json());
    } catch (error) {
      throw new DecisionUnavailable("The decision point gave no answer.", { cause: error });
    }
  }
}
