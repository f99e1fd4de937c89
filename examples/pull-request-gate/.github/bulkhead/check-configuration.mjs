// Checks what the gate is configured by. Runs code of the base alone; the head's files are data.
//
// - The configuration of the policy pack, of the base, and of the head if it differs: it counts after the merge, and whoever
//   changes it learns now that it does not fit. The same of the waivers.
// - The head's project file must not replace what runs the policy pack.
// - Says which files of the gate the pull request changes, so that a reviewer looks at them.

import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";

import { fileIn, placeIn, places, Refusal } from "./gate-settings.mjs";
import { annotate, quote, runStep, setOutput } from "./workflow-command.mjs";

/** How long a check may take. */
const timeoutMs = 5 * 60_000;

/** The most names of changed files that are told. */
const mostNames = 50;

const { base, head, gate, program, policyConfig, waivers } = places();
const problems = [];

/** Asks the base's own check about a file. */
function check(whose, path, args) {
  const { status, stdout, stderr, error } = spawnSync(
    "npm",
    ["run", "--silent", "gate:check-config", "--", ...args],
    {
      cwd: join(base, gate),
      encoding: "utf8",
      timeout: timeoutMs,
    },
  );
  quote(`${stdout ?? ""}${stderr ?? ""}`);
  if (status === 0) {
    return;
  }
  const why =
    status === 1 ? "is refused" : `could not be checked (${error?.message ?? `exit code ${String(status)}`})`;
  problems.push(`${path} of the ${whose} ${why}:\n${`${stdout ?? ""}${stderr ?? ""}`.trim().slice(0, 4000)}`);
}

/** Checks a file in the base, and in the head if it differs there. */
function checkBoth(path, argumentsFor) {
  const [ofBase, ofHead] = [fileIn(base, path), fileIn(head, path)];
  if (ofBase !== undefined) {
    check("base", path, argumentsFor(ofBase));
  }
  if (ofHead === undefined) {
    return;
  }
  if (ofBase === undefined || !readFileSync(ofBase).equals(readFileSync(ofHead))) {
    check("head", path, argumentsFor(ofHead));
  }
}

/** A key as Go's JSON decoder compares it, which does not look at case. */
function folded(key) {
  return key.normalize("NFKC").toLowerCase();
}

/**
 * `plugins` of a project file names other plugins by their folders. One for the language runs the policy pack in the
 * place of Pulumi's own: what it says of a stack is then the head's word.
 */
function checkProject() {
  const { parse } = createRequire(join(base, gate, "package.json"))("yaml");
  const folder = placeIn(head, program);
  const names = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].map((name) => join(program, name));
  const files = folder === undefined ? [] : names.flatMap((name) => fileIn(head, name) ?? []);
  if (files.length !== 1) {
    problems.push(
      `${program} of the head has ${files.length === 0 ? "no project file" : "several project files"}: it needs one of ${names.join(", ")}.`,
    );
    return;
  }
  let project;
  try {
    project = parse(readFileSync(files[0], "utf8"), { merge: true });
  } catch (error) {
    problems.push(`The project file of the head cannot be read: ${error.message}`);
    return;
  }
  if (typeof project !== "object" || project === null) {
    problems.push("The project file of the head says nothing.");
    return;
  }
  if (Object.keys(project).some((key) => folded(key) === "plugins")) {
    problems.push(
      "The project file of the head has plugins, which can take the place of what runs the policy pack. Install plugins in the workflow.",
    );
  }
}

/** What a file, a link or a folder holds, as texts by path. */
function contents(checkout, path, into = new Map()) {
  const full = join(checkout, path);
  const kind = lstatSync(full, { throwIfNoEntry: false });
  if (kind?.isDirectory()) {
    for (const name of readdirSync(full).filter((entry) => entry !== "node_modules" && entry !== ".git")) {
      contents(checkout, join(path, name), into);
    }
  } else if (kind !== undefined) {
    into.set(path, kind.isSymbolicLink() ? `-> ${readlinkSync(full)}` : readFileSync(full, "base64"));
  }
  return into;
}

/** Files by which the gate judges, that the head changes, adds or takes away. */
function changedFiles() {
  const ofGate = ["policy-pack", "preview", "model", "package.json", "package-lock.json", ".npmrc"];
  const paths = new Set([
    ".github",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    policyConfig,
    waivers,
    ...ofGate.map((path) => join(gate, path)),
  ]);
  const changed = new Set();
  for (const path of paths) {
    const [ofBase, ofHead] = [contents(base, path), contents(head, path)];
    for (const name of new Set([...ofBase.keys(), ...ofHead.keys()])) {
      if (ofBase.get(name) !== ofHead.get(name)) {
        changed.add(name);
      }
    }
  }
  return [...changed].sort();
}

await runStep(() => {
  if (!existsSync(join(base, gate, "package.json"))) {
    throw new Refusal(
      `${gate} of the base holds no package.json: set BULKHEAD_GATE_FOLDER to the folder of Bulkhead.`,
    );
  }
  checkBoth(policyConfig, (file) => [file]);
  checkBoth(waivers, (file) => ["--waivers", file]);
  checkProject();
  const changed = changedFiles();
  if (changed.length > 0) {
    const shown = changed.slice(0, mostNames).join(", ");
    const more = changed.length > mostNames ? ` and ${String(changed.length - mostNames)} more` : "";
    annotate(
      "warning",
      `This pull request changes the gate itself: ${shown}${more}. It is judged by the base's; these count after the merge.`,
    );
  }
  setOutput("changed", JSON.stringify(changed.slice(0, mostNames)));
  setOutput("problems", JSON.stringify(problems));
  for (const problem of problems) {
    annotate("error", problem);
  }
  process.stdout.write(problems.length === 0 ? "The gate's configuration is in order.\n" : "");
  return problems.length === 0 ? 0 : 1;
});
