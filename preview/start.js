"use strict";

/*
 * Starts a command of the preview from its source: `node preview/start.js main` runs preview/main.ts. It is compiled as one
 * text, when a source is another one than the last time: to compile file by file, or to load what was compiled so, takes
 * longer than what most commands do.
 */

const Module = require("node:module");
const { join } = require("node:path");

const { compiledText } = require("../policy-pack/compiled-text.js");

const root = join(__dirname, "..");
const [node, , name = "main", ...args] = process.argv;
process.argv = [node, join(__dirname, `${name}.ts`), ...args];

function compiled() {
  // Loaded where something has to be compiled.
  const { buildSync } = require("esbuild");
  const { dependencies } = require("../package.json");
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [join(__dirname, `${name}.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Libraries that are found from this folder; what only a workspace has installed is compiled in.
    external: Object.keys(dependencies),
    preserveSymlinks: true,
  });
  return outputFiles[0].text;
}

const path = join(__dirname, `${name}.js`);
const command = new Module(path, module);
command.filename = path;
command.paths = module.paths;
command._compile(
  compiledText(
    `preview-${name}`,
    root,
    ["model", "components", "policy-pack", "preview", "services"],
    compiled,
  ),
  path,
);
