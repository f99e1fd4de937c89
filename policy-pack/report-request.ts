import { resolve } from "node:path";

import { z } from "zod";

/** What the configuration says of a report. */
export const reportRequestSchema = z.strictObject({
  reportDirectory: z.string().min(1).optional().meta({
    description:
      "A folder into which the report on the stack is written; from the folder of the pack, if it is relative.",
  }),
});

/** Where a report is asked for, or why that cannot be read. */
export type ReportRequest = { readonly directory: string } | { readonly problem: string };

/**
 * Whether and where the pack is asked to write a report.
 *
 * A relative path begins at the folder of the pack, because that is the working directory in which Pulumi runs a pack in
 * Node.js, wherever the program is (pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go, `RunPlugin`).
 *
 * @param configuration that of the policy `resources-are-judged-before-creation`.
 * @param environment the folder that the environment names, which counts before the configuration; empty for none.
 */
export function requestedReport(
  configuration: unknown,
  environment: string | undefined,
): ReportRequest | undefined {
  if (environment !== undefined && environment !== "") {
    return { directory: resolve(environment) };
  }
  const read = reportRequestSchema.safeParse(configuration ?? {});
  if (!read.success) {
    return {
      problem: `A report is asked for, and where to write it cannot be read: ${z.prettifyError(read.error)}. Give reportDirectory the path of a folder.`,
    };
  }
  const { reportDirectory } = read.data;
  return reportDirectory === undefined ? undefined : { directory: resolve(reportDirectory) };
}
