import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { programSource } from "../../preview/program-source";

describe("where a program is", () => {
  const repository = mkdtempSync(join(tmpdir(), "bulkhead-repository-"));
  mkdirSync(join(repository, ".git"));
  const program = join(repository, "infra/prod");
  mkdirSync(program, { recursive: true });

  it("is told from the root of its repository", () => {
    expect(programSource(program, {}).folder).toBe("infra/prod");
    expect(programSource(repository, {}).folder).toBe("");
  });

  it("is where GitHub shows it, in a workflow, and nowhere else", () => {
    const workflow = {
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "ward/platform",
      GITHUB_SHA: "0123abc",
    };
    expect(programSource(program, workflow).url).toBe("https://github.example/ward/platform/blob/0123abc");
    expect(programSource(program, { ...workflow, GITHUB_SHA: undefined }).url).toBeUndefined();
  });
});
