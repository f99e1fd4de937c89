import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Starts a policy pack as Pulumi's language host does, and stops it again.
 *
 * @param pack the pack's folder.
 * @returns the milliseconds until it says on which port it serves.
 */
export async function startTime(pack: string): Promise<number> {
  const runner = createRequire(join(pack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const begin = performance.now();
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.stdout.setEncoding("utf8");
      child.stdout.on("data", (text: string) => {
        if (/^\d+\s*$/m.test(text)) {
          resolve(performance.now() - begin);
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
