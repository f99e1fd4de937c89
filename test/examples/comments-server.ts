import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as GitHub tells of it, as far as the gate looks at it. */
export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string; readonly type: string };
  readonly body: string;
}

/** What GitHub answers out of turn. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const repository = "/repos/hospital/platform";

/** As much of GitHub's REST API as keeps a comment, on this machine. */
export class CommentsServer {
  readonly #server: Server;
  readonly comments: Comment[];
  /** Requests, in order: method, path, and whether they bore the token of the run. */
  readonly requests: string[] = [];
  /** What the next requests are answered, by method. */
  readonly failures = new Map<string, Answer[]>();

  constructor(comments: readonly Comment[] = []) {
    this.comments = [...comments];
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        this.#answer(request, response, text);
      });
    });
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, response: ServerResponse, text: string): void {
    this.requests.push(
      `${method} ${url.slice(repository.length)}${headers.authorization === "Bearer token-of-the-run" ? "" : " without token"}`,
    );
    const send = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    const failure = this.failures.get(method)?.shift();
    if (failure !== undefined) {
      send(failure.status, failure.body);
      return;
    }
    const page = /^\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(url.slice(repository.length));
    if (method === "GET" && page !== null) {
      const first = (Number(page[1]) - 1) * 100;
      send(200, this.comments.slice(first, first + 100));
      return;
    }
    const { body } = JSON.parse(text) as { readonly body: string };
    if (method === "POST" && url === `${repository}/issues/7/comments`) {
      const comment = { id: 9000, user: { login: "github-actions[bot]", type: "Bot" }, body };
      this.comments.push(comment);
      send(201, comment);
      return;
    }
    const id = Number(/^\/issues\/comments\/(\d+)$/.exec(url.slice(repository.length))?.[1]);
    const index = this.comments.findIndex((comment) => comment.id === id);
    const old = this.comments[index];
    if (method !== "PATCH" || old === undefined) {
      send(404, { message: "Not Found" });
      return;
    }
    this.comments[index] = { ...old, body };
    send(200, this.comments[index]);
  }

  /** Begins to serve, and gives the environment that leads to it. */
  async listen(): Promise<Readonly<Record<string, string>>> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const { port } = this.#server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${String(port)}`,
      GITHUB_REPOSITORY: "hospital/platform",
      BULKHEAD_RETRY_MS: "1",
    };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
