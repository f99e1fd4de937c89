import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";

/** What a program was asked, as it saw it. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** How HTTP/2 begins (RFC 9113 §3.4). */
const preface = "PRI";

/**
 * A small program such as a workload runs behind its proxy, on one port: HTTP/1.1, and gRPC's HTTP/2 without TLS. It
 * answers with its own name; at `/begin`, with a word, and with another when it is called at `/end`; at an upgrade, with
 * what it is sent.
 */
export class TestProgram {
  readonly name: string;
  readonly seen: SeenRequest[] = [];
  /** Whether it says that it is well. */
  isWell = true;
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
    this.seen.push({ url: String(headers[":path"]), headers });
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": "0" });
    });
    stream.end(this.name);
  }
}
