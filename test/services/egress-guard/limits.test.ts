import { once } from "node:events";
import { connect } from "node:net";

import { afterEach, describe, expect, it, vi } from "vitest";

import { chatAnswer, event, json } from "./provider-stand-in";
import { document, TestGuard } from "./test-guard";

const chat = "/openai/v1/chat/completions";
const clean = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello." }] };
const patient = { ...document, inspection: { ...document.inspection, deadlineMilliseconds: 10_000 } };

let guard: TestGuard;
afterEach(() => guard.close());

/** Lets the detector wait until it is told to fail. */
function held(): () => void {
  let letGo = (): void => undefined;
  const gate = new Promise<never>((_resolve, reject) => {
    letGo = () => {
      reject(new Error("enough"));
    };
  });
  gate.catch(() => undefined);
  guard.detector.instead = () => gate;
  return () => {
    guard.detector.instead = undefined;
    letGo();
  };
}

async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error?: { code: string } };
  return `${String(response.status)} ${String(error?.code)}`;
}

describe("too much at once is refused, and nobody is told not to try again", () => {
  it("of requests", async () => {
    guard = await TestGuard.start({ document: patient });
    guard.provider.answer = json(chatAnswer({ content: "Well." }));
    const letGo = held();
    const waiting = Array.from({ length: 256 }, () => guard.post(chat, clean));
    await vi.waitFor(() => expect(guard.detector.texts.length).toBe(256), { timeout: 20_000 });
    const refused = await guard.post(chat, clean);
    expect(refused.headers.get("x-should-retry")).toBeNull();
    expect(await codeOf(refused)).toBe("503 too-busy");
    expect(guard.records).toEqual(["request refused too-busy"]);
    letGo();
    const codes = await Promise.all(waiting.map(async (response) => codeOf(await response)));
    expect(new Set(codes)).toEqual(new Set(["503 inspection-failed"]));
    expect((await guard.post(chat, clean)).status).toBe(200);
  });

  it("of bytes", async () => {
    guard = await TestGuard.start({ document: patient });
    guard.provider.answer = json(chatAnswer({ content: "Well." }));
    const letGo = held();
    const large = Buffer.from(JSON.stringify(clean).padEnd(4_194_304, " "));
    const waiting = Array.from({ length: 16 }, () => guard.post(chat, large));
    await vi.waitFor(() => expect(guard.detector.texts.length).toBe(16), { timeout: 20_000 });
    expect(await codeOf(await guard.post(chat, clean))).toBe("503 too-busy");
    letGo();
    await Promise.all(waiting.map(async (response) => (await response).text()));
    expect((await guard.post(chat, clean)).status).toBe(200);
  });

  it("of an answer", async () => {
    guard = await TestGuard.start();
    guard.provider.answer = json(" ".repeat(33_554_433));
    expect(await codeOf(await guard.post(chat, clean))).toBe("502 answer-unreadable");
    expect(guard.records.at(-1)).toBe("answer refused answer-unreadable");
  });
});

it("a caller that takes nothing of its answer is let go, and what waits for it as well", async () => {
  guard = await TestGuard.start({ patienceMilliseconds: 200 });
  let isEnded = false;
  guard.provider.answer = async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = event({ choices: [{ index: 0, delta: { content: "Well. ".repeat(10_000) } }] });
    response.on("close", () => {
      isEnded = true;
    });
    while (!response.destroyed) {
      if (!response.write(events)) {
        await once(response, "drain").catch(() => undefined);
      }
    }
  };
  const socket = connect(Number(new URL(guard.origin).port), "127.0.0.1").on("error", () => undefined);
  const body = JSON.stringify({ ...clean, stream: true });
  const headers = Object.entries({
    ...guard.headers,
    host: "x",
    "content-type": "application/json",
    "content-length": String(body.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${chat} HTTP/1.1\r\n${headers.join("")}\r\n${body}`);
  await vi.waitFor(() => expect(guard.records.at(-1)).toBe("answer refused client-gone"), {
    timeout: 30_000,
  });
  await vi.waitFor(() => expect(isEnded).toBe(true));
  const closed = once(socket, "close");
  socket.resume();
  await closed;
});

it("a provider's gateway that is ill is a provider that cannot be reached", async () => {
  guard = await TestGuard.start();
  guard.provider.answer = json("<html>John Smith</html>", 502, { "content-type": "text/html" });
  const response = await guard.post(chat, clean);
  expect(response.headers.get("x-should-retry")).toBeNull();
  expect(await codeOf(response)).toBe("502 provider-unreachable");
});
