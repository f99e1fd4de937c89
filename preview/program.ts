import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import { collected } from "./child-output";
import { CouldNotRun } from "./could-not-run";
import type { Engine } from "./engine";
import type { ProgramStack } from "./stack-file";

/** How long a program may take before it counts as one that never ends. */
export const programTimeoutMs = 120_000;

/** The program exits with this if it has logged a message for the user already (@pulumi/pulumi, cmd/run). */
const exitAfterMessage = 32;

/**
 * Runs a program as Pulumi's language host does (`pulumi-language-nodejs`), against the engine at an address.
 *
 * @param signal ends the program.
 * @throws CouldNotRun with what the program says, if it fails or never ends.
 */
export async function runProgram(
  program: ProgramStack,
  engine: Engine,
  address: string,
  signal: AbortSignal,
  timeoutMs: number = programTimeoutMs,
): Promise<void> {
  const { directory, project, stack, nodeArguments, config, secretKeys } = program;
  let runner: string;
  try {
    runner = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new CouldNotRun(`@pulumi/pulumi is not installed for ${directory}. Run npm ci there.`);
  }
  const configuration = Object.fromEntries(
    // The runtime takes keys in their old form (pulumi-language-nodejs, constructConfig).
    [...config].map(([key, value]) => [key.replace(":", ":config:"), value]),
  );
  const child = spawn(
    process.execPath,
    [
      // Fewer, larger collections of garbage: the process is short.
      "--max-semi-space-size=64",
      "--require",
      join(__dirname, "lean-runtime.js"),
      ...nodeArguments,
      runner,
      ...["--monitor", address, "--engine", address, "--organization", "organization", "--project", project],
      ...[
        "--root-directory",
        directory,
        "--stack",
        stack,
        "--pwd",
        directory,
        "--dry-run",
        "--parallel",
        "16",
        ".",
      ],
    ],
    {
      cwd: directory,
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(configuration),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
      },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    },
  );
  const standardOutput = collected(child.stdout);
  const standardError = collected(child.stderr);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const started = Date.now();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => {
      reject(new CouldNotRun(`The program could not be started: ${error.message}`));
    });
    child.on("close", resolve);
  }).finally(() => {
    clearTimeout(timer);
  });
  if (code === 0) {
    return;
  }
  if (code === null && Date.now() - started >= timeoutMs) {
    throw new CouldNotRun(`The program did not end within ${String(timeoutMs / 1000)} s, and was stopped.`);
  }
  const errors = engine.messages
    .filter(({ severity }) => severity === "error")
    .map(({ text }) => text.trim());
  const spoken =
    code === exitAfterMessage || errors.length > 0 ? errors : [standardError(), standardOutput()];
  const message = spoken.filter((text) => text !== "").join("\n");
  throw new CouldNotRun(
    message === "" ? `The program ended with exit code ${String(code)}, and said nothing.` : message,
  );
}
