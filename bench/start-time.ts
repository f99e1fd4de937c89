import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import { costOf } from "./process-cost";

/** How long a policy pack takes to serve, in milliseconds. */
export interface StartTime {
  readonly wall: number;
  /** What processors work for it until then; `undefined` where the system does not say. */
  readonly processor: number | undefined;
}

/**
 * Starts a policy pack as Pulumi's language host does, and stops it again when it has said on which port it serves.
 *
 * @param pack the pack's folder.
 */
export async function startTime(pack: string): Promise<StartTime> {
  const runner = createRequire(join(pack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const begin = performance.now();
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await new Promise<StartTime>((resolve, reject) => {
      child.stdout.setEncoding("utf8");
      child.stdout.on("data", (text: string) => {
        if (/^\d+\s*$/m.test(text)) {
          const wall = performance.now() - begin;
          const cost = child.pid === undefined ? undefined : costOf(child.pid);
          resolve({ wall, processor: cost?.processor });
        }
      });
      child.on("close", (code) => {
        reject(new Error(`the pack in ${pack} ended with ${String(code)}`));
      });
    });
  } finally {
    child.kill();
  }
}
