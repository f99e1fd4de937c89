import { printable } from "./printable";

/** A text in one line. */
function flat(text: string): string {
  return printable(text).replaceAll(/\s+/g, " ").trim();
}

/** Characters as numbers: Markdown takes none that is written so for a part of its own syntax. */
function asNumbers(text: string, characters: RegExp): string {
  return text.replaceAll(characters, (character) => `&#${String(character.codePointAt(0))};`);
}

/** What stands between a sign and a name, so that GitHub makes no mention and no reference of them. */
const nothing = "&#8203;";

/**
 * Any text as inline Markdown that shows it and means nothing: no link, no HTML, no formula, and with GitHub no mention of
 * a person and no reference to an issue. It must not begin a line.
 */
export function plainText(text: string): string {
  return asNumbers(flat(text), /[\\`*_~[\]<>&|$#@:]|(?<=www)\./gi).replaceAll(
    /&#(?:35|64);/g,
    `$&${nothing}`,
  );
}

/** Any text as inline code, also in a table. */
export function codeText(text: string): string {
  const shown = flat(text);
  return shown === "" ? "" : `<code>${asNumbers(shown, /[\\`*_~[\]<>&|$#@:]|(?<=www)\./gi)}</code>`;
}
