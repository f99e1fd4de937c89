import { readFileSync } from "node:fs";
import { resolve } from "node:path";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

/**
 * What a script of package.json gives to Node.js. npm itself takes about as long to start as what it starts, so that of
 * many runs one goes by npm, and the others by the same command.
 *
 * @throws if the script runs anything but Node.js.
 */
export function nodeArgumentsOf(script: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(resolve(__dirname, "../package.json"), "utf8")) as Manifest;
  const [command, ...args] = manifest.scripts[script]?.split(" ") ?? [];
  if (command !== "node") {
    throw new Error(`the script ${script} runs ${String(command)}, and not node`);
  }
  return args;
}
