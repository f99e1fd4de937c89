/** What a decision point is told cannot be decided by: it does not start. Its message lists every finding. */
export class AccessDocumentError extends Error {
  override readonly name = "AccessDocumentError";
  /** What is wrong, each as a sentence that names the place; one at least. */
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    const count = findings.length === 1 ? "1 finding" : `${String(findings.length)} findings`;
    super([`The access document is refused: ${count}.`, ...findings.map((text) => `  ${text}`)].join("\n"));
    this.findings = findings;
  }
}
