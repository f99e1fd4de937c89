"use strict";

/*
 * Run by `npm pack`: writes what a package holds in the place of the source, and the pages that its messages refer to.
 */

const { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { bundle } = require("./bundle.js");

const root = join(__dirname, "..");
const { text, files } = bundle();

/** The licence of a library that the text holds: licences ask for it to go with every copy. */
function notice(library) {
  const folder = join(root, library);
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (licence === undefined) {
    throw new Error(`${name} has no licence file`);
  }
  return `${name} ${version}\n\n${readFileSync(join(folder, licence), "utf8").trim()}\n`;
}

const libraries = new Set(files.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
libraries.delete(undefined);
const notices = [...libraries].sort().map(notice).join("\n");

for (const folder of ["serve", "docs"]) {
  mkdirSync(join(__dirname, folder), { recursive: true });
}
writeFileSync(join(__dirname, "serve", "index.js"), `${text}\n/*\n${notices}*/\n`);
for (const page of ["rules.md", "waivers.md"]) {
  copyFileSync(join(root, "docs", page), join(__dirname, "docs", page));
}
