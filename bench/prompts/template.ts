import { canEncode, encoded } from "./encodings";
import { identifiers, isIdentifierName, type Circumstances } from "./identifiers";
import type { Disguise, Label, Place } from "./labelled-prompt";
import type { Random } from "./random";
import type { SetTexts } from "./texts/set-texts";

/** Texts with labels: what a template becomes. */
export interface FilledTemplate {
  readonly parts: readonly string[];
  readonly labels: readonly Label[];
  readonly neutral: readonly Place[];
}

const slots = /<(=?)([^<>|\n]+)>/g;

/** The names between angle brackets in a template, but for those that only look like names. */
export function identifierNames(template: string): readonly string[] {
  return [...template.matchAll(slots)].flatMap(([, equal, name = ""]) => (equal === "" ? [name] : []));
}

/** A template with its numbers filled in: `{1-9}` by one of those. */
export function withNumbers(template: string, random: Random): string {
  return template.replaceAll(/\{(\d+)-(\d+)\}/g, (_, least: string, most: string) =>
    String(random.whole(Number(least), Number(most))),
  );
}

/** What stands in the parts so far. */
class Writer {
  readonly parts: string[] = [];
  private text = "";

  write(text: string): Place {
    const start = this.text.length;
    this.text += text;
    return { part: this.parts.length, start, end: this.text.length };
  }

  endPart(): void {
    this.parts.push(this.text);
    this.text = "";
  }
}

/**
 * Fills a template in.
 *
 * @param disguise how to write one of its identifiers, one that can be written so.
 * @returns `undefined` if none of its identifiers can be written so.
 * @throws Error if it names an identifier that there is none of.
 */
export function filled(
  templates: readonly string[],
  about: Circumstances,
  { words }: Pick<SetTexts, "words">,
  disguise?: Disguise,
): FilledTemplate | undefined {
  const { random, language } = about;
  const pieces = templates.map((template) => {
    const texts = withNumbers(template, random).split(/(<=?[^<>|\n]+>)/);
    return texts.map((text) => {
      const [, equal, name = ""] = /^<(=?)([^<>|\n]+)>$/.exec(text) ?? [];
      if (equal === undefined || equal === "=") {
        return { text: equal === "=" ? name : text, neutral: equal === "=" };
      }
      if (!isIdentifierName(name)) {
        throw new Error(`there is no identifier ${name}`);
      }
      const { kind, make } = identifiers[name];
      return { kind, text: make(about) };
    });
  });
  const all = pieces.flat();
  const able = all.filter(({ kind, text }) => {
    if (kind === undefined || disguise === undefined || kind === "biometric" || kind === "photograph") {
      return false;
    }
    return disguise === "split" ? text.length >= 6 : canEncode(text, disguise);
  });
  if (disguise !== undefined && able.length === 0) {
    return undefined;
  }
  const disguised = disguise === undefined ? undefined : random.pick(able);
  const writer = new Writer();
  const labels: Label[] = [];
  const neutral: Place[] = [];
  for (const part of pieces) {
    for (const piece of part) {
      const { kind, text: value } = piece;
      if (kind === undefined) {
        const place = writer.write(value);
        if (piece.neutral) {
          neutral.push(place);
        }
      } else if (piece !== disguised || disguise === undefined) {
        labels.push({ kind, value, places: [writer.write(value)] });
      } else if (disguise === "split") {
        const middle = random.whole(3, value.length - 3);
        const first = writer.write(value.slice(0, middle));
        writer.endPart();
        labels.push({ kind, value, places: [first, writer.write(value.slice(middle))], disguise });
      } else {
        const whole = disguise === "base64" || disguise === "hex" ? `${words[kind]}: ${value}` : value;
        const place = writer.write(encoded(whole, disguise, language, random));
        labels.push({ kind, value, places: [place], disguise });
      }
    }
    writer.endPart();
  }
  return { parts: writer.parts, labels, neutral };
}
