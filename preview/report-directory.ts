import { resolve } from "node:path";

import { unknownSource } from "../policy-pack/report/program-source";
import type { Report } from "../policy-pack/report/report";
import { reportFiles } from "../policy-pack/report/report-files";
import { writeFiles } from "../policy-pack/report/write-files";

import { CouldNotRun } from "./could-not-run";
import { programSource } from "./program-source";

/** The files of a report, by their names: those that the policy pack writes as well, and the preview's own. */
function filesOf(report: Report, program: string | undefined): ReadonlyMap<string, string> {
  const source = program === undefined ? unknownSource : programSource(program, process.env);
  return new Map([...reportFiles(report, { source })]);
}

/**
 * Writes a report into a folder, in every format.
 *
 * @param program the program's folder, where it is known.
 * @returns the folder, as an absolute path.
 * @throws CouldNotRun if it cannot be written: somebody may wait for it.
 */
export function writeReport(directory: string, report: Report, program: string | undefined): string {
  const folder = resolve(directory);
  try {
    writeFiles(folder, filesOf(report, program));
  } catch (error) {
    throw new CouldNotRun(error instanceof Error ? error.message : String(error));
  }
  return folder;
}
