import { json } from "node:stream/consumers";

import { ListeningServer } from "./listening-server";

/** What is asked about one tool. */
export interface Evaluation {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: { readonly name: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: {
    readonly token: string;
    readonly agent: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
}

type Answer = object;

export const allowed = (token: string): Answer => ({
  decision: true,
  context: {
    allowed: true,
    trustLevel: "VERIFIED",
    component: "phi_discharge_summary",
    action: "call",
    reason: "Both may.",
    requiresMfa: false,
    sessionMinutes: 60,
    policies: ["agent.discharge_summary_agent.fhir_search"],
    token,
  },
});

export const denied = (reason: string, trustLevel = "AUTHENTICATED"): Answer => ({
  decision: false,
  context: { trustLevel, reason, requiresMfa: false, policies: [] },
});

/** Answers by AuthZEN as a test says, and keeps what it was asked. */
export class StandInDecisionPoint {
  readonly asked: Evaluation[] = [];
  readonly requestIds: unknown[] = [];
  /** What it says of one tool. */
  decide: (evaluation: Evaluation) => Answer = () => denied("Nothing was said.");
  /** What it answers instead, whatever it is asked. */
  instead: ((endpoint: string) => { readonly status: number; readonly body: string } | "nothing") | undefined;
  readonly #server: ListeningServer;

  private constructor(server: ListeningServer) {
    this.#server = server;
  }

  static async start(): Promise<StandInDecisionPoint> {
    const server = await ListeningServer.start((request, response) => {
      void json(request).then((body) => {
        self.requestIds.push(request.headers["x-request-id"]);
        const instead = self.instead?.(request.url ?? "");
        if (instead === "nothing") {
          return;
        }
        const { status, body: text } = instead ?? { status: 200, body: self.#answer(body) };
        response.writeHead(status, { "content-type": "application/json" }).end(text);
      });
    });
    const self = new StandInDecisionPoint(server);
    return self;
  }

  get origin(): string {
    return this.#server.origin;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #answer(body: unknown): string {
    if (typeof body === "object" && body !== null && "evaluations" in body) {
      const evaluations = body.evaluations as readonly Evaluation[];
      this.asked.push(...evaluations);
      return JSON.stringify({ evaluations: evaluations.map((evaluation) => this.decide(evaluation)) });
    }
    const evaluation = body as Evaluation;
    this.asked.push(evaluation);
    return JSON.stringify(this.decide(evaluation));
  }
}
