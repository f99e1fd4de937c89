import type { z } from "zod";

import type { Finding, InvariantId } from "../finding";

/** The invariant of a value's shape, which the schema checks rather than a function. */
export const shapeInvariant = {
  id: "BH-001",
  title: "The file has the shape of a platform.",
  because:
    "A misspelt key would otherwise be ignored, and what it was meant to forbid be allowed. The shape is in " +
    "`docs/platform.schema.json`, which editors read.",
} as const;

/** The text of a path: `workloads[2].image`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") {
      return `${text}[${String(key)}]`;
    }
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

const inWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

function explain(issue: z.core.$ZodIssue): { readonly message: string; readonly remedy: string } {
  switch (issue.code) {
    case "unrecognized_keys": {
      const keys = issue.keys.map((key) => `\`${key}\``).join(", ");
      return { message: `${keys}: no such key here.`, remedy: "Correct its spelling, or take it out." };
    }
    case "invalid_value":
      return {
        message: `Must be ${issue.values.map((value) => `\`${String(value)}\``).join(" or ")}.`,
        remedy: "Write one of these.",
      };
    case "invalid_type": {
      const expected = inWords[issue.expected] ?? issue.expected;
      return issue.input === undefined
        ? { message: `Is missing; it is ${expected}.`, remedy: "Add it." }
        : { message: `Must be ${expected}.`, remedy: `Write ${expected}.` };
    }
    default:
      return {
        message: `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.`,
        remedy: "Write a value that fits.",
      };
  }
}

/**
 * A finding for each way in which a value misses its schema.
 *
 * @param id the invariant that is broken; that of the platform file by default.
 * @param pathOf where the finding points, from the path within the value; the path itself by default.
 */
export function shapeFindings(
  error: z.ZodError,
  id: InvariantId = shapeInvariant.id,
  pathOf: (path: string) => string = (path) => path,
): readonly Finding[] {
  return error.issues.map((issue) => ({ id, path: pathOf(pathText(issue.path)), ...explain(issue) }));
}
