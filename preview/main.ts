import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command, Option } from "commander";

import { CouldNotRun } from "./could-not-run";
import { orErrorPage, writePage } from "./page/write-page";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { reportOf } from "./report";
import { exitCodeHelp, runCommand } from "./run-command";
import { programStack, type ProgramStack } from "./stack-file";
import { watch } from "./watch";

interface Options {
  readonly cloud?: string;
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly json?: true;
  readonly page?: string;
  readonly watch?: true;
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
    .option("--page <file>", "write the report as one HTML page, which needs no network")
    .option("--watch", "preview again at each change, and show the page in a browser")
    .addHelpText("after", exitCodeHelp);
}

function stackOf({ cloud, platform, stack, program }: Options): ProgramStack {
  if (cloud === "azure" || cloud === "gcp") {
    throw new CouldNotRun(`${cloud} is not rendered in this version. Use --cloud aws.`);
  }
  if (platform !== undefined && !existsSync(platform)) {
    throw new CouldNotRun(`There is no platform file ${platform}.`);
  }
  const overrides = new Map(platform === undefined ? [] : [["bulkhead:platform", resolve(platform)]]);
  return programStack(program, { stack, cloud, overrides });
}

async function preview(options: Options): Promise<number> {
  const { policyPack, policyPackConfig, json, page } = options;
  return orErrorPage(
    page,
    () => stackOf(options),
    async () => {
      const stack = stackOf(options);
      const settings = policyPackConfig === undefined ? undefined : policyConfig(policyPackConfig);
      const outcome = await withProgress("The program and the policy pack are starting", (say) =>
        previewStack(stack, policyPack, settings, say),
      );
      const report = reportOf("preview", outcome);
      await writePage(page, report);
      return printReport(report, json === true);
    },
  );
}

async function run(options: Options): Promise<number> {
  const { program, platform, policyPack, policyPackConfig, page } = options;
  if (options.watch !== true) {
    return preview(options);
  }
  if (options.json === true) {
    throw new CouldNotRun("--watch shows each report on a page; --json prints one. Use one of them.");
  }
  return watch({
    args: process.argv.slice(2).filter((argument) => argument !== "--watch"),
    program,
    others: [policyPack, ...[platform, policyPackConfig].filter((path) => path !== undefined)],
    written: page === undefined ? [] : [page],
    stack: () => stackOf(options),
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
