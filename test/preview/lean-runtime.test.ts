import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { afterAll, expect, it } from "vitest";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-lean-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function write(path: string, text: string): string {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

it("lets a program use libraries of either kind of module, as its own loader does", () => {
  write("node_modules/common/package.json", '{ "main": "index.js" }');
  write("node_modules/common/index.js", 'exports.kind = "CommonJS";');
  write("node_modules/@scope/modern/package.json", '{ "type": "module", "main": "deep/index.js" }');
  write("node_modules/@scope/modern/deep/index.js", 'export const kind = "an ES module";');
  const program = write(
    "program.ts",
    [
      'import { kind as common } from "common";',
      'import { kind as modern } from "@scope/modern";',
      "const kinds: readonly string[] = [common, modern];",
      "console.log(JSON.stringify(kinds));",
    ].join("\n"),
  );
  const runtime = join(root, "preview/lean-runtime.js");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", runtime, "--require", "tsx/cjs", program],
    { cwd: root, encoding: "utf8" },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '["CommonJS","an ES module"]\n', stderr: "" });
});
