import { CommanderError, type Command } from "commander";

import { CouldNotRun } from "./could-not-run";

/** What the exit code of a command says. */
export const exitCode = { accepted: 0, refused: 1, couldNotRun: 2, opens: 3 } as const;

/** Exit codes, as help texts say them. */
export const exitCodeHelp =
  "\nExit codes: 0 accepted, 1 refused, 2 could not run; with --base, 3 accepted, and the change opens something.";

/** What the option of every command that makes a report says. */
export const reportOption = "write the report into a folder as well, in every format";

async function codeOf(command: Command, run: () => Promise<number>): Promise<number> {
  try {
    command.exitOverride().parse();
    return await run();
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCode.accepted : exitCode.couldNotRun;
    }
    if (error instanceof CouldNotRun) {
      process.stderr.write(`${error.message}\n`);
      return exitCode.couldNotRun;
    }
    process.stderr.write(
      `The ${command.name()} itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCode.couldNotRun;
  }
}

/**
 * Runs a command with the arguments of the process, and ends the process with the code that it gives. Whatever fails
 * on the way accepts nothing: the command could not run.
 */
export function runCommand(command: Command, run: () => Promise<number>): void {
  void codeOf(command, run).then((code) => {
    process.exitCode = code;
  });
}
