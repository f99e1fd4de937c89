import { knownOperation } from "./known-operation";
import { chatCompletions } from "./openai-chat";
import { embeddings } from "./openai-embeddings";
import { openAiError, openAiErrorEvent } from "./openai-error";
import { responses } from "./openai-responses";
import type { ProviderFormat } from "./provider-format";

const operations = new Map([
  ["/v1/chat/completions", chatCompletions],
  ["/v1/responses", responses],
  ["/v1/embeddings", embeddings],
]);

/** The API of OpenAI (https://developers.openai.com/api/reference). */
export const openAi: ProviderFormat = {
  operation: (line) => knownOperation(line, operations.get(line.path)),
  keyHeader: (key) => ["authorization", `Bearer ${key}`],
  headers: {},
  error: openAiError,
  errorEvent: openAiErrorEvent,
};
