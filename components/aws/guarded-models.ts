import type { FindingPolicy } from "../../model/llm-provider";
import { isReadForPhi, nativeModelsOn, nativeProvidersOn } from "../../model/native-models";
import type { PlatformSpec } from "../../model/platform-spec";

/** A native provider with the models of which calls have to name its guardrail. */
export interface GuardedProvider {
  readonly id: string;
  readonly onFinding: FindingPolicy;
  /** The names of the models, in the order of the alphabet. */
  readonly models: readonly string[];
}

/**
 * The native providers whose models take a guardrail, in the order of their ids; none where no flow names the cloud's own
 * models.
 */
export function guardedProviders(spec: PlatformSpec): readonly GuardedProvider[] {
  const isUsed = spec.flows.some(({ to }) => to.kind === "platform-service" && to.id === "model-inference");
  return nativeProvidersOn("aws", spec).flatMap(({ id, onFinding, models }) => {
    const guarded = [...new Set(models.aws)].filter((model) => isReadForPhi("aws", model)).sort();
    return isUsed && guarded.length > 0 ? [{ id, onFinding, models: guarded }] : [];
  });
}

/** The declared models of which Bedrock takes no call with a guardrail: those that embed or rank. */
export function unguardedModels(spec: PlatformSpec): readonly string[] {
  return nativeModelsOn("aws", spec).filter((model) => !isReadForPhi("aws", model));
}
