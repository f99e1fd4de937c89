import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");

function run(
  script: string,
  args: readonly string[],
): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", script), ...args],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return { code: status, output: `${stdout}${stderr}` };
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
  it("has no type error", () => {
    expect(run("typescript/bin/tsc", ["--noEmit"])).toEqual({ code: 0, output: "" });
  });

  it("has no lint error", () => {
    expect(run("eslint/bin/eslint.js", ["."])).toEqual({ code: 0, output: "" });
  });

  it("is formatted", () => {
    const { code, output } = run("prettier/bin/prettier.cjs", ["--check", "."]);
    expect(code, output).toBe(0);
  });

  it("names no file after nothing in particular", () => {
    const vague = /^(?:utils?|helpers?|common|types|lib|misc)(?:\.|$)/;
    expect(sources(root).filter((path) => vague.test(basename(path)))).toEqual([]);
  });
});
