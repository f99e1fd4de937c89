"use strict";

const { join } = require("node:path");

const { buildSync } = require("esbuild");

const root = join(__dirname, "..");

/**
 * Compiles the pack into one CommonJS text that needs nothing but Pulumi's own packages. They stay outside, because
 * Pulumi runs a pack by the `@pulumi/pulumi` that it finds from the pack's folder, and a second copy would be another one.
 *
 * The text is not minified, so that who relies on the judge can read it, and stack traces name its functions.
 *
 * @returns the text, and the files it is made of, by their paths from the root of the repository.
 */
function bundle() {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [join(__dirname, "index.ts")],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["@pulumi/*"],
    // Paths in the text's comments stay within the repository, wherever its packages are installed.
    preserveSymlinks: true,
  });
  return { text: outputFiles[0].text, files: Object.keys(metafile.inputs) };
}

module.exports = { bundle };
