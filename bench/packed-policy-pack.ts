import { mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { packedWorkspace, runToEnd, type PackedWorkspace } from "./packed-workspace";

const root = resolve(__dirname, "..");

/** A policy pack that is installed from its package. */
export interface InstalledPolicyPack extends PackedWorkspace {
  /** The folder of the installed pack. */
  readonly installed: string;
}

/**
 * Packs the policy pack as it is released, and installs it without a network: Pulumi's packages are linked from the
 * repository, and nothing else of the repository can be found from there.
 *
 * @param into an empty folder outside of the repository.
 */
export function packedPolicyPack(into: string): InstalledPolicyPack {
  const packed = packedWorkspace("policy-pack", into);
  const program = join(into, "program");
  const packages = join(program, "node_modules", "@pulumi");
  mkdirSync(packages, { recursive: true });
  for (const name of ["policy", "pulumi"]) {
    symlinkSync(join(root, "node_modules", "@pulumi", name), join(packages, name), "junction");
  }
  runToEnd("tar", ["-xzf", packed.archive, "-C", program], program);
  return { ...packed, installed: join(program, "package") };
}
