import type { IdentifierKind } from "./identifier-kind";
import type { TokenText } from "./token-text";

/** Tells of an identifier between two places of the text. */
export type Report = (kind: IdentifierKind, by: string, start: number, end: number) => void;

/**
 * Knows one kind of identifier, or a family of them. It is asked at each token that has one of its shapes or is one of its
 * words, and looks at a bounded piece of text around it: that is what keeps detection linear in the length of a text.
 */
export interface Recogniser {
  /** The words at which it is asked, in lower case and without accents: never an iterator, which is over after its first use. */
  readonly words?: readonly string[] | ReadonlySet<string>;
  /**
   * The shapes of tokens at which it is asked: `number` begins with a digit, `code` has digits and letters, `capital` begins
   * with a capital letter and has no digit, `small` is a word without capital, `joined` a word of either kind beside a sign
   * that addresses and codes are made of, `other` a word in another script than Latin.
   */
  readonly shapes?: readonly ("number" | "code" | "capital" | "small" | "joined" | "other")[];
  /** How long the tokens are at which it is asked by their shape, in characters; left out if they may be of any length. */
  readonly lengths?: readonly number[];
  /** Whether it guesses: what it tells does not count where another recogniser tells of the same piece of text. */
  readonly guesses?: true;
  look(text: TokenText, token: number, report: Report): void;
}
