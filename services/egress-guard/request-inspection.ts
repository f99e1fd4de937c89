import type { FindingPolicy } from "../../model/llm-provider";

import { IdentifierCounts } from "./identifier-counts";
import { editPiece, inspectedTexts, redactions, type InspectionMeans } from "./inspected-texts";
import type { JsonText } from "./json-text";
import { Placeholders } from "./placeholders";
import { readShape } from "./read-shape";
import type { Shape } from "./shape";

/** What an inspection of a request came to. */
export interface InspectedRequest {
  /** `refused` whatever the policy; the others as the policy has it. */
  readonly verdict: "allowed" | "redacted" | "blocked" | "refused";
  readonly identifiers: IdentifierCounts;
  /** How many parts could not be read. */
  readonly unreadable: number;
  /** What stands for what in what is sent. */
  readonly placeholders: Placeholders;
}

/**
 * Inspects a request, and puts placeholders into its document if that is the policy. What cannot be read cannot be replaced,
 * and is not sent to a provider that may not have PHI.
 *
 * @throws whatever the detector throws: the request is not sent.
 */
export async function inspectRequest(
  document: JsonText,
  shape: Shape,
  policy: FindingPolicy,
  means: InspectionMeans,
): Promise<InspectedRequest> {
  const { pieces, unreadable, isRefused } = readShape(document, shape, "unreadable");
  const texts = pieces.map(({ text }) => text);
  const findings = await inspectedTexts(texts, means);
  const identifiers = new IdentifierCounts();
  unreadable.forEach((kind) => {
    identifiers.add(kind);
  });
  findings.flat().forEach(({ kind }) => {
    identifiers.add(kind);
  });
  const placeholders = new Placeholders(policy === "redact" ? texts : []);
  const result = { identifiers, unreadable: unreadable.length, placeholders };
  if (isRefused) {
    return { ...result, verdict: "refused" };
  }
  if (!identifiers.areAny || policy === "allow") {
    return { ...result, verdict: "allowed" };
  }
  if (policy === "block" || unreadable.length > 0) {
    return { ...result, verdict: "blocked" };
  }
  pieces.forEach((piece, number) => {
    editPiece(piece, [], redactions(piece.text, findings[number] ?? [], placeholders));
  });
  return { ...result, verdict: "redacted" };
}
