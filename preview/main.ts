import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command, CommanderError, Option } from "commander";

import { consoleReport } from "./console-report";
import { CouldNotRun } from "./could-not-run";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { reportOf } from "./report";
import { programStack } from "./stack-file";

/** What the exit code of a preview says. */
const exitCode = { accepted: 0, refused: 1, couldNotRun: 2 } as const;

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

/** After this long something is shown to be going on. */
const progressAfterMs = 2000;

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
    .addHelpText("after", "\nExit codes: 0 accepted, 1 refused, 2 could not run.")
    .exitOverride();
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
  const progress = setTimeout(() => {
    process.stderr.write("The program and the policy pack are running ...\n");
  }, progressAfterMs);
  try {
    const preview = await previewStack(stackOfProgram, policyPack, settings);
    const report = reportOf(preview);
    if (json === true) {
      process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    } else {
      process.stdout.write(
        consoleReport(report, process.stdout.isTTY && process.env["NO_COLOR"] === undefined),
      );
    }
    return exitCode[report.verdict];
  } finally {
    clearTimeout(progress);
  }
}

async function main(): Promise<number> {
  const command = commandLine();
  try {
    command.parse();
    return await run(command.opts<Options>());
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCode.accepted : exitCode.couldNotRun;
    }
    if (error instanceof CouldNotRun) {
      process.stderr.write(`${error.message}\n`);
      return exitCode.couldNotRun;
    }
    process.stderr.write(
      `The preview itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCode.couldNotRun;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
