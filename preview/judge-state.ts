import { join, resolve } from "node:path";

import { Command } from "commander";

import { baseReport, readBase } from "./base-report";
import { judgedStackState } from "./judge-stack-state";
import { policyConfig } from "./policy-config";
import { orErrorPage, pagesOf, writePages } from "./page/write-page";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { reportOf } from "./report";
import { exitCodeHelp, reportOption, runCommand } from "./run-command";
import { stackState } from "./stack-state";
import { withWaivers } from "./waivers-option";

interface Options {
  readonly state: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly base?: string;
  readonly waivers?: string;
  readonly json?: true;
  readonly report?: string;
  readonly page?: string;
}

function commandLine(): Command {
  return new Command("judge")
    .description("Judges the exported state of a stack by the policy pack, with no program and no login.")
    .requiredOption("--state <file>", "what `pulumi stack export` writes")
    .option("--policy-pack <directory>", "the policy pack", join(resolve(__dirname, ".."), "policy-pack"))
    .option("--policy-pack-config <file>", "settings of the pack's policies, as JSON")
    .option("--waivers <file>", "a file of waivers, YAML or JSON")
    .option("--base <file>", "a saved report or state: show what opens and closes since")
    .option("--json", "print the report as JSON")
    .option("--report <directory>", reportOption)
    .option("--page <file>", "write the report as one HTML page, which needs no network")
    .addHelpText("after", exitCodeHelp);
}

async function run(options: Options): Promise<number> {
  const { state: path, policyPack, policyPackConfig, waivers, base, json, report: directory } = options;
  const pages = pagesOf(options);
  return orErrorPage(pages, undefined, async () => {
    const state = stackState(path);
    const configured = policyPackConfig === undefined ? new Map() : policyConfig(policyPackConfig);
    const settings = waivers === undefined ? configured : withWaivers(configured, waivers);
    const read = base === undefined ? undefined : readBase(base);
    const outcome = await withProgress("The policy pack is running", () =>
      judgedStackState(state, policyPack, settings),
    );
    const compared = read === undefined ? undefined : await baseReport(read, policyPack, settings);
    const report = reportOf("state", outcome, compared);
    const code = printReport(report, { asJson: json === true, directory });
    await writePages(pages, report);
    return code;
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
