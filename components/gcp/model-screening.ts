import { mayReceivePhi } from "../../model/llm-provider";
import { nativeProvidersOn } from "../../model/native-models";
import type { PlatformSpec } from "../../model/platform-spec";

import { usedServices } from "./service-grants";

/**
 * What is screened of what the cloud's own models are asked and answer: attempts to talk them out of their task with harm,
 * PHI besides, or nothing, where no flow names them.
 */
export type ModelScreening = "none" | "attacks" | "attacks-and-phi";

/**
 * How the models of a platform are screened. Google Cloud screens by project and not by model, so that where one provider may
 * not get PHI none does.
 */
export function screening(spec: PlatformSpec): ModelScreening {
  const providers = nativeProvidersOn("gcp", spec);
  if (!usedServices(spec).has("model-inference") || providers.length === 0) {
    return "none";
  }
  return providers.every(mayReceivePhi) ? "attacks" : "attacks-and-phi";
}
