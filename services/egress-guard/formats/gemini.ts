import {
  content,
  count,
  delta,
  either,
  flag,
  form,
  limit,
  list,
  modelName,
  number,
  object,
  objectWith,
  oneOf,
  open,
  photograph,
  refused,
  unreadable,
  vector,
  type Shape,
} from "../shape";

import { memberAt, textAt } from "./body-members";
import { knownOperation } from "./known-operation";
import type { ProviderError, ProviderFormat, ProviderOperation } from "./provider-format";

/** The API takes names in both ways of writing (Protocol Buffers, "JSON options"). */
function bothWays(members: Readonly<Record<string, Shape>>): Shape {
  return object(
    Object.fromEntries(
      Object.entries(members).flatMap(([name, shape]) => [
        [name, shape],
        [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), shape],
      ]),
    ),
  );
}

const functionCall = bothWays({ id: content, name: content, args: open });
const functionResponse = bothWays({ id: content, name: content, response: open });

const part = bothWays({
  text: content,
  thought: flag,
  // What the provider made of a thought that is not among ours.
  thoughtSignature: unreadable,
  functionCall,
  functionResponse,
  inlineData: photograph,
  fileData: unreadable,
});
const message = object({
  role: oneOf("user", "model", "system", "function"),
  parts: either({ list: list(part), object: part }),
});

const declaration = bothWays({
  name: content,
  description: content,
  parameters: open,
  parametersJsonSchema: open,
  response: open,
  responseJsonSchema: open,
  behavior: oneOf("BLOCKING", "NON_BLOCKING"),
});
const thinking = bothWays({
  includeThoughts: flag,
  thinkingBudget: number(-1, 1e6),
  thinkingLevel: oneOf("minimal", "low", "medium", "high", "MINIMAL", "LOW", "MEDIUM", "HIGH"),
});
const generation = bothWays({
  stopSequences: list(content),
  responseMimeType: oneOf("text/plain", "application/json"),
  responseSchema: open,
  responseJsonSchema: open,
  responseModalities: list(oneOf("TEXT")),
  candidateCount: number(1, 1),
  maxOutputTokens: limit,
  temperature: number(0, 2),
  topP: number(0, 1),
  topK: number(0, 100_000),
  // Nine digits can be somebody's number.
  seed: open,
  presencePenalty: number(-2, 2),
  frequencyPenalty: number(-2, 2),
  responseLogprobs: oneOf(false),
  thinkingConfig: thinking,
});

const request = bothWays({
  contents: either({ list: list(message), object: message }),
  systemInstruction: either({ object: message }),
  generationConfig: generation,
  safetySettings: list(
    object({
      category: oneOf(
        "HARM_CATEGORY_UNSPECIFIED",
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
      ),
      threshold: oneOf(
        "BLOCK_NONE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_LOW_AND_ABOVE",
        "OFF",
      ),
    }),
  ),
  // Every tool but functions of the caller's own searches, fetches or runs programs.
  tools: list(
    objectWith(
      { functionDeclarations: list(declaration), function_declarations: list(declaration) },
      refused,
    ),
  ),
  toolConfig: bothWays({
    functionCallingConfig: bothWays({
      mode: oneOf("AUTO", "ANY", "NONE", "VALIDATED"),
      allowedFunctionNames: list(content),
    }),
  }),
  cachedContent: unreadable,
});

const finishReason = form(/^[A-Z_]{1,40}$/);
const usage = object({
  promptTokenCount: count,
  candidatesTokenCount: count,
  totalTokenCount: count,
  thoughtsTokenCount: count,
  cachedContentTokenCount: count,
  toolUsePromptTokenCount: count,
  promptTokensDetails: list(object({ modality: form(/^[A-Z_]{1,20}$/), tokenCount: count })),
  candidatesTokensDetails: list(object({ modality: form(/^[A-Z_]{1,20}$/), tokenCount: count })),
});
const signature = form(/^[A-Za-z0-9+/=_-]*$/);

/** What an answer is, whole or one event of it. */
function answerWith(text: Shape): Shape {
  return object({
    candidates: list(
      object({
        index: number(0, 1000),
        finishReason,
        content: object({
          role: oneOf("model"),
          parts: list(object({ text, thought: flag, thoughtSignature: signature, functionCall })),
        }),
        safetyRatings: list(
          object({
            category: form(/^HARM_CATEGORY_[A-Z_]{1,40}$/),
            probability: form(/^[A-Z_]{1,20}$/),
            blocked: flag,
          }),
        ),
        avgLogprobs: number(-1e9, 0),
      }),
    ),
    promptFeedback: open,
    usageMetadata: usage,
    modelVersion: form(/^[A-Za-z0-9._:-]{1,80}$/),
    responseId: form(/^[A-Za-z0-9_-]{1,80}$/),
    createTime: form(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
  });
}

const generating = {
  request,
  answer: answerWith(content),
  isJsonAnswer: (body: Parameters<ProviderOperation["isJsonAnswer"]>[0]) =>
    textAt(body, "generationConfig", "responseMimeType") === "application/json" ||
    textAt(body, "generation_config", "response_mime_type") === "application/json",
};

const operations = new Map<string, Omit<ProviderOperation, "model">>([
  [
    "generateContent",
    { ...generating, name: "generateContent", isStreamed: () => false, endsTexts: () => false },
  ],
  [
    "streamGenerateContent",
    {
      ...generating,
      name: "streamGenerateContent",
      event: answerWith(delta("text")),
      isStreamed: () => true,
      endsTexts: (node) => {
        const candidates = memberAt(node, "candidates");
        return (
          candidates?.kind === "list" &&
          candidates.items.some((candidate) => textAt(candidate, "finishReason") !== undefined)
        );
      },
    },
  ],
  [
    "embedContent",
    {
      name: "embedContent",
      request: bothWays({
        model: modelName,
        content: message,
        taskType: oneOf(
          "TASK_TYPE_UNSPECIFIED",
          "RETRIEVAL_QUERY",
          "RETRIEVAL_DOCUMENT",
          "SEMANTIC_SIMILARITY",
          "CLASSIFICATION",
          "CLUSTERING",
          "QUESTION_ANSWERING",
          "FACT_VERIFICATION",
          "CODE_RETRIEVAL_QUERY",
        ),
        title: content,
        outputDimensionality: limit,
      }),
      answer: object({ embedding: object({ values: vector }) }),
      isStreamed: () => false,
      isJsonAnswer: () => false,
      endsTexts: () => false,
    },
  ],
]);

const path = /^\/v1(?:beta)?\/models\/(?<model>[A-Za-z0-9._-]{1,80}):(?<method>[A-Za-z]{1,40})$/;

const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  405: "UNIMPLEMENTED",
  413: "INVALID_ARGUMENT",
  415: "INVALID_ARGUMENT",
  500: "INTERNAL",
};

function error({ status, code, message: says }: ProviderError): object {
  return {
    error: { code: status, message: `${says} (${code})`, status: statuses[status] ?? "UNAVAILABLE" },
  };
}

/** The Gemini API (https://ai.google.dev/api/generate-content). */
export const gemini: ProviderFormat = {
  operation: (line) => {
    const { model, method = "" } = path.exec(line.path)?.groups ?? {};
    const found = operations.get(method);
    const isStream = method === "streamGenerateContent";
    const known = knownOperation(
      line,
      found === undefined ? undefined : { ...found, model },
      isStream ? { alt: /^sse$/ } : {},
    );
    // Its other form of a stream, one long list, cannot be looked into before it ends.
    if (isStream && line.query.get("alt") !== "sse") {
      return knownOperation(line, undefined);
    }
    return known;
  },
  keyHeader: (key) => ["x-goog-api-key", key],
  headers: {},
  error,
  errorEvent: (refusal) => `data: ${JSON.stringify(error(refusal))}\n\n`,
};
