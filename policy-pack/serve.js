"use strict";

/*
 * Starts the pack from its source. Pulumi starts a pack as JavaScript, and ours is compiled when a source is another one than
 * the last time, so that nothing has to be built or committed. A package holds no source and not this file, but serve/index.js, which is compiled already.
 */

const Module = require("node:module");
const { join } = require("node:path");

const { bundle } = require("./bundle.js");
const { compiledText } = require("./compiled-text.js");

const path = join(__dirname, "serve", "index.js");
const pack = new Module(path, module);
pack.filename = path;
pack.paths = module.paths;
pack._compile(
  compiledText("policy-pack", join(__dirname, ".."), ["model", "policy-pack"], () => bundle().text),
  path,
);
