import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Makes a page; the script that it is given loads it again when there is a newer one. */
export type DrawPage = (script: string) => string | Promise<string>;

/** A page that is served to this machine alone, and loads itself again when it changes. */
export class LivePage {
  readonly #server: Server;
  readonly #waiting = new Set<ServerResponse>();
  #version = 0;
  #page = "";

  private constructor() {
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      // A name of somebody else's that leads here (DNS rebinding) gets nothing.
      if (request.method !== "GET" || request.headers.host !== `127.0.0.1:${String(this.#port)}`) {
        response.writeHead(403).end();
      } else if (pathname === "/") {
        response
          .writeHead(200, {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
          })
          .end(this.#page);
      } else if (pathname === "/events") {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        response.write(": open\n\n");
        this.#waiting.add(response);
        response.on("close", () => {
          this.#waiting.delete(response);
        });
        // The page may be older than what came while it was being loaded.
        if (searchParams.get("seen") !== String(this.#version)) {
          response.write("data: newer\n\n");
        }
      } else {
        response.writeHead(404).end();
      }
    });
  }

  get #port(): number {
    const address = this.#server.address() as AddressInfo | null;
    return address?.port ?? 0;
  }

  /** Begins to serve on a free port. */
  static async open(draw: DrawPage): Promise<LivePage> {
    const live = new LivePage();
    await live.show(draw);
    await new Promise<void>((resolve, reject) => {
      live.#server.once("error", reject);
      live.#server.listen(0, "127.0.0.1", resolve);
    });
    return live;
  }

  /** Where a browser finds it. */
  get address(): string {
    return `http://127.0.0.1:${String(this.#port)}/`;
  }

  /** Shows another page in the place of the last one, in every browser that has it open. */
  async show(draw: DrawPage): Promise<void> {
    const version = this.#version + 1;
    this.#page = await draw(
      `new EventSource("/events?seen=${String(version)}").addEventListener("message", () => { window.location.reload(); });`,
    );
    this.#version = version;
    for (const response of this.#waiting) {
      response.write("data: newer\n\n");
    }
  }

  close(): void {
    for (const response of this.#waiting) {
      response.end();
    }
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
