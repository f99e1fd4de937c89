import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";

import type * as yaml from "yaml";
import type { z } from "zod";

import { pathText } from "./settings";
import { waiverFileSchema, type Waiver } from "./waiver";

/** What is wrong with a file of waivers. */
export interface WaiverProblem {
  /** Where it is, such as `[2].owner`; empty for the whole file. */
  readonly path: string;
  readonly what: string;
  readonly remedy: string;
}

/** What a file of waivers says. If anything is wrong with it, none of its waivers counts. */
export interface WaiverFile {
  /** The waivers; of those that are not understood, the texts that are there. */
  readonly all: readonly Waiver[];
  readonly problems: readonly WaiverProblem[];
}

/** The largest file that is read. */
const mostBytes = 256 * 1024;

/** The most problems with the form of a text that are told: one slip makes many. */
const mostFormProblems = 5;

/** How much of a text is shown of a file that is refused. */
const mostShown = 1000;

const formRemedy =
  "Write it as docs/waivers.md shows; npm run gate:check-config -- --waivers FILE checks it.";

function refused(problems: readonly WaiverProblem[], all: readonly Waiver[] = []): WaiverFile {
  return { all, problems };
}

/** A text of the file as it can be shown wherever a report is: nobody has checked it. */
function printable(text: string): string {
  return text.slice(0, mostShown).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\uFFFD");
}

function asText(value: unknown): string {
  return typeof value === "string" ? printable(value) : "";
}

/** What can be shown of an entry that is not understood. */
function shownWaiver(raw: unknown): Waiver {
  const entry: Readonly<Record<string, unknown>> =
    typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  return {
    rule: asText(entry["rule"]),
    resource: asText(entry["resource"]),
    reason: asText(entry["reason"]),
    owner: asText(entry["owner"]),
    expires: asText(entry["expires"]),
  };
}

/** A text as YAML, of which JSON is a part: one document, no key twice, no alias and no tag of its own. */
function parsed(text: string): { readonly value: unknown } | { readonly problems: readonly string[] } {
  // Only who names a file needs the parser, which is a good part of the time that the pack takes to start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parseDocument } = require("yaml") as typeof yaml;
  try {
    const document = parseDocument(text, { logLevel: "error" });
    const problems = [...document.errors, ...document.warnings];
    return problems.length === 0
      ? { value: document.toJS({ maxAliasCount: 0 }) as unknown }
      : {
          problems: problems
            .slice(0, mostFormProblems)
            .map(({ message }) => (message.split("\n")[0] ?? "").replace(/:$/, "")),
        };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function whatIsWrong(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return `there is no ${issue.keys.join(", ")}`;
  }
  return issue.code === "invalid_type" && issue.input === undefined ? "it is missing" : issue.message;
}

/** Reads the text of a file of waivers, without a byte order mark. */
export function parseWaiverFile(text: string): WaiverFile {
  const document = parsed(text);
  if ("problems" in document) {
    return refused(
      document.problems.map((what) => ({ path: "", what: printable(what), remedy: formRemedy })),
    );
  }
  const { value } = document;
  const file = waiverFileSchema.safeParse(value, { reportInput: true });
  if (file.success) {
    return { all: file.data, problems: [] };
  }
  if (!Array.isArray(value)) {
    const remedy = "Write a list, each waiver an entry; [] for no waiver.";
    return refused([{ path: "", what: "it is no list of waivers", remedy }]);
  }
  return refused(
    file.error.issues.map((issue) => ({
      path: pathText(issue.path),
      what: printable(whatIsWrong(issue)),
      remedy: formRemedy,
    })),
    value.map(shownWaiver),
  );
}

/** Reads a file of waivers. One that cannot be read is as wrong as one that cannot be understood. */
export function readWaiverFile(path: string): WaiverFile {
  const unreadable = (what: string, remedy: string): WaiverFile => refused([{ path: "", what, remedy }]);
  if (!isAbsolute(path)) {
    return unreadable(
      `${path} is no absolute path, and the policy pack runs in its own folder, not in yours`,
      "Name the file by its absolute path.",
    );
  }
  try {
    const { size } = statSync(path);
    if (!statSync(path).isFile()) {
      return unreadable(`${path} is no file`, "Name a file.");
    }
    if (size > mostBytes) {
      return unreadable(
        `${path} has more than ${String(mostBytes)} bytes`,
        "Waive less: mend what the findings name.",
      );
    }
    // Takes a byte order mark away, too.
    return parseWaiverFile(new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)));
  } catch (error) {
    return unreadable(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      "Name a file that is there, in UTF-8.",
    );
  }
}
