import { isUtf8 } from "node:buffer";

import type { View } from "./view";

/** What is encoded as a whole, with what it says. */
export interface EncodedRun {
  readonly start: number;
  readonly end: number;
  /** What it says, or nothing if that is no text. */
  readonly text: string | undefined;
}

// What is behind keeps it from trying again within a word.
const base64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{11,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}/g;
const hexadecimal =
  /(?<![\dA-Za-z])(?:(?:0x)?(?:[\da-fA-F]{2}){6,}|[\da-fA-F]{2}(?:[ :][\da-fA-F]{2}){5,}|0x[\da-fA-F]{2}(?:,? ?0x[\da-fA-F]{2}){5,})(?![\dA-Za-z])/g;
const decoder = new TextDecoder("utf-8", { fatal: true });
const printable = /^[\P{C}\t\r\n\u200b-\u200f\u00ad]+$/u;
/** From how many characters on bytes that are no text are something that ought to be read: longer than keys and hashes. */
const suspicious = 100;
/** What compressed data, documents and images begin with, in hexadecimal digits. */
const signatures: readonly string[] = [
  "1f8b",
  "504b0304",
  "25504446",
  "89504e47",
  "ffd8ff",
  "47494638",
  "425a68",
  "fd377a58",
  "28b52ffd",
];

function textOf(bytes: Buffer): string | undefined {
  // What is no UTF-8 may be UTF-16. To ask first is much quicker than to catch what a decoder throws.
  if (isUtf8(bytes)) {
    const text = decoder.decode(bytes);
    if (printable.test(text)) {
      return text;
    }
  }
  if (bytes.length % 2 === 0 && bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0) {
    const wide = bytes.toString("utf16le");
    return printable.test(wide) ? wide : undefined;
  }
  return undefined;
}

function decoded(start: number, written: string, bytes: Buffer): EncodedRun | undefined {
  const end = start + written.length;
  const text = textOf(bytes);
  if (text !== undefined) {
    return /[\p{L}\p{N}]{2}/u.test(text) ? { start, end, text } : undefined;
  }
  const beginning = bytes.subarray(0, 8).toString("hex");
  return written.length >= suspicious || signatures.some((signature) => beginning.startsWith(signature))
    ? { start, end, text: undefined }
    : undefined;
}

const lines = /[^\r\n]+/g;

/** What a run of base64 says, if that is a text. */
function textIn(start: number, written: string): EncodedRun | undefined {
  const run = decoded(start, written, Buffer.from(written, "base64"));
  return run?.text === undefined ? undefined : run;
}

/** Whether a text has a run of hexadecimal digits, or of pairs of them, as long as the shortest that is looked at. */
function mayHaveHexadecimal(text: string): boolean {
  let length = 0;
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)) {
      length += 1;
      if (length >= 12) {
        return true;
      }
    } else {
      // Pairs are apart by a space or a colon; behind 0x, a comma may be as well.
      if (code === 32 || code === 58) {
        pairs = length === 2 ? pairs + 1 : 0;
        if (pairs >= 5) {
          return true;
        }
      } else if ((code | 32) === 120 && length >= 1 && text.charCodeAt(at - 1) === 48) {
        return true;
      } else {
        pairs = 0;
      }
      length = 0;
    }
  }
  return false;
}

/** Whether a text has a run as long as the shortest that is looked at, with a digit or a capital letter within it: words have none. */
function mayHaveBase64(text: string): boolean {
  let length = 0;
  let marked = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isSmall = code >= 97 && code <= 122;
    if (isSmall || isInBase64(code)) {
      length += 1;
      marked ||= !isSmall && length > 1;
      if (marked && length >= 11) {
        return true;
      }
    } else if (code !== 10 && code !== 13) {
      length = 0;
      marked = false;
    }
  }
  return false;
}

/** Whether a character is a capital letter, a digit or a sign of base64 or base64url. */
function isInBase64(code: number): boolean {
  return (
    (code >= 65 && code <= 90) || (code >= 47 && code <= 57) || code === 43 || code === 45 || code === 95
  );
}

/** Runs in base64, base64url or hexadecimal digits. Nothing is decompressed: what is compressed counts as no text. */
export function encodedRuns({ text }: View): readonly EncodedRun[] {
  const runs: EncodedRun[] = [];
  for (const { 0: written, index: start } of mayHaveHexadecimal(text) ? text.matchAll(hexadecimal) : []) {
    const digits = written.replaceAll(/0x|[ :,]/g, "");
    const bytes = Buffer.from(digits, "hex");
    const run = decoded(start, written, bytes);
    // Hashes and keys have up to 128 digits, and are no text.
    if (run !== undefined && (run.text !== undefined || digits.length > 128 || bytes[0] === 0x1f)) {
      runs.push(run);
    }
  }
  for (const { 0: written, index: start } of mayHaveBase64(text) ? text.matchAll(base64) : []) {
    // Text in base64 has letters of both kinds, but for the shortest; sequences of genes and words do not.
    if (
      !/[a-z]/.test(written) ||
      !/[A-Z]/.test(written) ||
      /^[A-Z]?[a-z]+(?:[-/_][A-Za-z]?[a-z]*)*$/.test(written)
    ) {
      continue;
    }
    const run = decoded(start, written, Buffer.from(written, "base64"));
    if (run !== undefined && (run.text !== undefined || /\d/.test(written))) {
      runs.push(run);
      continue;
    }
    // A path or a dash before it, or the line after it, may have been taken for a part of it.
    for (const { 0: line, index } of written.matchAll(lines)) {
      const piece = line.length < written.length ? /[A-Za-z0-9+/_-]{11,}={0,2}$/.exec(line) : null;
      const last = /[A-Za-z0-9+]{12,}={0,2}$/.exec(line);
      for (const one of [piece, last]) {
        const text = one === null ? undefined : textIn(start + index + one.index, one[0]);
        if (text !== undefined) {
          runs.push(text);
          break;
        }
      }
    }
  }
  return runs;
}
