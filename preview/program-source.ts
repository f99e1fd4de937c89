import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import type { ProgramSource } from "../policy-pack/report/program-source";

/** The folder of the Git repository that holds a folder; `undefined` if none does. */
function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) {
    return folder;
  }
  const above = dirname(folder);
  return above === folder ? undefined : repositoryOf(above);
}

/**
 * Where a program is in its repository, and where GitHub shows that, in a workflow of GitHub Actions
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
 */
export function programSource(
  program: string,
  environment: Readonly<Record<string, string | undefined>>,
): ProgramSource {
  const folder = resolve(program);
  const repository = repositoryOf(folder);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: commit } = environment;
  return {
    folder: repository === undefined ? "" : relative(repository, folder).split(sep).join("/"),
    url:
      server === undefined || name === undefined || commit === undefined
        ? undefined
        : `${server}/${name}/blob/${commit}`,
  };
}
