import Anthropic from "@anthropic-ai/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { json, messageEvents, stream } from "./provider-stand-in";
import { TestGuard } from "./test-guard";

let guard: TestGuard;
let client: Anthropic;
beforeEach(async () => {
  guard = await TestGuard.start();
  client = new Anthropic({
    baseURL: `${guard.origin}/anthropic`,
    apiKey: "none-of-the-provider's",
    defaultHeaders: { ...guard.headers, "anthropic-beta": "files-api-2025-04-14, effort-2025-11-24" },
  });
});
afterEach(() => guard.close());

const asked = { model: "claude-sonnet-5", max_tokens: 100 } as const;

describe("Messages", () => {
  it("are asked with placeholders, the platform's key and the features that are known", async () => {
    guard.provider.answer = json({
      id: "msg_01ab",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-5",
      content: [
        { type: "text", text: "[NAME_1], then." },
        { type: "tool_use", id: "toolu_01", name: "find", input: { who: "[NAME_1]" } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    });
    const message = await client.messages.create({
      ...asked,
      system: [{ type: "text", text: "About José Núñez.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "Find José Núñez" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "toolu_00", name: "find", input: { id: "MRN-1234567" } }],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "toolu_00", content: "It is John Smith" }],
        },
      ],
      tools: [{ name: "find", description: "Finds", input_schema: { type: "object" } }],
    });
    expect(message.content).toMatchObject([{ text: "José Núñez, then." }, { input: { who: "José Núñez" } }]);
    const sent = guard.provider.last;
    expect(sent.headers).toMatchObject({
      "x-api-key": "key-of-anthropic",
      "anthropic-version": expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      "anthropic-beta": "effort-2025-11-24",
    });
    expect(JSON.parse(sent.body.toString())).toMatchObject({
      system: [{ text: "About [NAME_1]." }],
      messages: [
        { content: "Find [NAME_1]" },
        { content: [{ input: { id: "[MEDICAL_RECORD_NUMBER_1]" } }] },
        { content: [{ content: "It is [NAME_2]" }] },
      ],
    });
  });

  it("have the input of tools as it is, also where texts are JSON", async () => {
    guard.provider.answer = json({
      id: "msg_01ab",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-5",
      content: [
        { type: "text", text: '{"who":"[NAME_1]"}' },
        { type: "tool_use", id: "toolu_01", name: "find", input: { who: "[NAME_1]" } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    });
    const message = await client.messages.create({
      ...asked,
      messages: [{ role: "user", content: 'Ann "Nan" Lee' }],
      output_config: { format: { type: "json_schema", schema: { type: "object" } } },
    } as Anthropic.MessageCreateParamsNonStreaming);
    expect(message.content).toMatchObject([
      { text: '{"who":"Ann \\"Nan\\" Lee"}' },
      { input: { who: 'Ann "Nan" Lee' } },
    ]);
  });

  it("are streamed with what placeholders stand for, in texts and in the input of tools", async () => {
    const text = "I know [NAME_1] well. ".repeat(20);
    guard.provider.answer = stream(
      ...messageEvents(
        { type: "text", text: "" },
        Array.from(text).map((part) => ({ type: "text_delta", text: part })),
      ),
    );
    const answered = await client.messages
      .stream({ ...asked, messages: [{ role: "user", content: "John Smith?" }] })
      .finalMessage();
    expect(answered.content).toMatchObject([{ text: "I know John Smith well. ".repeat(20) }]);

    const input = '{"who": "[NAME_1]"}';
    guard.provider.answer = stream(
      ...messageEvents(
        { type: "tool_use", id: "toolu_01", name: "find", input: {} },
        Array.from(input).map((part) => ({ type: "input_json_delta", partial_json: part })),
        "tool_use",
      ),
    );
    const called = await client.messages
      .stream({ ...asked, messages: [{ role: "user", content: "John Smith?" }] })
      .finalMessage();
    expect(called.content).toMatchObject([{ input: { who: "John Smith" } }]);
  });

  it("come back to the byte if they are clean", async () => {
    const events = messageEvents(
      { type: "text", text: "" },
      Array.from({ length: 50 }, (_, at) => ({ type: "text_delta", text: `word ${String(at)} ` })),
    ).join("");
    guard.provider.answer = stream(events);
    const response = await guard.post("/anthropic/v1/messages", {
      ...asked,
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
    });
    expect(await response.text()).toBe(events);
    expect(guard.records).toEqual(["request allowed clean", "answer allowed clean"]);
  });

  it("are refused by an error that the client throws at once", async () => {
    const error: unknown = await client.messages
      .create({ ...asked, model: "claude-haiku-4-5", messages: [{ role: "user", content: "John Smith" }] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(error).toMatchObject({
      status: 403,
      error: { type: "error", error: { type: "permission_error" } },
    });
    expect(guard.trail.events).toHaveLength(1);
  });

  it("end with the provider's error event when something is found in their stream", async () => {
    guard.provider.answer = stream(
      ...messageEvents(
        { type: "text", text: "" },
        [...Array.from("Well. ".repeat(60)), "It is John Sm", "ith", ". And so on. ".repeat(30)].map(
          (text) => ({
            type: "text_delta",
            text,
          }),
        ),
      ),
    );
    const got: string[] = [];
    const answered = client.messages.stream({
      ...asked,
      model: "claude-haiku-4-5",
      messages: [{ role: "user", content: "Who?" }],
    });
    answered.on("text", (text) => got.push(text));
    await expect(answered.finalMessage()).rejects.toThrow("is kept back");
    expect(got.join("")).not.toContain("John");
    expect(guard.records.at(-1)).toBe("answer blocked answer-phi-found name:1");
  });

  it.each([
    ["a picture", { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } }],
    ["a document at an address", { type: "document", source: { type: "url", url: "https://x.example" } }],
    ["a thought that is sealed", { type: "redacted_thinking", data: "AA==" }],
  ])("are not asked with %s", async (_name, block) => {
    await expect(
      client.messages.create({
        ...asked,
        messages: [{ role: "user", content: [block as Anthropic.ContentBlockParam] }],
      }),
    ).rejects.toMatchObject({ status: 403 });
    expect(guard.provider.seen).toHaveLength(0);
  });

  it("are not asked with tools of the provider's own", async () => {
    await expect(
      client.messages.create({
        ...asked,
        messages: [{ role: "user", content: "Hello" }],
        tools: [{ type: "web_search_20250305", name: "web_search" }],
      }),
    ).rejects.toThrow("feature-refused");
  });

  it("are counted", async () => {
    guard.provider.answer = json({ input_tokens: 7 });
    const { input_tokens } = await client.messages.countTokens({
      model: asked.model,
      messages: [{ role: "user", content: "John Smith" }],
    });
    expect(input_tokens).toBe(7);
    expect(guard.provider.last.body.toString()).toContain("[NAME_1]");
  });
});
