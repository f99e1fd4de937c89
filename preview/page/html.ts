/** Text that is HTML already: only {@link html} and {@link trusted} make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: everything but {@link Html} is escaped. */
export type Part = Html | string | number | null | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Characters that are not seen, or that turn the order of others round; a line break and a tab are seen well enough. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as HTML shows it. Characters that would deceive the reader are written out. */
export function escaped(text: string): string {
  return text
    .replaceAll(unseen, (character) =>
      character === "\n" || character === "\t"
        ? character
        : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

function partText(part: Part): string {
  if (part === null || part === undefined) {
    return "";
  }
  if (part instanceof Html) {
    return part.text;
  }
  return typeof part === "string" || typeof part === "number"
    ? escaped(String(part))
    : part.map(partText).join("");
}

/** HTML from a template, in which every value that is not HTML itself is escaped, in texts and in quoted attributes. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    texts.map((text, index) => text + (index < parts.length ? partText(parts[index]) : "")).join(""),
  );
}

/** A text of our own, such as a style sheet, as it is. Never for anything that a report holds. */
export function trusted(text: string): Html {
  return new Html(text);
}
