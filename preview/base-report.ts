import { readFileSync } from "node:fs";

import { z } from "zod";

import { savedReport } from "../policy-pack/report/json-report";
import type { Report } from "../policy-pack/report/report";

import { CouldNotRun } from "./could-not-run";
import { judgedStackState } from "./judge-stack-state";
import type { PolicyConfig } from "./policy-config";
import { reportOf, type BaseReport } from "./report";
import { stackState } from "./stack-state";

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

/**
 * Reads what a change is compared with: a report that was saved, or an exported state, which is judged first.
 *
 * @throws CouldNotRun if it is neither, or cannot be judged.
 */
export async function baseReport(
  file: string,
  policyPack: string,
  settings: PolicyConfig | undefined,
): Promise<BaseReport> {
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
  const report = isReport.safeParse(raw).success
    ? reportIn(file, text)
    : reportOf("state", await judgedStackState(stackState(file), policyPack, settings));
  return { file, report };
}
