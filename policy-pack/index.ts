import "./late-package-manager.js"; // Before what would load it.

import { PolicyPack } from "@pulumi/policy";

import { utcDay } from "./calendar-day";
import { Gate, policies } from "./crossguard";
import { waiversVariable } from "./waivers";

// The language host says by this variable whether the engine previews (pulumi, sdk/nodejs/cmd/pulumi-language-nodejs).
const gate = new Gate({
  dryRun: process.env["PULUMI_NODEJS_DRY_RUN"] === "true",
  say: (line) => {
    process.stdout.write(`${line}\n`);
  },
  report: {
    directory: process.env["BULKHEAD_REPORT_DIRECTORY"],
    base: process.env["BULKHEAD_REPORT_BASE"],
  },
  today: utcDay(new Date()),
  waiversFile: process.env[waiversVariable],
});

new PolicyPack("bulkhead", {
  displayName: "Bulkhead",
  description: "Refuses any stack that gives a PHI zone a way out.",
  enforcementLevel: "mandatory",
  policies: [...policies(gate)],
});
