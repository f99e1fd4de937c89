import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";

import { ServerCredentials, type Server as GrpcServer } from "@grpc/grpc-js";

/** How HTTP/2 begins where it is known beforehand that it is spoken, as by gRPC (RFC 9113 §3.4). */
const preface = Buffer.from("PRI");

/** How long a connection may stay without a first byte, in milliseconds. */
const silentMilliseconds = 10_000;

/** Longer than the proxy keeps a connection on which nothing is asked, so that none ends as a request is sent on it. */
const idleMilliseconds = 330_000;

/** How long requests under way are waited for at the end, in milliseconds. */
const lastMilliseconds = 5000;

type Injector = ReturnType<GrpcServer["createConnectionInjector"]>;

/** Serves HTTP/1.1 and gRPC, without TLS, on one port of the loopback: the first bytes of a connection tell which it is. */
export class OnePortServer {
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #grpc: GrpcServer;
  readonly #injector: Injector;
  readonly #sockets = new Set<Socket>();
  /** Connections of HTTP/1.1 on which nothing is under way. */
  readonly #idle = new Set<Socket>();
  #isClosing = false;

  private constructor(listener: RequestListener, grpc: GrpcServer) {
    this.#http = createHttp({ keepAliveTimeout: idleMilliseconds }, listener);
    this.#http.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#idle.delete(socket);
      response.once("close", () => {
        this.#idle.add(socket);
        if (this.#isClosing) {
          socket.end();
        }
      });
    });
    this.#grpc = grpc;
    this.#injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        this.#idle.delete(socket);
      });
      this.#dispatch(socket);
    });
  }

  /** Begins to serve. Port 0 is any that is free. @throws if the port cannot be had. */
  static listen(
    { host, port }: { readonly host: string; readonly port: number },
    listener: RequestListener,
    grpc: GrpcServer,
  ): Promise<OnePortServer> {
    const server = new OnePortServer(listener, grpc);
    return new Promise((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(port, host, () => {
        resolve(server);
      });
    });
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("the server does not listen on a port");
    }
    return address.port;
  }

  /** Takes no more connections, and waits for requests under way, for a few seconds at most. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#isClosing = true;
    for (const socket of this.#idle) {
      socket.end();
    }
    this.#injector.drain(lastMilliseconds);
    const late = setTimeout(() => {
      this.#injector.destroy();
      for (const socket of this.#sockets) {
        socket.destroy();
      }
    }, lastMilliseconds);
    await closed;
    clearTimeout(late);
    this.#grpc.forceShutdown();
  }

  #dispatch(socket: Socket): void {
    let read = Buffer.alloc(0);
    const look = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) {
        return;
      }
      read = Buffer.concat([read, chunk]);
      const begins = read.subarray(0, preface.length);
      const isPossible = preface.subarray(0, begins.length).equals(begins);
      if (isPossible && begins.length < preface.length) {
        return;
      }
      socket.off("readable", look);
      socket.setTimeout(0);
      socket.off("timeout", end);
      socket.unshift(read);
      if (isPossible) {
        this.#injector.injectConnection(socket);
      } else {
        this.#idle.add(socket);
        this.#http.emit("connection", socket);
      }
    };
    const end = (): void => {
      socket.destroy();
    };
    socket.on("error", end);
    socket.on("readable", look);
    socket.setTimeout(silentMilliseconds);
    socket.on("timeout", end);
  }
}
