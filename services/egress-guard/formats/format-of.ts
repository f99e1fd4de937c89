import type { ProviderApi } from "../../../model/llm-provider";

import { anthropic } from "./anthropic";
import { azureOpenAi } from "./azure-openai";
import { gemini } from "./gemini";
import { openAi } from "./openai";
import type { ProviderFormat } from "./provider-format";

const formats: Readonly<Record<ProviderApi, ProviderFormat>> = {
  anthropic,
  "azure-openai": azureOpenAi,
  gemini,
  openai: openAi,
};

/** How an API is spoken. */
export function formatOf(api: ProviderApi): ProviderFormat {
  return formats[api];
}
