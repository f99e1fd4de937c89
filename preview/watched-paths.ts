import { statSync } from "node:fs";
import { extname, join, resolve, sep } from "node:path";

import type { ProgramStack } from "./stack-file";

const root = resolve(__dirname, "..");

/** Files of these kinds are what a program, a pack or a configuration is made of. */
const kinds: ReadonlySet<string> = new Set([
  ".ts",
  ".mts",
  ".js",
  ".cjs",
  ".mjs",
  ".json",
  ".yaml",
  ".yml",
  ".pem",
]);

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Files and folders on which a preview rests: the program with its stacks, the files that its configuration names, the
 * components and the model, the policy pack, and what else the command was given.
 *
 * @param directory the program's folder.
 * @param stack the stack, if it could be read.
 */
export function watchedPaths(
  directory: string,
  stack: ProgramStack | undefined,
  others: readonly string[],
): readonly string[] {
  const own = resolve(directory);
  const named = [...(stack?.config.values() ?? [])]
    .filter((value) => value.length < 1000 && !value.includes("\n"))
    .map((value) => resolve(own, value))
    .filter(isFile);
  return [
    ...new Set([
      own,
      ...["components", "model"].map((name) => join(root, name)),
      ...named,
      ...others.map((path) => resolve(path)),
    ]),
  ];
}

/** Whether a path is none of a program's: what is installed, hidden, written by the preview, or of another kind. */
export function isUnwatched(
  path: string,
  isDirectory: boolean | undefined,
  watched: ReadonlySet<string>,
): boolean {
  if (watched.has(path)) {
    return false;
  }
  const parts = path.slice(path.startsWith(root) ? root.length : 0).split(sep);
  if (parts.some((part) => part === "node_modules" || part.startsWith("."))) {
    return true;
  }
  // Of this repository, the program is what the program may import.
  if (path.startsWith(root + sep) && ["test", "docs", "bench", "preview"].includes(parts[1] ?? "")) {
    return true;
  }
  return isDirectory === false && !kinds.has(extname(path));
}
