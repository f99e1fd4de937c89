import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What a provider answers to a chat completion, in the form of OpenAI's API. */
const answer = JSON.stringify({
  id: "chatcmpl-standin",
  object: "chat.completion",
  created: 1_767_000_000,
  model: "gpt-5",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "The plan is sound. Repeat the electrolytes." },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 8, total_tokens: 18 },
});

function respond(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on("end", () => {
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(answer),
    });
    response.end(answer);
  });
}

/**
 * A provider that answers at once, by TLS on one port. On another it is the proxy by which it is reached (HTTP CONNECT),
 * whatever the host: it takes the connection over itself, so that nothing is relayed. Says both ports on standard error.
 */
function run(): void {
  const [, , certificate = "", key = ""] = process.argv;
  const provider = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, respond);
  const proxy = createServer().on("connect", (_, socket) => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    provider.emit("connection", socket);
  });
  for (const server of [provider, proxy]) {
    server.keepAliveTimeout = 60_000;
  }
  provider.listen(0, "127.0.0.1", () => {
    proxy.listen(0, "127.0.0.1", () => {
      const ports = [provider, proxy].map((server) => (server.address() as AddressInfo).port);
      process.stderr.write(`${ports.join(" ")}\n`);
    });
  });
}

run();
