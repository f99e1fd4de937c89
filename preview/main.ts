import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command, Option } from "commander";

import { CouldNotRun } from "./could-not-run";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { exitCodeHelp, runCommand } from "./run-command";
import { programStack } from "./stack-file";

interface Options {
  readonly cloud?: string;
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly json?: true;
}

const root = resolve(__dirname, "..");

function commandLine(): Command {
  return new Command("preview")
    .description("Runs the program and the policy pack with no cloud, no credentials and no Pulumi CLI.")
    .addOption(new Option("--cloud <cloud>", "the cloud to render").choices(["aws", "azure", "gcp"]))
    .option("--platform <file>", "a platform file, YAML or JSON, in the place of the stack's")
    .option("--stack <name>", "the stack; without it, the first that is configured for the cloud")
    .option("--program <directory>", "the Pulumi program", root)
    .option("--policy-pack <directory>", "the policy pack", join(root, "policy-pack"))
    .option("--policy-pack-config <file>", "settings of the pack's policies, as JSON")
    .option("--json", "print the report as JSON")
    .addHelpText("after", exitCodeHelp);
}

async function run(options: Options): Promise<number> {
  const { cloud, platform, stack, program, policyPack, policyPackConfig, json } = options;
  if (cloud === "azure" || cloud === "gcp") {
    throw new CouldNotRun(`${cloud} is not rendered in this version. Use --cloud aws.`);
  }
  if (platform !== undefined && !existsSync(platform)) {
    throw new CouldNotRun(`There is no platform file ${platform}.`);
  }
  const overrides = new Map(platform === undefined ? [] : [["bulkhead:platform", resolve(platform)]]);
  const stackOfProgram = programStack(program, { stack, cloud, overrides });
  const settings = policyPackConfig === undefined ? undefined : policyConfig(policyPackConfig);
  const outcome = await withProgress("The program and the policy pack are running", () =>
    previewStack(stackOfProgram, policyPack, settings, (line) => {
      // Whoever watches a pipeline looks for the pack's own word that it has judged; at a terminal the report says so.
      if (!process.stderr.isTTY) {
        process.stderr.write(`${line}\n`);
      }
    }),
  );
  return printReport("preview", outcome, json === true);
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
