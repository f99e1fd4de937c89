import { describe, expect, test } from "vitest";

import type { Label, LabelledPrompt } from "../../../bench/prompts/labelled-prompt";
import { kindOfEntity } from "../../../bench/prompts/presidio/kind-of-entity";
import { precision, recall, score, structuredKinds } from "../../../bench/prompts/score";

function prompt(parts: readonly string[], labels: readonly Label[]): LabelledPrompt {
  return { id: "p", template: "t", language: "en", style: "chat", parts, labels, neutral: [] };
}

const anna = prompt(
  ["Anna Bell, SSN 123-45-6789, in Ohio"],
  [
    { kind: "name", value: "Anna Bell", places: [{ part: 0, start: 0, end: 9 }] },
    { kind: "social_security_number", value: "123-45-6789", places: [{ part: 0, start: 15, end: 26 }] },
  ],
);
const halved = prompt(
  ["SSN 123-45", "-6789"],
  [
    {
      kind: "social_security_number",
      value: "123-45-6789",
      places: [
        { part: 0, start: 4, end: 10 },
        { part: 1, start: 0, end: 5 },
      ],
      disguise: "split",
    },
  ],
);
const harmless = prompt(["Blood pressure 120/80"], []);

describe("what was found is scored", () => {
  test("a finding of any kind counts for a label, and for the kind that it says when it is judged", () => {
    const { byKind, overall, structured } = score([
      { prompt: anna, findings: [{ part: 0, start: 5, end: 12, kind: "date" }] },
    ]);
    expect(byKind.get("name")).toEqual({ labels: 1, found: 1, covered: 0, findings: 0, right: 0 });
    expect(byKind.get("date")).toEqual({ labels: 0, found: 0, covered: 0, findings: 1, right: 1 });
    expect(overall).toEqual({ labels: 2, found: 1, covered: 0, findings: 1, right: 1 });
    expect(recall(overall)).toBe(0.5);
    expect(recall(structured)).toBe(0);
    expect(precision(overall)).toBe(1);
  });

  test("a label is covered by findings that hold all its letters and digits", () => {
    const { overall } = score([
      {
        prompt: anna,
        findings: [
          { part: 0, start: 0, end: 4, kind: "name" },
          { part: 0, start: 5, end: 9, kind: "name" },
          { part: 0, start: 15, end: 25, kind: "social_security_number" },
        ],
      },
    ]);
    expect(overall).toEqual({ labels: 2, found: 2, covered: 1, findings: 3, right: 3 });
  });

  test("what is split is found when each half is", () => {
    const first = { part: 0, start: 4, end: 10, kind: "social_security_number" } as const;
    const second = { part: 1, start: 0, end: 5, kind: "social_security_number" } as const;
    expect(score([{ prompt: halved, findings: [first] }]).disguised.found).toBe(0);
    expect(score([{ prompt: halved, findings: [first, second] }]).disguised).toEqual({
      ...{ labels: 1, found: 1, covered: 1, findings: 2, right: 2 },
    });
  });

  test("a finding in a harmless prompt is a false block, unless it is none of the eighteen kinds", () => {
    const place = { part: 0, start: 15, end: 21 };
    const alarmed = score([{ prompt: harmless, findings: [{ ...place, kind: "date" }] }]);
    expect([alarmed.falseBlocks, alarmed.harmless, precision(alarmed.overall)]).toEqual([1, 1, 0]);
    const calm = score([{ prompt: harmless, findings: [place] }]);
    expect([calm.falseBlocks, calm.harmless, precision(calm.overall)]).toEqual([0, 1, undefined]);
  });

  test("what is neutral counts neither way", () => {
    const ohio = { ...anna, neutral: [{ part: 0, start: 31, end: 35 }] };
    const finding = { part: 0, start: 31, end: 35, kind: "geography" } as const;
    expect(score([{ prompt: ohio, findings: [finding] }]).overall.findings).toBe(0);
    expect(score([{ prompt: anna, findings: [finding] }]).overall).toMatchObject({ findings: 1, right: 0 });
  });

  test("a prompt with identifiers of which none is found is let through", () => {
    expect(
      score([
        { prompt: anna, findings: [] },
        { prompt: harmless, findings: [] },
      ]).letThrough,
    ).toBe(1);
  });

  test("structured are thirteen kinds", () => {
    expect(structuredKinds).toHaveLength(13);
  });
});

describe("Presidio's entities are of our kinds", () => {
  test.each([
    ["PERSON", "name"],
    ["UK_POSTCODE", "geography"],
    ["PHONE_NUMBER", "telephone"],
    ["US_SSN", "social_security_number"],
    ["US_MBI", "health_plan_number"],
    ["IBAN_CODE", "account_number"],
    ["US_DRIVER_LICENSE", "licence_number"],
    ["TR_LICENSE_PLATE", "vehicle"],
    ["DE_KFZ", "vehicle"],
    ["MAC_ADDRESS", "device"],
    ["PL_PESEL", "other"],
  ])("%s is %s", (entity, kind) => {
    expect(kindOfEntity(entity, "")).toBe(kind);
  });

  test("a day is a date; a duration, a year, an age and an organisation are not held against it", () => {
    expect(["12 March", "3/12/2020"].map((text) => kindOfEntity("DATE_TIME", text))).toEqual([
      "date",
      "date",
    ]);
    expect(
      ["three days", "2019", "67-year-old", "weekly"].map((text) => kindOfEntity("DATE_TIME", text)),
    ).toEqual([undefined, undefined, undefined, undefined]);
    expect(kindOfEntity("ORGANIZATION", "NICE")).toBeUndefined();
  });
});
