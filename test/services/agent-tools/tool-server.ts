import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ListToolsRequestSchema, type JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";

import { ListeningServer, type ListeningPlace } from "./listening-server";

/** What a tool is called with. */
export interface ToolCallSeen {
  readonly params: JSONRPCRequest["params"];
  readonly headers: IncomingHttpHeaders;
}

type Progress = (progress: { readonly progress: number; readonly message: string }) => Promise<void>;
type Tool = (call: ToolCallSeen, progress: Progress, signal: AbortSignal) => Promise<object>;

/** A server of tools made with the protocol's own SDK, which says what it is told to say and keeps what it was asked. */
export class ToolServer {
  readonly calls: ToolCallSeen[] = [];
  /** The methods of HTTP and of the protocol that were asked for. */
  readonly requests: string[] = [];
  /** What is done in the place of the protocol. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  readonly #definitions: readonly object[];
  readonly #tool: Tool;
  readonly #pages: number;
  #server: ListeningServer | undefined;

  /** @param pages over how many pages it lists its tools. */
  constructor(definitions: readonly object[], tool: Tool, pages = 1) {
    this.#definitions = definitions;
    this.#tool = tool;
    this.#pages = pages;
  }

  async start(place?: ListeningPlace): Promise<void> {
    this.#server = await ListeningServer.start((request, response) => {
      if (request.url !== "/mcp") {
        response.writeHead(404).end();
      } else if (this.instead?.(request, response) !== true) {
        this.requests.push(request.method ?? "");
        void this.#answer(request, response);
      }
    }, place);
  }

  get origin(): string {
    return this.#server?.origin ?? "";
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mcp = new McpServer({ name: "tools", version: "1" });
    mcp.server.registerCapabilities({ tools: {} });
    mcp.server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const page = Number(params?.cursor ?? "0");
      const size = Math.ceil(this.#definitions.length / this.#pages);
      return {
        tools: this.#definitions.slice(page * size, (page + 1) * size) as never[],
        ...(page + 1 < this.#pages ? { nextCursor: String(page + 1) } : {}),
      };
    });
    mcp.server.fallbackRequestHandler = async ({ params }, { _meta, sendNotification, signal }) => {
      const call = { params, headers: request.headers };
      this.calls.push(call);
      const progress: Progress = async (said) => {
        const progressToken = _meta?.progressToken;
        if (progressToken !== undefined) {
          await sendNotification({ method: "notifications/progress", params: { ...said, progressToken } });
        }
      };
      return { ...(await this.#tool(call, progress, signal)) };
    };
    const transport = new StreamableHTTPServerTransport();
    response.once("close", () => void mcp.close());
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  }
}
