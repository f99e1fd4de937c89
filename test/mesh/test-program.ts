import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";

/** What a program was asked, as it saw it. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers a question of an enforcement point: what came is one message of gRPC, without its frame. */
export type Answering = (stream: ServerHttp2Stream, message: Buffer, headers: IncomingHttpHeaders) => void;

/** Where enforcement points ask (Envoy, `envoy.service.auth.v3.Authorization`). */
const checkPath = "/envoy.service.auth.v3.Authorization/Check";

/** Before each message of gRPC: that it is not compressed, and its length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const frameBytes = 5;

/** Answers a question with one message of gRPC. */
export function answerWith(stream: ServerHttp2Stream, message: Buffer): void {
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt32BE(message.length, 1);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.end(Buffer.concat([frame, message]));
}

/** A message that says nothing has the status OK, and so is a yes. */
const yes: Answering = (stream) => {
  answerWith(stream, Buffer.alloc(0));
};

/** How HTTP/2 begins (RFC 9113 §3.4). */
const preface = "PRI";

/**
 * A small program such as a workload runs behind its proxy, on one port: HTTP/1.1, and gRPC's HTTP/2 without TLS. It
 * answers with its own name; at `/begin`, with a word, and with another when it is called at `/end`; at an upgrade, with
 * what it is sent; where enforcement points ask, with yes.
 */
export class TestProgram {
  readonly name: string;
  readonly seen: SeenRequest[] = [];
  /** Whether it says that it is well. */
  isWell = true;
  /** How it answers enforcement points. */
  answering: Answering = yes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #begun: ServerResponse[] = [];

  private constructor(name: string) {
    this.name = name;
    const http = createHttp((request, response) => {
      this.#answer(request, response);
    });
    http.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      this.seen.push({ url: request.url ?? "", headers: request.headers });
      socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
      socket.on("data", (data: Buffer) => socket.write(data));
    });
    const http2 = createHttp2();
    http2.on("stream", (stream, headers) => {
      this.#call(stream, headers);
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
      socket.once("readable", () => {
        const first = socket.read() as Buffer | null;
        if (first !== null) {
          socket.unshift(first);
          (first.toString("latin1").startsWith(preface) ? http2 : http).emit("connection", socket);
        }
      });
    });
  }

  static start(name: string, address: string, port: number): Promise<TestProgram> {
    const program = new TestProgram(name);
    return new Promise((resolve, reject) => {
      program.#server.once("error", reject);
      program.#server.listen(port, address, () => {
        resolve(program);
      });
    });
  }

  stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "";
    if (url === "/healthz") {
      response.writeHead(this.isWell ? 200 : 503).end();
      return;
    }
    this.seen.push({ url, headers: request.headers });
    request.resume();
    if (url === "/begin") {
      response.write("begun ");
      this.#begun.push(response);
      return;
    }
    if (url === "/end") {
      this.#begun.splice(0).forEach((answer) => answer.end("ended"));
    }
    response.writeHead(200, { "content-type": "text/plain" }).end(this.name);
  }

  #call(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (headers[":path"] === checkPath) {
      const parts: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        this.answering(stream, Buffer.concat(parts).subarray(frameBytes), headers);
      });
      return;
    }
    this.seen.push({ url: String(headers[":path"]), headers });
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": "0" });
    });
    stream.end(this.name);
  }
}
