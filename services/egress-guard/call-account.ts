import type { FindingPolicy } from "../../model/llm-provider";
import { undeclared } from "../audit/audit-vocabulary";
import type { InspectionEvent, InspectionTrail, InspectionVerdict } from "../audit/inspection-event";

import type { RefusalReason } from "./refusal";

/** What is known of a call so far, of which its records are made. */
export class CallAccount {
  readonly requestId: string;
  caller: string | undefined;
  provider: string = undeclared;
  model: string | undefined;
  operation = "unknown";
  policy: FindingPolicy | undefined;
  identifiers: ReadonlyMap<string, number> = new Map();
  unreadable = 0;
  promptHash: string | undefined;
  /** Whether the request is recorded, so that what is recorded next is about its answer. */
  isSent = false;
  readonly #trail: InspectionTrail;

  constructor(trail: InspectionTrail, requestId: string) {
    this.#trail = trail;
    this.requestId = requestId;
  }

  /** Takes down what was found. */
  found(identifiers: ReadonlyMap<string, number>, unreadable: number): void {
    this.identifiers = identifiers;
    this.unreadable = unreadable;
  }

  /**
   * Records what became of the request, or of its answer.
   *
   * @throws {AuditUnavailable} if it is not written: nothing goes on then.
   */
  record(verdict: InspectionVerdict, reason: RefusalReason | "clean" | "phi-found" | "client-gone"): void {
    const event: InspectionEvent = {
      kind: this.isSent ? "egress-answer" : "egress-request",
      time: new Date(),
      requestId: this.requestId,
      caller: this.caller,
      provider: this.provider,
      model: this.model,
      operation: this.operation,
      verdict,
      reason,
      policy: this.policy,
      identifiers: this.identifiers,
      unreadable: this.unreadable,
      promptHash: this.promptHash,
    };
    this.#trail.append(event);
  }

  /** Goes on with the answer, of which nothing is known yet. */
  sent(): void {
    this.isSent = true;
    this.found(new Map(), 0);
  }
}
