"use strict";

/*
 * Required before Pulumi's runtime in a process of the preview. The runtime does at its start, and for each resource, what
 * a preview of ours has no use for; together that is a third of the time of a preview.
 */

const Module = require("node:module");
const { join } = require("node:path");

/** The module of a request made from a file, without loading it; `undefined` where there is none. */
function resolved(request, from) {
  try {
    return Module.createRequire(from).resolve(request);
  } catch {
    return undefined;
  }
}

/** Puts into the cache, in the place of a module, an object that loads it when something of it is asked for. */
function late(path) {
  if (path === undefined) {
    return;
  }
  const load = Module.createRequire(path);
  const standIn = new Module(path);
  let loaded;
  standIn.exports = new Proxy(Object.create(null), {
    get: (_, key) => {
      if (key === "__esModule") {
        return true; // What is marked so is not copied key by key, which would load it.
      }
      if (loaded === undefined) {
        Reflect.deleteProperty(require.cache, path);
        loaded = load(path);
      }
      return loaded[key];
    },
  });
  standIn.loaded = true;
  require.cache[path] = standIn;
}

const runtime = resolved("@pulumi/pulumi/package.json", join(process.cwd(), "package.json"));
if (runtime !== undefined) {
  // The compiler and npm's package manager are loaded when first used: by programs that turn functions into text.
  late(resolved("./typescript-shim", runtime));
  late(resolved("@npmcli/arborist", runtime));

  // Messages of the schema library in forty languages, of which one is used.
  late(resolved("zod/v4/locales", join(process.cwd(), "package.json")));

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
