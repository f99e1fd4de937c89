import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foundIn, inspected } from "./found-in";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const each = (text: string, change: (character: string) => string) => Array.from(text).map(change).join("");
const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, "0");
const rot13 = (text: string) =>
  text.replaceAll(/[a-z]/gi, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < "n" ? 13 : -13)),
  );

/** Identifiers that are known without words around them. */
const alone = [
  "123-45-6789",
  "John Smith",
  "john.doe@example.com",
  "12/03/1958",
  "(617) 555-0123",
  "4111 1111 1111 1111",
  "1EG4-TE5-MK73",
  "1HGCM82633A004352",
  "192.168.1.12",
  "00:1B:44:11:3A:B7",
  "DE89370400440532013000",
  "550e8400-e29b-41d4-a716-446655440000",
];
const identifier = fc.constantFrom(...alone);
/** Words that are part of no identifier, and say nothing of one. */
const harmlessText = fc
  .array(
    fc.constantFrom(
      "pain",
      "since",
      "some",
      "time",
      "with",
      "nausea",
      "and",
      "dizziness,",
      "treated",
      "well.",
      "(mild)",
    ),
    { maxLength: 30 },
  )
  .map((words) => words.join(" "));

const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ["base64", base64],
  ["base64 in base64", (text) => base64(base64(text))],
  ["base64url", (text) => Buffer.from(text).toString("base64url")],
  ["hexadecimal digits", (text) => Buffer.from(text).toString("hex")],
  ["percent signs", (text) => each(text, (character) => `%${hex(character)}`)],
  ["numbers of HTML", (text) => each(text, (character) => `&#${String(character.charCodeAt(0))};`)],
  ["hexadecimal numbers of HTML", (text) => each(text, (character) => `&#x${hex(character)};`)],
  ["escapes of JSON", (text) => each(text, (character) => `\\u00${hex(character)}`)],
  ["escapes within escapes", (text) => each(text, (character) => `\\\\u00${hex(character)}`)],
  ["quoted-printable", (text) => each(text, (character) => `=${hex(character).toUpperCase()}`)],
  [
    "full-width characters",
    (text) =>
      each(text, (character) =>
        character === " " ? " " : String.fromCharCode(character.charCodeAt(0) + 0xfee0),
      ),
  ],
  ["signs that nobody sees", (text) => Array.from(text).join("\u200b")],
  ["soft hyphens", (text) => Array.from(text).join("\u00ad")],
];

describe("what is encoded", () => {
  it.each(encodings)("is found in %s, wherever it stands", async (_name, encode) => {
    await fc.assert(
      fc.asyncProperty(identifier, harmlessText, harmlessText, async (value, before, after) => {
        const encoded = encode(value);
        const text = `${before} ${encoded} ${after}`;
        const findings = await inspected([text]);
        expect(findings.length).toBeGreaterThan(0);
        const start = text.indexOf(encoded);
        for (const { part, start: from, end } of findings) {
          expect(part).toBe(0);
          expect(from).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(start + encoded.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["letters 13 places further", `Ask ${rot13("John Smith")} about it`, "John Smith"],
    ["letters of other scripts", "ask J\u043ehn Sm\u0456th about it", "John Smith"],
    ["digits as words", "it is one two three four five six seven eight nine today", "123-45-6789"],
    ["digits apart", "it is 1 2 3 - 4 5 - 6 7 8 9 today", "123-45-6789"],
    ["digits with points", "it is 1.2.3.4.5.6.7.8.9 today", "123-45-6789"],
    ["tags of HTML", "it is 1<b>23</b>-45-6789 today", "123-45-6789"],
    ["marks of Markdown", "it is 1**23**-45-6789 today", "123-45-6789"],
    ["letters apart", "ask J o h n  S m i t h about it", "John Smith"],
  ])("is found in %s", async (_name, text, value) => {
    const findings = await inspected([text]);
    expect(findings.map((finding) => finding.value)).toEqual([value]);
  });

  it("is found as a whole, with what it says", async () => {
    const encoded = base64("call John Smith, 123-45-6789");
    await expect(inspected([`see ${encoded}.`])).resolves.toEqual([
      {
        part: 0,
        start: 4,
        end: 4 + encoded.length,
        kind: "name",
        by: "given-name-and-name",
        value: "call John Smith, 123-45-6789",
      },
    ]);
  });

  it("counts as an identifier when it is too deep, compressed or no text", async () => {
    let deep = "nothing of anybody stands here";
    for (let times = 0; times < 5; times += 1) {
      deep = base64(deep);
    }
    for (const text of [
      deep,
      "H4sIAAAAAAAAA8vPAQAAAP//",
      base64(String.fromCharCode(...Array.from({ length: 150 }, (_, index) => (index * 37 + 129) % 256))),
    ]) {
      expect((await inspected([text])).map(({ kind, by }) => [kind, by])).toEqual([
        ["other", "unreadable-encoding"],
      ]);
    }
  });

  it("is not seen in words, genes, hashes and paths", async () => {
    const text =
      "Electroencephalography, ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT and 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 in src/services/EgressGuard";
    await expect(inspected([text])).resolves.toEqual([]);
  });
});

describe("what is split over parts", () => {
  it.each(alone)("is found wherever it is split: %s", async (value) => {
    for (let at = 1; at < value.length; at += 1) {
      const parts = [`nausea and ${value.slice(0, at)}`, `${value.slice(at)} since then`];
      const findings = await inspected(parts);
      const covered = findings.map(({ part, start, end }) => (parts[part] ?? "").slice(start, end)).join("");
      expect([at, covered.replaceAll(/\s/g, "")]).toEqual([at, value.replaceAll(/\s/g, "")]);
    }
  });

  it("is found when each character is a part", async () => {
    const findings = await inspected(Array.from("John Smith"));
    expect(new Set(findings.map(({ value }) => value))).toEqual(new Set(["John Smith"]));
    expect(findings.map(({ part }) => part)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is found when a name is split between its words", async () => {
    const findings = await inspected(["My patient is John", "Smith, who coughs"]);
    expect(findings.map(({ part, start, end, value }) => [part, start, end, value])).toEqual([
      [0, 14, 18, "John Smith"],
      [1, 0, 5, "John Smith"],
    ]);
  });

  it("is found when what is split is encoded", async () => {
    const encoded = base64("it is 123-45-6789, I think");
    const findings = await inspected([encoded.slice(0, 11), encoded.slice(11)]);
    expect(findings.map(({ part, kind }) => [part, kind])).toEqual([
      [0, "social_security_number"],
      [1, "social_security_number"],
    ]);
  });
});

describe("positions", () => {
  it("are those of what was put in, in any harmless text", async () => {
    await fc.assert(
      fc.asyncProperty(identifier, harmlessText, harmlessText, async (value, before, after) => {
        const found = await foundIn(`${before} ${value} ${after}`);
        expect(found.map((one) => one.slice(one.indexOf(": ") + 2))).toEqual([value]);
      }),
      { numRuns: 200 },
    );
  });

  it("never overlap, and are in order, whatever is put together", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            identifier,
            fc.string({ unit: "binary" }),
            fc.constantFrom("Dr. ", "SSN ", "-", "@", "%41", "MRN: "),
          ),
        ),
        async (pieces) => {
          const findings = await inspected(pieces);
          for (const [index, { part, start, end }] of findings.entries()) {
            const before = findings[index - 1];
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(pieces[part]?.length ?? 0);
            if (before?.part === part) {
              expect(start).toBeGreaterThanOrEqual(before.end);
            }
          }
        },
      ),
      { numRuns: 150, examples: [[["(617) 555-0123", "SSN ", "SSN ", "Dr. "]]] },
    );
  });
});

describe("a line in base64", () => {
  it.each(["\n", "\r\n"])("is read by itself where words are in the next: %j", async (newline) => {
    const text = `Code: ${base64("MRN: 4471920")}${newline}Geburtsdatum fehlt`;
    expect((await inspected([text])).map(({ value }) => value)).toEqual(["MRN: 4471920"]);
  });
});
