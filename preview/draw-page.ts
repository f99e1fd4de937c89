import { readFileSync, writeFileSync } from "node:fs";

import { Command } from "commander";
import { z } from "zod";

import { reportSchema, type Report } from "../policy-pack/report/report";

import { CouldNotRun } from "./could-not-run";
import { reportPage } from "./page/report-page";
import { exitCode, runCommand } from "./run-command";

function savedReport(path: string): Report {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CouldNotRun(
      `${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = reportSchema.safeParse(raw);
  if (!parsed.success) {
    throw new CouldNotRun(`${path} is no report of this version:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function commandLine(): Command {
  return new Command("page")
    .description("Draws a report that was saved as JSON as one HTML page, which needs no network.")
    .argument("<report>", "the report, as --json prints it or the policy pack writes it")
    .requiredOption("--out <file>", "where to write the page")
    .addHelpText("after", "\nExit codes: 0 written, 2 could not run.");
}

async function run(path: string, { out }: { readonly out: string }): Promise<number> {
  writeFileSync(out, await reportPage(savedReport(path)));
  return exitCode.accepted;
}

const command = commandLine();
runCommand(command, () => run(command.args[0] ?? "", command.opts<{ out: string }>()));
