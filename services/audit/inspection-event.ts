/** What became of a request for a provider, or of its answer. */
export const inspectionVerdicts = ["allowed", "redacted", "blocked", "refused"] as const;
export type InspectionVerdict = (typeof inspectionVerdicts)[number];

/**
 * What is recorded of a request for an external provider, or of the provider's answer. Nothing in it is PHI: of what was found
 * it says kinds and counts, and of the prompt a keyed hash.
 */
export interface InspectionEvent {
  readonly kind: "egress-request" | "egress-answer";
  readonly time: Date;
  /** The request's own number: a UUID, or the like. Any other is recorded as `undeclared`. */
  readonly requestId: string;
  /** The SPIFFE ID of who called; `undefined` if that is not known. */
  readonly caller: string | undefined;
  /** The provider that was asked for; recorded as `undeclared` if the platform declares none of this name. */
  readonly provider: string;
  /** The model that was asked for; `undefined` if that is not known, and recorded as `undeclared` if it is not declared. */
  readonly model: string | undefined;
  /** What was asked of the provider, such as `chat.completions`: a word of ours. */
  readonly operation: string;
  readonly verdict: InspectionVerdict;
  /** Why: a word of ours, such as `phi-found`. */
  readonly reason: string;
  /** What happens to PHI for this model on the day; `undefined` if no model is known. */
  readonly policy: "block" | "redact" | "allow" | undefined;
  /** How many identifiers of which kind were found. */
  readonly identifiers: ReadonlyMap<string, number>;
  /** How many parts could not be read; they are among the identifiers as well. */
  readonly unreadable: number;
  /** The HMAC-SHA-256 of the body as it came, in hexadecimal digits; `undefined` if it was not read, or there is no key. */
  readonly promptHash: string | undefined;
}

/** Where records of inspections go. */
export interface InspectionTrail {
  /**
   * Writes the record of an event. What is to be sent is sent after that.
   *
   * @throws {AuditUnavailable} if it cannot be written: nothing is sent.
   */
  append(event: InspectionEvent): void;
}
