"use strict";

const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { join, relative } = require("node:path");

/** How many texts of one name are kept: those of other branches, and of other checkouts with the same libraries. */
const mostKept = 8;

/** What is installed, or what a build writes. */
const passedOver = new Set(["node_modules", "serve", "dist", "docs"]);

/** None where there is no such folder: a copy of the repository need not hold what it does not use. */
function sourcesIn(path) {
  if (!existsSync(path)) {
    return [];
  }
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      return passedOver.has(entry.name) ? [] : sourcesIn(inner);
    }
    return /\.(?:[jt]s|json)$/.test(entry.name) ? [inner] : [];
  });
}

/** Files besides the sources that say what becomes of them, and what is installed. */
const settings = [
  ...["package.json", "tsconfig.json", "package-lock.json"],
  join("node_modules", ".package-lock.json"),
];

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A text that is another one as soon as a source, or what is installed, is: of the names and contents of all. */
function fingerprintOf(root, folders) {
  const hash = createHash("sha256");
  const sources = folders.flatMap((name) => sourcesIn(join(root, name))).sort();
  for (const path of [...sources, ...settings.map((name) => join(root, name))]) {
    const content = contentOf(path);
    hash.update(`${relative(root, path)}\n${content === undefined ? "none" : String(content.length)}\n`);
    hash.update(content ?? "");
  }
  return hash.digest("hex");
}

function removeOldest(folder, name) {
  const written = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => join(folder, file))
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of written.slice(mostKept)) {
    rmSync(path, { force: true });
  }
}

function keep(folder, name, path, text) {
  try {
    mkdirSync(folder, { recursive: true });
    const part = `${path}.${String(process.pid)}`;
    writeFileSync(part, text);
    renameSync(part, path); // Whoever reads it finds all of it, or nothing.
    removeOldest(folder, name);
  } catch {
    // Where nothing may be written, or somebody else tidies up at the same time, it is compiled again the next time.
  }
}

/**
 * What a compiler makes of sources: the text of the last time, unless a source or a library is another one since. To compile
 * is half of the time that a command of ours takes to start.
 *
 * The text is kept beside the libraries. Who can write there can write them as well, and `npm ci` takes it away with them.
 *
 * @param name of what is compiled.
 * @param root the folder of the repository, or of a copy of it.
 * @param folders those in it that hold all sources of which it may be made.
 * @param compile gives the text.
 */
function compiledText(name, root, folders, compile) {
  const folder = join(root, "node_modules", ".cache", "bulkhead");
  const path = join(folder, `${name}-${fingerprintOf(root, folders)}.js`);
  const known = contentOf(path);
  if (known !== undefined) {
    return known.toString();
  }
  const text = compile();
  keep(folder, name, path, text);
  return text;
}

module.exports = { compiledText };
