import { readFileSync } from "node:fs";

import { changesBetween } from "./changes";
import { savedReport } from "./json-report";
import type { Report } from "./report";

/**
 * The report with what differs from one that was saved before.
 *
 * @param base the saved report's file; without one the report stays as it is.
 * @throws Error if the file is no report.
 */
export function withChanges(report: Report, base: string | undefined): Report {
  if (base === undefined) {
    return report;
  }
  let saved: Report;
  try {
    saved = savedReport(readFileSync(base, "utf8"));
  } catch (error) {
    throw new Error(`${base}, to compare with: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { ...report, changes: changesBetween(base, saved, report) };
}
