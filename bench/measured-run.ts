import { spawn } from "node:child_process";

import { watchedCost, type ProcessCost } from "./process-cost";

/** How a program ran. */
export interface MeasuredRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end, in milliseconds. */
  readonly wall: number;
  readonly cost: ProcessCost | undefined;
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
  const cost = child.pid === undefined ? (): undefined => undefined : watchedCost(child.pid);
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
    return { code, ...output, wall: performance.now() - begin, cost: cost() };
  } finally {
    cost();
  }
}
