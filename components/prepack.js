"use strict";

/*
 * Run by `npm pack`: writes what a package holds in the place of the source, and the pages that its errors and its editors
 * refer to.
 */

const { spawnSync } = require("node:child_process");
const { copyFileSync, mkdirSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

const { status } = spawnSync(
  process.execPath,
  [require.resolve("typescript/bin/tsc"), "--project", join(__dirname, "tsconfig.package.json")],
  // What npm prints for a program to read stays what npm prints.
  { stdio: ["ignore", 2, 2] },
);
if (status !== 0) {
  throw new Error("the components do not compile");
}

mkdirSync(join(__dirname, "docs"), { recursive: true });
for (const page of ["invariants.md", "platform.schema.json"]) {
  copyFileSync(join(root, "docs", page), join(__dirname, "docs", page));
}
copyFileSync(join(root, "docs", "api", "README.md"), join(__dirname, "docs", "api.md"));
