// Reads what the preview left: data of a machine on which the head's program ran, so every file may be missing, cut off,
// huge, or written by that program.

import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TextDecoder } from "node:util";

/** The most bytes of a file that are read. */
export const mostBytes = 48 * 1024 * 1024;

/** A file's text; a word on why there is none otherwise. @returns {{ text: string } | { why: string }} */
export function readText(folder, name, most = mostBytes) {
  const path = join(folder, name);
  const kind = lstatSync(path, { throwIfNoEntry: false });
  if (kind === undefined) {
    return { why: "it is missing" };
  }
  if (!kind.isFile()) {
    return { why: "it is no file" };
  }
  if (kind.size > most) {
    return { why: `it has more than ${String(most)} bytes` };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch {
    return { why: "it is no text in UTF-8" };
  }
}

/** A file's JSON object. @returns {{ value: Record<string, any> } | { why: string }} */
export function readObject(folder, name, most = mostBytes) {
  const read = readText(folder, name, most);
  if ("why" in read) {
    return read;
  }
  try {
    const value = JSON.parse(read.text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { value }
      : { why: "it is no JSON object" };
  } catch {
    return { why: "it is no JSON, or cut off" };
  }
}

/** The line by which the pack says that it has judged a stack (policy-pack, `crossguard.ts`). */
const heartbeat = /bulkhead judged the stack: (\d+) resources, (\d+) rules, (\d+) mandatory, (\d+) advisory/;

/** What the line says, if a text is one. */
export function heartbeatIn(text) {
  const match = heartbeat.exec(text);
  if (match === null) {
    return undefined;
  }
  const [resources, rules, mandatory, advisory] = match.slice(1).map(Number);
  return { resources, rules, mandatory, advisory };
}

/** What the preview's log shows, whichever preview it was. */
export function readLog(folder, mode) {
  const read = readText(folder, "head.log");
  if ("why" in read) {
    return read;
  }
  const lines = read.text.split("\n").filter((line) => line !== "");
  const log = {
    heartbeats: [],
    gaveUp: [],
    refusing: [],
    errors: [],
    judgedBy: [],
    packs: undefined,
    isWhole: mode === "offline",
  };
  for (const line of lines) {
    if (mode === "offline") {
      const beat = heartbeatIn(line);
      log.heartbeats.push(...(beat === undefined ? [] : [beat]));
      log.gaveUp.push(...(/can't run policy/.test(line) ? [line] : []));
      continue;
    }
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      log.errors.push(line); // The CLI's own words, outside of its events.
      continue;
    }
    readEvent(event, log);
  }
  return { log };
}

/** Adds what an event of the engine says (pulumi, `sdk/go/common/apitype/events.go`). */
function readEvent(event, log) {
  const { policyEvent, diagnosticEvent, policyAnalyzeStackSummaryEvent, summaryEvent, cancelEvent } =
    event ?? {};
  if (policyEvent !== undefined) {
    const message = String(policyEvent.message ?? "");
    if (/can't run policy/.test(message)) {
      log.gaveUp.push(message);
    }
    if (policyEvent.enforcementLevel !== "advisory") {
      log.refusing.push(`${String(policyEvent.policyName)}: ${message.split("\n")[0]}`);
    }
  }
  if (diagnosticEvent !== undefined) {
    const message = String(diagnosticEvent.message ?? "");
    // The pack has no resource, so its lines have none; but neither have those that the program writes.
    const beat = heartbeatIn(message);
    log.heartbeats.push(...(beat === undefined ? [] : [beat]));
    if (diagnosticEvent.severity === "error") {
      log.errors.push(message);
    }
    if (/can't run policy/.test(message)) {
      log.gaveUp.push(message);
    }
  }
  if (policyAnalyzeStackSummaryEvent !== undefined) {
    const { policyPackName, passed = [], failed = [] } = policyAnalyzeStackSummaryEvent;
    log.judgedBy.push(
      ...[...passed, ...failed].map((policy) => `${String(policyPackName)}/${String(policy)}`),
    );
  }
  if (summaryEvent !== undefined) {
    log.packs = Object.keys(summaryEvent.PolicyPacks ?? {});
  }
  log.isWhole ||= cancelEvent !== undefined;
}
