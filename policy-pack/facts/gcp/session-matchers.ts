import { textOf, type Reading } from "../../reading";

import { booleanExpression, type BooleanExpression } from "./boolean-expression";

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

/** What certainly holds where an expression does. */
function certain(expression: BooleanExpression): readonly string[] {
  switch (expression.kind) {
    case "atom":
      return [expression.text];
    case "and":
      return expression.parts.flatMap(certain);
    case "or":
    case "not":
      return [];
  }
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
export function demandsOf(written: Reading<unknown>): Demands {
  const text = textOf(written);
  const expression = text.kind === "known" ? booleanExpression(text.value) : undefined;
  if (expression === undefined) {
    return nothing;
  }
  const parts = certain(expression);
  return { lists: named(parts, list), hosts: named(parts, host), accounts: named(parts, account) };
}
