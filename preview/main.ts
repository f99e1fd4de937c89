import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command, Option } from "commander";

import { baseReport } from "./base-report";
import { CouldNotRun } from "./could-not-run";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { reportOf } from "./report";
import { exitCodeHelp, reportOption, runCommand } from "./run-command";
import { programStack } from "./stack-file";
import { withWaivers } from "./waivers-option";

interface Options {
  readonly cloud?: string;
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly base?: string;
  readonly waivers?: string;
  readonly json?: true;
  readonly report?: string;
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
    .option("--base <file>", "a saved report or state: show what opens and closes since")
    .option("--waivers <file>", "a file of waivers, YAML or JSON")
    .option("--json", "print the report as JSON")
    .option("--report <directory>", reportOption)
    .addHelpText("after", exitCodeHelp);
}

async function run(options: Options): Promise<number> {
  const { cloud, platform, stack, program, policyPack, policyPackConfig } = options;
  const { waivers, base, json, report } = options;
  if (cloud === "azure" || cloud === "gcp") {
    throw new CouldNotRun(`${cloud} is not rendered in this version. Use --cloud aws.`);
  }
  if (platform !== undefined && !existsSync(platform)) {
    throw new CouldNotRun(`There is no platform file ${platform}.`);
  }
  const overrides = new Map(platform === undefined ? [] : [["bulkhead:platform", resolve(platform)]]);
  const stackOfProgram = programStack(program, { stack, cloud, overrides });
  const configured = policyPackConfig === undefined ? new Map() : policyConfig(policyPackConfig);
  const settings = waivers === undefined ? configured : withWaivers(configured, waivers);
  const outcome = await withProgress("The program and the policy pack are running", () =>
    previewStack(stackOfProgram, policyPack, settings),
  );
  const compared = base === undefined ? undefined : await baseReport(base, policyPack, settings);
  return printReport(reportOf("preview", outcome, compared), {
    asJson: json === true,
    directory: report,
    program,
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
