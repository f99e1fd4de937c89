import { opensSomething } from "../policy-pack/report/changes";
import type { Report } from "../policy-pack/report/report";

import { consoleReport } from "./console-report";
import { wantsColour } from "./paint";
import { writeReport } from "./report-directory";
import { exitCode } from "./run-command";

/** How a report is told. */
export interface Telling {
  /** Whether it is printed for machines. */
  readonly asJson: boolean;
  /** The folder into which it is written besides; `undefined` for none. */
  readonly directory: string | undefined;
  /** The program's folder, where it is known. */
  readonly program?: string;
}

/**
 * Prints a report, for people or for machines, writes it to files if that is asked for, and gives the exit code that
 * says the same.
 *
 * @throws CouldNotRun if it cannot be written; it has been printed then.
 */
export function printReport(report: Report, { asJson, directory, program }: Telling): number {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    process.stdout.write(consoleReport(report, wantsColour()));
  }
  if (directory !== undefined) {
    process.stderr.write(`The report is in ${writeReport(directory, report, program)}.\n`);
  }
  return report.verdict === "accepted" && opensSomething(report) ? exitCode.opens : exitCode[report.verdict];
}
