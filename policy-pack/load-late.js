"use strict";

const Module = require("node:module");

/** The module of a request made from a file, without loading it; `undefined` where there is none. */
function resolved(request, from) {
  try {
    return Module.createRequire(from).resolve(request);
  } catch {
    return undefined;
  }
}

/** Puts into the cache, in the place of a module, an object that loads it when something of it is asked for. */
function loadLate(path) {
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

module.exports = { resolved, loadLate };
