// What a step tells GitHub: annotations, outputs, the summary of its job.

import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import process from "node:process";

import { Refusal } from "./gate-settings.mjs";

function escaped(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Writes an annotation. @param {"error" | "warning" | "notice"} level */
export function annotate(level, text) {
  process.stdout.write(`::${level} title=Bulkhead::${escaped(text)}\n`);
}

/** Writes what others said into the log, so that no line of it is a command to the runner. */
export function quote(text) {
  const token = randomUUID();
  process.stdout.write(
    `::stop-commands::${token}\n${text.endsWith("\n") ? text : `${text}\n`}::${token}::\n`,
  );
}

/** Sets an output of the step. */
export function setOutput(name, value) {
  const file = process.env["GITHUB_OUTPUT"];
  if (file === undefined || file === "") {
    return;
  }
  const delimiter = randomUUID();
  appendFileSync(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

/** Adds to the summary of the job. */
export function summarise(markdown) {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") {
    appendFileSync(file, `${markdown}\n`);
  }
}

/** Runs a step: whatever it throws fails the job, and says why. */
export async function runStep(step) {
  try {
    process.exitCode = await step();
  } catch (error) {
    annotate(
      "error",
      error instanceof Refusal ? error.message : `The gate itself failed: ${String(error?.stack ?? error)}`,
    );
    process.exitCode = 1;
  }
}
