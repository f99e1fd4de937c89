import { popularGivenNames } from "../lists/given-names";

import type { Replacement, View } from "./view";

/** A text with every Latin letter 13 places further. */
function rotated(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

const cues = new Set(
  [
    "patient",
    "name",
    "the",
    "and",
    "born",
    "with",
    "has",
    "was",
    "lives",
    "doctor",
    "email",
    "mrn",
    "ssn",
    "phone",
    "com",
    "org",
  ].map(rotated),
);
const given = new Set(popularGivenNames.map(rotated));
const run = /[A-Za-z][a-z]{2,}(?:[ .,'@-]{1,2}[A-Za-z][A-Za-z]*)*/g;

function isRotated(word: string): boolean {
  // `The` and `and` alone are short enough to be words of another language.
  const lower = word.toLowerCase();
  return cues.has(lower) || (given.has(lower) && word !== lower && !unlikely.has(lower));
}

const capitalised = /[A-Z][A-Za-z]+/g;
const anyCue = new RegExp(`(?<![A-Za-z])(?:${[...cues].join("|")})(?![A-Za-z])`, "i");

/** Runs of words that are English, or a name, when their letters are 13 places further. */
export function rotatedLetters({ text }: View): readonly Replacement[] {
  const replacements: Replacement[] = [];
  // Most texts have no such word: then nothing has to be cut into runs.
  if (!anyCue.test(text) && !text.match(capitalised)?.some(isRotated)) {
    return replacements;
  }
  for (const { 0: all, index: start } of text.matchAll(run)) {
    for (const word of all.split(/[^A-Za-z]+/)) {
      if (isRotated(word)) {
        replacements.push({ start, end: start + all.length, text: rotated(all) });
        break;
      }
    }
  }
  return replacements;
}

/** Names whose rotation is a word or a name itself. */
const unlikely = new Set(
  popularGivenNames.filter((name) => popularGivenNames.includes(rotated(name))).map(rotated),
);
