import { spawn } from "node:child_process";

import { watchedMemory } from "./peak-memory";

/** How a program ran. */
export interface MeasuredRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end, in milliseconds. */
  readonly wall: number;
  /** The most memory of the largest of its processes, in MB. */
  readonly memory: number | undefined;
}

/**
 * Runs a program to its end.
 *
 * @throws Error if it cannot be started.
 */
export async function measuredRun(
  program: string,
  args: readonly string[],
  directory: string,
): Promise<MeasuredRun> {
  const begin = performance.now();
  const child = spawn(program, args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const memory = child.pid === undefined ? (): undefined => undefined : watchedMemory(child.pid);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return { code, ...output, wall: performance.now() - begin, memory: memory() };
  } catch (error) {
    memory();
    throw error;
  }
}
