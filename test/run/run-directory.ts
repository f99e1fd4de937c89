import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder that all files of one run of the tests share. */
    runDirectory: string;
  }
}

/** Makes a folder for a run of the tests, and takes it away at the end. */
export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-run-"));
  project.provide("runDirectory", directory);
  // Whoever watches runs again after a change.
  project.onTestsRerun(() => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
  });
  return () => {
    rmSync(directory, { recursive: true, force: true });
  };
}
