import { Command } from "commander";

/** What a program ends with that cannot do what it is told, or is told nothing that it knows. */
export const couldNotRun = 2;

/** A command of a program, whose own misuse is not taken for an answer. */
export function serviceCommand(name: string): Command {
  return new Command(name).exitOverride(({ exitCode }) => {
    process.exit(exitCode === 0 ? 0 : couldNotRun);
  });
}

/**
 * Ends the process with what a command came to, whatever is still open.
 *
 * @param saidErrors the errors whose messages say all that there is to say to who started the program.
 */
export function ending(
  command: () => Promise<number>,
  saidErrors: readonly (abstract new (...args: never[]) => Error)[],
): () => Promise<void> {
  return async () => {
    try {
      process.exit(await command());
    } catch (error) {
      const isSaid = saidErrors.some((kind) => error instanceof kind);
      process.stderr.write(`${error instanceof Error && isSaid ? error.message : String(error)}\n`);
      process.exit(couldNotRun);
    }
  };
}
