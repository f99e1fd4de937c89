import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const root = resolve(__dirname, "..");

/** What the packages are made from, besides the installed libraries. */
const sources = ["package.json", "tsconfig.json", ".npmrc", "model", "components", "policy-pack", "docs"];
/** What is installed, or what another build may write and take away at the same time. */
const passedOver = ["node_modules", "serve", "dist"];

/** A package as it is released. */
export interface PackedWorkspace {
  /** The file that `npm pack` wrote. */
  readonly archive: string;
  /** The workspace's folder in the copy of the repository in which it was packed, as `npm pack` left it. */
  readonly folder: string;
}

/** Runs a program to its end. @throws Error with what it says, if it fails. */
export function runToEnd(program: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(
      `${program} ${args.join(" ")} ended with ${String(status)}: ${error?.message ?? stderr + stdout}`,
    );
  }
}

/**
 * Packs a workspace as it is released, in a copy of the repository: what is built on the way stands beside the source,
 * where others would see it come and go.
 *
 * @param into an empty folder outside of the repository.
 */
export function packedWorkspace(workspace: "components" | "policy-pack", into: string): PackedWorkspace {
  const copy = join(into, "repository");
  for (const source of sources) {
    cpSync(join(root, source), join(copy, source), {
      recursive: true,
      filter: (path) => !passedOver.includes(basename(path)),
    });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  const archives = join(into, "archives");
  mkdirSync(archives, { recursive: true });
  runToEnd("npm", ["pack", "--workspace", workspace, "--pack-destination", archives], copy);
  const archive = readdirSync(archives).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) {
    throw new Error(`npm pack wrote nothing into ${archives}`);
  }
  return { archive: join(archives, archive), folder: join(copy, workspace) };
}
