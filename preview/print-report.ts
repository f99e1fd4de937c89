import type { Report } from "../policy-pack/report/report";

import { consoleReport } from "./console-report";
import { exitCode } from "./run-command";

/** Prints what was found, for people or for machines, and gives the exit code that says the same. */
export function printReport(report: Report, asJson: boolean): number {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    process.stdout.write(
      consoleReport(report, process.stdout.isTTY && process.env["NO_COLOR"] === undefined),
    );
  }
  return exitCode[report.verdict];
}
