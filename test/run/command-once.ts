import { createHash } from "node:crypto";
import { resolve } from "node:path";

import { onceARun } from "./once-a-run";
import { runCommand, type Ended } from "./run-command";

const root = resolve(__dirname, "../..");

/**
 * What becomes of a line that a reader types in the root of the repository. It is run once in a run of the tests, whichever
 * files ask for it, so that it must not depend on what they do.
 */
export async function commandOnce(line: string): Promise<Ended> {
  const name = `command-${createHash("sha256").update(line).digest("hex").slice(0, 16)}`;
  return onceARun(name, () => runCommand("bash", ["-c", line], { cwd: root }));
}
