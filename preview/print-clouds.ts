import { cloudsReport } from "./clouds-report";
import { comparedClouds, type CloudReport } from "./compared-clouds";
import { wantsColour } from "./paint";
import { exitCode } from "./run-command";

/**
 * Prints the reports on several clouds, for people or for machines, and gives the exit code: accepted only if each
 * cloud is, and all let the same connections be opened.
 */
export function printClouds(reports: readonly CloudReport[], asJson: boolean): number {
  const comparison = comparedClouds(reports);
  process.stdout.write(
    asJson
      ? `${JSON.stringify(
          {
            reports: Object.fromEntries(reports.map(({ cloud, report }) => [cloud, report])),
            comparison,
          },
          undefined,
          2,
        )}\n`
      : cloudsReport(reports, comparison, wantsColour()),
  );
  const isAccepted = comparison.isEqual && reports.every(({ report }) => report.verdict === "accepted");
  return isAccepted ? exitCode.accepted : exitCode.refused;
}
