import {
  byType,
  content,
  count,
  delta,
  either,
  flag,
  form,
  givenId,
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

import { isOn, memberAt, textAt } from "./body-members";
import { knownOperation } from "./known-operation";
import type { ProviderError, ProviderFormat, ProviderOperation } from "./provider-format";

const cached = { cache_control: object({ type: oneOf("ephemeral"), ttl: oneOf("5m", "1h") }) };
const citing = object({ enabled: flag });

const textBlock = object({ ...cached, type: oneOf("text"), text: content, citations: list(open) });
const document = object({
  ...cached,
  type: oneOf("document"),
  title: content,
  context: content,
  citations: citing,
  source: byType(
    {
      text: object({ type: oneOf("text"), media_type: oneOf("text/plain"), data: content }),
      content: object({
        type: oneOf("content"),
        content: either({ string: content, list: list(textBlock) }),
      }),
    },
    unreadable,
  ),
});
const searchResult = object({
  ...cached,
  type: oneOf("search_result"),
  source: content,
  title: content,
  citations: citing,
  content: list(textBlock),
});
const readable = { text: textBlock, document, search_result: searchResult, image: photograph };
const caller = object({ type: oneOf("direct") });

/** The blocks of a message, from the caller or from the model. */
const blocks: Readonly<Record<string, Shape>> = {
  ...readable,
  tool_use: object({ ...cached, type: oneOf("tool_use"), id: content, name: content, input: open, caller }),
  tool_result: object({
    ...cached,
    type: oneOf("tool_result"),
    tool_use_id: content,
    is_error: flag,
    content: either({ string: content, list: list(byType(readable, unreadable)) }),
  }),
  // A signature is what the provider made of a text that is not among ours.
  thinking: object({ type: oneOf("thinking"), thinking: content, signature: unreadable }),
  redacted_thinking: unreadable,
};

const effort = oneOf("low", "medium", "high", "xhigh", "max");
const display = oneOf("summarized", "omitted");
const tool = object({
  ...cached,
  type: oneOf("custom"),
  name: content,
  description: content,
  input_schema: open,
  input_examples: list(open),
  strict: flag,
  defer_loading: flag,
  eager_input_streaming: flag,
  allowed_callers: list(oneOf("direct")),
});
const parallel = { disable_parallel_tool_use: flag };

const counted: Readonly<Record<string, Shape>> = {
  ...cached,
  model: modelName,
  system: either({ string: content, list: list(byType({ text: textBlock }, unreadable)) }),
  messages: list(
    object({
      role: oneOf("user", "assistant", "system"),
      content: either({ string: content, list: list(byType(blocks, unreadable)) }),
    }),
  ),
  output_config: object({
    effort,
    format: object({ type: oneOf("json_schema"), schema: open }),
  }),
  speed: oneOf("standard", "fast"),
  thinking: byType(
    {
      enabled: object({ type: oneOf("enabled"), budget_tokens: limit, display }),
      disabled: object({ type: oneOf("disabled") }),
      adaptive: object({ type: oneOf("adaptive"), display }),
      between_tools: object({ type: oneOf("between_tools") }),
    },
    unreadable,
  ),
  tool_choice: byType(
    {
      auto: object({ type: oneOf("auto"), ...parallel }),
      any: object({ type: oneOf("any"), ...parallel }),
      tool: object({ type: oneOf("tool"), name: content, ...parallel }),
      none: object({ type: oneOf("none") }),
    },
    unreadable,
  ),
  // A tool that says nothing of its type is the caller's own. All others are the provider's: they search, fetch and run programs.
  tools: list({ kind: "tagged", by: "type", cases: { custom: tool }, absent: tool, otherwise: refused }),
  // These let the provider call others by itself.
  mcp_servers: refused,
  container: refused,
};

const message = {
  ...counted,
  max_tokens: limit,
  metadata: object({ user_id: content }),
  inference_geo: oneOf("us", "global"),
  service_tier: oneOf("auto", "standard_only"),
  stop_sequences: list(content),
  stream: flag,
  temperature: number(0, 1),
  top_k: number(0, 100_000),
  top_p: number(0, 1),
};

const stopReason = oneOf(
  "end_turn",
  "max_tokens",
  "stop_sequence",
  "tool_use",
  "pause_turn",
  "refusal",
  "model_context_window_exceeded",
);
const usage = object({
  cache_creation: object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  inference_geo: form(/^[a-z_]{1,20}$/),
  input_tokens: count,
  output_tokens: count,
  output_tokens_details: object({ thinking_tokens: count }),
  server_tool_use: object({ web_search_requests: count, web_fetch_requests: count }),
  service_tier: oneOf("standard", "priority", "batch"),
  speed: oneOf("standard", "fast"),
});
/** Bytes in Base64 that the provider alone reads. */
const sealed = form(/^[A-Za-z0-9+/=_-]*$/);
const said = byType(
  {
    text: object({ type: oneOf("text"), text: content, citations: list(open) }),
    tool_use: object({ type: oneOf("tool_use"), id: givenId, name: content, input: open, caller }),
    thinking: object({ type: oneOf("thinking"), thinking: content, signature: sealed }),
    redacted_thinking: object({ type: oneOf("redacted_thinking"), data: sealed }),
  },
  open,
);
const answer = object({
  id: givenId,
  type: oneOf("message"),
  role: oneOf("assistant"),
  model: form(/^[A-Za-z0-9._:-]{1,80}$/),
  content: list(said),
  stop_reason: stopReason,
  stop_sequence: content,
  usage,
});
const index = number(0, 100_000);
const event = byType(
  {
    ping: object({ type: oneOf("ping") }),
    message_start: object({ type: oneOf("message_start"), message: answer }),
    message_stop: object({ type: oneOf("message_stop") }),
    message_delta: object({
      type: oneOf("message_delta"),
      delta: object({ stop_reason: stopReason, stop_sequence: content }),
      usage,
    }),
    content_block_start: object({ type: oneOf("content_block_start"), index, content_block: said }),
    content_block_stop: object({ type: oneOf("content_block_stop"), index }),
    content_block_delta: object({
      type: oneOf("content_block_delta"),
      index,
      delta: byType(
        {
          text_delta: object({ type: oneOf("text_delta"), text: delta("text") }),
          thinking_delta: object({ type: oneOf("thinking_delta"), thinking: delta("thinking") }),
          input_json_delta: object({
            type: oneOf("input_json_delta"),
            partial_json: jsonDelta("partial_json"),
          }),
          signature_delta: object({ type: oneOf("signature_delta"), signature: sealed }),
        },
        open,
      ),
    }),
  },
  open,
);

const common = {
  answer,
  model: undefined,
  isJsonAnswer: (body: Parameters<ProviderOperation["isJsonAnswer"]>[0]) =>
    memberAt(body, "output_config", "format")?.kind === "object",
};
const operations = new Map<string, ProviderOperation>([
  [
    "/v1/messages",
    {
      ...common,
      name: "messages",
      request: object(message),
      event,
      isStreamed: (body) => isOn(body, "stream"),
      endsTexts: (node) =>
        ["content_block_stop", "message_delta", "message_stop", "error"].includes(textAt(node, "type") ?? ""),
    },
  ],
  [
    "/v1/messages/count_tokens",
    {
      ...common,
      name: "messages.count_tokens",
      request: object(counted),
      answer: object({ input_tokens: count }),
      isStreamed: () => false,
      endsTexts: () => false,
    },
  ],
]);

/** Features that change how a provider answers, and not what it does with what it is sent. */
const harmlessBetas: ReadonlySet<string> = new Set([
  "context-1m-2025-08-07",
  "effort-2025-11-24",
  "extended-cache-ttl-2025-04-11",
  "fine-grained-tool-streaming-2025-05-14",
  "interleaved-thinking-2025-05-14",
  "output-128k-2025-02-19",
  "prompt-caching-2024-07-31",
  "structured-outputs-2025-11-13",
  "token-counting-2024-11-01",
  "token-efficient-tools-2025-02-19",
]);

const types: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  413: "request_too_large",
  415: "invalid_request_error",
};

function error({ status, code, message: says }: ProviderError): object {
  return { type: "error", error: { type: types[status] ?? "api_error", message: `${says} (${code})` } };
}

/** A version, of which the first was of 2023-01-01: a date before could be somebody's (https://platform.claude.com/docs/en/api/versioning). */
const version = /^20(?:2[3-9]|[3-9]\d)-(?:0\d|1[0-2])-\d{2}$/;

/** The Messages API of Anthropic (https://platform.claude.com/docs/en/api/messages). */
export const anthropic: ProviderFormat = {
  operation: (line) => knownOperation(line, operations.get(line.path), { beta: /^true$/ }),
  keyHeader: (key) => ["x-api-key", key],
  headers: {
    "anthropic-version": (value) => (version.test(value) ? value : undefined),
    "anthropic-beta": (value) => {
      const known = value
        .split(",")
        .map((name) => name.trim())
        .filter((name) => harmlessBetas.has(name));
      return known.length === 0 ? undefined : known.join(",");
    },
  },
  error,
  errorEvent: (refusal) => `event: error\ndata: ${JSON.stringify(error(refusal))}\n\n`,
};
