import { textOf, type Reading } from "../../reading";

/** What an expression of a proxy asks for, all of which has to hold: parts that narrow it further are not among them. */
export interface Demands {
  /** The lists of which the host has to be in each. */
  readonly lists: readonly string[];
  /** The hosts of which the host has to be each. */
  readonly hosts: readonly string[];
  /** The service accounts of which the source has to be each. */
  readonly accounts: readonly string[];
}

const nothing: Demands = { lists: [], hosts: [], accounts: [] };

/** The parts of an expression that are joined by `&&`; `undefined` where anything else joins them. */
function conjuncts(expression: string): readonly string[] | undefined {
  const parts: string[] = [];
  let quote = "";
  let depth = 0;
  let start = 0;
  for (let at = 0; at < expression.length; at += 1) {
    const letter = expression.charAt(at);
    if (quote !== "") {
      // A quotation mark that is written with a backslash ends nothing, and no name has one.
      if (letter === "\\") {
        return undefined;
      }
      quote = letter === quote ? "" : quote;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
    } else if (letter === "(") {
      depth += 1;
    } else if (letter === ")") {
      depth -= 1;
    } else if (letter === "|" || letter === "?") {
      return undefined;
    } else if (depth === 0 && expression.startsWith("&&", at)) {
      parts.push(expression.slice(start, at));
      start = at + 2;
      at += 1;
    }
  }
  return quote === "" && depth === 0
    ? [...parts, expression.slice(start)].map((part) => part.trim())
    : undefined;
}

const list = /^inUrlList\(\s*host\(\)\s*,\s*(['"])([^'"]+)\1\s*\)$/;
const host = /^host\(\)\s*==\s*(['"])([^'"]+)\1$/;
const account = /^source\.matchServiceAccount\(\s*(['"])([^'"]+)\1\s*\)$/;

function named(parts: readonly string[], pattern: RegExp): readonly string[] {
  return parts.flatMap((part) => pattern.exec(part)?.[2] ?? []);
}

/**
 * What an expression certainly asks for (Secure Web Proxy documentation, "CEL matcher language reference"): of one that is
 * not known, or that holds where one of several parts does, nothing is certain.
 */
export function demandsOf(expression: Reading<unknown>): Demands {
  const text = textOf(expression);
  const parts = text.kind === "known" ? conjuncts(text.value) : undefined;
  return parts === undefined
    ? nothing
    : { lists: named(parts, list), hosts: named(parts, host), accounts: named(parts, account) };
}
