"use strict";

const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("empty", {
  policies: [
    {
      name: "empty",
      description: "Looks at nothing.",
      enforcementLevel: "mandatory",
      validateStack: () => undefined,
    },
  ],
});
