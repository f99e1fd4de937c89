import type { FindingPolicy } from "../../model/llm-provider";

import type { InspectionMeans } from "./inspected-texts";
import type { Placeholders } from "./placeholders";

/** On what terms a provider's answer is handed on. */
export interface AnswerTerms {
  readonly policy: FindingPolicy;
  readonly means: InspectionMeans;
  /** What was put into the request for what. */
  readonly placeholders: Placeholders;
  /** Whether the texts of the answer are parts of JSON. */
  readonly isJson: boolean;
}
