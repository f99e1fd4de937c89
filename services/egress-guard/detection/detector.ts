import type { IdentifierKind } from "./identifier-kind";

/** An identifier in a text. */
export interface FoundIdentifier {
  readonly kind: IdentifierKind;
  /** What it was known by, such as `npi`, `iban` or the id of a form of record numbers; never a part of the text. */
  readonly by: string;
  /** Where it begins, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends: the first code unit after it. */
  readonly end: number;
}

/** Finds identifiers in texts. */
export interface Detector {
  /**
   * What is found in each of the texts, in the order in which it stands there; findings of one text do not overlap.
   *
   * @param deadline when an answer is of no use any more, by `performance.now()`.
   * @throws {DetectionFailed} if not all of the texts were looked at in time: nothing is known then.
   */
  detect(texts: readonly string[], deadline: number): Promise<readonly (readonly FoundIdentifier[])[]>;
}

/** Texts could not be looked at, so that nothing is known of them. */
export class DetectionFailed extends Error {
  override readonly name = "DetectionFailed";
}
