import { join, resolve } from "node:path";

import { Command } from "commander";

import { breachList } from "./breach-list";
import { readPolicyConfig } from "./policy-config";
import { loweredLevels, settingBreaches } from "./policy-config-breaches";
import { noEngine, PolicyPackServer } from "./policy-pack-server";
import { exitCode, exitCodeHelp, runCommand } from "./run-command";

interface Options {
  readonly pack: string;
}

function commandLine(): Command {
  return new Command("gate:check-config")
    .description(
      "Checks a file for --policy-pack-config against the policy pack: it sets what the pack has, and lowers no level.",
    )
    .argument("<file>", "settings of the pack's policies, as JSON")
    .option("--pack <directory>", "the policy pack", join(resolve(__dirname, ".."), "policy-pack"))
    .addHelpText("after", exitCodeHelp);
}

async function check(file: string, { pack }: Options): Promise<number> {
  const { config, breaches: unreadable } = readPolicyConfig(file);
  const server = await PolicyPackServer.open(
    pack,
    { project: "configuration", stack: "check", config: new Map() },
    noEngine,
  );
  server.close();
  const breaches = [
    ...unreadable,
    ...settingBreaches(config, server.name, server.settable),
    ...loweredLevels(config, server.settable),
  ];
  if (breaches.length > 0) {
    process.stderr.write(`${breachList(`${file} is refused`, breaches)}\n`);
    return exitCode.refused;
  }
  process.stdout.write(
    `${file} fits the policy pack ${server.name}, and lowers none of its ${String(server.policies.length)} policies.\n`,
  );
  return exitCode.accepted;
}

const command = commandLine();
runCommand(command, () => check(command.args[0] ?? "", command.opts<Options>()));
