import type { IdentifierKind } from "./detection/identifier-kind";

/** Whatever looks like a placeholder, in any case of letters. */
const looksLikeOne = /\[[A-Z_]+_\d+\]/gi;

/** What of a text says which identifier it is, whatever the case of its letters and whatever stands between them. */
function essence(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** A text in which another is put into some places. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The placeholders of one request and its answer, such as `[NAME_1]`: the same identifier has the same one, and none is in
 * the texts already. They are numbered in the order in which they are asked for, so that a conversation that goes on keeps
 * those that it had.
 */
export class Placeholders {
  readonly #taken: Set<string>;
  readonly #byValue = new Map<string, string>();
  readonly #restored = new Map<string, string>();
  readonly #counts = new Map<IdentifierKind, number>();

  /** @param texts everything in which a placeholder will stand: one that is there already is nobody's. */
  constructor(texts: readonly string[]) {
    this.#taken = new Set(
      texts.flatMap((text) =>
        text.includes("[") ? (text.match(looksLikeOne) ?? []).map((found) => found.toUpperCase()) : [],
      ),
    );
  }

  /**
   * The placeholder for an identifier.
   *
   * @param value what it says.
   * @param written how it is written, by which it is restored unless that is a part of it only.
   */
  of(kind: IdentifierKind, value: string, written = value): string {
    const known = this.#byValue.get(value);
    if (known !== undefined) {
      return known;
    }
    const placeholder = this.#next(kind);
    this.#byValue.set(value, placeholder);
    this.#restored.set(placeholder, essence(written) === essence(value) ? written : value);
    return placeholder;
  }

  /** Whether anything was replaced. */
  get areUsed(): boolean {
    return this.#restored.size > 0;
  }

  /** Where in a text of the answer placeholders of the request stand, and what stood in their place. */
  restorations(text: string): readonly TextEdit[] {
    if (!this.areUsed || !text.includes("[")) {
      return [];
    }
    return [...text.matchAll(looksLikeOne)].flatMap(({ 0: found, index }) => {
      const restored = this.#restored.get(found);
      return restored === undefined ? [] : [{ start: index, end: index + found.length, text: restored }];
    });
  }

  /** The same for this request's answer, in which new identifiers get placeholders that nothing is restored from. */
  forAnswer(texts: readonly string[] = []): Placeholders {
    const answer = new Placeholders(texts);
    this.#taken.forEach((taken) => answer.#taken.add(taken));
    this.#counts.forEach((count, kind) => answer.#counts.set(kind, count));
    return answer;
  }

  #next(kind: IdentifierKind): string {
    const label = kind.toUpperCase();
    for (let number = (this.#counts.get(kind) ?? 0) + 1; ; number += 1) {
      const placeholder = `[${label}_${String(number)}]`;
      if (!this.#taken.has(placeholder)) {
        this.#counts.set(kind, number);
        return placeholder;
      }
    }
  }
}

/** A text with its edits, which are in order and do not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  let from = 0;
  const pieces: string[] = [];
  for (const edit of edits) {
    pieces.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  pieces.push(text.slice(from));
  return pieces.join("");
}

/**
 * Edits in order, of which none overlaps another: of two that do, the one of the first list stays, and what is left of the
 * other around it.
 */
export function mergedEdits(first: readonly TextEdit[], second: readonly TextEdit[]): readonly TextEdit[] {
  const rest = second.flatMap((edit) => {
    let parts = [edit];
    for (const { start, end } of first) {
      parts = parts.flatMap((part) =>
        end <= part.start || part.end <= start
          ? [part]
          : [
              { ...part, end: start },
              { ...part, start: end },
            ].filter((left) => left.start < left.end),
      );
    }
    return parts;
  });
  return [...first, ...rest].sort((one, other) => one.start - other.start);
}
