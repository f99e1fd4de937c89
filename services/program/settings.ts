import type { z } from "zod";

/** The environment does not say what a program has to know. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** The error that lists everything that is missing or wrong in the environment of a program. */
export function settingsError(program: string, problems: readonly string[]): SettingsError {
  return new SettingsError(
    `The environment is not as ${program} needs it (services/README.md):\n${problems
      .map((problem) => `  ${problem}`)
      .join("\n")}`,
  );
}

/**
 * What the environment of a program says.
 *
 * @param program what errors call it, such as "the agent".
 * @throws {SettingsError} that lists everything that is missing or wrong.
 */
export function environmentSettings<T>(
  schema: z.ZodType<T>,
  environment: NodeJS.ProcessEnv,
  program: string,
): T {
  const { data, error } = schema.safeParse(environment);
  if (error !== undefined) {
    throw settingsError(
      program,
      error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`),
    );
  }
  return data;
}
