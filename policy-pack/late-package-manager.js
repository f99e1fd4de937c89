"use strict";

const { loadLate, resolved } = require("./load-late.js");

// Pulumi's runtime loads npm's package manager to turn functions into text, which no policy does. It is a quarter of the
// time that the pack needs to start.
const runtime = resolved("@pulumi/pulumi/package.json", __filename);
if (runtime !== undefined) {
  loadLate(resolved("@npmcli/arborist", runtime));
}
