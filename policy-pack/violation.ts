import type { Finding } from "./finding";
import { findingText } from "./report/finding-text";
import { reportedFinding } from "./report/reported-finding";

/** The text of a violation, as reports write it as well. */
export function violationText(finding: Finding): string {
  return findingText(reportedFinding(finding, undefined));
}
