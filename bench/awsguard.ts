import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { measuredRun } from "./measured-run";
import type { Opinion } from "./opinion";
import { packOpinion } from "./pack-opinion";
import type { Group } from "./security-groups";

/**
 * Installs Pulumi's AWSGuard from npm, as a policy pack of which every policy is mandatory.
 *
 * @param into an empty folder.
 * @returns the pack's folder.
 * @throws Error if there is no network.
 */
export async function installedAwsGuard(into: string): Promise<string> {
  const manifest = { name: "awsguard-pack", version: "0.0.0", private: true, main: "index.js" };
  writeFileSync(join(into, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(into, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(
    join(into, "index.js"),
    `const { AwsGuard } = require("@pulumi/awsguard");\nnew AwsGuard({ all: "mandatory" });\n`,
  );
  const { code, stderr } = await measuredRun(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "@pulumi/awsguard"],
    into,
  );
  if (code !== 0) {
    throw new Error(stderr.trim().split("\n")[0] ?? `npm ended with ${String(code)}`);
  }
  return into;
}

/**
 * Asks AWSGuard, with all its policies.
 *
 * @param pack the folder of a pack that uses it.
 */
export async function awsGuardOpinion(pack: string, groups: readonly Group[]): Promise<Opinion> {
  const { version } = z
    .object({ version: z.string() })
    .parse(
      JSON.parse(readFileSync(join(pack, "node_modules", "@pulumi", "awsguard", "package.json"), "utf8")),
    );
  return packOpinion(`AWSGuard ${version}`, pack, groups, "all its policies mandatory");
}
