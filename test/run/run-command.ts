import { spawn, type SpawnOptionsWithoutStdio } from "node:child_process";

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. @throws Error if it cannot be started. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: SpawnOptionsWithoutStdio,
): Promise<Ended> {
  const child = spawn(command, args, options);
  child.stdin.end();
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const code = await new Promise<number | null>((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  return { code, ...said };
}
