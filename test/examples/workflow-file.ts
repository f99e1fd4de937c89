import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

/** The folder that a team copies. */
export const gateFolder = resolve(__dirname, "../../examples/pull-request-gate");

/** The workflow, by its path. */
export const workflowPath = join(gateFolder, ".github/workflows/bulkhead.yml");

type Texts = Readonly<Record<string, string | number>>;

/** A step, as far as the tests look at it. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Texts;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job, as far as the tests look at it. */
export interface Job {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly "timeout-minutes": number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A workflow, as far as the tests look at it. */
export interface Workflow {
  readonly on: { readonly pull_request: { readonly types: readonly string[] } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly env: Texts;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The workflow as a team copies it. */
export const workflow = parse(readFileSync(workflowPath, "utf8")) as Workflow;
