import { join, resolve } from "node:path";

import { Command } from "commander";

import { judgedStackState } from "./judge-stack-state";
import { policyConfig } from "./policy-config";
import { printReport } from "./print-report";
import { withProgress } from "./progress";
import { exitCodeHelp, runCommand } from "./run-command";
import { stackState } from "./stack-state";
import { withWaivers } from "./waivers-option";

interface Options {
  readonly state: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly waivers?: string;
  readonly json?: true;
}

function commandLine(): Command {
  return new Command("judge")
    .description("Judges the exported state of a stack by the policy pack, with no program and no login.")
    .requiredOption("--state <file>", "what `pulumi stack export` writes")
    .option("--policy-pack <directory>", "the policy pack", join(resolve(__dirname, ".."), "policy-pack"))
    .option("--policy-pack-config <file>", "settings of the pack's policies, as JSON")
    .option("--waivers <file>", "a file of waivers, YAML or JSON")
    .option("--json", "print the report as JSON")
    .addHelpText("after", exitCodeHelp);
}

async function run({ state: path, policyPack, policyPackConfig, waivers, json }: Options): Promise<number> {
  const state = stackState(path);
  const configured = policyPackConfig === undefined ? new Map() : policyConfig(policyPackConfig);
  const settings = waivers === undefined ? configured : withWaivers(configured, waivers);
  const outcome = await withProgress("The policy pack is running", () =>
    judgedStackState(state, policyPack, settings),
  );
  return printReport("state", outcome, json === true);
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
