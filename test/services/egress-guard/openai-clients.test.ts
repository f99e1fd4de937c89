import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { chatAnswer, chatEvents, event, json, stream } from "./provider-stand-in";
import { caller, promptHash, TestGuard } from "./test-guard";

let guard: TestGuard;
let client: OpenAI;
beforeEach(async () => {
  guard = await TestGuard.start();
  client = new OpenAI({
    baseURL: `${guard.origin}/openai/v1`,
    apiKey: "none-of-the-provider's",
    defaultHeaders: { ...guard.headers },
  });
});
afterEach(() => guard.close());

const messages = [{ role: "user" as const, content: "John Smith, MRN-1234567, and again John Smith." }];

describe("a request that says nothing of anybody", () => {
  it("goes on to the byte, with the platform's key and none of the caller's headers, and its answer comes back to the byte", async () => {
    const body =
      '{ "model":"gpt-5-nano",\n "temperature": 0.70,"messages":[{"role":"user","content":"caf\\u00e9 ☕"}]}';
    const answer = JSON.stringify(chatAnswer({ content: "No." }), null, 1);
    guard.provider.answer = json(answer);
    const response = await guard.post("/openai/v1/chat/completions", body, {
      authorization: "Bearer mine",
      cookie: "a=b",
      "x-patient": "John Smith",
      "x-request-id": "0b9f6a3e-8b0d-4a60-9d0e-5a2b3c4d5e6f",
    });
    expect(await response.text()).toBe(answer);
    const { url, headers } = guard.provider.last;
    expect(guard.provider.last.body.toString()).toBe(body);
    expect(url).toBe("/v1/chat/completions");
    expect(headers).toEqual({
      accept: "application/json",
      "accept-encoding": "identity",
      authorization: "Bearer key-of-openai",
      connection: "keep-alive",
      "content-length": String(Buffer.byteLength(body)),
      "content-type": "application/json",
      host: "api.openai.com",
    });
    expect(guard.trail.events[0]).toMatchObject({
      kind: "egress-request",
      requestId: "0b9f6a3e-8b0d-4a60-9d0e-5a2b3c4d5e6f",
      caller,
      provider: "openai",
      model: "gpt-5-nano",
      operation: "chat.completions",
      policy: "block",
      promptHash: promptHash(body),
    });
    expect(guard.records).toEqual(["request allowed clean", "answer allowed clean"]);
  });

  it("has a stream that comes back to the byte, however it is cut", async () => {
    const events = chatEvents(
      ...Array.from({ length: 60 }, (_, number) => ({ content: `word ${String(number)}, ` })),
    ).join("");
    for (const size of [1, 7, 4096]) {
      const bytes = Buffer.from(events);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      guard.provider.answer = stream(...chunks);
      const response = await guard.post("/openai/v1/chat/completions", {
        model: "gpt-5-nano",
        stream: true,
        messages: [{ role: "user", content: "Count." }],
      });
      expect(await response.text()).toBe(events);
    }
  });
});

describe("a model that may not have PHI", () => {
  it("is sent nothing in which there is any; the client throws, and does not ask again", async () => {
    const error = await client.chat.completions
      .create({ model: "gpt-5-nano", messages })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, code: "phi-found", type: "invalid_request_error" });
    expect(guard.provider.seen).toHaveLength(0);
    expect(guard.records).toEqual(["request blocked phi-found name:2 medical_record_number:1"]);
  });

  it.each<[string, Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>]>([
    ["the system", { messages: [{ role: "system", content: "John Smith" }] }],
    ["a developer", { messages: [{ role: "developer", content: [{ type: "text", text: "John Smith" }] }] }],
    [
      "a tool's result",
      { messages: [{ role: "tool", tool_call_id: "c", content: '{"n":"John\\u0020Smith"}' }] },
    ],
    [
      "the arguments of a call",
      {
        messages: [
          {
            role: "assistant",
            tool_calls: [
              { id: "c", type: "function", function: { name: "f", arguments: '{"n":"J\\u006fhn Smith"}' } },
            ],
          },
        ],
      },
    ],
    [
      "a tool's description",
      { tools: [{ type: "function", function: { name: "f", description: "John Smith" } }] },
    ],
    [
      "a schema's keys",
      {
        tools: [
          { type: "function", function: { name: "f", parameters: { properties: { "John Smith": {} } } } },
        ],
      },
    ],
    ["a stop", { stop: ["John Smith"] }],
    ["the user", Object.fromEntries([["user", "MRN-1234567"]])],
    ["an identifier of the user", { safety_identifier: "MRN-1234567" }],
    ["the metadata", { metadata: { "John Smith": "1" } }],
    ["a prediction", { prediction: { type: "content", content: "John Smith" } }],
    ["a cache's key", { prompt_cache_key: "John Smith" }],
    [
      "a picture",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] },
    ],
    [
      "a sound",
      {
        messages: [
          { role: "user", content: [{ type: "input_audio", input_audio: { data: "", format: "wav" } }] },
        ],
      },
    ],
    ["a file", { messages: [{ role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] }] }],
    ["an unknown member", { novelty: true } as object],
    ["the name of a member that is not there", { "John Smith": null } as object],
    ["a bound that is somebody's number", { max_completion_tokens: 123_456_789 }],
    ["an unknown value", { verbosity: "patient" } as object],
  ])("is not sent it in %s", async (_name, changes) => {
    await expect(
      client.chat.completions.create({
        model: "gpt-5-nano",
        messages: [{ role: "user", content: "Hello." }],
        ...changes,
      }),
    ).rejects.toMatchObject({ status: 403, code: "phi-found" });
    expect(guard.provider.seen).toHaveLength(0);
  });

  it("is sent an answer that comes back to it as it was given", async () => {
    guard.provider.answer = json(chatAnswer({ content: "Well." }));
    const answered = {
      role: "assistant" as const,
      content: "Well.",
      refusal: null,
      annotations: [],
      audio: null,
    };
    await client.chat.completions.create({ model: "gpt-5-nano", messages: [answered] });
    expect(JSON.parse(guard.provider.last.body.toString())).toMatchObject({ messages: [answered] });
  });

  it("is not asked for embeddings of it, nor of numbers that stand for it", async () => {
    for (const input of ["John Smith", ["a", "John Smith"], [1, 2, 3]]) {
      await expect(
        client.embeddings.create({ model: "text-embedding-3-large", input }),
      ).rejects.toMatchObject({ code: "phi-found" });
    }
    guard.provider.answer = json({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: "AACAPwAAAEA=" }],
      model: "text-embedding-3-large",
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
    const { data } = await client.embeddings.create({ model: "text-embedding-3-large", input: "well" });
    expect(data[0]?.embedding).toEqual([1, 2]);
  });

  it("does not get an answer through in which there is PHI", async () => {
    guard.provider.answer = json(chatAnswer({ content: "It was John Smith." }));
    await expect(
      client.chat.completions.create({ model: "gpt-5-nano", messages: [{ role: "user", content: "Who?" }] }),
    ).rejects.toMatchObject({ status: 403, code: "answer-phi-found" });
    expect(guard.records).toEqual(["request allowed clean", "answer blocked answer-phi-found name:1"]);
  });

  it("does not get a part of it through in a stream, which ends with an error", async () => {
    const before = "Nothing to tell of anybody here. ".repeat(12);
    const words = Array.from(`${before}It was John Smith who came. ${before}`).map((content) => ({
      content,
    }));
    guard.provider.answer = stream(...chatEvents(...words));
    const got: string[] = [];
    await expect(async () => {
      for await (const chunk of await client.chat.completions.create({
        model: "gpt-5-nano",
        stream: true,
        messages: [{ role: "user", content: "Who?" }],
      })) {
        got.push(chunk.choices[0]?.delta.content ?? "");
      }
    }).rejects.toThrow("is kept back");
    expect(got.join("")).not.toBe("");
    expect(`${before}It was `.startsWith(got.join(""))).toBe(true);
    expect(guard.records).toEqual(["request allowed clean", "answer blocked answer-phi-found name:1"]);
  });
});

describe("a model that gets placeholders", () => {
  it("sees the same one for the same identifier, and its answer has the identifiers again", async () => {
    guard.provider.answer = json(
      chatAnswer({
        content: "[NAME_1] has [MEDICAL_RECORD_NUMBER_1], not [NAME_2].",
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "find", arguments: '{"name":"[NAME_1]","quoted":"say \\"[NAME_1]\\""}' },
          },
        ],
      }),
    );
    const completion = await client.chat.completions.create({ model: "gpt-5-mini", messages });
    expect(JSON.parse(guard.provider.last.body.toString())).toEqual({
      model: "gpt-5-mini",
      messages: [{ role: "user", content: "[NAME_1], [MEDICAL_RECORD_NUMBER_1], and again [NAME_1]." }],
    });
    const message = completion.choices[0]?.message;
    expect(message?.content).toBe("John Smith has MRN-1234567, not [NAME_2].");
    const [call] = message?.tool_calls ?? [];
    expect(call?.type === "function" ? JSON.parse(call.function.arguments) : undefined).toEqual({
      name: "John Smith",
      quoted: 'say "John Smith"',
    });
    expect(guard.records).toEqual([
      "request redacted phi-found name:2 medical_record_number:1",
      "answer allowed clean",
    ]);
  });

  it("is given no placeholder that is there already", async () => {
    guard.provider.answer = json(chatAnswer({ content: "[name_1] [NAME_1] [NAME_2]" }));
    const completion = await client.chat.completions.create({
      model: "gpt-5-mini",
      messages: [{ role: "user", content: "[NAME_1] is John Smith" }],
    });
    expect(guard.provider.last.body.toString()).toContain('"[NAME_1] is [NAME_2]"');
    expect(completion.choices[0]?.message.content).toBe("[name_1] [NAME_1] John Smith");
  });

  it("streams placeholders that are cut anywhere, in texts and in arguments", async () => {
    const text = "So [NAME_1] it is, and [MEDICAL_RECORD_NUMBER_1]. ".repeat(9);
    const args = '{"who":"[NAME_1]","n":[1,2]}';
    guard.provider.answer = stream(
      ...chatEvents(
        ...Array.from(text).map((content) => ({ content })),
        {
          tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "" } }],
        },
        ...Array.from(args).map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
      ),
    );
    const final = await client.chat.completions
      .stream({ model: "gpt-5-mini", messages })
      .finalChatCompletion();
    const message = final.choices[0]?.message;
    expect(message?.content).toBe("So John Smith it is, and MRN-1234567. ".repeat(9));
    const [call] = message?.tool_calls ?? [];
    expect(call?.type === "function" ? JSON.parse(call.function.arguments) : undefined).toEqual({
      who: "John Smith",
      n: [1, 2],
    });
  });

  it("streams names of more bytes than letters, in whatever bytes they come", async () => {
    const text = "Señor [NAME_1] — ☕ 病院, und so weiter. ".repeat(9);
    const bytes = Buffer.from(
      chatEvents({ content: text.slice(0, 100) }, { content: text.slice(100) }).join(""),
    );
    for (const size of [1, 3, 1000]) {
      guard.provider.answer = stream(
        ...Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        ),
      );
      const final = await client.chat.completions
        .stream({ model: "gpt-5-mini", messages: [{ role: "user", content: "José Núñez?" }] })
        .finalContent();
      expect(final).toBe(text.replaceAll("[NAME_1]", "José Núñez"));
    }
  });

  const quoted = 'Ann "Nan" Lee';

  it.each([
    ["without an escape", { who: "[NAME_1]" }],
    ["with one", { who: "[NAME_1]", path: "a\\b" }],
  ])("answers in JSON that is JSON still, %s", async (_name, said) => {
    const text = JSON.stringify(said);
    const function_ = { name: "find", arguments: text };
    guard.provider.answer = json(
      chatAnswer({ content: text, tool_calls: [{ id: "call_1", type: "function", function: function_ }] }),
    );
    const asked = {
      model: "gpt-5-mini",
      messages: [{ role: "user" as const, content: quoted }],
      response_format: { type: "json_object" as const },
    };
    const expected = { ...said, who: quoted };
    const completion = await client.chat.completions.create(asked);
    const message = completion.choices[0]?.message;
    expect(JSON.parse(message?.content ?? "")).toEqual(expected);
    const [call] = message?.tool_calls ?? [];
    expect(call?.type === "function" ? JSON.parse(call.function.arguments) : undefined).toEqual(expected);
    guard.provider.answer = stream(...chatEvents(...Array.from(text).map((content) => ({ content }))));
    const streamed = await client.chat.completions.stream(asked).finalContent();
    expect(JSON.parse(streamed ?? "")).toEqual(expected);
    // A model that is cut short ends its JSON anywhere.
    const cut = '{"who":"[NAME_1]';
    guard.provider.answer = stream(
      ...chatEvents({
        tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "f", arguments: cut } }],
      }),
    );
    const response = await guard.post("/openai/v1/chat/completions", { ...asked, stream: true });
    expect(await response.text()).toContain(JSON.stringify(`{"who":${JSON.stringify(quoted).slice(0, -1)}`));
  });

  it("gets placeholders put into its answer for what it says of others", async () => {
    guard.provider.answer = stream(
      ...chatEvents({ content: "[NAME_1] and José" }, { content: " Núñez, 123-45" }, { content: "-6789." }),
    );
    const final = await client.chat.completions.stream({ model: "gpt-5-mini", messages }).finalContent();
    expect(final).toBe("John Smith and [NAME_2], [SOCIAL_SECURITY_NUMBER_1].");
    expect(guard.records[1]).toBe("answer redacted phi-found name:1 social_security_number:1");
  });

  it("is not sent what cannot be replaced", async () => {
    await expect(
      client.chat.completions.create({
        model: "gpt-5-mini",
        messages: [
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://x.example" } }] },
        ],
      }),
    ).rejects.toMatchObject({ code: "phi-found" });
    expect(guard.records).toEqual(["request blocked phi-found photograph:1"]);
  });
});

describe("Responses", () => {
  it("are kept back if they repeat tools that nobody may ask for, with somebody in them", async () => {
    guard.provider.answer = json({
      id: "resp_1",
      object: "response",
      tools: [{ type: "x", of: "John Smith" }],
    });
    await expect(client.responses.create({ model: "gpt-5-nano", input: "Hello." })).rejects.toMatchObject({
      code: "answer-phi-found",
    });
  });

  it("have JSON in every event in which their text is whole", async () => {
    const text = '{"who":"[NAME_1]"}';
    const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
    guard.provider.answer = stream(
      event({ type: "response.output_text.delta", sequence_number: 1, ...place, delta: text }),
      event({ type: "response.output_text.done", sequence_number: 2, ...place, text }),
    );
    const response = await guard.post("/openai/v1/responses", {
      model: "gpt-5-mini",
      input: 'Ann "Nan" Lee',
      stream: true,
      text: { format: { type: "json_object" } },
    });
    const events = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? "") as { delta?: string; text?: string },
    );
    expect(events.map(({ delta, text }) => JSON.parse(delta ?? text ?? "") as unknown)).toEqual([
      { who: 'Ann "Nan" Lee' },
      { who: 'Ann "Nan" Lee' },
    ]);
  });

  it("are asked with placeholders, and streamed with what they stand for", async () => {
    const item = { type: "message", id: "msg_1", role: "assistant", status: "completed" };
    const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const text = "Dear [NAME_1].";
    const whole = { ...item, content: [{ type: "output_text", text, annotations: [] }] };
    const response = {
      id: "resp_1",
      object: "response",
      created_at: 1_764_500_000,
      model: "gpt-5-mini",
      status: "completed",
      instructions: "About [NAME_1]",
      output: [whole],
    };
    const events = [
      {
        type: "response.created",
        sequence_number: 0,
        response: { ...response, status: "in_progress", output: [] },
      },
      {
        type: "response.output_item.added",
        sequence_number: 1,
        output_index: 0,
        item: { ...item, status: "in_progress", content: [] },
      },
      {
        type: "response.content_part.added",
        sequence_number: 2,
        ...place,
        part: { type: "output_text", text: "", annotations: [] },
      },
      ...Array.from(text).map((letter, at) => ({
        type: "response.output_text.delta",
        sequence_number: 3 + at,
        ...place,
        delta: letter,
        logprobs: [],
      })),
      { type: "response.output_text.done", sequence_number: 90, ...place, text, logprobs: [] },
      { type: "response.output_item.done", sequence_number: 91, output_index: 0, item: whole },
      { type: "response.completed", sequence_number: 92, response },
    ];
    guard.provider.answer = stream(...events.map((said) => event(said, said.type)));
    const answered = client.responses.stream({
      model: "gpt-5-mini",
      instructions: "About John Smith",
      input: [{ role: "user", content: [{ type: "input_text", text: "Write to John Smith." }] }],
    });
    const deltas: string[] = [];
    answered.on("response.output_text.delta", ({ delta }) => deltas.push(delta));
    const final = await answered.finalResponse();
    expect(JSON.parse(guard.provider.last.body.toString())).toEqual({
      model: "gpt-5-mini",
      instructions: "About [NAME_1]",
      input: [{ role: "user", content: [{ type: "input_text", text: "Write to [NAME_1]." }] }],
      stream: true,
    });
    expect(deltas.join("")).toBe("Dear John Smith.");
    expect(final.output_text).toBe("Dear John Smith.");
    expect(final.instructions).toBe("About John Smith");
  });

  it.each([
    ["a search of the web", { tools: [{ type: "web_search" }] }, "feature-refused"],
    [
      "another's tools",
      { tools: [{ type: "mcp", server_label: "x", server_url: "https://x.example" }] },
      "feature-refused",
    ],
    ["an answer that is fetched later", { background: true }, "phi-found"],
    ["a conversation", { conversation: "conv_1" }, "phi-found"],
  ])("are not asked for with %s", async (_name, changes, code) => {
    await expect(
      client.responses.create({
        model: "gpt-5-nano",
        input: "Hello.",
        ...(changes as Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>),
      }),
    ).rejects.toMatchObject({ status: 403, code });
    expect(guard.provider.seen).toHaveLength(0);
  });
});

describe("a model that may have PHI", () => {
  it("is sent it as it is, which is recorded", async () => {
    guard.provider.answer = json(chatAnswer({ content: "John Smith, I see." }));
    const content = [
      { type: "text" as const, text: "John Smith" },
      { type: "image_url" as const, image_url: { url: "data:image/png;base64,AA" } },
    ];
    const completion = await client.chat.completions.create({
      model: "gpt-5",
      messages: [{ role: "user", content }],
    });
    expect(completion.choices[0]?.message.content).toBe("John Smith, I see.");
    expect(guard.provider.last.body.toString()).toContain('"John Smith"');
    expect(guard.records).toEqual([
      "request allowed phi-found photograph:1 name:1",
      "answer allowed phi-found name:1",
    ]);
  });

  it("is sent none on the day on which the agreement does not hold", async () => {
    await guard.close();
    guard = await TestGuard.start({ today: () => "2026-02-28" });
    const response = await guard.post("/openai/v1/chat/completions", { model: "gpt-5", messages });
    expect(response.status).toBe(403);
    expect(guard.records).toEqual(["request blocked phi-found name:2 medical_record_number:1"]);
    expect(guard.trail.events[0]?.policy).toBe("block");
  });

  it("does not search the web for it", async () => {
    await expect(
      client.chat.completions.create({ model: "gpt-5", messages, web_search_options: {} }),
    ).rejects.toMatchObject({ code: "feature-refused" });
  });
});
