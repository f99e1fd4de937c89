// What the workflow sets, read in one place. Nothing here comes from the pull request but the two commits' ids.

import { lstatSync, realpathSync } from "node:fs";
import { isAbsolute, join, resolve, sep } from "node:path";
import process from "node:process";

/** Why the gate stays closed, in words for whoever opened the pull request. */
export class Refusal extends Error {}

/**
 * @param {string} name the environment variable.
 * @returns {string} its value; one that is not there refuses.
 */
export function required(name) {
  const value = process.env[name] ?? "";
  if (value === "") {
    throw new Refusal(`${name} is not set. The workflow sets it; see its env.`);
  }
  return value;
}

/** A setting that is a path in a checkout, and stays inside. */
function pathSetting(name, fallback) {
  const value = process.env[name] || fallback;
  if (isAbsolute(value) || value.split(/[\\/]/).includes("..")) {
    throw new Refusal(`${name} is ${value}: write a path from the root of the repository, without "..".`);
  }
  return value;
}

function commit(name) {
  const value = required(name);
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value)) {
    throw new Refusal(`${name} is no id of a commit.`);
  }
  return value;
}

/** The two commits, as the event names them. */
export function commits() {
  return { base: commit("BULKHEAD_BASE_SHA"), head: commit("BULKHEAD_HEAD_SHA") };
}

/** Which preview runs: `cloud`, the Pulumi CLI with credentials; `offline`, without any. */
export function previewMode() {
  const mode = required("BULKHEAD_PREVIEW");
  if (mode !== "offline" && mode !== "cloud") {
    throw new Refusal(`BULKHEAD_PREVIEW is ${mode}; it is offline or cloud.`);
  }
  return mode;
}

/** Where things are. `base` and `head` are the two checkouts; the other paths are in either. */
export function places() {
  return {
    base: realpathSync(resolve(required("BULKHEAD_BASE"))),
    head: realpathSync(resolve(required("BULKHEAD_HEAD"))),
    gate: pathSetting("BULKHEAD_GATE_FOLDER", "."),
    program: pathSetting("BULKHEAD_PROGRAM", "."),
    policyConfig: pathSetting("BULKHEAD_POLICY_CONFIG", ".github/bulkhead/policy-config.json"),
    waivers: pathSetting("BULKHEAD_WAIVERS_FILE", ".github/bulkhead/waivers.yaml"),
  };
}

/**
 * A file or folder of a checkout, by its real path: one that is a link out of the checkout refuses.
 *
 * @returns {string | undefined} `undefined` if it is not there.
 */
export function placeIn(checkout, path) {
  const full = join(checkout, path);
  if (lstatSync(full, { throwIfNoEntry: false }) === undefined) {
    return undefined;
  }
  let real;
  try {
    real = realpathSync(full);
  } catch {
    throw new Refusal(`${path} is a link that leads nowhere.`);
  }
  if (real !== checkout && !real.startsWith(checkout + sep)) {
    throw new Refusal(`${path} leads out of its checkout.`);
  }
  return real;
}

/** The same of a file; anything else under that name refuses. */
export function fileIn(checkout, path) {
  const real = placeIn(checkout, path);
  if (real !== undefined && !lstatSync(real).isFile()) {
    throw new Refusal(`${path} is no file.`);
  }
  return real;
}
