"use strict";

// Pulumi starts a pack as JavaScript; tsx compiles ours while it loads, so that nothing has to be built or committed.
require("tsx/cjs/api").register();
require("./index.ts");
