import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import type { TestAuthority } from "../test-authority";

/** What came to the stand-in. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sha256: string;
}

/** How the stand-in answers next. */
export type StandInAnswer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A provider, as a firewall shows it: over TLS, by a certificate of the firewall's authority for the provider's host. */
export class ProviderStandIn {
  readonly seen: SeenRequest[] = [];
  answer: StandInAnswer = (_request, response) => {
    response.writeHead(500).end();
  };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const { method = "", url = "", headers } = request;
        const sha256 = createHash("sha256").update(body).digest("hex");
        const seen = { method, url, headers, body, sha256 };
        this.seen.push(seen);
        void this.answer(seen, response);
      });
    });
  }

  static async start(authority: TestAuthority, hosts: readonly string[]): Promise<ProviderStandIn> {
    const { chain, key } = await authority.issue("", { uris: [], dnsNames: hosts });
    const server = createServer({ cert: chain, key });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ProviderStandIn(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The request that came last. */
  get last(): SeenRequest {
    const last = this.seen.at(-1);
    if (last === undefined) {
      throw new Error("nothing came");
    }
    return last;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Answers with JSON. */
export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): StandInAnswer {
  return (_request, response) => {
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof value === "string" ? value : JSON.stringify(value));
  };
}

/** Answers with a stream of bytes, in the chunks given. */
export function stream(...chunks: readonly (string | Buffer)[]): StandInAnswer {
  return async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (const chunk of chunks) {
      response.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

/** An event of a stream. */
export function event(data: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** An answer of Chat Completions. */
export function chatAnswer(message: object): object {
  return {
    id: "chatcmpl-1aZ",
    object: "chat.completion",
    created: 1_764_500_000,
    model: "gpt-5",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    usage: { prompt_tokens: 123_456_789, completion_tokens: 2, total_tokens: 3 },
  };
}

/** The events of a streamed answer of Chat Completions. */
export function chatEvents(...deltas: readonly object[]): readonly string[] {
  const chunk = (delta: object, finish_reason: string | null = null): string =>
    event({
      id: "chatcmpl-1aZ",
      object: "chat.completion.chunk",
      created: 1_764_500_000,
      model: "gpt-5",
      choices: [{ index: 0, delta, finish_reason }],
    });
  return [
    chunk({ role: "assistant", content: "" }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, "stop"),
    "data: [DONE]\n\n",
  ];
}

/** The events of a streamed answer of the Messages API, of one block. */
export function messageEvents(
  block: object,
  deltas: readonly object[],
  stop_reason = "end_turn",
): readonly string[] {
  const usage = { input_tokens: 10, output_tokens: 1 };
  return [
    event(
      {
        type: "message_start",
        message: {
          id: "msg_01ab",
          type: "message",
          role: "assistant",
          model: "claude-sonnet-5",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage,
        },
      },
      "message_start",
    ),
    event({ type: "content_block_start", index: 0, content_block: block }, "content_block_start"),
    event({ type: "ping" }, "ping"),
    ...deltas.map((delta) => event({ type: "content_block_delta", index: 0, delta }, "content_block_delta")),
    event({ type: "content_block_stop", index: 0 }, "content_block_stop"),
    event(
      { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 9 } },
      "message_delta",
    ),
    event({ type: "message_stop" }, "message_stop"),
  ];
}
