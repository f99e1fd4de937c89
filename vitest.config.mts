import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/count-reporter.ts"],
    // Machines on which tests run have few cores, and some tests start compilers and servers.
    // Half of them mostly wait for a process that they started, so two at a time share two cores well.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Pulumi's runtime takes a stack trace for each promise that it makes.
    execArgv: ["--stack-trace-limit=3"],
  },
});
