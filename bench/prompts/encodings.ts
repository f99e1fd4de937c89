import type { Language } from "./labelled-prompt";
import type { Random } from "./random";

/** The ways to write an identifier so that programs do not read it at first sight, and people or models do. */
export const encodings = [
  "base64",
  "hex",
  "percent",
  "html",
  "zero-width",
  "homoglyph",
  "spaced",
  "spelled",
] as const;
export type Encoding = (typeof encodings)[number];

/** Letters of other scripts that look like Latin ones, and digits of full width. */
const lookalikes: Readonly<Record<string, string>> = {
  ...{ a: "а", c: "с", e: "е", o: "о", p: "р", x: "х", y: "у", i: "і", s: "ѕ", j: "ј" },
  ...{ A: "А", B: "В", C: "С", E: "Е", H: "Н", K: "К", M: "М", O: "О", P: "Р", T: "Т", X: "Х", S: "Ѕ" },
  ...Object.fromEntries(
    Array.from("0123456789").map((digit) => [digit, String.fromCodePoint(0xff10 + Number(digit))]),
  ),
};
const latin = new Map(Object.entries(lookalikes).map(([from, to]) => [to, from]));

const zeroWidth = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"] as const;

const digitWords: Readonly<Record<Language, readonly string[]>> = {
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
  de: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
  fr: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
  es: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
};

/** Whether a value has what an encoding changes: letters or digits alone for some. */
export function canEncode(value: string, encoding: Encoding): boolean {
  const digits = value.replaceAll(/\D/g, "").length;
  switch (encoding) {
    case "spaced":
    case "spelled":
      return /^[\d +()./-]+$/.test(value) && digits >= 7 && digits <= 16;
    case "homoglyph":
      return Array.from(value).filter((letter) => lookalikes[letter] !== undefined).length >= 2;
    default:
      return value.length <= 80;
  }
}

/** A value in an encoding. */
export function encoded(value: string, encoding: Encoding, language: Language, random: Random): string {
  const bytes = Buffer.from(value, "utf8");
  switch (encoding) {
    case "base64":
      return bytes.toString("base64");
    case "hex":
      return bytes.toString("hex");
    case "percent":
      return [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
    case "html": {
      const hexadecimal = random.next() < 0.5;
      return Array.from(value)
        .map((letter) => letter.codePointAt(0) ?? 0)
        .map((point) => (hexadecimal ? `&#x${point.toString(16)};` : `&#${String(point)};`))
        .join("");
    }
    case "zero-width":
      return Array.from(value).join(random.pick(zeroWidth));
    case "homoglyph":
      return Array.from(value)
        .map((letter) => lookalikes[letter] ?? letter)
        .join("");
    case "spaced":
      return Array.from(value.replaceAll(" ", "")).join(" ");
    case "spelled":
      return Array.from(value.replaceAll(/\D/g, ""))
        .map((digit) => digitWords[language][Number(digit)] ?? "")
        .join(" ");
  }
}

/** What an encoded text says: the value, but for `spaced` and `spelled`, of which white space and punctuation are lost. */
export function decoded(text: string, encoding: Encoding, language: Language): string {
  switch (encoding) {
    case "base64":
      return Buffer.from(text, "base64").toString("utf8");
    case "hex":
      return Buffer.from(text, "hex").toString("utf8");
    case "percent":
      return decodeURIComponent(text);
    case "html":
      return text.replaceAll(/&#(x?)([0-9a-f]+);/g, (_, hexadecimal: string, digits: string) =>
        String.fromCodePoint(parseInt(digits, hexadecimal === "x" ? 16 : 10)),
      );
    case "zero-width":
      return text.replaceAll(/\u200b|\u200c|\u200d|\u2060|\ufeff/gu, "");
    case "homoglyph":
      return Array.from(text)
        .map((letter) => latin.get(letter) ?? letter)
        .join("");
    case "spaced":
      return text.replaceAll(" ", "");
    case "spelled":
      return text
        .split(" ")
        .map((word) => String(digitWords[language].indexOf(word)))
        .join("");
  }
}
