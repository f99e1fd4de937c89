import { readFileSync } from "node:fs";

/** The most resident memory that a process has had so far, in MB; `undefined` where the system does not say (Linux does). */
export function peakMemory(processId: number): number | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${String(processId)}/status`, "utf8");
  } catch {
    return undefined;
  }
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** The processes that a process has started, and those that they have. */
function descendants(processId: number): readonly number[] {
  let children: string;
  try {
    children = readFileSync(`/proc/${String(processId)}/task/${String(processId)}/children`, "utf8");
  } catch {
    return [];
  }
  const ids = children.split(" ").filter((id) => id !== "");
  return ids.flatMap((id) => [Number(id), ...descendants(Number(id))]);
}

/**
 * Watches a process and what it starts.
 *
 * @returns a function that stops watching, and gives the peak of the largest one.
 */
export function watchedMemory(processId: number): () => number | undefined {
  let most: number | undefined;
  const look = (): void => {
    for (const id of [processId, ...descendants(processId)]) {
      const now = peakMemory(id);
      if (now !== undefined && now > (most ?? 0)) {
        most = now;
      }
    }
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

/** Memory as the bench prints it. */
export function memoryText(megabytes: number | undefined): string {
  return megabytes === undefined ? "not measured" : `${megabytes.toFixed(0)} MB`;
}
