import { describe, expect, it } from "vitest";

import { booleanExpression, type BooleanExpression } from "../../../policy-pack/facts/gcp/boolean-expression";

/** A condition with parentheses around all that it is put together from. */
function shown(expression: BooleanExpression): string {
  switch (expression.kind) {
    case "atom":
      return expression.text;
    case "not":
      return `!(${shown(expression.part)})`;
    case "and":
    case "or":
      return `(${expression.parts.map(shown).join(expression.kind === "and" ? " && " : " || ")})`;
  }
}

describe("a condition", () => {
  it.each([
    ["a == 'b'", "a == 'b'"],
    ["a && b || c && d", "((a && b) || (c && d))"],
    ["a && (b || c)", "(a && (b || c))"],
    ["!a && !(b || c)", "(!(a) && !((b || c)))"],
    ["((a))", "a"],
    ["f(a, b) && g('x)', \"(\") ", "(f(a, b) && g('x)', \"(\"))"],
    ["a == 'b && c || d'", "a == 'b && c || d'"],
    ["a == 'b\\' || c'", "a == 'b\\' || c'"],
    ["a != b && c", "(a != b && c)"],
    ["(a + b) == 2 && c", "((a + b) == 2 && c)"],
    ["a in ['x', 'y'] || b", "(a in ['x', 'y'] || b)"],
  ])("%s is %s", (text, expected) => {
    const expression = booleanExpression(text);
    expect(expression === undefined ? undefined : shown(expression)).toBe(expected);
  });

  it.each(["", "a &&", "|| a", "a ? b : c", "(a", "a)", "a == 'b", "f(a", "a && ()"])(
    "that is not understood is none: %s",
    (text) => {
      expect(booleanExpression(text)).toBeUndefined();
    },
  );
});
