import type { Replacement, View } from "./view";

const digitWords: Readonly<Record<string, string>> = {
  zero: "0",
  oh: "0",
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  null: "0",
  eins: "1",
  zwei: "2",
  zwo: "2",
  drei: "3",
  vier: "4",
  fünf: "5",
  sechs: "6",
  sieben: "7",
  acht: "8",
  neun: "9",
  zéro: "0",
  un: "1",
  deux: "2",
  trois: "3",
  quatre: "4",
  cinq: "5",
  sept: "7",
  huit: "8",
  neuf: "9",
  cero: "0",
  uno: "1",
  dos: "2",
  tres: "3",
  cuatro: "4",
  cinco: "5",
  seis: "6",
  siete: "7",
  ocho: "8",
  nueve: "9",
};
const digitWord = Object.keys(digitWords).join("|");
const words = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${digitWord})(?:(?:[ ,]{1,2}|[ ]?-[ ]?| (?:dash|hyphen|minus|strich|tiret|guion) | (?:dot|point|punkt) )(?:(?:double|triple) )?(?:${digitWord})(?![\\p{L}\\p{N}])){3,}`,
  "giu",
);
const single = /(?<![\p{L}\p{N}])(?:\+ )?\d(?:[ .\-_·•*|/,]{1,3}\d(?![\p{L}\p{N}])){5,}/gu;
const letters =
  /(?<![\p{L}\p{N}])\p{L}(?:[ .\-_·•*|][\p{L}@.](?![\p{L}\p{N}])){3,}(?:(?: {2,3}| ?[_|/] ?)\p{L}(?:[ .\-_·•*|]\p{L}(?![\p{L}\p{N}]))+)*/gu;

/** Numbers whose digits are written as words or apart, and words whose letters are written apart. */
export function spelledOut({ text }: View): readonly Replacement[] {
  const replacements: Replacement[] = [];
  for (const { 0: all, index: start } of text.matchAll(words)) {
    const digits = all
      .toLowerCase()
      .split(/[ ,-]+/)
      .map((word, index, before) => {
        const digit = digitWords[word] ?? "";
        const times = before[index - 1] === "double" ? 2 : before[index - 1] === "triple" ? 3 : 1;
        return /^(?:dash|hyphen|minus|strich|tiret|guion)$/.test(word)
          ? "-"
          : /^(?:dot|point|punkt)$/.test(word)
            ? "."
            : digit.repeat(times);
      })
      .join("");
    replacements.push({ start, end: start + all.length, text: grouped(digits) });
  }
  for (const { 0: all, index: start } of text.matchAll(single)) {
    // What separates groups is wider than what separates digits, or a dash among spaces.
    const digits = all
      .replaceAll(/ ?[-./] ?(?=\d)/g, (sign) => (sign.length > 1 ? sign.trim() : ""))
      .replaceAll(/[^\d\-./+]/g, "");
    replacements.push({ start, end: start + all.length, text: grouped(digits) });
  }
  for (const { 0: all, index: start } of text.matchAll(letters)) {
    replacements.push({
      start,
      end: start + all.length,
      text: all
        .replaceAll(/ {2,3}| ?[_|/] ?/g, "\0")
        .replaceAll(/[ .\-_·•*|](?=[\p{L}@])/gu, "")
        .replaceAll("\0", " "),
    });
  }
  return replacements.toSorted((one, other) => one.start - other.start);
}

/** Nine or ten digits without anything between them, as a social security or a telephone number is written. */
function grouped(digits: string): string {
  if (/^\d{9}$/.test(digits)) {
    return `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
  }
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}` : digits;
}
