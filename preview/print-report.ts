import { opensSomething } from "../policy-pack/report/changes";
import type { Report } from "../policy-pack/report/report";

import { consoleReport } from "./console-report";
import { exitCode } from "./run-command";

/** The exit code that says what a report says. */
function exitCodeOf(report: Report): number {
  return report.verdict === "accepted" && opensSomething(report) ? exitCode.opens : exitCode[report.verdict];
}

/** Prints a report, for people or for machines, and gives the exit code that says the same. */
export function printReport(report: Report, asJson: boolean): number {
  process.stdout.write(
    asJson
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : consoleReport(report, process.stdout.isTTY && process.env["NO_COLOR"] === undefined),
  );
  return exitCodeOf(report);
}
