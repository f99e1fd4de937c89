"use strict";

/*
 * Run by `npm pack`: takes away what prepack.js wrote. Otherwise a package made with scripts switched off would hold what
 * was built for an earlier one, and old components would look like new ones.
 */

const { rmSync } = require("node:fs");
const { join } = require("node:path");

rmSync(join(__dirname, "dist"), { recursive: true });
rmSync(join(__dirname, "docs"), { recursive: true });
