import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command, Option } from "commander";

import { baseReport } from "./base-report";
import { CouldNotRun } from "./could-not-run";
import { orErrorPage, pagesOf, writePages } from "./page/write-page";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { reportOf } from "./report";
import { exitCodeHelp, reportOption, runCommand } from "./run-command";
import { programStack, type ProgramStack } from "./stack-file";
import { withWaivers } from "./waivers-option";
import { watch } from "./watch";

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
    .option("--waivers <file>", "a file of waivers, YAML or JSON")
    .option("--base <file>", "a saved report or state: show what opens and closes since")
    .option("--json", "print the report as JSON")
    .option("--report <directory>", reportOption)
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
  const { program, policyPack, policyPackConfig, waivers, base, json, report: directory } = options;
  const pages = pagesOf(options);
  return orErrorPage(
    pages,
    () => stackOf(options),
    async () => {
      const stack = stackOf(options);
      const configured = policyPackConfig === undefined ? new Map() : policyConfig(policyPackConfig);
      const settings = waivers === undefined ? configured : withWaivers(configured, waivers);
      const outcome = await withProgress("The program and the policy pack are starting", (say) =>
        previewStack(stack, policyPack, settings, {
          say,
          hear: (line) => {
            // Whoever watches a pipeline looks for the pack's own word that it has judged; at a terminal the report says so.
            if (!process.stderr.isTTY) {
              process.stderr.write(`${line}\n`);
            }
          },
        }),
      );
      const compared = base === undefined ? undefined : await baseReport(base, policyPack, settings);
      const report = reportOf("preview", outcome, compared);
      const code = printReport(report, { asJson: json === true, directory, program });
      await writePages(pages, report);
      return code;
    },
  );
}

async function run(options: Options): Promise<number> {
  const { program, platform, policyPack, policyPackConfig, waivers, base, report, page } = options;
  if (options.watch !== true) {
    return preview(options);
  }
  if (options.json === true) {
    throw new CouldNotRun("--watch shows each report on a page; --json prints one. Use one of them.");
  }
  return watch({
    args: process.argv.slice(2).filter((argument) => argument !== "--watch"),
    program,
    others: [policyPack, ...[platform, policyPackConfig, waivers, base].filter((path) => path !== undefined)],
    written: [page, report].filter((path) => path !== undefined),
    stack: () => stackOf(options),
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
