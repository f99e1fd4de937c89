import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

import type { TestAuthority } from "../test-authority";

/** What a proxy does with a connection once it was asked for a way. */
export type ProxyAnswer = (socket: Socket) => void;

/**
 * A proxy that is asked for ways to hosts (RFC 9110 §9.3.6), over TLS as Google Cloud's Secure Web Proxy is in its explicit mode,
 * or without.
 */
export class ConnectProxy {
  /** What it was asked, each as it came. */
  readonly asked: string[] = [];
  answer: ProxyAnswer = says("HTTP/1.1 500 Internal Server Error\r\n\r\n");
  readonly #scheme: "http" | "https";
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(scheme: "http" | "https", server: Server) {
    this.#scheme = scheme;
    this.#server = server;
    server.on(scheme === "https" ? "secureConnection" : "connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      let head = "";
      const take = (chunk: Buffer): void => {
        head += chunk.toString("latin1");
        if (head.endsWith("\r\n\r\n")) {
          socket.off("data", take).pause();
          this.asked.push(head);
          this.answer(socket);
        }
      };
      socket.on("data", take);
    });
    server.on("tlsClientError", () => undefined);
  }

  /**
   * @param authority of its certificate; it speaks no TLS without one.
   * @param names what its certificate calls it.
   */
  static async start(
    authority: TestAuthority | undefined,
    names: readonly string[] = ["localhost"],
  ): Promise<ConnectProxy> {
    const issued = await authority?.issue("", { uris: [], dnsNames: names });
    const server =
      issued === undefined ? createServer() : createTlsServer({ cert: issued.chain, key: issued.key });
    server.listen(0, "localhost");
    await once(server, "listening");
    return new ConnectProxy(issued === undefined ? "http" : "https", server);
  }

  get address(): string {
    return `${this.#scheme}://localhost:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  }
}

/** Answers with bytes, whatever it is asked, and does nothing more. */
export function says(text: string): ProxyAnswer {
  return (socket) => {
    socket.write(text);
  };
}

/** Gives the way that it is asked for, which leads to a port of this machine. */
export function leadsTo(port: number): ProxyAnswer {
  return (socket) => {
    const provider = connect(port, "127.0.0.1");
    provider.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => provider.destroy());
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.pipe(provider).pipe(socket);
  };
}
