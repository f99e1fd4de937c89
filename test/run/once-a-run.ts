import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { inject } from "vitest";

/** What was made, or why it could not be. */
type Made<Value> = { readonly value: Value } | { readonly failure: string };

/** How often it is looked whether another file has made what is waited for, in milliseconds. */
const lookAgainMs = 100;

const known = new Map<string, Promise<unknown>>();

function claimed(folder: string): boolean {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, "maker"), String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process that makes it has ended. It has only just begun where it has not said yet which it is. */
function isLeft(folder: string): boolean {
  const maker = join(folder, "maker");
  const said = existsSync(maker) ? readFileSync(maker, "utf8") : "";
  return said !== "" && !isRunning(Number(said));
}

async function made<Value>(name: string, make: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = join(inject("runDirectory"), name);
  const result = `${folder}.json`;
  if (claimed(folder)) {
    const found = await make(folder).then(
      (value): Made<Value> => ({ value }),
      (error: unknown): Made<Value> => ({ failure: String(error) }),
    );
    writeFileSync(`${result}.part`, JSON.stringify(found));
    renameSync(`${result}.part`, result);
  }
  while (!existsSync(result)) {
    if (isLeft(folder) && !existsSync(result)) {
      throw new Error(`${name} was not made: the file of tests that made it has ended.`);
    }
    await setTimeout(lookAgainMs);
  }
  const found = JSON.parse(readFileSync(result, "utf8")) as Made<Value>;
  if ("failure" in found) {
    throw new Error(`${name} was not made: ${found.failure}`);
  }
  return found.value;
}

/**
 * What several files of tests look at, and is made once in a run of the tests: by the file that asks first, while the
 * others wait. Every run makes it anew.
 *
 * @param name is also that of a folder.
 * @param make makes it, and gives something that can be written as JSON. The folder is its own until the end of the run.
 * @throws Error if it could not be made, to everybody who asks.
 */
export async function onceARun<Value>(
  name: string,
  make: (folder: string) => Promise<Value>,
): Promise<Value> {
  const before = known.get(name) as Promise<Value> | undefined;
  const now = before ?? made(name, make);
  known.set(name, now);
  return now;
}
