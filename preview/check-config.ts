import { join, resolve } from "node:path";

import { Command } from "commander";

import type { Breach } from "../model/finding";
import { utcDay } from "../policy-pack/calendar-day";
import { noSettings } from "../policy-pack/settings";
import { waiverStandings, type WaiverStanding } from "../policy-pack/waiver-standing";
import { readWaivers } from "../policy-pack/waivers";

import { breachList } from "./breach-list";
import { CouldNotRun } from "./could-not-run";
import { readPolicyConfig } from "./policy-config";
import { loweredLevels, settingBreaches } from "./policy-config-breaches";
import { noEngine, PolicyPackServer } from "./policy-pack-server";
import { exitCode, exitCodeHelp, runCommand } from "./run-command";

interface Options {
  readonly pack: string;
  readonly waivers?: string;
}

function commandLine(): Command {
  return new Command("gate:check-config")
    .description(
      "Checks a file for --policy-pack-config against the policy pack: it sets what the pack has, and lowers no level. Checks a file of waivers by itself.",
    )
    .argument("[file]", "settings of the pack's policies, as JSON")
    .option("--waivers <file>", "a file of waivers, YAML or JSON, to check as well, or alone")
    .option("--pack <directory>", "the policy pack", join(resolve(__dirname, ".."), "policy-pack"))
    .addHelpText("after", exitCodeHelp);
}

async function checkConfiguration(file: string, pack: string): Promise<number> {
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

/** Checks a file of waivers by what it says; how many resources each is like, only a stack can show. */
function checkWaivers(file: string): number {
  const waivers = readWaivers(
    { ...noSettings, waiversFile: resolve(file) },
    { environment: undefined, today: utcDay(new Date()) },
  );
  const standings = waiverStandings(waivers, []);
  const isExpired = ({ problem }: WaiverStanding): boolean => problem?.status === "expired";
  const refused = (
    waivers.problems.length > 0
      ? waivers.problems
      : standings
          .filter((standing) => !isExpired(standing))
          .flatMap(({ waiver: { rule, resource }, problem }) =>
            problem === undefined ? [] : [{ ...problem, path: `${rule} for ${resource}` }],
          )
  ).map(({ path, what, remedy }): Breach => ({ path, message: `${what}.`, remedy }));
  if (refused.length > 0) {
    process.stderr.write(`${breachList(`${file} is refused`, refused)}\n`);
    return exitCode.refused;
  }
  process.stdout.write(
    `${file} is in order: ${String(standings.length)} waivers, of which ${String(standings.filter(isExpired).length)} have expired.\n`,
  );
  return exitCode.accepted;
}

async function check(file: string | undefined, { pack, waivers }: Options): Promise<number> {
  if (file === undefined && waivers === undefined) {
    throw new CouldNotRun("Name a file to check: settings of the pack's policies, or --waivers FILE.");
  }
  const codes = [
    file === undefined ? exitCode.accepted : await checkConfiguration(file, pack),
    waivers === undefined ? exitCode.accepted : checkWaivers(waivers),
  ];
  return Math.max(...codes);
}

const command = commandLine();
runCommand(command, () => check(command.args[0], command.opts<Options>()));
