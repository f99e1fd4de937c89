import type { Reporter, TestModule, TestRunEndReason, SerializedError } from "vitest/node";

/**
 * Ends the run by `N passed, N failed`, alone on a line, as vitest counted them. A file that does not load, an error
 * outside of tests and a run that was broken off count as failures; a test that did not run is printed with its reason.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") {
          passed += 1;
        } else if (result.state === "failed") {
          failed += 1;
        } else {
          const note = result.state === "skipped" ? result.note : undefined;
          skipped.push(`${test.fullName}: ${note ?? "no reason given"}`);
          failed += note === undefined ? 1 : 0;
        }
      }
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) {
        failed += suite.errors().length;
      }
    }
    if (reason === "interrupted") {
      failed += 1;
    }
    for (const text of skipped) {
      process.stdout.write(`did not run: ${text}\n`);
    }
    if (failed > 0) {
      process.exitCode = 1;
    }
    // Other reporters print their summaries first.
    process.once("exit", () => {
      process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
    });
  }
}
