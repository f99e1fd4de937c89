import { once } from "node:events";
import { connect } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { chatAnswer, json } from "./provider-stand-in";
import { caller, TestGuard } from "./test-guard";

let guard: TestGuard;
beforeEach(async () => {
  guard = await TestGuard.start();
  guard.provider.answer = json(chatAnswer({ content: "Well." }));
});
afterEach(() => guard.close());

const chat = "/openai/v1/chat/completions";
const clean = JSON.stringify({ model: "gpt-5-nano", messages: [{ role: "user", content: "Hello." }] });
const phi = clean.replace("Hello.", "John Smith");
const by = `host: x\r\nx-forwarded-client-cert: URI=${caller}\r\n`;
const close = "connection: close\r\n";
const type = "content-type: application/json\r\n";

/** All that is answered to bytes, until the connection is closed. */
async function answerTo(text: string): Promise<string> {
  const socket = connect(Number(new URL(guard.origin).port), "127.0.0.1").on("error", () => undefined);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

const statusesIn = (answer: string): readonly string[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status ?? "");

describe("what an HTTP request can hide something in", () => {
  it.each([
    ["a length and chunks", `${type}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["two lengths", `${type}content-length: 5\r\ncontent-length: 6\r\n\r\n{"a":1}`],
    ["a length that is none", `${type}content-length: +5\r\n\r\n{"a":1}`],
    ["chunks that are not the last coding", `${type}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ["a header that is folded", `${type}x: y\r\n z: John Smith\r\ncontent-length: 0\r\n\r\n`],
    ["a space in a header's name", `${type}content-length : 5\r\n\r\nhello`],
    ["a chunk of no size", `${type}transfer-encoding: chunked\r\n\r\nxyz\r\n\r\n`],
  ])("is refused before anybody looks at it: %s", async (_name, rest) => {
    expect(statusesIn(await answerTo(`POST ${chat} HTTP/1.1\r\n${by}${rest}`))).toEqual(["400"]);
    expect(guard.provider.seen).toHaveLength(0);
  });

  it("does not go on: trailers, and what stands behind a chunk's size", async () => {
    const chunk = `${clean.length.toString(16)};note=John-Smith\r\n${clean}\r\n`;
    const answer = await answerTo(
      `POST ${chat} HTTP/1.1\r\n${by}${close}${type}trailer: x-patient\r\ntransfer-encoding: chunked\r\n\r\n${chunk}0\r\nx-patient: John Smith\r\n\r\n`,
    );
    expect(statusesIn(answer)).toEqual(["200"]);
    const { headers, body } = guard.provider.last;
    expect(body.toString()).toBe(clean);
    expect(JSON.stringify(headers)).not.toMatch(/john|patient|trailer|chunked/i);
  });

  it("a second request behind the first is a request of its own, of nobody if nobody is named", async () => {
    const first = `POST ${chat} HTTP/1.1\r\n${by}${type}content-length: ${String(clean.length)}\r\n\r\n${clean}`;
    const second = `POST ${chat} HTTP/1.1\r\nhost: x\r\n${close}${type}content-length: ${String(phi.length)}\r\n\r\n${phi}`;
    expect(statusesIn(await answerTo(first + second))).toEqual(["200", "403"]);
    expect(guard.provider.seen.map(({ body }) => body.toString())).toEqual([clean]);
  });

  it("two callers in one header, or in two, are nobody", async () => {
    const other = "x-forwarded-client-cert: URI=spiffe://x/y\r\n";
    const rest = `${type}content-length: ${String(clean.length)}\r\n${close}\r\n${clean}`;
    expect(statusesIn(await answerTo(`POST ${chat} HTTP/1.1\r\n${by}${other}${rest}`))).toEqual(["403"]);
    expect(statusesIn(await answerTo(`POST ${chat} HTTP/1.1\r\n${other}${by}${rest}`))).toEqual(["403"]);
  });
});

describe("what is no request to a model", () => {
  it.each([
    ["HEAD", chat, "405"],
    ["OPTIONS", chat, "405"],
    ["TRACE", chat, "405"],
    ["PUT", chat, "405"],
    ["DELETE", "/openai/v1/responses/resp_1", "404"],
    ["GET", "/openai/v1/realtime?model=gpt-5-nano", "404"],
    ["POST", "/openai/v1/batches", "404"],
    ["POST", "/openai/v1/assistants", "404"],
    ["POST", "/openai/v1/threads/thread_1/messages", "404"],
    ["POST", "/openai/v1/audio/transcriptions", "404"],
    ["POST", "/openai/v1/images/edits", "404"],
    ["POST", "/anthropic/v1/messages/batches", "404"],
    ["POST", "/anthropic/v1/files", "404"],
    ["POST", "/google/upload/v1beta/files", "404"],
    ["POST", "/google/v1beta/models/gemini-2.5-pro:batchGenerateContent", "404"],
    ["POST", "/azure/openai/v1/chat/completions", "404"],
    ["POST", `${chat}#John`, "404"],
    ["POST", `http://api.openai.com${chat}`, "404"],
    ["POST", `/openai/../openai/v1/chat/completions`, "404"],
  ])("is refused: %s %s", async (method, path, status) => {
    const answer = await answerTo(`${method} ${path} HTTP/1.1\r\n${by}${close}content-length: 0\r\n\r\n`);
    expect(statusesIn(answer)).toEqual([status]);
    expect(guard.records.at(-1)).toMatch(/^request refused /);
    expect(guard.provider.seen).toHaveLength(0);
  });

  it("nobody is let through to another protocol", async () => {
    const upgrade = "connection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-key: AAAA\r\n\r\n";
    expect(statusesIn(await answerTo(`GET /openai/v1/realtime HTTP/1.1\r\n${by}${upgrade}`))).toEqual([
      "404",
    ]);
    expect(await answerTo(`CONNECT api.openai.com:443 HTTP/1.1\r\n${by}\r\n`)).toBe("");
    expect(statusesIn(await answerTo(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`))).not.toContain("200");
    expect(guard.provider.seen).toHaveLength(0);
  });

  it.each([
    [
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nJohn Smith\r\n--x--',
    ],
    ["application/x-www-form-urlencoded", "model=gpt-5-nano"],
    ["application/json; charset=utf-16", clean],
    ["application/json, text/plain", clean],
    ["application/vnd.api+json", clean],
  ])("a body of another kind is refused: %s", async (kind, body) => {
    const answer = await answerTo(
      `POST ${chat} HTTP/1.1\r\n${by}${close}content-type: ${kind}\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
    );
    expect(statusesIn(answer)).toEqual(["415"]);
    expect(guard.provider.seen).toHaveLength(0);
  });
});

describe("what an answer can hide something in", () => {
  const asked = `POST ${chat} HTTP/1.1\r\n${by}${type}content-length: ${String(clean.length)}\r\n${close}\r\n${clean}`;

  it("does not come on: hints before it, trailers behind it, and headers that nobody knows", async () => {
    guard.provider.answer = (_request, response) => {
      response.writeEarlyHints({ link: "</John>; rel=preload", "x-patient": "John Smith" });
      response.writeHead(200, {
        "content-type": "application/json",
        trailer: "x-patient",
        "x-patient": "John Smith",
        "set-cookie": ["a=John", "b=Smith"],
        "x-ratelimit-remaining-tokens": "7",
      });
      response.write(JSON.stringify(chatAnswer({ content: "Well." })));
      response.addTrailers({ "x-patient": "John Smith" });
      response.end();
    };
    const answer = await answerTo(asked);
    expect(statusesIn(answer)).toEqual(["200"]);
    expect(answer).not.toMatch(/John|Smith|x-patient|trailer/i);
    expect(answer).toMatch(/^x-ratelimit-remaining-tokens: 7\r$/m);
  });

  it("is kept back: an answer that becomes another protocol", async () => {
    guard.provider.answer = (_request, response) => {
      response.socket?.end(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nJohn Smith",
      );
    };
    expect(statusesIn(await answerTo(asked))).toEqual(["502"]);
    expect(guard.records.at(-1)).toBe("answer refused provider-unreachable");
  });

  it("is inspected: an error that repeats the prompt", async () => {
    guard.provider.answer = json({ error: { message: "Not understood: John Smith" } }, 400);
    const answer = await answerTo(asked);
    expect(statusesIn(answer)).toEqual(["403"]);
    expect(answer).not.toContain("John");
    expect(guard.records.at(-1)).toBe("answer blocked answer-phi-found name:1");
  });

  it("has what it repeats restored, where that was redacted", async () => {
    guard.provider.answer = (seen, response) => {
      void json({ error: { message: `Not understood: ${seen.body.toString()}` } }, 400)(seen, response);
    };
    const response = await guard.post(chat, phi.replace("nano", "mini"));
    expect(response.status).toBe(400);
    expect(guard.provider.last.body.toString()).not.toContain("John");
    expect(await response.text()).toContain("John Smith");
  });
});
