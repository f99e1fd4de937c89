import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..");

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(
      `${program} ${args.join(" ")} ended with ${String(status)}: ${error?.message ?? stderr + stdout}`,
    );
  }
}

/**
 * Packs the policy pack as it is released, and installs it without a network: Pulumi's packages are linked from the
 * repository, and nothing else of the repository can be found from there.
 *
 * @param into an empty folder outside of the repository.
 * @returns the folder of the installed pack.
 */
export function packedPolicyPack(into: string): string {
  run("npm", ["pack", "--workspace", "policy-pack", "--pack-destination", into]);
  const archive = readdirSync(into).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) {
    throw new Error(`npm pack wrote nothing into ${into}`);
  }
  run("tar", ["-xzf", join(into, archive), "-C", into]);
  const packages = join(into, "node_modules", "@pulumi");
  mkdirSync(packages, { recursive: true });
  for (const name of ["policy", "pulumi"]) {
    symlinkSync(join(root, "node_modules", "@pulumi", name), join(packages, name), "junction");
  }
  return join(into, "package");
}
