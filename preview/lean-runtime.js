"use strict";

/*
 * Required before Pulumi's runtime in a process of the preview. The runtime does at its start, and for each resource, what
 * a preview of ours has no use for; together that is a third of the time of a preview.
 */

const Module = require("node:module");
const { dirname, join, sep } = require("node:path");

const { findSourceMap } = Module;
const { loadLate, resolved } = require("../policy-pack/load-late.js");

/** How many frames are looked at: beyond them is what runs the program. */
const frameLimit = 24;

/** Source maps by file. Node.js reads the map anew whenever it is asked for one, and every frame of every resource asks. */
const maps = new Map();

function mapOf(file) {
  if (!maps.has(file)) {
    maps.set(file, findSourceMap(file));
  }
  return maps.get(file);
}

/** A frame's place in the source, in the form of `Resource.callsites` (@pulumi/pulumi, resource.ts). */
function placeOf(site) {
  const file = site.getFileName();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (typeof file !== "string" || file.startsWith("node:") || line === null || column === null) {
    return {};
  }
  const entry = file.includes("node_modules") ? undefined : mapOf(file)?.findEntry(line - 1, column - 1);
  return entry?.originalLine === undefined
    ? { file, line, column }
    : { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function nearestFrames() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = frameLimit;
    Error.prepareStackTrace = (_, sites) => sites.map(placeOf);
    return new Error().stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Whether a file of a library is CommonJS by what its package says. */
function isCommonJs(file, known) {
  const [library = ""] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file) ?? [];
  if (!known.has(library)) {
    const manifest = resolved("./package.json", join(library, "any"));
    known.set(library, manifest !== undefined && require(manifest).type !== "module");
  }
  return known.get(library);
}

/**
 * What compiles TypeScript while it loads (tsx) reads each JavaScript file as well, letter by letter, to see whether it is
 * an ES module. Of libraries in CommonJS that is known; they are a third of what a program of ours takes to load.
 */
function loadLibrariesAsTheyAre() {
  const native = Module._extensions[".js"];
  const known = new Map();
  let current = native;
  Object.defineProperty(Module._extensions, ".js", {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (load) => {
      current = (module, file) =>
        file.includes(`${sep}node_modules${sep}`) && isCommonJs(file, known)
          ? native(module, file)
          : load(module, file);
    },
  });
}

/** Whether a folder is our own pack's, in the repository or as it is installed. */
function isOwnPack(folder) {
  const manifest = resolved("./package.json", join(folder, "any"));
  return manifest !== undefined && require(manifest).name === "@bulkhead/policy-pack";
}

const runtime = resolved("@pulumi/pulumi/package.json", join(process.cwd(), "package.json"));
if (runtime !== undefined) {
  // The compiler and npm's package manager are loaded when first used: by programs that turn functions into text.
  loadLate(resolved("./typescript-shim", runtime));
  loadLate(resolved("@npmcli/arborist", runtime));
  // The interface by which programs drive Pulumi's CLI.
  loadLate(resolved("./automation", runtime));

  // Messages of the schema library in forty languages, of which one is used.
  loadLate(resolved("zod/v4/locales", join(process.cwd(), "package.json")));

  if (process.execArgv.includes("tsx/cjs")) {
    loadLibrariesAsTheyAre();
  }

  const [, runner = "", , folder = ""] = process.argv;
  if (runner.endsWith(join("cmd", "run-policy-pack", "index.js")) && isOwnPack(folder)) {
    // Every pack is given a compiler of TypeScript. Ours is compiled already when the runtime loads it.
    const running = require(join(dirname(runner), "run"));
    const { run } = running;
    running.run = (options) => run({ ...options, typeScript: false });

    // Each policy is given the properties of each resource, read out of the request anew. Ours change nothing of them.
    const reading = require(resolved("@pulumi/policy/deserialize", join(folder, "package.json")));
    const { deserializeProperties } = reading;
    const known = new WeakMap();
    reading.deserializeProperties = (properties, keepsSecrets) => {
      if (keepsSecrets) {
        return deserializeProperties(properties, keepsSecrets);
      }
      if (!known.has(properties)) {
        known.set(properties, deserializeProperties(properties, keepsSecrets));
      }
      return known.get(properties);
    };
  }
  if (runner.endsWith(join("cmd", "run", "index.js"))) {
    // The runtime tells the engine which line created a resource: it takes the whole stack as a text, passes over frames
    // that have no function's name, and knows no source map but those in files. The nearest frames say it exactly.
    const { Resource } = require(resolved("./resource", runtime));
    Resource.callsites = nearestFrames;

    // It tells the engine what only those want to know who debug it: several calls for each resource, one after another.
    const log = require(resolved("./log", runtime));
    log.debug = () => Promise.resolve();

    // It takes one for each promise as well, and prints it only where leaks of promises are debugged.
    const debuggable = require(resolved("./runtime/debuggable", runtime));
    if (!debuggable.debugPromiseLeaks) {
      const { debuggablePromise } = debuggable;
      debuggable.debuggablePromise = (promise, context) => {
        const limit = Error.stackTraceLimit;
        Error.stackTraceLimit = 0;
        try {
          return debuggablePromise(promise, context);
        } finally {
          Error.stackTraceLimit = limit;
        }
      };
    }
  }
}
