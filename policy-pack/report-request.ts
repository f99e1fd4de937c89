import { resolve } from "node:path";

import { z } from "zod";

/** What the configuration says of a report. */
export const reportRequestSchema = z.strictObject({
  reportDirectory: z.string().min(1).optional().meta({
    description:
      "A folder into which the report on the stack is written; from the folder of the pack, if it is relative.",
  }),
  reportBase: z.string().min(1).optional().meta({
    description: "A report that was saved before, as JSON, with which the stack is compared.",
  }),
});

/** Where a report is asked for, and with what it is compared; or why that cannot be read. */
export type ReportRequest =
  { readonly directory: string; readonly base: string | undefined } | { readonly problem: string };

/** What the environment says of a report; empty texts say nothing. */
export interface ReportEnvironment {
  readonly directory?: string | undefined;
  readonly base?: string | undefined;
}

/** The first of some paths that says anything, as an absolute one. */
function firstPath(...paths: readonly (string | undefined)[]): string | undefined {
  const path = paths.find((candidate) => candidate !== undefined && candidate !== "");
  return path === undefined ? undefined : resolve(path);
}

/**
 * Whether and where the pack is asked to write a report.
 *
 * A relative path begins at the folder of the pack, because that is the working directory in which Pulumi runs a pack in
 * Node.js, wherever the program is (pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go, `RunPlugin`).
 *
 * @param configuration that of the policy `resources-are-judged-before-creation`.
 * @param environment what the environment names, which counts before the configuration.
 */
export function requestedReport(
  configuration: unknown,
  environment: ReportEnvironment,
): ReportRequest | undefined {
  const read = reportRequestSchema.safeParse(configuration ?? {});
  if (!read.success) {
    return {
      problem: `A report is asked for, and where to write it cannot be read: ${z.prettifyError(read.error)}. Give reportDirectory the path of a folder.`,
    };
  }
  const directory = firstPath(environment.directory, read.data.reportDirectory);
  const base = firstPath(environment.base, read.data.reportBase);
  return directory === undefined ? undefined : { directory, base };
}
