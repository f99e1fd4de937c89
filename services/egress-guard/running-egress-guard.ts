import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { EgressGuard, type EgressGuardParts } from "./egress-guard";

const loopback = "127.0.0.1";

/** As much as the proxy takes. */
const mostHeaderBytes = 61_440;

/** How long a caller may take for its headers, and for its whole request, in milliseconds. */
const patience = { headers: 10_000, request: 60_000, end: 20_000, idle: 100 } as const;

/** What an egress guard is started with. */
export interface EgressGuardOptions extends EgressGuardParts {
  /** The port of the loopback on which it listens; 0 is any that is free. */
  readonly port: number;
}

/** An egress guard that answers. */
export class RunningEgressGuard {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more requests, and waits for those under way, for twenty seconds at most. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const idle = setInterval(() => {
      this.#server.closeIdleConnections();
    }, patience.idle);
    const late = setTimeout(() => {
      this.#server.closeAllConnections();
    }, patience.end);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }
}

/**
 * Begins to answer, behind the proxy of the pod, which says who calls.
 *
 * @throws what listening throws.
 */
export async function startEgressGuard({ port, ...parts }: EgressGuardOptions): Promise<RunningEgressGuard> {
  const guard = new EgressGuard(parts);
  const server = createServer(
    {
      maxHeaderSize: mostHeaderBytes,
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      noDelay: true,
    },
    (request, response) => {
      if (request.url === "/healthz") {
        response.writeHead(guard.illness === undefined ? 200 : 503).end(guard.illness);
        return;
      }
      guard.answer(request, response).catch((error: unknown) => {
        parts.onFault("", error);
        response.destroy();
      });
    },
  );
  // Of what is no request of HTTP, or comes too slowly, nothing is read.
  server.on("clientError", (error, socket: Socket) => {
    guard.refuseUnread(error, socket);
  });
  // The proxy closes connections that nobody uses. If we did, a request of its could be on the way.
  server.keepAliveTimeout = 0;
  server.listen(port, loopback);
  await once(server, "listening");
  return new RunningEgressGuard(server);
}
