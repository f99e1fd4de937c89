import type { CloudKind } from "./cloud-target";
import type { LlmProvider, NativeProvider } from "./llm-provider";

/** The native providers that name a model of a cloud, in the order of their ids. */
export function nativeProvidersOn(
  cloud: CloudKind,
  { llmProviders }: { readonly llmProviders: readonly LlmProvider[] },
): readonly NativeProvider[] {
  return llmProviders
    .flatMap((provider) =>
      provider.kind === "native" && provider.models[cloud].length > 0 ? [provider] : [],
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The models of a cloud that the native providers name, each once, in the order of the alphabet. */
export function nativeModelsOn(
  cloud: CloudKind,
  spec: { readonly llmProviders: readonly LlmProvider[] },
): readonly string[] {
  return [...new Set(nativeProvidersOn(cloud, spec).flatMap(({ models }) => models[cloud]))].sort();
}

/**
 * Whether the cloud's own guardrail looks for PHI in what a model is asked.
 *
 * - Bedrock's takes no part in calls of models that embed or rank (Amazon Bedrock user guide, "Supported Regions and models
 *   for Amazon Bedrock Guardrails"). Models that it does not know of otherwise are refused with one.
 * - Azure's content filters look for harm and attacks, and for nothing that says who a patient is.
 * - Model Armor reads what Gemini is asked to generate from, and no request to embed (Model Armor documentation,
 *   "Integration with Vertex AI").
 */
export function isReadForPhi(cloud: CloudKind, model: string): boolean {
  switch (cloud) {
    case "aws":
      return !/embed|rerank/.test(model);
    case "azure":
      return false;
    case "gcp":
      return /^gemini-/.test(model) && !/embed/.test(model);
  }
}
