import { z } from "zod";

import { reportSchema, type Report } from "./report";

/** The report as JSON, which {@link savedReport} reads; `docs/report.schema.json` is its schema. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/**
 * Reads a report that was saved as JSON.
 *
 * @throws one error that lists everything that is wrong with it.
 */
export function savedReport(text: string): Report {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no report: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const parsed = reportSchema.safeParse(raw);
  if (parsed.success) {
    return parsed.data;
  }
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
  );
  throw new Error(`This is no report of version 1:\n${problems.map((text) => `  ${text}`).join("\n")}`);
}
