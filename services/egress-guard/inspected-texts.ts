import type { Detector } from "./detection/detector";
import { inspectParts, type Finding } from "./detection/inspect-parts";
import { edited, mergedEdits, type Placeholders, type TextEdit } from "./placeholders";
import type { Piece } from "./read-shape";

/** With what texts are inspected, and for how long. */
export interface InspectionMeans {
  readonly detector: Detector;
  /** How long one inspection may take, in milliseconds. */
  readonly deadlineMilliseconds: number;
}

/**
 * What is found in texts.
 *
 * @returns for each of the texts its findings, in order.
 * @throws whatever the detector throws, and if it was late: nothing is known of the texts then.
 */
export async function inspectedTexts(
  texts: readonly string[],
  { detector, deadlineMilliseconds }: InspectionMeans,
): Promise<readonly (readonly Finding[])[]> {
  const byText: Finding[][] = texts.map(() => []);
  if (texts.length === 0) {
    return byText;
  }
  const deadline = performance.now() + deadlineMilliseconds;
  let late: NodeJS.Timeout | undefined;
  const lateness = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => {
      reject(new InspectionLate());
    }, deadlineMilliseconds);
  });
  try {
    const findings = await Promise.race([inspectParts(texts, detector, deadline), lateness]);
    if (performance.now() > deadline) {
      throw new InspectionLate();
    }
    for (const finding of findings) {
      byText[finding.part]?.push(finding);
    }
  } finally {
    clearTimeout(late);
  }
  return byText.map((findings) => findings.sort((one, other) => one.start - other.start));
}

/** An inspection took longer than it may. */
export class InspectionLate extends Error {
  override readonly name = "InspectionLate";
}

/** What replaces findings in their text. */
export function redactions(
  text: string,
  findings: readonly Finding[],
  placeholders: Placeholders,
): readonly TextEdit[] {
  return findings.map(({ kind, start, end, value }) => ({
    start,
    end,
    text: placeholders.of(kind, value, text.slice(start, end)),
  }));
}

/** What is put into a text, as it stands there: within a string of JSON it is escaped. */
export function fitting(edits: readonly TextEdit[], isEscaped: boolean): readonly TextEdit[] {
  return isEscaped ? edits.map((edit) => ({ ...edit, text: JSON.stringify(edit.text).slice(1, -1) })) : edits;
}

/**
 * Puts what stood there before, and placeholders of what was found, into a piece of an answer or a request.
 *
 * @param isJson whether texts are JSON.
 */
export function editPiece(
  { within, node, text, as }: Piece,
  restored: readonly TextEdit[],
  redacted: readonly TextEdit[],
  isJson = false,
): void {
  const edits = mergedEdits(restored, redacted);
  if (edits.length > 0) {
    const isEscaped = as === "json" || (as === "text" && isJson);
    within.replace(node, edited(text, fitting(edits, isEscaped)));
  }
}
