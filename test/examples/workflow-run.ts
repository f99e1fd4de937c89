import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PullRequest } from "./gate-repository";
import { workflow, type Step } from "./workflow-file";

/** How a job ended. */
export interface Ended {
  readonly result: "success" | "failure";
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** What the expressions of the workflow are worth in a run. */
export interface Circumstances {
  readonly mode?: "offline" | "cloud";
  /** Variables of the repository. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The environment of the runner, besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What an expression is worth. One that this does not know is none that the workflow may have. */
function valueOf(
  expression: string,
  pullRequest: PullRequest,
  { mode = "offline", variables = {} }: Circumstances,
  known: ReadonlyMap<string, string>,
): string {
  const values = new Map([
    ...known,
    ["github.event.pull_request.base.sha", pullRequest.base],
    ["github.event.pull_request.head.sha", pullRequest.head],
    ["github.event.pull_request.number", "7"],
    [
      "github.event.pull_request.head.repo.full_name == github.repository && vars.BULKHEAD_PREVIEW || 'offline'",
      mode,
    ],
    ["github.token", "token-of-the-run"],
  ]);
  const value = values.get(expression);
  if (value !== undefined) {
    return value;
  }
  const variable = /^vars\.(\w+)(?: \|\| '(.*)')?$/.exec(expression);
  if (variable === null) {
    throw new Error(`The workflow has an expression that the test does not know: ${expression}`);
  }
  return variables[variable[1] ?? ""] ?? variable[2] ?? "";
}

/**
 * Runs the scripts of a job as a runner does: with the environment that the workflow gives them, and no other. What installs
 * is left out; so are actions, whose part the test plays.
 *
 * @param known what expressions are worth that refer to other jobs and steps.
 */
export async function runJob(
  name: string,
  pullRequest: PullRequest,
  circumstances: Circumstances = {},
  known: ReadonlyMap<string, string> = new Map(),
): Promise<Ended> {
  const job = workflow.jobs[name];
  if (job === undefined) {
    throw new Error(`The workflow has no job ${name}.`);
  }
  const files = mkdtempSync(join(tmpdir(), "bulkhead-runner-"));
  const paths = { GITHUB_OUTPUT: join(files, "output"), GITHUB_STEP_SUMMARY: join(files, "summary") };
  Object.values(paths).forEach((path) => writeFileSync(path, ""));
  const resolved = (texts: Step["env"] = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [
        key,
        String(text).replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) =>
          valueOf(expression, pullRequest, circumstances, known),
        ),
      ]),
    );
  let log = "";
  let result: Ended["result"] = "success";
  for (const { run, env } of job.steps) {
    if (run === undefined || run.startsWith("npm ci ")) {
      continue;
    }
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: pullRequest.folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        ...paths,
        ...circumstances.environment,
        ...resolved(workflow.env),
        ...resolved(env),
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
    const code = await new Promise<number | null>((done) => child.on("close", done));
    if (code !== 0) {
      result = "failure";
      break;
    }
  }
  const outputs = Object.fromEntries(
    [...readFileSync(paths.GITHUB_OUTPUT, "utf8").matchAll(/^(\w+)<<(\S+)\n([^]*?)\n\2$/gm)].map(
      ([, key = "", , value = ""]) => [key, value],
    ),
  );
  const summary = readFileSync(paths.GITHUB_STEP_SUMMARY, "utf8");
  rmSync(files, { recursive: true });
  return { result, log, outputs, summary };
}
