/** Why a source gave no credential: there is none, this identity may not read it, nobody answered, or it is no text. */
export type SourceProblem = "not-found" | "refused" | "unreachable" | "not-text";

/** A source gave no credential. Its message says what the source said, and never what it holds. */
export class CredentialUnavailable extends Error {
  override readonly name = "CredentialUnavailable";
  /** Why. */
  readonly problem: SourceProblem;

  constructor(problem: SourceProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** Where the credential of one workload is kept. */
export interface CredentialSource {
  /** Where that is, as a log may say it. */
  readonly place: string;

  /**
   * What is there now: the JSON of a `WorkloadCredential`, which nobody has looked into yet.
   *
   * @throws {CredentialUnavailable} if there is nothing to be had.
   */
  read(signal: AbortSignal): Promise<string>;
}

/** How a source's own refusal is called, by the status of its answer. */
export function problemOfStatus(status: number | undefined): SourceProblem {
  switch (status) {
    case 401:
    case 403:
      return "refused";
    case 404:
      return "not-found";
    case undefined:
    default:
      return "unreachable";
  }
}
