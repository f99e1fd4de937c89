import { writeFileSync } from "node:fs";

import type { Report } from "../../policy-pack/report/report";
import { CouldNotRun } from "../could-not-run";
import { failureOf } from "../failure";
import type { ProgramStack } from "../stack-file";

import { errorPage } from "./error-page";
import { reportPage } from "./report-page";

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CouldNotRun(
      `The page cannot be written to ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Writes a report as a page, where one is asked for. */
export async function writePage(file: string | undefined, report: Report): Promise<void> {
  if (file !== undefined) {
    write(file, await reportPage(report));
  }
}

/**
 * Does what may find that it cannot run, and writes then why in the place of the page.
 *
 * @param readStack reads the stack, to tell the mistakes in its platform file one by one.
 */
export async function orErrorPage<T>(
  file: string | undefined,
  readStack: (() => ProgramStack) | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (file !== undefined && error instanceof CouldNotRun) {
      let stack: ProgramStack | undefined;
      try {
        stack = readStack?.();
      } catch {
        stack = undefined; // That is what could not run.
      }
      write(file, errorPage(failureOf(error.message, stack)));
    }
    throw error;
  }
}
