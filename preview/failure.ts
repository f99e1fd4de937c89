import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

import { parse } from "yaml";

import { PlatformError } from "../model/platform-error";
import { platformSpec } from "../model/platform-spec";

import type { Failure } from "./page/error-page";
import type { ProgramStack } from "./stack-file";

/** What the model says of a platform file; nothing, if it holds, or if it cannot be read as data at all. */
function mistakesIn(path: string): PlatformError | undefined {
  try {
    platformSpec(parse(readFileSync(path, "utf8")));
  } catch (error) {
    return error instanceof PlatformError ? error : undefined;
  }
  return undefined;
}

/** A path as a reader would write it from where the command runs. */
function shortest(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith("..") ? path : below;
}

/**
 * Why a preview could not run, in the parts that a page shows: the mistakes in the stack's platform file, if that is at
 * fault, and what else was said.
 *
 * @param stack the stack; `undefined` if not even that could be read.
 */
export function failureOf(message: string, stack: ProgramStack | undefined): Failure {
  const named = stack?.config.get("bulkhead:platform");
  if (stack === undefined || named === undefined) {
    return { findings: [], message };
  }
  const path = resolve(stack.directory, named);
  const mistakes = mistakesIn(path);
  return mistakes === undefined
    ? { findings: [], message }
    : {
        file: shortest(path),
        findings: mistakes.findings,
        message: message.trim() === mistakes.message ? undefined : message,
      };
}
