import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Report } from "../../policy-pack/report/report";
import { CouldNotRun } from "../could-not-run";
import { failureOf } from "../failure";
import type { ProgramStack } from "../stack-file";

import { errorPage } from "./error-page";
import { reportPage } from "./report-page";

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new CouldNotRun(
      `The page cannot be written to ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Where a page is asked for: in a file of its own, and beside the other formats of the report. */
export function pagesOf({
  page,
  report,
}: {
  readonly page?: string | undefined;
  readonly report?: string | undefined;
}): readonly string[] {
  return [page, report === undefined ? undefined : join(report, "report.html")].filter(
    (file) => file !== undefined,
  );
}

/** Writes a report as a page into each of some files. */
export async function writePages(files: readonly string[], report: Report): Promise<void> {
  if (files.length > 0) {
    const text = await reportPage(report);
    files.forEach((file) => {
      write(file, text);
    });
  }
}

/**
 * Does what may find that it cannot run, and writes then why in the place of each page.
 *
 * @param readStack reads the stack, to tell the mistakes in its platform file one by one.
 */
export async function orErrorPage<T>(
  files: readonly string[],
  readStack: (() => ProgramStack) | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (files.length > 0 && error instanceof CouldNotRun) {
      let stack: ProgramStack | undefined;
      try {
        stack = readStack?.();
      } catch {
        stack = undefined; // That is what could not run.
      }
      const text = errorPage(failureOf(error.message, stack));
      try {
        files.forEach((file) => {
          write(file, text);
        });
      } catch {
        throw error; // It says more than that there is no place for a page.
      }
    }
    throw error;
  }
}
