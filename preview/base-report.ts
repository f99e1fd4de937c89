import { readFileSync } from "node:fs";

import { z } from "zod";

import { savedReport } from "../policy-pack/report/json-report";
import type { Report } from "../policy-pack/report/report";

import { CouldNotRun } from "./could-not-run";
import { judgedStackState } from "./judge-stack-state";
import type { PolicyConfig } from "./policy-config";
import { reportOf, type BaseReport } from "./report";
import { stackState, type StackState } from "./stack-state";

/** Whether a file says of itself that it is a report; anything else is taken for a state. */
const isReport = z.looseObject({ version: z.number(), subject: z.string(), verdict: z.string() });

function reportIn(file: string, text: string): Report {
  try {
    return savedReport(text);
  } catch (error) {
    throw new CouldNotRun(
      `${file}, to compare with: ${error instanceof Error ? error.message : String(error)}\nSave a report again by --json.`,
    );
  }
}

/** What a change is compared with, as its file holds it. */
export interface Base {
  readonly file: string;
  readonly content: { readonly report: Report } | { readonly state: StackState };
}

/**
 * Reads what a change is compared with: a report that was saved, or an exported state.
 *
 * @throws CouldNotRun if it is neither.
 */
export function readBase(file: string): Base {
  let text: string;
  let raw: unknown;
  try {
    text = readFileSync(file, "utf8");
    raw = JSON.parse(text);
  } catch (error) {
    throw new CouldNotRun(
      `${file}, to compare with, cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return {
    file,
    content: isReport.safeParse(raw).success ? { report: reportIn(file, text) } : { state: stackState(file) },
  };
}

/**
 * The report to compare with: the one that was saved, or that on the state, which is judged for it.
 *
 * @throws CouldNotRun if the state cannot be judged.
 */
export async function baseReport(
  { file, content }: Base,
  policyPack: string,
  settings: PolicyConfig | undefined,
): Promise<BaseReport> {
  const report =
    "report" in content
      ? content.report
      : reportOf("state", await judgedStackState(content.state, policyPack, settings));
  return { file, report };
}
