/** A condition in Google's expression language, as far as it is put together from others. */
export type BooleanExpression =
  | { readonly kind: "and" | "or"; readonly parts: readonly BooleanExpression[] }
  | { readonly kind: "not"; readonly part: BooleanExpression }
  /** What is put together from no other, such as a comparison or a call. */
  | { readonly kind: "atom"; readonly text: string };

/** Reads an expression from its beginning on. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): BooleanExpression | undefined {
    const found = this.#joined("or");
    return this.#rest() === "" ? found : undefined;
  }

  #rest(): string {
    this.#at += /^\s*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
    return this.#text.slice(this.#at);
  }

  #joined(kind: "and" | "or"): BooleanExpression | undefined {
    const operator = kind === "or" ? "||" : "&&";
    const parts: BooleanExpression[] = [];
    do {
      const part = kind === "or" ? this.#joined("and") : this.#unary();
      if (part === undefined) {
        return undefined;
      }
      parts.push(part);
    } while (this.#takes(operator));
    const [only, ...others] = parts;
    return only !== undefined && others.length === 0 ? only : { kind, parts };
  }

  #takes(operator: string): boolean {
    const isThere = this.#rest().startsWith(operator);
    this.#at += isThere ? operator.length : 0;
    return isThere;
  }

  #unary(): BooleanExpression | undefined {
    if (this.#takes("!")) {
      const part = this.#unary();
      return part === undefined ? undefined : { kind: "not", part };
    }
    const start = this.#at;
    if (this.#takes("(")) {
      const found = this.#joined("or");
      if (found === undefined || !this.#takes(")")) {
        return undefined;
      }
      // What is in parentheses may be a value of which something is asked.
      if (/^(?:&&|\|\||\)|$)/.test(this.#rest())) {
        return found;
      }
      this.#at = start;
    }
    return this.#atom();
  }

  #atom(): BooleanExpression | undefined {
    const text = this.#rest();
    let quote = "";
    let depth = 0;
    let end = 0;
    for (; end < text.length; end += 1) {
      const letter = text.charAt(end);
      if (quote !== "") {
        // A quotation mark that is written with a backslash ends nothing.
        end += letter === "\\" ? 1 : 0;
        quote = letter === quote ? "" : quote;
      } else if (letter === "'" || letter === '"') {
        quote = letter;
      } else if (letter === "?") {
        return undefined;
      } else if ("([{".includes(letter)) {
        depth += 1;
      } else if (")]}".includes(letter)) {
        if (depth === 0) {
          break;
        }
        depth -= 1;
      } else if (depth === 0 && (text.startsWith("&&", end) || text.startsWith("||", end))) {
        break;
      }
    }
    const atom = text.slice(0, end).trim();
    this.#at += end;
    return atom === "" || quote !== "" || depth > 0 ? undefined : { kind: "atom", text: atom };
  }
}

/**
 * How a condition is put together (Common Expression Language, "Syntax"): `&&` binds closer than `||`, and `!` than both.
 *
 * @returns `undefined` where it chooses between two by a third, or is not understood.
 */
export function booleanExpression(text: string): BooleanExpression | undefined {
  return new Reader(text).whole();
}
