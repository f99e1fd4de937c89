"use strict";

/*
 * Run by `npm pack`: takes away what prepack.js wrote. Otherwise a package made with scripts switched off would hold what
 * was built for an earlier one, and an old judge would look like a new one.
 */

const { rmSync } = require("node:fs");
const { join } = require("node:path");

rmSync(join(__dirname, "serve", "index.js"));
rmSync(join(__dirname, "docs", "rules.md"));
rmSync(join(__dirname, "docs", "waivers.md"));
