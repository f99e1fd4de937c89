import { describe, expect, test } from "vitest";

import { decoded, encodings } from "../../../bench/prompts/encodings";
import { isIdentifierName } from "../../../bench/prompts/identifiers";
import { languages, setNames, styles } from "../../../bench/prompts/labelled-prompt";
import { cultures, namesOf } from "../../../bench/prompts/names";
import { promptSet, textsOf } from "../../../bench/prompts/prompt-set";
import { identifierNames } from "../../../bench/prompts/template";
import type { SetTexts } from "../../../bench/prompts/texts/set-texts";
import { identifierKinds } from "../../../services/egress-guard/detection/identifier-kind";

const seed = "a seed of the tests";
const sets = Object.fromEntries(setNames.map((set) => [set, promptSet(set, seed)]));

/** Of texts in all languages, each once. */
function all(texts: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return [...new Set(Object.values(texts).flat())];
}

/** All that a set's prompts are written with, but for what programs alone read. */
function templatesOf({
  sentences,
  fields,
  clinical,
  results,
  frames,
  harmlessFrames,
}: SetTexts): readonly string[] {
  return [
    ...[sentences, clinical, results].flatMap(all),
    ...all(fields).filter((field) => /[a-z]{3}/.test(field)),
    ...[...frames, ...harmlessFrames].flatMap(({ name, parts }) => [name, parts.join("\n")]),
  ];
}

/** What is left of two texts once what an encoding may lose is taken away. */
function bare(text: string): string {
  return text.replaceAll(/[\s()+./-]/g, "");
}

describe.each(setNames)("the set of prompts %s", (set) => {
  const prompts = sets[set] ?? [];

  test("is the same from the same seed, and another from another", () => {
    expect(promptSet(set, seed)).toEqual(prompts);
    expect(promptSet(set, "another")).not.toEqual(prompts);
  });

  test("has more than 600 prompts, a third of them without identifiers", () => {
    expect(prompts.length).toBeGreaterThan(600);
    expect(new Set(prompts.map(({ id }) => id)).size).toBe(prompts.length);
    expect(prompts.filter(({ labels }) => labels.length === 0).length).toBe(prompts.length / 3);
  });

  test("says where each identifier is", () => {
    for (const { id, parts, labels, language } of prompts) {
      for (const { value, places, disguise } of labels) {
        const texts = places.map(({ part, start, end }) => parts[part]?.slice(start, end) ?? "");
        if (disguise === undefined) {
          expect(texts, id).toEqual([value]);
        } else if (disguise === "split") {
          expect(texts.length, id).toBe(2);
          expect(texts.join(""), id).toBe(value);
        } else {
          expect(texts.length, id).toBe(1);
          expect(texts[0], id).not.toBe(value);
          expect(bare(decoded(texts[0] ?? "", disguise, language)), id).toContain(bare(value));
        }
      }
    }
  });

  test("leaves nothing of its templates unfilled, and labels no text twice", () => {
    for (const { id, parts, labels } of prompts) {
      parts.forEach((part) => expect(part, id).not.toMatch(/\[\[|\{\d+-\d+\}|<=|<[a-z]+[A-Za-z0-9]*>/));
      const places = labels
        .flatMap((label) => label.places)
        .toSorted((a, b) => a.part - b.part || a.start - b.start);
      places.forEach(({ part, start }, index) => {
        const before = places[index - 1];
        expect(before === undefined || before.part < part || before.end <= start, id).toBe(true);
      });
    }
  });

  test("writes JSON that programs can read", () => {
    const texts = prompts.filter(({ style }) => style === "json").flatMap(({ parts }) => parts.at(-1) ?? []);
    expect(texts.length).toBeGreaterThan(20);
    texts.forEach((text) => expect(() => JSON.parse(text) as unknown, text).not.toThrow());
  });

  test("has every kind, language, style and disguise", () => {
    const labels = prompts.flatMap((prompt) => prompt.labels);
    for (const kind of identifierKinds) {
      expect(labels.filter((label) => label.kind === kind).length, kind).toBeGreaterThanOrEqual(20);
    }
    for (const disguise of [...encodings, "split"]) {
      expect(labels.filter((label) => label.disguise === disguise).length, disguise).toBeGreaterThanOrEqual(
        10,
      );
    }
    for (const language of languages) {
      for (const identifying of [true, false]) {
        const some = prompts.filter(
          (one) => one.language === language && one.labels.length > 0 === identifying,
        );
        expect(some.length, language).toBeGreaterThanOrEqual(20);
      }
    }
    expect(new Set(prompts.map(({ style }) => style))).toEqual(new Set(styles));
    const frames = [...textsOf[set].frames, ...textsOf[set].harmlessFrames].map(({ name }) => name);
    expect(new Set(prompts.map(({ template }) => template))).toEqual(new Set(frames));
  });

  test("names identifiers that there are in its templates, and none in those that are harmless", () => {
    const { sentences, fields, frames, clinical, results, harmlessFrames } = textsOf[set];
    const identifying = [...all(sentences), ...all(fields), ...frames.flatMap(({ parts }) => parts)];
    expect(identifying.flatMap(identifierNames).filter((name) => !isIdentifierName(name))).toEqual([]);
    const harmless = [...all(clinical), ...all(results), ...harmlessFrames.flatMap(({ parts }) => parts)];
    expect(harmless.flatMap(identifierNames)).toEqual([]);
    all(sentences).forEach((sentence) =>
      expect(identifierNames(sentence).length, sentence).toBeGreaterThan(0),
    );
  });
});

describe("the two sets", () => {
  test("share no template", () => {
    const reported = new Set(templatesOf(textsOf.reported));
    expect(templatesOf(textsOf.tuning).filter((template) => reported.has(template))).toEqual([]);
  });

  test("share no name, and have some of every culture", () => {
    const names = (set: "tuning" | "reported"): readonly string[] =>
      cultures.flatMap((culture) => Object.values(namesOf(set, culture)).flat() as readonly string[]);
    const reported = new Set(names("reported"));
    expect(names("tuning").filter((name) => reported.has(name))).toEqual([]);
    for (const set of setNames) {
      for (const culture of cultures) {
        const { first, last } = namesOf(set, culture);
        expect(Math.min(first.length, last.length), `${set}, ${culture}`).toBeGreaterThanOrEqual(7);
      }
    }
  });

  test("share no value that is long enough to tell", () => {
    const values = (set: string): readonly string[] =>
      (sets[set] ?? [])
        .flatMap(({ labels }) => labels.map(({ value }) => value))
        .filter(({ length }) => length > 10);
    const reported = new Set(values("reported"));
    expect(values("tuning").filter((value) => reported.has(value))).toEqual([]);
  });
});
