"use strict";

/*
 * Required before Pulumi's runtime in a process of the preview. The runtime does at its start, and for each resource, what
 * a preview of ours has no use for; together that is a third of the time of a preview.
 */

const { findSourceMap } = require("node:module");
const { join } = require("node:path");

const { loadLate, resolved } = require("../policy-pack/load-late.js");

/** How many frames are looked at: beyond them is what runs the program. */
const frameLimit = 24;

/** A frame's place in the source, in the form of `Resource.callsites` (@pulumi/pulumi, resource.ts). */
function placeOf(site) {
  const file = site.getFileName();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (typeof file !== "string" || file.startsWith("node:") || line === null || column === null) {
    return {};
  }
  const entry = file.includes("node_modules")
    ? undefined
    : findSourceMap(file)?.findEntry(line - 1, column - 1);
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

const runtime = resolved("@pulumi/pulumi/package.json", join(process.cwd(), "package.json"));
if (runtime !== undefined) {
  // The compiler and npm's package manager are loaded when first used: by programs that turn functions into text.
  loadLate(resolved("./typescript-shim", runtime));
  loadLate(resolved("@npmcli/arborist", runtime));

  // Messages of the schema library in forty languages, of which one is used.
  loadLate(resolved("zod/v4/locales", join(process.cwd(), "package.json")));

  const [, runner = ""] = process.argv;
  if (runner.endsWith(join("cmd", "run", "index.js"))) {
    // The runtime tells the engine which line created a resource: it takes the whole stack as a text, passes over frames
    // that have no function's name, and knows no source map but those in files. The nearest frames say it exactly.
    const { Resource } = require(resolved("./resource", runtime));
    Resource.callsites = nearestFrames;

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
