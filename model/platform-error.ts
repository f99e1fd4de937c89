import type { Finding } from "./finding";

/** A platform that breaks invariants. Its message lists every finding, with id, path and remedy. */
export class PlatformError extends Error {
  /** Every finding, those of parts that can be read even where others are malformed. */
  readonly findings: readonly Finding[];

  /**
   * @param subject what was read, such as `The platform`.
   * @param findings what is wrong with it: one at least.
   */
  constructor(subject: string, findings: readonly Finding[]) {
    const count = findings.length === 1 ? "1 finding" : `${String(findings.length)} findings`;
    const lines = findings.map(
      ({ id, path, message, remedy }) =>
        `  ${id}  ${path === "" ? "(the whole file)" : path}\n          ${message}\n          Remedy: ${remedy}`,
    );
    super([`${subject} is refused: ${count}.`, ...lines].join("\n"));
    this.name = "PlatformError";
    this.findings = findings;
  }
}
