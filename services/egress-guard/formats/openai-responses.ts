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
  type Shape,
} from "../shape";

import { isOn, textAt } from "./body-members";
import {
  answerSchema,
  cacheOptions,
  cacheRetention,
  functionDefinition,
  reasoningEffort,
  serviceTier,
  verbosity,
} from "./openai-chat";
import type { ProviderOperation } from "./provider-format";

const status = oneOf("in_progress", "completed", "incomplete", "failed", "cancelled", "queued");
const breakpoint = object({ mode: oneOf("explicit") });

const outputText = object({
  type: oneOf("output_text"),
  text: content,
  annotations: list(open),
  logprobs: list(open),
});
const part = byType(
  {
    input_text: object({ type: oneOf("input_text"), text: content, prompt_cache_breakpoint: breakpoint }),
    output_text: outputText,
    refusal: object({ type: oneOf("refusal"), refusal: content }),
    input_image: photograph,
  },
  unreadable,
);
const text = either({ string: content, list: list(part) });
const message = object({
  type: oneOf("message"),
  role: oneOf("user", "assistant", "system", "developer"),
  content: text,
  id: givenId,
  status,
  phase: oneOf("commentary", "final_answer"),
});

const reasoned = {
  type: oneOf("reasoning"),
  id: givenId,
  status,
  summary: list(object({ type: oneOf("summary_text"), text: content })),
  content: list(object({ type: oneOf("reasoning_text"), text: content })),
};
const called = { id: givenId, call_id: content, status };
const items: Readonly<Record<string, Shape>> = {
  message,
  function_call: object({
    ...called,
    type: oneOf("function_call"),
    name: content,
    arguments: jsonContent,
    namespace: content,
    caller: object({ type: oneOf("direct") }),
  }),
  function_call_output: object({
    ...called,
    type: oneOf("function_call_output"),
    output: text,
    caller: object({ type: oneOf("direct") }),
  }),
  custom_tool_call: object({ ...called, type: oneOf("custom_tool_call"), name: content, input: content }),
  custom_tool_call_output: object({ ...called, type: oneOf("custom_tool_call_output"), output: text }),
  reasoning: object({ ...reasoned, encrypted_content: unreadable }),
  // What it stands for was sent under another policy, perhaps, and with placeholders that stand for others.
  item_reference: unreadable,
};

const textConfig = object({
  verbosity,
  format: byType(
    {
      text: object({ type: oneOf("text") }),
      json_object: object({ type: oneOf("json_object") }),
      json_schema: object({ type: oneOf("json_schema"), ...answerSchema }),
    },
    unreadable,
  ),
});
const named = object({ type: oneOf("function", "custom"), name: content });
const toolChoice = either({
  string: oneOf("none", "auto", "required"),
  object: byType(
    {
      function: named,
      custom: named,
      allowed_tools: object({
        type: oneOf("allowed_tools"),
        mode: oneOf("auto", "required"),
        tools: list(named),
      }),
    },
    unreadable,
  ),
});
const tools = list(
  byType(
    {
      function: object({
        type: oneOf("function"),
        ...functionDefinition,
        output_schema: open,
        defer_loading: flag,
        allowed_callers: list(oneOf("direct")),
      }),
      custom: object({ type: oneOf("custom"), name: content, description: content, format: open }),
    },
    // Every other tool is the provider's own: it searches, fetches, runs programs or calls others.
    refused,
  ),
);
const reasoning = object({
  context: oneOf("auto", "current_turn", "all_turns"),
  effort: reasoningEffort,
  mode: oneOf("standard", "pro"),
  generate_summary: oneOf("auto", "concise", "detailed"),
  summary: oneOf("auto", "concise", "detailed"),
});

/** What a request says and an answer repeats. */
const settings = {
  instructions: either({ string: content, list: list(open) }),
  max_output_tokens: limit,
  max_tool_calls: limit,
  metadata: open,
  parallel_tool_calls: flag,
  previous_response_id: givenId,
  prompt_cache_key: content,
  prompt_cache_options: cacheOptions,
  prompt_cache_retention: cacheRetention,
  reasoning,
  safety_identifier: content,
  service_tier: serviceTier,
  store: flag,
  temperature: number(0, 2),
  text: textConfig,
  tool_choice: toolChoice,
  tools,
  top_logprobs: number(0, 0),
  top_p: number(0, 1),
  truncation: oneOf("auto", "disabled"),
  user: content,
} as const;

const request = object({
  ...settings,
  model: modelName,
  instructions: content,
  previous_response_id: unreadable,
  input: either({
    string: content,
    // A message may leave out its type.
    list: list(
      byType(
        items,
        byType(
          { user: message, assistant: message, system: message, developer: message },
          unreadable,
          "role",
        ),
      ),
    ),
  }),
  // Answers that are fetched later would be fetched past the inspection, and an id can stand for anything: for what was sent
  // under another policy, and for placeholders that stand for others here.
  background: oneOf(false),
  conversation: unreadable,
  prompt: unreadable,
  include: list(oneOf("reasoning.encrypted_content")),
  stream: flag,
  stream_options: object({ include_obfuscation: flag }),
});

const details = object({
  cached_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
});
const output = byType(
  {
    ...items,
    // Reasoning goes back to its provider as it came.
    reasoning: object({ ...reasoned, encrypted_content: form(/^[A-Za-z0-9+/=_-]*$/) }),
  },
  open,
);
const answer = object({
  ...settings,
  id: givenId,
  object: oneOf("response"),
  created_at: count,
  completed_at: count,
  status,
  model: form(/^[A-Za-z0-9._:-]{1,80}$/),
  error: open,
  incomplete_details: open,
  background: flag,
  output: list(output),
  output_text: content,
  usage: object({
    input_tokens: count,
    input_tokens_details: details,
    output_tokens: count,
    output_tokens_details: details,
    total_tokens: count,
  }),
});

const place = {
  sequence_number: count,
  item_id: givenId,
  output_index: count,
  content_index: count,
  summary_index: count,
  obfuscation: form(/^[A-Za-z0-9]{0,64}$/),
};

/** An event that is a part of a text. */
function partOf(type: string, shape: Shape): Shape {
  return object({ ...place, type: oneOf(type), delta: shape, logprobs: list(open) });
}

/** An event that has something whole in it. */
function wholeOf(type: string, members: Readonly<Record<string, Shape>>): Shape {
  return object({ ...place, type: oneOf(type), ...members });
}

const partShape = byType(
  {
    output_text: outputText,
    refusal: object({ type: oneOf("refusal"), refusal: content }),
    summary_text: object({ type: oneOf("summary_text"), text: content }),
    reasoning_text: object({ type: oneOf("reasoning_text"), text: content }),
  },
  open,
);
const lifecycle = ["created", "in_progress", "queued", "completed", "incomplete", "failed"];

const event = byType(
  {
    ...Object.fromEntries(
      lifecycle.map((name) => [`response.${name}`, wholeOf(`response.${name}`, { response: answer })]),
    ),
    ...Object.fromEntries(
      ["output_text", "refusal", "reasoning_text", "reasoning_summary_text", "custom_tool_call_input"].map(
        (name) => [`response.${name}.delta`, partOf(`response.${name}.delta`, delta(name))],
      ),
    ),
    "response.function_call_arguments.delta": partOf(
      "response.function_call_arguments.delta",
      jsonDelta("arguments"),
    ),
    "response.output_text.done": wholeOf("response.output_text.done", {
      text: content,
      logprobs: list(open),
    }),
    "response.refusal.done": wholeOf("response.refusal.done", { refusal: content }),
    "response.reasoning_text.done": wholeOf("response.reasoning_text.done", { text: content }),
    "response.reasoning_summary_text.done": wholeOf("response.reasoning_summary_text.done", {
      text: content,
    }),
    "response.custom_tool_call_input.done": wholeOf("response.custom_tool_call_input.done", {
      input: content,
    }),
    "response.function_call_arguments.done": wholeOf("response.function_call_arguments.done", {
      name: content,
      arguments: jsonContent,
    }),
    ...Object.fromEntries(
      [
        "content_part.added",
        "content_part.done",
        "reasoning_summary_part.added",
        "reasoning_summary_part.done",
      ].map((name) => [`response.${name}`, wholeOf(`response.${name}`, { part: partShape })]),
    ),
    ...Object.fromEntries(
      ["output_item.added", "output_item.done"].map((name) => [
        `response.${name}`,
        wholeOf(`response.${name}`, { item: output }),
      ]),
    ),
  },
  open,
);

const ending: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "error",
]);

/** Responses of OpenAI (`POST /v1/responses`). */
export const responses: ProviderOperation = {
  name: "responses",
  request,
  answer,
  event,
  model: undefined,
  isStreamed: (body) => isOn(body, "stream"),
  isJsonAnswer: (body) =>
    ["json_object", "json_schema"].includes(textAt(body, "text", "format", "type") ?? ""),
  endsTexts: (node) => {
    const type = textAt(node, "type") ?? "";
    return type.endsWith(".done") || ending.has(type);
  },
};
