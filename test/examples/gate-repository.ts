import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { runnablePlatform } from "../preview/runnable-platform";

const root = resolve(__dirname, "../..");

/** What of this repository the gate and the reference platform are made of. */
const parts = [
  ...["model", "components", "policy-pack", "preview", "examples/machine-authorities.pem"],
  ...["index.ts", "package.json", "package-lock.json", ".npmrc", "tsconfig.json"],
  ...["Pulumi.yaml", "Pulumi.dev.yaml"],
];

/** Files by their path; `null` takes one away. */
export type Edits = Readonly<Record<string, string | null>>;

/** A pull request: a folder in which its base and its head are checked out, as the workflow does it. */
export interface PullRequest {
  readonly folder: string;
  readonly base: string;
  readonly head: string;
}

function git(folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    "git",
    ["-c", "user.name=Test", "-c", "user.email=test@hospital.example", ...args],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }
  return stdout.trim();
}

/**
 * A repository of a team that has copied the gate: our program with a small platform, since the gate is what is tested, and
 * what is in `examples/pull-request-gate`.
 */
export class GateRepository {
  readonly #folder = mkdtempSync(join(tmpdir(), "bulkhead-gate-"));
  readonly #repository = join(this.#folder, "repository");
  readonly #start: string;
  #pullRequests = 0;

  constructor() {
    for (const part of parts) {
      cpSync(join(root, part), join(this.#repository, part), {
        recursive: true,
        filter: (path) => !path.includes("node_modules"),
      });
    }
    cpSync(join(root, "examples/pull-request-gate/.github"), join(this.#repository, ".github"), {
      recursive: true,
    });
    writeFileSync(join(this.#repository, "platform.json"), JSON.stringify(runnablePlatform));
    appendFileSync(join(this.#repository, "Pulumi.dev.yaml"), "  bulkhead:platform: platform.json\n");
    writeFileSync(join(this.#repository, ".gitignore"), "node_modules\n");
    git(this.#repository, "init", "--quiet", "--initial-branch", "main");
    this.#start = this.#commit("Start");
  }

  #commit(message: string): string {
    git(this.#repository, "add", "--all");
    git(this.#repository, "commit", "--quiet", "--allow-empty", "--message", message);
    return git(this.#repository, "rev-parse", "HEAD");
  }

  #edit(edits: Edits): void {
    for (const [path, text] of Object.entries(edits)) {
      const full = join(this.#repository, path);
      rmSync(full, { force: true });
      if (text !== null) {
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, text);
      }
    }
  }

  /** Opens a pull request. @param ofBase what the base has besides what all have. @param ofHead what the head changes. */
  pullRequest(ofHead: Edits, ofBase: Edits = {}): PullRequest {
    git(this.#repository, "checkout", "--quiet", "--detach", this.#start);
    this.#edit(ofBase);
    const base = this.#commit("Base");
    this.#edit(ofHead);
    const head = this.#commit("Head");
    this.#pullRequests += 1;
    const folder = join(this.#folder, `run-${String(this.#pullRequests)}`);
    for (const [name, commit] of [
      ["base", base],
      ["head", head],
    ] as const) {
      git(this.#repository, "worktree", "add", "--quiet", "--detach", join(folder, name), commit);
      // In the place of `npm ci`.
      symlinkSync(join(root, "node_modules"), join(folder, name, "node_modules"));
    }
    return { folder, base, head };
  }

  /** Puts something of the head's that Git has no part in: a link. */
  static link(pullRequest: PullRequest, path: string, to: string): void {
    const full = join(pullRequest.folder, "head", path);
    if (existsSync(full)) {
      rmSync(full);
    }
    symlinkSync(to, full);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
