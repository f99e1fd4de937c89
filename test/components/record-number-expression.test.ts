import { describe, expect, it } from "vitest";

import { recordNumberExpression } from "../../components/record-number-expression";

describe("the expression of a form of record numbers", () => {
  it.each([
    ["MRN-9999999", String.raw`\bMRN-\d{7}\b`],
    ["AA9999*", String.raw`\b[A-Za-z]{2}\d{4}[^\W_]\b`],
    ["(9999)", String.raw`\(\d{4}\)`],
    ["99.99", String.raw`\b\d{2}\.\d{2}\b`],
    ["//9999", String.raw`/{2}\d{4}\b`],
  ])("of %s is %s", (form, expression) => {
    expect(recordNumberExpression(form)).toBe(expression);
  });

  it.each([
    ["MRN-9999999", "see MRN-1234567.", true],
    ["MRN-9999999", "see MRN-12345678", false],
    ["MRN-9999999", "see XMRN-1234567", false],
    ["A9*9999", "chart x1y2345 is", true],
    ["A9*9999", "chart x1_2345 is", false],
    ["99.99", "12x34", false],
  ])("of %s fits in `%s`: %s", (form, text, fits) => {
    expect(new RegExp(recordNumberExpression(form)).test(text)).toBe(fits);
  });

  it("is at most 500 characters long for the longest form", () => {
    const forms = ["A*", "A9", "*9", "A-", "*-", "A.", "*."].map((pair) => pair.repeat(32));
    expect(Math.max(...forms.map((form) => recordNumberExpression(form).length))).toBeLessThanOrEqual(500);
  });
});
