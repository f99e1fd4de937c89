import { once } from "node:events";
import { connect } from "node:net";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { chatAnswer, event, json, stream } from "./provider-stand-in";
import { document, TestGuard } from "./test-guard";

let guard: TestGuard;
beforeEach(async () => {
  guard = await TestGuard.start();
  guard.provider.answer = json(chatAnswer({ content: "Well." }));
});
afterEach(() => guard.close());

const chat = "/openai/v1/chat/completions";
const clean = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello." }] };

async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { code: string } };
  return `${String(response.status)} ${error.code}`;
}

/** What is answered, and that nothing was sent and it was recorded. */
async function refusal(path: string, body: unknown, headers = {}): Promise<string> {
  const code = await codeOf(await guard.post(path, body, headers));
  expect(guard.provider.seen).toHaveLength(0);
  expect(guard.records.at(-1)).toMatch(/^request refused /);
  return code;
}

describe("a request is refused", () => {
  it.each<[string, string, unknown, Record<string, string>, string]>([
    ["of nobody", chat, clean, { "x-forwarded-client-cert": "" }, "403 unknown-caller"],
    [
      "of somebody else",
      chat,
      clean,
      { "x-forwarded-client-cert": "URI=spiffe://x/y" },
      "403 unknown-caller",
    ],
    ["for no provider", "/cohere/v1/chat", clean, {}, "404 provider-undeclared"],
    ["for files", "/openai/v1/files", clean, {}, "404 operation-unknown"],
    [
      "for a path in another way of writing",
      "/openai//v1/chat/completions",
      clean,
      {},
      "404 operation-unknown",
    ],
    ["for an encoded path", "/openai/v1/chat%2fcompletions", clean, {}, "404 operation-unknown"],
    ["with a query", `${chat}?user=1`, clean, {}, "400 query-unknown"],
    ["for no model", chat, { messages: [] }, {}, "403 model-undeclared"],
    ["for another model", chat, { ...clean, model: "gpt-9" }, {}, "403 model-undeclared"],
    ["as a text", chat, "Hello", { "content-type": "text/plain" }, "415 content-type-unknown"],
    [
      "in another character set",
      chat,
      "{}",
      { "content-type": "application/json; charset=utf-7" },
      "415 content-type-unknown",
    ],
    ["compressed", chat, "{}", { "content-encoding": "gzip" }, "415 content-encoding-unknown"],
    ["that is too large", chat, " ".repeat(5_000_000), {}, "413 body-too-large"],
    ["that is no JSON", chat, "{'a':1}", {}, "400 body-malformed"],
    ["with a key twice", chat, '{"model":"gpt-5","model":"gpt-5-nano"}', {}, "400 body-malformed"],
    [
      "with a key twice by an escape",
      chat,
      '{"model":"gpt-5","mod\\u0065l":"gpt-5-nano"}',
      {},
      "400 body-malformed",
    ],
    ["with a prototype", chat, '{"__proto__":{}}', {}, "400 body-malformed"],
    ["with half of a character", chat, '{"model":"\\ud800"}', {}, "400 body-malformed"],
    ["with a mark at its beginning", chat, "\uFEFF{}", {}, "400 body-malformed"],
    ["in no UTF-8", chat, Buffer.from([0x22, 0xff, 0x22]), {}, "400 body-malformed"],
    ["that is too deep", chat, "[".repeat(100) + "]".repeat(100), {}, "400 body-malformed"],
    ["of a number beyond all numbers", chat, "[1e999]", {}, "400 body-malformed"],
  ])("%s", async (_name, path, body, headers, code) => {
    expect(await refusal(path, body, headers)).toBe(code);
  });

  const ssn = "SSN 219-09-9999";
  const said = { role: "user", content: "Hello." };
  const claude = { model: "claude-haiku-4-5", max_tokens: 9, messages: [said] };
  const message = { type: "message", role: "user", content: "Hello." };
  const answered = { model: "gpt-5-nano", input: [message] };
  it.each<[string, string, unknown]>([
    ["an unknown key of nothing", chat, { ...clean, [ssn]: null }],
    ["an unknown key of nothing, below", chat, { ...clean, messages: [{ ...said, "note 1": null }] }],
    ["an unknown key of nothing for Anthropic", "/anthropic/v1/messages", { ...claude, [ssn]: null }],
    [
      "an unknown key of nothing for Google",
      "/google/v1beta/models/gemini-embedding-001:embedContent",
      { content: { parts: [{ text: "Hello.", note: null }] } },
    ],
    [
      "an id with a name",
      "/openai/v1/responses",
      { ...answered, input: [{ ...message, id: "msg_MRN-1234567" }] },
    ],
    ["a limit of nine digits", chat, { ...clean, max_tokens: 219_099_999 }],
    ["what another request said", "/openai/v1/responses", { ...answered, previous_response_id: "resp_1" }],
    [
      "what another request said, by its part",
      "/openai/v1/responses",
      { ...answered, input: [{ type: "item_reference", id: "msg_1" }, message] },
    ],
    [
      "a task of its own",
      "/google/v1beta/models/gemini-embedding-001:embedContent",
      { content: { parts: [{ text: "Hello." }] }, taskType: "JOHN_SMITH" },
    ],
  ])("for %s, by a provider that may not have PHI", async (_name, path, body) => {
    const response = await guard.post(path, body);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("phi-found")]);
    expect(guard.provider.seen).toHaveLength(0);
    expect(guard.records).toEqual([expect.stringMatching(/^request blocked phi-found /)]);
  });

  it("but for what is small and within its bounds: the detector sees ids and long numbers as well", async () => {
    const { status } = await guard.post(
      "/openai/v1/responses",
      '{"model":"gpt-5-nano","input":[{"type":"message","role":"user","content":"Hello.","id":"msg_1"}],"top_p":0.219099999,"temperature":0.25}',
    );
    expect(status).toBe(200);
    const seen = guard.detector.texts;
    expect(["Hello.", "msg_1", "0.219099999", "0.25"].map((text) => seen.includes(text))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("with the version of a day on which there was none", async () => {
    const path = "/azure/openai/deployments/deployed-gpt/chat/completions";
    expect(await refusal(`${path}?api-version=1957-03-12`, { messages: [said] })).toBe("400 query-unknown");
    const response = await guard.post(`${path}?api-version=2024-10-21`, { messages: [said] });
    expect(response.status).toBe(200);
    await guard.post("/anthropic/v1/messages", claude, { "anthropic-version": "1957-03-12" });
    expect(guard.provider.seen.at(-1)?.headers).not.toHaveProperty("anthropic-version");
    await guard.post("/anthropic/v1/messages", claude, { "anthropic-version": "2023-06-01" });
    expect(guard.provider.seen.at(-1)?.headers).toHaveProperty("anthropic-version", "2023-06-01");
  });

  it("that is none, and is recorded all the same", async () => {
    const socket = connect(Number(new URL(guard.origin).port), "127.0.0.1");
    const answered = once(socket, "data");
    socket.write(`POST ${chat} HTTP/1.1\r\nhost: x\r\nname John Smith\r\n\r\n`);
    const [head = "", body = ""] = String((await answered)[0]).split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(body)).toMatchObject({ error: { code: "request-malformed" } });
    expect(guard.records).toEqual(["request refused request-malformed"]);
    socket.destroy();
  });

  it("that reads", async () => {
    const response = await fetch(`${guard.origin}/openai/v1/chat/completions`, { headers: guard.headers });
    expect(await codeOf(response)).toBe("405 method-unknown");
    expect((await fetch(`${guard.origin}/openai/v1/models`, { headers: guard.headers })).status).toBe(404);
  });

  it("that is too large, before it is all there", async () => {
    const socket = connect(Number(new URL(guard.origin).port), "127.0.0.1");
    const headers = [...Object.entries(guard.headers), ["content-type", "application/json"]];
    const answered = new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(data.toString())),
    );
    socket.write(
      `POST ${chat} HTTP/1.1\r\nhost: x\r\n${headers.map(([name, value]) => `${String(name)}: ${String(value)}\r\n`).join("")}transfer-encoding: chunked\r\n\r\n`,
    );
    const chunk = `${(1_048_576).toString(16)}\r\n${" ".repeat(1_048_576)}\r\n`;
    for (let sent = 0; sent < 5; sent += 1) {
      socket.write(chunk);
    }
    expect(await answered).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    socket.destroy();
  });

  it("that the detector fails at, or is late with", async () => {
    guard.detector.instead = () => Promise.reject(new Error("John Smith"));
    expect(await refusal(chat, clean)).toBe("503 inspection-failed");
    await guard.close();
    guard = await TestGuard.start({
      document: { ...document, inspection: { ...document.inspection, deadlineMilliseconds: 20 } },
    });
    guard.detector.instead = () => new Promise(() => undefined);
    expect(await refusal(chat, clean)).toBe("503 inspection-failed");
  });

  it.each([
    ["keys", { keys: () => undefined }],
    ["the firewall's authority", { authority: () => undefined }],
  ])("without %s", async (_name, options) => {
    await guard.close();
    guard = await TestGuard.start(options);
    expect(await refusal(chat, clean)).toBe("503 keys-missing");
  });

  it("that cannot be recorded; one whose answer cannot be gets none", async () => {
    guard.trail.room = 1;
    const response = await guard.post(chat, clean);
    expect(await codeOf(response)).toBe("503 audit-unavailable");
    expect(guard.provider.seen).toHaveLength(1);
    expect(await codeOf(await guard.post(chat, clean))).toBe("503 audit-unavailable");
    expect(guard.provider.seen).toHaveLength(1);
    expect((await fetch(`${guard.origin}/healthz`)).status).toBe(503);
    guard.trail.room = Infinity;
    expect((await guard.post(chat, clean)).status).toBe(200);
    expect((await fetch(`${guard.origin}/healthz`)).status).toBe(200);
  });
});

describe("an answer is kept back", () => {
  it("of whoever shows no certificate of the firewall's authority: nothing is even sent", async () => {
    await guard.close();
    guard = await TestGuard.start({}, "somebody else");
    expect(await codeOf(await guard.post(chat, clean))).toBe("502 provider-unreachable");
    expect(guard.provider.seen).toHaveLength(0);
    expect(guard.faults).toMatchObject([{ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" }]);
  });

  it.each([
    ["that leads elsewhere", json({}, 302, { location: "https://x.example" }), "502 answer-unreadable"],
    ["that is no JSON", json("John"), "502 answer-unreadable"],
    ["that is compressed", json("{}", 200, { "content-encoding": "gzip" }), "502 answer-unreadable"],
    ["of another type", json("{}", 200, { "content-type": "text/html" }), "502 answer-unreadable"],
    ["that is a stream unasked", stream(event({})), "502 answer-unreadable"],
    ["that says what is wrong with the key", json({ error: "key-of-openai" }, 401), "502 provider-refused"],
  ])("%s", async (_name, answer, code) => {
    guard.provider.answer = answer;
    expect(await codeOf(await guard.post(chat, clean))).toBe(code);
    expect(guard.records[1]).toMatch(/^answer refused /);
  });

  it("of a stream that is cut, says what is no event, or cannot be inspected", async () => {
    const asked = { ...clean, stream: true };
    for (const [chunk, code] of [
      ['data: {"id"', "answer-unreadable"],
      ["data: John\n\n", "answer-unreadable"],
      ["John: Smith\n\n", "answer-unreadable"],
      ['data: {}\rdata: {"a":1}\n\n', "answer-unreadable"],
    ] as const) {
      guard.provider.answer = stream(chunk);
      expect(await codeOf(await guard.post(chat, asked))).toBe(`502 ${code}`);
    }
  });

  it("with an unknown text in an event, which is inspected as well, also in two parts", async () => {
    guard.provider.answer = stream(
      event({ novelty: "John " }),
      event({ novelty: "Smith" }),
      event({ end: 1 }),
    );
    const text = await (await guard.post(chat, { ...clean, stream: true })).text();
    expect(text).not.toContain("Smith");
    expect(guard.records.at(-1)).toBe("answer blocked answer-phi-found name:1");
  });

  it("but not one that says what is wrong with the request", async () => {
    guard.provider.answer = json({ error: { message: "Slow down." } }, 429, {
      "retry-after": "7",
      "set-cookie": "a",
    });
    const response = await guard.post(chat, clean);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(response.headers.get("set-cookie")).toBeNull();
  });
});

describe("Gemini and Azure", () => {
  it("are asked with placeholders, and answer with what they stand for", async () => {
    guard.provider.answer = json({
      candidates: [
        { content: { role: "model", parts: [{ text: "[NAME_1]." }] }, finishReason: "STOP", index: 0 },
      ],
    });
    const asked = { contents: [{ role: "user", parts: [{ text: "John Smith" }] }] };
    const path = "/google/v1beta/models/gemini-2.5-pro";
    const answered = await guard.post(`${path}:generateContent`, asked);
    expect(await answered.text()).toContain('"text":"John Smith."');
    expect(guard.provider.last).toMatchObject({ url: "/v1beta/models/gemini-2.5-pro:generateContent" });
    expect(guard.provider.last.headers["x-goog-api-key"]).toBe("key-of-google");
    const part = (text: string): string =>
      event({ candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0 }] });
    guard.provider.answer = stream(part("So [NA"), part("ME_1]"), part(" it is."));
    const streamed = await guard.post(`${path}:streamGenerateContent?alt=sse`, asked);
    const texts = [...(await streamed.text()).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text);
    expect(texts.join("")).toBe("So John Smith it is.");
    expect((await guard.post(`${path}:streamGenerateContent`, asked)).status).toBe(404);
    const picture = { contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "AA==" } }] }] };
    const refused = await guard.post(`${path}:generateContent`, picture);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { error: { status: "PERMISSION_DENIED" } },
    ]);
    const searching = await guard.post(`${path}:generateContent`, {
      ...asked,
      tools: [{ someNewSearch: {} }],
    });
    expect(await searching.text()).toContain("feature-refused");
    guard.provider.answer = json({ embedding: { values: [0.1, 0.2] } });
    const embedding = { content: { parts: [{ text: "Well" }] } };
    const embedded = await guard.post("/google/v1beta/models/gemini-embedding-001:embedContent", embedding);
    expect(await embedded.json()).toEqual({ embedding: { values: [0.1, 0.2] } });
  });

  it("is asked by the name of a deployment", async () => {
    guard.provider.answer = json(chatAnswer({ content: "[NAME_1]" }));
    const path = "/azure/openai/deployments/deployed-gpt/chat/completions";
    const asked = { messages: [{ role: "user", content: "John Smith" }] };
    const answered = await guard.post(`${path}?api-version=2024-10-21`, asked);
    expect(await answered.text()).toContain('"content":"John Smith"');
    expect(guard.provider.last.url).toBe(
      "/openai/deployments/deployed-gpt/chat/completions?api-version=2024-10-21",
    );
    expect(guard.provider.last.headers["api-key"]).toBe("key-of-azure");
    const elsewhere = await guard.post(`${path.replace("deployed", "other")}?api-version=2024-10-21`, asked);
    expect(await codeOf(elsewhere)).toBe("403 model-undeclared");
    const both = await guard.post(`${path}?api-version=2024-10-21`, { ...asked, model: "another" });
    expect(await codeOf(both)).toBe("403 model-undeclared");
  });
});

it("a caller that goes away is taken note of", async () => {
  guard.provider.answer = () => undefined;
  const gone = new AbortController();
  const asked = fetch(`${guard.origin}${chat}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...guard.headers },
    body: JSON.stringify(clean),
    signal: gone.signal,
  });
  await vi.waitFor(() => expect(guard.provider.seen).toHaveLength(1));
  gone.abort();
  await expect(asked).rejects.toThrow();
  await vi.waitFor(() =>
    expect(guard.records).toEqual(["request allowed clean", "answer refused client-gone"]),
  );
});
