import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");

/** Commands that a reader types, and what the page says of them. */
interface Step {
  readonly heading: string;
  readonly commands: string;
  readonly exitCode: number;
  /** What they print, with `...` for what is left out; `undefined` if the page does not say. */
  readonly printed: string | undefined;
}

function stepsOf(page: string): readonly Step[] {
  const steps: Step[] = [];
  let heading = "";
  const parts = page.matchAll(/^## (.*)$|^```(sh|text)\n([\s\S]*?)^```$/gm);
  for (const [, title, language, text = ""] of parts) {
    const last = steps.at(-1);
    if (title !== undefined) {
      heading = title;
    } else if (language === "sh") {
      const [, code = "0"] = /# exit code (\d)$/m.exec(text) ?? [];
      steps.push({ heading, commands: text, exitCode: Number(code), printed: undefined });
    } else if (last !== undefined) {
      steps[steps.length - 1] = { ...last, printed: text };
    }
  }
  return steps;
}

/** The pattern that a text with things left out amounts to. */
function patternOf(printed: string): RegExp {
  const parts = printed
    .trim()
    .split("...")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*?")}$`);
}

const steps = stepsOf(readFileSync(join(root, "docs/tutorial.md"), "utf8"));
const directory = mkdtempSync(join(tmpdir(), "bulkhead-tutorial-"));

describe("the tutorial", () => {
  beforeAll(() => {
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: root });
    for (const file of files
      .toString()
      .split("\0")
      .filter((name) => name !== "")) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      cpSync(join(root, file), join(directory, file));
    }
    // What `npm ci` installs is here already.
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("begins with the installation, and says what most commands print", () => {
    expect(steps[0]?.commands).toBe("npm ci\n");
    expect(steps.filter(({ printed }) => printed !== undefined)).toHaveLength(5);
  });

  it.each(steps.slice(1))("$heading: $commands", ({ commands, exitCode, printed }) => {
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", commands], {
      cwd: directory,
      encoding: "utf8",
      // What a shell reads at its start on this machine is none of a reader's.
      env: { ...process.env, NO_COLOR: "1", BASH_ENV: "" },
    });
    expect({ status, stderr: status === exitCode ? "" : stderr }).toEqual({ status: exitCode, stderr: "" });
    if (printed !== undefined) {
      // On a slow machine the preview says what it is doing.
      const said = stderr.replaceAll(/^.* \.\.\.\n/gm, "");
      expect((stdout.trim() === "" ? said : stdout).trim()).toMatch(patternOf(printed));
    }
  });
});
