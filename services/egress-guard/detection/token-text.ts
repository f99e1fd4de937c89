/** What a token is made of: bits, several of which may be set. */
export const tokenShape = {
  letters: 1,
  digits: 2,
  /** Begins with a capital letter. */
  capital: 4,
  /** Two letters or more, none of them small. */
  capitals: 8,
  /** Has nothing but small letters from a to z, and digits: it is as lists have it. */
  plain: 16,
} as const;

const letter = 1;
const digit = 2;
const upper = 4;
const wide = 8;

/** What each character below U+0250 is; the others are asked about one by one. */
const classes = new Uint8Array(0x250);
for (let code = 0; code < classes.length; code += 1) {
  classes[code] = classOfCharacter(String.fromCharCode(code));
}

function classOfCharacter(character: string): number {
  if (/\p{Nd}/u.test(character)) {
    return digit;
  }
  if (/\p{Lu}/u.test(character)) {
    return letter | upper;
  }
  return /[\p{L}\p{M}]/u.test(character) ? letter : 0;
}

function classOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < classes.length) {
    return classes[code] ?? 0;
  }
  // A half of a pair stands for letters of mathematics and of rare scripts.
  if (code >= 0xd800 && code <= 0xdfff) {
    return letter;
  }
  if (code >= 0x2e80 && code <= 0xd7ff) {
    return code >= 0x3040 ? letter | wide : 0;
  }
  return classOfCharacter(text.charAt(at));
}

const joining: ReadonlySet<number> = new Set(Array.from("@:.-_)(/#").map((sign) => sign.charCodeAt(0)));

const accents = /\p{M}/gu;

/** A word as lists have it: in lower case, without accents. */
export function folded(word: string): string {
  const lower = word.toLowerCase();
  for (let at = 0; at < lower.length; at += 1) {
    if (lower.charCodeAt(at) > 0x7f) {
      return lower
        .replaceAll("ß", "ss")
        .replaceAll("ø", "o")
        .replaceAll("ł", "l")
        .normalize("NFD")
        .replace(accents, "");
    }
  }
  return lower;
}

/**
 * A text cut into tokens: runs of letters and digits, of which one between others is all that a recogniser has to look at.
 * It is cut as it is read on, so that whoever reads can stop.
 */
export class TokenText {
  /** Where each token begins. */
  readonly starts: number[] = [];
  /** Where each token ends. */
  readonly ends: number[] = [];
  readonly shapes: number[] = [];
  readonly #words: (string | undefined)[] = [];

  readonly text: string;

  constructor(text: string) {
    this.text = text;
    const { starts, ends, shapes } = this;
    const { length } = text;
    let at = 0;
    while (at < length) {
      let kind = classOf(text, at);
      if (kind === 0) {
        at += 1;
        continue;
      }
      const start = at;
      let shape = (kind & upper) !== 0 ? tokenShape.capital : 0;
      let small = false;
      let plain = true;
      const wideHere = (kind & wide) !== 0;
      while (kind !== 0 && ((kind & wide) !== 0) === wideHere) {
        if ((kind & digit) !== 0) {
          shape |= tokenShape.digits;
        } else {
          shape |= tokenShape.letters;
          small ||= (kind & upper) === 0;
          plain &&= (kind & upper) === 0 && text.charCodeAt(at) < 0x80;
        }
        at += 1;
        kind = at < length ? classOf(text, at) : 0;
      }
      if (!small && (shape & tokenShape.letters) !== 0 && at - start > 1) {
        shape |= tokenShape.capitals;
      }
      shape |= plain ? tokenShape.plain : 0;
      starts.push(start);
      ends.push(at);
      shapes.push(shape);
    }
  }

  /** How many tokens there are. */
  get count(): number {
    return this.starts.length;
  }

  /** Where a token begins; the end of the text for one that is not there. */
  start(token: number): number {
    return this.starts[token] ?? (token < 0 ? 0 : this.text.length);
  }

  /** Where a token ends. */
  end(token: number): number {
    return this.ends[token] ?? (token < 0 ? 0 : this.text.length);
  }

  /** What a token is made of: 0 for one that is not there. */
  shape(token: number): number {
    return this.shapes[token] ?? 0;
  }

  /** A token as it stands there: empty for one that is not there. */
  raw(token: number): string {
    return this.text.slice(this.start(token), this.end(token));
  }

  /** A token in lower case, without accents. */
  word(token: number): string {
    const known = this.#words[token];
    if (known !== undefined) {
      return known;
    }
    const raw = this.raw(token);
    const word = (this.shape(token) & tokenShape.plain) === 0 ? folded(raw) : raw;
    this.#words[token] = word;
    return word;
  }

  /** What stands between a token and the next. */
  gap(token: number): string {
    return this.text.slice(token < 0 ? 0 : this.end(token), this.start(token + 1));
  }

  /** Whether nothing but one space stands between a token and the next, as between most. */
  isSpaced(token: number): boolean {
    const end = this.end(token);
    return this.start(token + 1) === end + 1 && this.text.charCodeAt(end) === 32;
  }

  isCapital(token: number): boolean {
    return (this.shape(token) & tokenShape.capital) !== 0;
  }

  isCapitals(token: number): boolean {
    return (this.shape(token) & tokenShape.capitals) !== 0;
  }

  hasDigit(token: number): boolean {
    return (this.shape(token) & tokenShape.digits) !== 0;
  }

  /** Whether a sign stands right beside a token that addresses and codes are made of. */
  isJoined(token: number): boolean {
    const { text } = this;
    return (
      joining.has(text.charCodeAt(this.end(token))) || joining.has(text.charCodeAt(this.start(token) - 1))
    );
  }

  /** Whether a sentence, a line or the text begins with a token. */
  beginsSentence(token: number): boolean {
    return token <= 0 || (!this.isSpaced(token - 1) && /[.!?:;\n•|]/.test(this.gap(token - 1)));
  }

  /** Whether one of the words stands among the tokens before one, in the same sentence. */
  isAfter(token: number, most: number, words: ReadonlySet<string>): boolean {
    for (let before = token - 1; before >= 0 && before >= token - most; before -= 1) {
      if (words.has(this.word(before))) {
        return true;
      }
      if (!this.isSpaced(before - 1) && /[!?\n]|[.;]\s/.test(this.gap(before - 1))) {
        return false;
      }
    }
    return false;
  }

  /** Whether one of the words stands among the tokens after one, in the same sentence. */
  isBefore(token: number, most: number, words: ReadonlySet<string>): boolean {
    for (let after = token + 1; after < this.count && after <= token + most; after += 1) {
      if (!this.isSpaced(after - 1) && /[!?\n;]|\.\s/.test(this.gap(after - 1))) {
        return false;
      }
      if (words.has(this.word(after))) {
        return true;
      }
    }
    return false;
  }

  /** What a sticky expression matches from a place on. */
  match(expression: RegExp, at: number): RegExpExecArray | undefined {
    expression.lastIndex = at;
    return expression.exec(this.text) ?? undefined;
  }

  /** The number of the first token that begins at a place or after it. */
  tokenFrom(place: number, near: number): number {
    let token = near;
    while (token < this.count && this.start(token) < place) {
      token += 1;
    }
    return token;
  }
}
