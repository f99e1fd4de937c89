import type { ReportedFinding } from "./report";

/** Whether a finding refuses the stack: it is mandatory, and no waiver lets it pass. */
export function refuses({ level, waiver }: Pick<ReportedFinding, "level" | "waiver">): boolean {
  return level === "mandatory" && waiver === null;
}
