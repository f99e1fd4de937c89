import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { measuredRun } from "./measured-run";
import type { Opinion } from "./opinion";
import { terraformOf, type Group } from "./security-groups";

const reportSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })),
    parsing_errors: z.array(z.string()).optional(),
  }),
});

/**
 * Installs Checkov from PyPI into a virtual environment.
 *
 * @param into an empty folder.
 * @returns the path of its command.
 * @throws Error if there is no Python or no network.
 */
export async function installedCheckov(into: string): Promise<string> {
  for (const [program, args] of [
    ["python3", ["-m", "venv", "environment"]],
    [join(into, "environment", "bin", "pip"), ["install", "--quiet", "checkov>=3,<4"]],
  ] as const) {
    const { code, stderr } = await measuredRun(program, args, into);
    if (code !== 0) {
      throw new Error(stderr.trim().split("\n").at(-1) ?? `${program} ended with ${String(code)}`);
    }
  }
  return join(into, "environment", "bin", "checkov");
}

/**
 * Asks Checkov, with all its checks for Terraform.
 *
 * @param command the path of its command.
 * @param into a folder to write the groups into.
 */
export async function checkovOpinion(
  command: string,
  groups: readonly Group[],
  into: string,
): Promise<Opinion> {
  const folder = join(into, "terraform");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf"), terraformOf(groups));
  // Python compiles what it loads the first time, which is not measured.
  const version = (await measuredRun(command, ["--version"], into)).stdout.trim();
  const args = [
    ["--directory", folder],
    ["--framework", "terraform"],
    ["--output", "json"],
    ["--compact", "--quiet", "--skip-download"],
  ].flat();
  const { code, stdout, stderr, wall, cost } = await measuredRun(command, args, into);
  if (code !== 0 && code !== 1) {
    throw new Error(`checkov ended with ${String(code)}: ${stderr}`);
  }
  const { failed_checks: failed, parsing_errors: errors = [] } = reportSchema.parse(
    JSON.parse(stdout),
  ).results;
  if (errors.length > 0) {
    throw new Error(`checkov could not read ${errors.join(", ")}`);
  }
  const ofGroup = "aws_security_group.";
  return {
    tool: `Checkov ${version}`,
    asked: "the same resources in Terraform's language, all its checks for Terraform, no network",
    wall,
    cost,
    findings: failed
      .filter(({ resource }) => resource.startsWith(ofGroup))
      .map(({ check_id: id, check_name: name, resource }) => ({
        check: `${id} (${name})`,
        group: resource.slice(ofGroup.length),
      })),
    advice: 0,
  };
}
