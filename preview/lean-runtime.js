"use strict";

/*
 * Required before Pulumi's runtime in a process of the preview. The runtime does at its start, and for each resource, what
 * a preview of ours has no use for; together that is a third of the time of a preview.
 */

const { join } = require("node:path");

const { loadLate, resolved } = require("../policy-pack/load-late.js");

const runtime = resolved("@pulumi/pulumi/package.json", join(process.cwd(), "package.json"));
if (runtime !== undefined) {
  // The compiler and npm's package manager are loaded when first used: by programs that turn functions into text.
  loadLate(resolved("./typescript-shim", runtime));
  loadLate(resolved("@npmcli/arborist", runtime));

  // Messages of the schema library in forty languages, of which one is used.
  loadLate(resolved("zod/v4/locales", join(process.cwd(), "package.json")));

  const [, runner = ""] = process.argv;
  if (runner.endsWith(join("cmd", "run", "index.js"))) {
    // The runtime takes the whole stack for each resource, and maps each frame to its source, to tell the engine which
    // line created it. The engine of a preview of ours asks for no lines.
    const { Resource } = require(resolved("./resource", runtime));
    Resource.callsites = () => [];

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
