"use strict";

/*
 * Run by `npm run build`: writes each service, and the mTLS client for programs of others, as one file that needs nothing
 * but Node.js, which is all that its image holds; the decision point finds Cedar's WebAssembly beside it. The files are not
 * minified, so that stack traces name functions.
 */

const { copyFileSync, mkdirSync, rmSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const { buildSync } = require("esbuild");

/** Where to, if the command line does not say. */
const folder = resolve(process.argv[2] ?? join(__dirname, "dist"));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, entrance] of [
  ["agent-tools", "main.ts"],
  ["certificate-agent", "main.ts"],
  ["decision-point", "main.ts"],
  ["egress-guard", "main.ts"],
  ["log-forwarder", "main.ts"],
  ["mtls-client", "index.ts"],
]) {
  buildSync({
    absWorkingDir: join(__dirname, ".."),
    entryPoints: [join(__dirname, name, entrance)],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Licences ask for their notices to go with every copy.
    legalComments: "eof",
    // Paths in the text's comments stay within the repository, wherever its packages are installed.
    preserveSymlinks: true,
    logLevel: "warning",
  });
}

// Cedar's package reads it from the folder of the file that it is bundled into.
const cedar = "cedar_wasm_bg.wasm";
copyFileSync(join(dirname(require.resolve("@cedar-policy/cedar-wasm/nodejs")), cedar), join(folder, cedar));
