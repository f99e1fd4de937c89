import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

function sources(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return ["node_modules", ".git"].includes(entry.name) ? [] : sources(path);
    }
    return [path];
  });
}

describe("the repository", () => {
  it("has no type error and no lint error", { timeout: 900_000 }, () => {
    const checked = run(
      "--max-semi-space-size=128",
      "--require",
      "tsx/cjs",
      join(__dirname, "checked-sources.ts"),
    );
    expect(checked).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("is formatted", () => {
    const prettier = join(root, "node_modules/prettier/bin/prettier.cjs");
    const { code, stdout, stderr } = run(prettier, "--check", ".");
    expect(code, `${stdout}${stderr}`).toBe(0);
  });

  it("names no file after nothing in particular", () => {
    const vague = /^(?:utils?|helpers?|common|types|lib|misc)(?:\.|$)/;
    expect(sources(root).filter((path) => vague.test(basename(path)))).toEqual([]);
  });
});
