import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes files into a folder, which it makes if it is not there. No file is ever seen half written, and the old ones stay
 * until all of the new ones are whole.
 *
 * @param what what the files are, as the error calls it.
 * @throws one error that says where it cannot write, and why.
 */
export function writeFiles(directory: string, files: ReadonlyMap<string, string>, what = "The report"): void {
  const token = randomUUID();
  const pending = [...files].map(([name, text]) => ({
    text,
    path: join(directory, name),
    temporary: join(directory, `.${name}.${token}`),
  }));
  const written: string[] = [];
  try {
    mkdirSync(directory, { recursive: true });
    for (const { temporary, text } of pending) {
      written.push(temporary);
      writeFileSync(temporary, text, { flag: "wx" });
    }
    for (const { temporary, path } of pending) {
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const temporary of written) {
      rmSync(temporary, { force: true });
    }
    throw new Error(
      `${what} cannot be written to ${directory}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
