import { relative } from "node:path";

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that only call functions: they start no process, and change nothing of the one they are in. */
const pure = ["test/model/**/*.test.ts", "test/policy-pack/**/*.test.ts"];
/** Of the folders above, what starts the policy pack or packs it. */
const starting = "packaging|policy-pack-server|waivers-served|written-report";

/**
 * The files that take longest, those first, roughly: they start compilers, browsers and many previews. What is not here
 * comes after them.
 */
const longest: readonly string[] = [
  "test/repository/checks.test.ts",
  "test/examples/pull-request-gate.test.ts",
  "test/preview/command-line.test.ts",
  "test/docs/documents.test.ts",
  "test/docs/tutorial.test.ts",
  "test/components/package.test.ts",
  "test/preview/judge-state.test.ts",
  "test/preview/base-report.test.ts",
  "test/preview/waivers.test.ts",
  "test/preview/page/report-page.test.ts",
  "test/policy-pack/policy-pack-server.test.ts",
  "test/preview/certificates.test.ts",
  "test/mesh/access-decisions.test.ts",
  "test/preview/watch.test.ts",
  "test/examples/hospital-program.test.ts",
  "test/examples/stranger-gate-only.test.ts",
  "test/repository/lint-rules.test.ts",
  "test/preview/access.test.ts",
];

/**
 * Begins with the files that take longest, so that no worker is still busy with one when the others have nothing left. A
 * fresh clone knows no times of earlier runs, and vitest then goes by the size of files, which says nothing of these.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = this.ctx.config.root;
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.indexOf(relative(root, moduleId));
      return place === -1 ? longest.length : place;
    };
    const sorted = await super.sort(files);
    // Projects come one after another, and stay so.
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((one, other) => rank(one) - rank(other)),
    );
  }
}

export default defineConfig({
  test: {
    reporters: ["default", "./test/count-reporter.ts"],
    // Machines on which tests run have few cores, and some tests start compilers and servers.
    // Half of them mostly wait for a process that they started, so two at a time share two cores well.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
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
          globalSetup: "test/run/run-directory.ts",
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
