import type { IdentifierKind } from "../../../../services/egress-guard/detection/identifier-kind";
import { inspectParts, type Finding } from "../../../../services/egress-guard/detection/inspect-parts";
import { openDetector } from "../../../../services/egress-guard/detection/open-detector";
import { inspectionPolicySchema, type RecordNumberFormat } from "../../../../model/inspection-policy";

/** A detector that knows some forms of record numbers beside its own. */
export function detectorWith(...recordNumbers: readonly RecordNumberFormat[]) {
  return openDetector({ ...inspectionPolicySchema.parse({}), recordNumbers });
}

const detector = detectorWith();

/** What the detector finds in a text, as `kind: what it says`. */
export async function foundIn(text: string, using = detector): Promise<readonly string[]> {
  const [found = []] = await using.detect([text], Number.POSITIVE_INFINITY);
  return found.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

/** By what each was known. */
export async function knownBy(text: string, using = detector): Promise<readonly string[]> {
  const [found = []] = await using.detect([text], Number.POSITIVE_INFINITY);
  return found.map(({ by }) => by);
}

/** What is found in parts, encoded or split. */
export function inspected(parts: readonly string[]): Promise<readonly Finding[]> {
  return inspectParts(parts, detector, Number.POSITIVE_INFINITY);
}

export type Expected = readonly [kind: IdentifierKind, value: string];
