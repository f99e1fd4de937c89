import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a server listens: at an address of the loopback network, on a port or on any that is free. */
export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
}

const anywhere: ListeningPlace = { host: "127.0.0.1", port: 0 };

/** A server of HTTP on the loopback network. */
export class ListeningServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(listener: RequestListener, place = anywhere): Promise<ListeningServer> {
    return ListeningServer.of(createServer(listener), place);
  }

  static async of(server: Server, { host, port } = anywhere): Promise<ListeningServer> {
    server.listen(port, host);
    await once(server, "listening");
    return new ListeningServer(server);
  }

  get origin(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${String(port)}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
