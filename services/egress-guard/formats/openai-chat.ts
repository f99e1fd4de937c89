import type { JsonNode } from "../json-node";
import {
  byType,
  content,
  count,
  delta,
  either,
  flag,
  form,
  givenId,
  jsonContent,
  jsonDelta,
  limit,
  list,
  modelName,
  number,
  object,
  oneOf,
  open,
  photograph,
  refused,
  unreadable,
} from "../shape";

import { isOn, memberAt, textAt } from "./body-members";
import type { ProviderOperation } from "./provider-format";

const breakpoint = object({ mode: oneOf("explicit") });

/** A part of a message. */
const part = byType(
  {
    text: object({ type: oneOf("text"), text: content, prompt_cache_breakpoint: breakpoint }),
    refusal: object({ type: oneOf("refusal"), refusal: content }),
    image_url: photograph,
  },
  unreadable,
);
const text = either({ string: content, list: list(part) });

const calls = list(
  byType(
    {
      function: object({
        id: content,
        type: oneOf("function"),
        function: object({ name: content, arguments: jsonContent }),
      }),
      custom: object({
        id: content,
        type: oneOf("custom"),
        custom: object({ name: content, input: content }),
      }),
    },
    unreadable,
  ),
);

const said = { role: oneOf("system", "developer", "user"), content: text, name: content };
const functionCall = object({ name: content, arguments: jsonContent });
const message = byType(
  {
    system: object(said),
    developer: object(said),
    user: object(said),
    assistant: object({
      role: oneOf("assistant"),
      content: text,
      name: content,
      refusal: content,
      tool_calls: calls,
      function_call: functionCall,
      // Programs send an answer back as it came.
      annotations: list(open),
      audio: unreadable,
    }),
    tool: object({ role: oneOf("tool"), content: text, tool_call_id: content }),
    function: object({ role: oneOf("function"), content: text, name: content }),
  },
  unreadable,
  "role",
);

/** A function that a model may call. */
export const functionDefinition = {
  name: content,
  description: content,
  parameters: open,
  strict: flag,
} as const;

/** A schema of answers, as Chat Completions and Responses both have it. */
export const answerSchema = { name: content, description: content, schema: open, strict: flag } as const;

/** What Chat Completions, Responses and Embeddings have in common. */
export const serviceTier = oneOf("auto", "default", "flex", "scale", "priority");
export const reasoningEffort = oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max");
export const verbosity = oneOf("low", "medium", "high");
export const cacheRetention = oneOf("in_memory", "in-memory", "24h");
export const cacheOptions = object({
  mode: oneOf("implicit", "explicit"),
  ttl: form(/^\d{1,3}[mh]$/),
});

const request = object({
  model: modelName,
  messages: list(message),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  temperature: number(0, 2),
  top_p: number(0, 1),
  max_completion_tokens: limit,
  max_tokens: limit,
  // Texts of several answers would have to be held back at once, and parts of words say what no inspection finds.
  n: number(1, 1),
  logprobs: oneOf(false),
  top_logprobs: number(0, 0),
  // The keys are numbers of parts of words.
  logit_bias: unreadable,
  metadata: open,
  modalities: list(oneOf("text")),
  parallel_tool_calls: flag,
  prediction: object({ type: oneOf("content"), content: text }),
  prompt_cache_key: content,
  prompt_cache_options: cacheOptions,
  prompt_cache_retention: cacheRetention,
  reasoning_effort: reasoningEffort,
  response_format: byType(
    {
      text: object({ type: oneOf("text") }),
      json_object: object({ type: oneOf("json_object") }),
      json_schema: object({ type: oneOf("json_schema"), json_schema: object(answerSchema) }),
    },
    unreadable,
  ),
  safety_identifier: content,
  // Nine digits can be somebody's number.
  seed: open,
  service_tier: serviceTier,
  stop: either({ string: content, list: list(content) }),
  store: flag,
  stream: flag,
  stream_options: object({ include_usage: flag, include_obfuscation: flag }),
  tool_choice: either({
    string: oneOf("none", "auto", "required"),
    object: byType(
      {
        function: object({ type: oneOf("function"), function: object({ name: content }) }),
        custom: object({ type: oneOf("custom"), custom: object({ name: content }) }),
      },
      unreadable,
    ),
  }),
  tools: list(
    byType(
      {
        function: object({ type: oneOf("function"), function: object(functionDefinition) }),
        custom: object({
          type: oneOf("custom"),
          custom: object({ name: content, description: content, format: open }),
        }),
      },
      refused,
    ),
  ),
  functions: list(object(functionDefinition)),
  function_call: either({ string: oneOf("none", "auto"), object: object({ name: content }) }),
  user: content,
  verbosity,
  web_search_options: refused,
});

const finishReason = oneOf("stop", "length", "tool_calls", "content_filter", "function_call");
const tokenDetails = object({
  accepted_prediction_tokens: count,
  audio_tokens: count,
  cached_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  rejected_prediction_tokens: count,
});
const usage = object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: tokenDetails,
  completion_tokens_details: tokenDetails,
});

/** What every answer has around what it says. */
const envelope = {
  id: givenId,
  created: count,
  model: form(/^[A-Za-z0-9._:-]{1,80}$/),
  service_tier: serviceTier,
  system_fingerprint: form(/^fp_[A-Za-z0-9_]{1,60}$/),
  usage,
};
const index = number(0, 1000);

const answer = object({
  ...envelope,
  object: oneOf("chat.completion"),
  choices: list(
    object({
      index,
      finish_reason: finishReason,
      message: object({
        role: oneOf("assistant"),
        content,
        refusal: content,
        tool_calls: list(
          object({
            id: givenId,
            type: oneOf("function", "custom"),
            function: functionCall,
            custom: object({ name: content, input: content }),
          }),
        ),
        function_call: functionCall,
      }),
    }),
  ),
});

const event = object({
  ...envelope,
  object: oneOf("chat.completion.chunk"),
  // Random letters, so that the length of an event says nothing of what is in it.
  obfuscation: form(/^[A-Za-z0-9]{0,64}$/),
  choices: list(
    object({
      index,
      finish_reason: finishReason,
      delta: object({
        role: oneOf("assistant"),
        content: delta("content"),
        refusal: delta("refusal"),
        tool_calls: list(
          object({
            index,
            id: givenId,
            type: oneOf("function", "custom"),
            function: object({ name: content, arguments: jsonDelta("arguments") }),
            custom: object({ name: content, input: delta("input") }),
          }),
        ),
        function_call: object({ name: content, arguments: jsonDelta("arguments") }),
      }),
    }),
  ),
});

function hasFinished(choice: JsonNode): boolean {
  return textAt(choice, "finish_reason") !== undefined;
}

/** Chat Completions of OpenAI (`POST /v1/chat/completions`). */
export const chatCompletions: ProviderOperation = {
  name: "chat.completions",
  request,
  answer,
  event,
  model: undefined,
  isStreamed: (body) => isOn(body, "stream"),
  isJsonAnswer: (body) =>
    ["json_object", "json_schema"].includes(textAt(body, "response_format", "type") ?? ""),
  endsTexts: (node) => {
    const choices = memberAt(node, "choices");
    return choices?.kind === "list" && choices.items.some(hasFinished);
  },
};
