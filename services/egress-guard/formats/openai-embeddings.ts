import {
  content,
  count,
  either,
  form,
  limit,
  list,
  modelName,
  object,
  oneOf,
  unreadable,
  vector,
} from "../shape";
import type { Shape } from "../shape";

import type { ProviderOperation } from "./provider-format";

/** Numbers of parts of words are texts that cannot be read. */
const input: Shape = either({ string: content, list: list(either({ string: content, list: unreadable })) });

/** Embeddings of OpenAI (`POST /v1/embeddings`). */
export const embeddings: ProviderOperation = {
  name: "embeddings",
  request: object({
    model: modelName,
    input,
    dimensions: limit,
    encoding_format: oneOf("float", "base64"),
    user: content,
  }),
  answer: object({
    object: oneOf("list"),
    model: form(/^[A-Za-z0-9._:-]{1,80}$/),
    data: list(object({ object: oneOf("embedding"), index: count, embedding: vector })),
    usage: object({ prompt_tokens: count, total_tokens: count }),
  }),
  model: undefined,
  isStreamed: () => false,
  isJsonAnswer: () => false,
  endsTexts: () => false,
};
