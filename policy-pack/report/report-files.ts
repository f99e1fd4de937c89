import { complianceMarkdown } from "./compliance-markdown";
import { jsonReport } from "./json-report";
import { junitReport } from "./junit-report";
import { markdownReport } from "./markdown-report";
import { unknownSource, type ProgramSource } from "./program-source";
import type { Report } from "./report";
import { sarifReport } from "./sarif-report";

/** What a report does not hold, and some formats say. */
export interface Circumstances {
  /** When the stack was judged. */
  readonly at: Date;
  readonly source: ProgramSource;
}

/** A report in every format, by the names of its files. */
export function reportFiles(
  report: Report,
  { at = new Date(), source = unknownSource }: Partial<Circumstances> = {},
): ReadonlyMap<string, string> {
  return new Map([
    ["report.json", jsonReport(report)],
    ["report.sarif", sarifReport(report, source)],
    ["report.junit.xml", junitReport(report, at)],
    ["report.md", markdownReport(report, source)],
    ["compliance.md", complianceMarkdown(report)],
  ]);
}
