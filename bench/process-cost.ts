import { readFileSync } from "node:fs";

/** What a process has cost so far. */
export interface ProcessCost {
  /** The most resident memory that it has had, in MB. */
  readonly memory: number;
  /** The time that processors have worked for it, in milliseconds. Whatever else a machine does hardly changes it. */
  readonly processor: number;
}

/** Linux counts processor time in hundredths of a second. */
const tick = 10;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What a process, and those that it has waited for, have cost so far; `undefined` where the system does not say (Linux does). */
export function costOf(processId: number): ProcessCost | undefined {
  const folder = `/proc/${String(processId)}`;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`${folder}/status`) ?? "") ?? [];
  // The name of the program, in parentheses, may hold spaces. Fields are numbered in proc(5).
  const [, fields] = /^\d+ \(.*\) (.*)$/s.exec(read(`${folder}/stat`) ?? "") ?? [];
  if (kilobytes === undefined || fields === undefined) {
    return undefined;
  }
  const ticks = fields.split(" ").slice(14 - 3, 18 - 3);
  return {
    memory: Number(kilobytes) / 1024,
    processor: ticks.reduce((sum, text) => sum + Number(text), 0) * tick,
  };
}

/**
 * Watches a process until it ends.
 *
 * @returns a function that stops watching, and gives what the process and those that it has waited for have cost.
 */
export function watchedCost(processId: number): () => ProcessCost | undefined {
  let latest: ProcessCost | undefined;
  const look = (): void => {
    // Of a process that has ended, and is still listed, nothing is said any more.
    latest = costOf(processId) ?? latest;
  };
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    look();
    return latest;
  };
}

/** Memory as the bench prints it. */
export function memoryText(cost: ProcessCost | undefined): string {
  return cost === undefined ? "not measured" : `${cost.memory.toFixed(0)} MB`;
}

/** Processor time as the bench prints it. */
export function processorText(cost: ProcessCost | undefined): string {
  return cost === undefined ? "not measured" : `${(cost.processor / 1000).toFixed(2)} s`;
}
