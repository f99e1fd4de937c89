import type { IdentifierKind } from "../../../services/egress-guard/detection/identifier-kind";
import type { Language, Style } from "../labelled-prompt";

/** How the fields of a record are laid out. */
export type Layout = "markdown" | "colon" | "json" | "csv" | "observation";

/**
 * The outline of prompts, in which `[[lines N]]` stands for so many sentences with identifiers, `[[clinical N]]` for harmless
 * ones, `[[fields N layout]]` for fields with identifiers and `[[results N layout]]` for harmless fields.
 */
export interface Frame {
  readonly name: string;
  readonly style: Style;
  /** The languages that its own words are of; those that only programs read fit all. */
  readonly languages: readonly Language[];
  readonly parts: readonly string[];
}

/**
 * All texts of which the prompts of a set are made. In them `<name>` is an identifier of that name, `<=text>` what may be
 * found and need not be, and `{1-9}` a whole number between the two.
 */
export interface SetTexts {
  /** Sentences with identifiers. */
  readonly sentences: Readonly<Record<Language, readonly string[]>>;
  /** Fields with identifiers: what they are called, `|`, what they hold. */
  readonly fields: Readonly<Record<Language, readonly string[]>>;
  readonly frames: readonly Frame[];
  /** Sentences without identifiers. */
  readonly clinical: Readonly<Record<Language, readonly string[]>>;
  /** Fields without identifiers. */
  readonly results: Readonly<Record<Language, readonly string[]>>;
  readonly harmlessFrames: readonly Frame[];
  /** The word that stands before an identifier within text that is encoded as a whole. */
  readonly words: Readonly<Record<IdentifierKind, string>>;
}
