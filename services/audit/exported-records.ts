import { gunzipSync } from "node:zlib";

import { foundRecord, type FoundRecord } from "./found-record";

/** A record in a file. */
export interface ExportedRecord {
  readonly record: FoundRecord;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Whether the line is the record alone, as it was written, and not what a log wrapped around it. */
  readonly isPlain: boolean;
}

/** What no record was read of: a line of a program's log, a part of a record, or a record that was made unreadable. */
export interface LeftOutText {
  readonly record: undefined;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** The numbers of records that it has in it, which could not be read as such. */
  readonly uids: readonly string[];
  /** Whether it has words that nothing has but records. */
  readonly isOfRecord: boolean;
}

/** What every record says somewhere, however a log wrote it down. */
const mark = "attestation";

/** How deep what logs wrap around a line is looked into. */
const mostDepth = 12;

/** How many places are tried one after the other, in which a value may begin. */
const mostBeginnings = 1000;

/** How many keys the objects of a text have. */
function keysWritten(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)) {
    keys += colon === undefined ? 0 : 1;
  }
  return keys;
}

function keysRead(value: unknown): number {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  const parts = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + keysRead(part), Array.isArray(value) ? 0 : parts.length);
}

/** What a text says as JSON. What says the same key twice says two things: readers differ over which (RFC 8259, 4). */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return text.includes(mark) && keysWritten(text) !== keysRead(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

/** Where the object that begins at an index ends; `undefined` if it does not. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === "\\") {
        at += 1;
      } else if (character === '"') {
        isInString = false;
      }
    } else if (character === '"') {
      isInString = true;
    } else if (character === "{") {
      depth += 1;
    } else if (character === "}") {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return undefined;
}

/** The objects in a text: behind a time, one after the other, or behind a part of a line that was cut off. */
function* objectsIn(text: string): Generator<object> {
  let start = text.indexOf("{");
  for (let inVain = 0; start !== -1 && inVain < mostBeginnings;) {
    const end = endOfObject(text, start);
    const found = end === undefined ? undefined : parsed(text.slice(start, end));
    if (end !== undefined && typeof found?.value === "object" && found.value !== null) {
      yield found.value;
      start = text.indexOf("{", end);
      inVain = 0;
    } else {
      start = text.indexOf("{", start + 1);
      inVain += 1;
    }
  }
}

/** The records in a text, in whatever is written around them. */
function* recordsInText(text: string, depth: number): Generator<FoundRecord> {
  if (!text.includes(mark) || depth > mostDepth) {
    return;
  }
  const whole = parsed(text);
  if (whole !== undefined) {
    yield* recordsInValue(whole.value, depth + 1);
    return;
  }
  for (const value of objectsIn(text)) {
    yield* recordsInValue(value, depth + 1);
  }
}

function* recordsInValue(value: unknown, depth: number): Generator<FoundRecord> {
  if (typeof value === "string") {
    yield* recordsInText(value, depth);
  } else if (typeof value === "object" && value !== null && depth <= mostDepth) {
    const record = foundRecord(value);
    if (record !== undefined) {
      yield record;
      return;
    }
    for (const part of Object.values(value)) {
      yield* recordsInValue(part, depth + 1);
    }
  }
}

function plainRecord(line: string): FoundRecord | undefined {
  const value = line.includes(mark) ? parsed(line)?.value : undefined;
  return typeof value === "object" && value !== null ? foundRecord(value) : undefined;
}

function* linesOf(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf("\n", start);
    const end = feed === -1 ? bytes.length : feed;
    yield bytes.toString("utf8", start, end);
    start = end + 1;
  }
}

/** Whether a file is one document over several lines, as the clouds' command lines print answers. */
function isDocument(bytes: Buffer): boolean {
  const [first = ""] = linesOf(bytes);
  return /^\s*(?:\[|\{)\s*$/.test(first);
}

/** The numbers that a text gives to records in it, whatever is written around them: each says it as a whole and in parts. */
function uidsIn(text: string): ReadonlySet<string> {
  const plain = text.replaceAll("\\", "");
  const sequences = new Set([...plain.matchAll(/"sequence"\s*:\s*"?(\d+)/g)].map(([, sequence]) => sequence));
  return new Set(
    [...plain.matchAll(/"uid"\s*:\s*"([^"]+\/(\d+))"/g)].flatMap(([, uid = "", sequence]) =>
      sequences.has(sequence) ? [uid] : [],
    ),
  );
}

/** What is in a text that is more than one record as it was written. */
function* readFrom(text: string, line: number): Generator<ExportedRecord | LeftOutText> {
  const uids = new Set<string>();
  const chains = new Set<string>();
  for (const record of recordsInText(text, 0)) {
    chains.add(record.chain);
    uids.add(record.uid);
    // The one before is named in it as well.
    uids.add(record.previous?.uid ?? record.uid);
    yield { record, line, isPlain: false };
  }
  // Others than records have numbers of that form as well, where records are read.
  const isOfChain = (uid: string): boolean =>
    chains.size === 0 || chains.has(uid.slice(0, uid.lastIndexOf("/")));
  const unread = [...uidsIn(text)].filter((uid) => !uids.has(uid) && isOfChain(uid));
  if (unread.length > 0 || (uids.size === 0 && text.trim() !== "")) {
    yield {
      record: undefined,
      line,
      uids: unread,
      isOfRecord: unread.length > 0 || text.replaceAll("\\", "").includes(`"${mark}"`),
    };
  }
}

/**
 * The records in a file: lines as they were written, or whatever CloudWatch Logs, Log Analytics and Cloud Logging wrap around
 * them when they are read or exported (an object for each line or one document, the line as a text in it or as JSON, a time
 * before it, several in one line), compressed by gzip or not. What is no record is given out as left out.
 */
export function* exportedRecords(content: Buffer): Generator<ExportedRecord | LeftOutText> {
  const bytes = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
  if (isDocument(bytes)) {
    yield* readFrom(bytes.toString("utf8"), 1);
    return;
  }
  let line = 0;
  for (const text of linesOf(bytes)) {
    line += 1;
    const plain = plainRecord(text);
    if (plain !== undefined) {
      yield { record: plain, line, isPlain: true };
    } else {
      yield* readFrom(text, line);
    }
  }
}
