import { inspectionPolicySchema, type InspectionPolicy } from "../../model/inspection-policy";
import { inspectParts } from "../../services/egress-guard/detection/inspect-parts";
import { openDetector } from "../../services/egress-guard/detection/open-detector";

import { ownRecordForms } from "./identifiers";
import type { LabelledPrompt, SetName } from "./labelled-prompt";
import type { InspectedPrompt } from "./score";

/** What the detector is told of the hospital of a set: the forms of its own record numbers, and nothing else. */
export function policyOf(set: SetName): InspectionPolicy {
  return inspectionPolicySchema.parse({
    recordNumbers: ownRecordForms[set].map((form, index) => ({ id: `own-${String(index + 1)}`, form })),
  });
}

/**
 * What the platform's own detector finds in prompts of a set.
 *
 * @throws {DetectionFailed} if it does not look at one of them within ten seconds.
 */
export async function inspectedPrompts(
  set: SetName,
  prompts: readonly LabelledPrompt[],
): Promise<readonly InspectedPrompt[]> {
  const detector = openDetector(policyOf(set));
  const inspected: InspectedPrompt[] = [];
  for (const prompt of prompts) {
    inspected.push({
      prompt,
      findings: await inspectParts(prompt.parts, detector, performance.now() + 10_000),
    });
  }
  return inspected;
}
