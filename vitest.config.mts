import { defineConfig } from "vitest/config";

/** Files that only call functions: they start no process, and change nothing of the one they are in. */
const pure = ["test/model/**/*.test.ts", "test/policy-pack/**/*.test.ts"];
/** Of the folders above, what starts the policy pack or packs it. */
const starting = "packaging|policy-pack-server|waivers-served|written-report";

export default defineConfig({
  test: {
    reporters: ["default", "./test/count-reporter.ts"],
    // Machines on which tests run have few cores, and some tests start compilers and servers.
    // Half of them mostly wait for a process that they started, so two at a time share two cores well.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: pure,
          exclude: [`test/policy-pack/**/@(${starting}).test.ts`],
          // One worker runs many of these files, with one copy of the judge and of the clouds' SDKs: to load those anew for
          // each file is a quarter of the time that the files take.
          isolate: false,
          // What one test puts in the place of a function is gone before the next, in whichever file.
          restoreMocks: true,
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: ["test/model/**", `test/policy-pack/**/!(${starting}).test.ts`],
        },
      },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Pulumi's runtime takes a stack trace for each promise that it makes. Larger spaces for what is new mean fewer
    // collections of garbage, of which stacks that are judged by the thousand leave much.
    execArgv: ["--stack-trace-limit=3", "--max-semi-space-size=64"],
  },
});
