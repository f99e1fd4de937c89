/** Why a request, or its answer, is refused: words that records, errors and documentation share. */
export const refusals = {
  "request-malformed": { status: 400, says: "This is no request that can be read." },
  "unknown-caller": { status: 403, says: "It is not known who calls, or the caller may not call providers." },
  "provider-undeclared": { status: 404, says: "The platform declares no such provider." },
  "operation-unknown": {
    status: 404,
    says: "This part of the provider's API is not open from the platform.",
  },
  "method-unknown": { status: 405, says: "This part of the provider's API takes no such requests." },
  "query-unknown": { status: 400, says: "The query has a parameter that is not known here." },
  "model-undeclared": { status: 403, says: "The platform does not declare this model of the provider's." },
  "content-type-unknown": { status: 415, says: "The body has to be application/json, in UTF-8." },
  "content-encoding-unknown": { status: 415, says: "The body must not be compressed." },
  "body-too-large": { status: 413, says: "The body is larger than what is inspected." },
  "body-malformed": { status: 400, says: "The body is not JSON that means the same to every reader." },
  "feature-refused": {
    status: 403,
    says: "The request asks the provider to fetch, send on or keep something by itself, which is not open from the platform.",
  },
  "phi-found": {
    status: 403,
    says: "The request holds protected health information, or what cannot be inspected, and may not leave the platform.",
  },
  "inspection-failed": { status: 503, says: "The request could not be inspected in time." },
  "keys-missing": { status: 503, says: "There is no key for this provider." },
  "audit-unavailable": { status: 503, says: "The request could not be recorded." },
  "too-busy": { status: 503, says: "Too many requests are under way." },
  "provider-unreachable": { status: 502, says: "The provider cannot be reached." },
  "provider-refused": { status: 502, says: "The provider refused the platform's own access." },
  "answer-unreadable": { status: 502, says: "The provider's answer cannot be inspected." },
  "answer-phi-found": {
    status: 403,
    says: "The provider's answer holds protected health information, and is kept back.",
  },
  "answer-inspection-failed": { status: 503, says: "The provider's answer could not be inspected in time." },
  fault: { status: 500, says: "The request cannot be answered." },
} as const satisfies Record<string, { readonly status: number; readonly says: string }>;

/** Why a request, or its answer, is refused. */
export type RefusalReason = keyof typeof refusals;

/** After these the same request may fare better. Clients are told not to try again after any other. */
const passing: ReadonlySet<RefusalReason> = new Set(["too-busy", "provider-unreachable"]);

/** Whether a client may ask again by itself. */
export function mayTryAgain(reason: RefusalReason): boolean {
  return passing.has(reason);
}

/** A request, or its answer, is refused. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`Refused: ${reason}.`, options);
    this.reason = reason;
  }
}
