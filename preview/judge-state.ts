import { join, resolve } from "node:path";

import { Command } from "commander";

import { judgedStackState } from "./judge-stack-state";
import { policyConfig } from "./policy-config";
import { orErrorPage, writePage } from "./page/write-page";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { reportOf } from "./report";
import { exitCodeHelp, runCommand } from "./run-command";
import { stackState } from "./stack-state";

interface Options {
  readonly state: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly json?: true;
  readonly page?: string;
}

function commandLine(): Command {
  return new Command("judge")
    .description("Judges the exported state of a stack by the policy pack, with no program and no login.")
    .requiredOption("--state <file>", "what `pulumi stack export` writes")
    .option("--policy-pack <directory>", "the policy pack", join(resolve(__dirname, ".."), "policy-pack"))
    .option("--policy-pack-config <file>", "settings of the pack's policies, as JSON")
    .option("--json", "print the report as JSON")
    .option("--page <file>", "write the report as one HTML page, which needs no network")
    .addHelpText("after", exitCodeHelp);
}

async function run({ state: path, policyPack, policyPackConfig, json, page }: Options): Promise<number> {
  return orErrorPage(page, undefined, async () => {
    const state = stackState(path);
    const settings = policyPackConfig === undefined ? undefined : policyConfig(policyPackConfig);
    const outcome = await withProgress("The policy pack is running", () =>
      judgedStackState(state, policyPack, settings),
    );
    const report = reportOf("state", outcome);
    await writePage(page, report);
    return printReport(report, json === true);
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
