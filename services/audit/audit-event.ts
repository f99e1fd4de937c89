import type { TrustLevel } from "../decision-point/trust-level";

/**
 * What is recorded of a decision or of a tool call. Nothing in it is PHI: patients, arguments and paths have no place in
 * it, and a name that the access policy does not declare is recorded as `undeclared` (`AuditVocabulary`).
 */
export interface AuditEvent {
  readonly kind: "access-decision" | "tool-call";
  readonly time: Date;
  /**
   * The request's own number, by which its records and the proxies' lines are told to be about the same: a UUID or
   * another hexadecimal number of 32 digits or more. Any other is recorded as `undeclared`, since whoever asks can write anything there.
   */
  readonly requestId: string;
  /** Who asked, as the identity provider calls him; `undefined` if that is not known. */
  readonly user: string | undefined;
  readonly role: string | undefined;
  /** The SPIFFE IDs of the agents that act for the user, the nearest last. */
  readonly agents: readonly string[];
  /** The SPIFFE ID of the enforcement point that asked. */
  readonly enforcementPoint: string;
  readonly resource: string;
  readonly action: string;
  /** The tool that is called, of a tool call. */
  readonly tool: string | undefined;
  readonly device: string | undefined;
  readonly location: string | undefined;
  readonly allowed: boolean;
  readonly trustLevel: TrustLevel;
  /** Why, as a sentence without PHI. */
  readonly reason: string;
  readonly policyIds: readonly string[];
  /** What came of a tool call that was allowed; `undefined` before it is made, and of decisions. */
  readonly outcome: "succeeded" | "failed" | undefined;
}

/** Where records go. */
export interface AuditTrail {
  /**
   * Writes the record of an event. What is to be answered is answered after that.
   *
   * @throws {AuditUnavailable} if it cannot be written: the answer is no.
   */
  append(event: AuditEvent): void;
}

/** A record could not be written. */
export class AuditUnavailable extends Error {
  override readonly name = "AuditUnavailable";
}
