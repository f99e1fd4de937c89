import type { AnswerTerms } from "./answer-terms";
import { IdentifierCounts } from "./identifier-counts";
import { editPiece, inspectedTexts, redactions } from "./inspected-texts";
import type { JsonText } from "./json-text";
import { readShape } from "./read-shape";
import type { Shape } from "./shape";

/** What an inspection of an answer came to. */
export interface InspectedAnswer {
  readonly verdict: "allowed" | "redacted" | "blocked";
  readonly identifiers: IdentifierCounts;
  readonly unreadable: number;
}

/**
 * Inspects a whole answer, restores in its document what placeholders stand for, and puts placeholders in the place of what
 * else is found if that is the policy.
 *
 * @throws whatever the detector throws: the answer is kept back.
 */
export async function inspectAnswer(
  document: JsonText,
  shape: Shape,
  { policy, means, placeholders, isJson }: AnswerTerms,
): Promise<InspectedAnswer> {
  const { pieces, unreadable } = readShape(document, shape, "texts");
  const texts = pieces.map(({ text }) => text);
  const findings = await inspectedTexts(texts, means);
  const identifiers = new IdentifierCounts();
  unreadable.forEach((kind) => {
    identifiers.add(kind);
  });
  const fresh = placeholders.forAnswer(policy === "redact" ? texts : []);
  pieces.forEach((piece, number) => {
    const { text } = piece;
    const restored = placeholders.restorations(text);
    // A placeholder of ours is nobody's identifier, whatever a detector takes it for.
    const found = (findings[number] ?? []).filter(
      ({ start, end }) => !restored.some((edit) => edit.start <= start && end <= edit.end),
    );
    found.forEach(({ kind }) => {
      identifiers.add(kind);
    });
    const redacted = policy === "redact" ? redactions(text, found, fresh) : [];
    editPiece(piece, restored, redacted, isJson);
  });
  if (!identifiers.areAny || policy === "allow") {
    return { verdict: "allowed", identifiers, unreadable: unreadable.length };
  }
  const isKept = policy === "block" || unreadable.length > 0;
  return { verdict: isKept ? "blocked" : "redacted", identifiers, unreadable: unreadable.length };
}
