import { knownOperation } from "./known-operation";
import { chatCompletions } from "./openai-chat";
import { embeddings } from "./openai-embeddings";
import { openAiError, openAiErrorEvent } from "./openai-error";
import type { ProviderFormat } from "./provider-format";

const operations = new Map([
  ["chat/completions", chatCompletions],
  ["embeddings", embeddings],
]);
const path = /^\/openai\/deployments\/(?<deployment>[A-Za-z0-9._-]{1,64})\/(?<operation>[a-z/]+)$/;
/** A version, of which the first was of 2022-12-01: a date before could be somebody's. */
const version = /^(?:2022-12|202[3-9]-(?:0\d|1[0-2])|20[3-9]\d-(?:0\d|1[0-2]))-\d{2}(?:-preview)?$/;

/** OpenAI's APIs as Azure serves them: the model is the name of a deployment (https://learn.microsoft.com/azure/ai-foundry/openai/reference). */
export const azureOpenAi: ProviderFormat = {
  operation: (line) => {
    const { deployment, operation = "" } = path.exec(line.path)?.groups ?? {};
    const known = knownOperation(line, operations.get(operation), { "api-version": version });
    return { ...known, model: deployment };
  },
  keyHeader: (key) => ["api-key", key],
  headers: {},
  error: openAiError,
  errorEvent: openAiErrorEvent,
};
