import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError, type Progress } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

import { toolPath } from "../../model/access-policy";

import { boundedFetch } from "./bounded-fetch";
import { gatewayName } from "./gateway-name";
import { ProtocolError } from "./protocol-error";

/** How long a server of tools may be silent, in milliseconds: until it begins, says that it goes on, or has done. */
const limits = { toBegin: 10_000, betweenSigns: 60_000, wholeCall: 600_000 } as const;

/** Pages of a list of tools, above which a server says the same again and again. */
const mostPages = 100;

/** Loose, so that what a newer version of the protocol says goes on unchanged. */
const definitionSchema = z.looseObject({ name: z.string() });
const pageSchema = z.looseObject({ tools: z.array(definitionSchema), nextCursor: z.string().optional() });
const resultSchema = z.looseObject({ isError: z.boolean().optional() });

/** A tool as its server describes it. */
export type ToolDefinition = z.output<typeof definitionSchema>;

/** What came of a call, as the server says it. */
export type ToolResult = z.output<typeof resultSchema>;

/** How a server is called for a request. */
export interface ServerCall {
  /** What it is told besides: the context token above all. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call. */
  readonly signal: AbortSignal;
}

/** A server of tools cannot be reached, or does not do what the protocol says. */
export class ToolServerFailed extends Error {
  override readonly name = "ToolServerFailed";
}

/**
 * The workloads that offer tools, each at `/mcp` (Model Context Protocol 2025-11-25, Streamable HTTP). Each call has a
 * connection of its own: nothing that a server keeps of one user's session is there in another's.
 */
export class ToolServers {
  readonly #addresses: Readonly<Record<string, string>>;

  /** @param addresses where each of them is called, by the id of its workload: the proxy ends mutual TLS. */
  constructor(addresses: Readonly<Record<string, string>>) {
    this.#addresses = addresses;
  }

  /**
   * What tools a server describes.
   *
   * @throws {ToolServerFailed} if it gives no list.
   * @throws {ProtocolError} if it says why not.
   */
  async tools(server: string, call: ServerCall): Promise<readonly ToolDefinition[]> {
    return this.#connected(server, call, async (client, signal) => {
      const definitions: ToolDefinition[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const { tools, nextCursor } = await client.request(
          { method: "tools/list", params: cursor === undefined ? {} : { cursor } },
          pageSchema,
          { signal, timeout: limits.toBegin },
        );
        definitions.push(...tools);
        if (nextCursor === undefined) {
          return definitions;
        }
        cursor = nextCursor;
      }
      throw new ToolServerFailed(`${server} lists its tools without end.`);
    });
  }

  /**
   * Calls a tool with the arguments alone: what else an agent says beside them was not decided upon.
   *
   * @throws {ToolServerFailed} if there is no answer.
   * @throws {ProtocolError} if the answer is an error.
   */
  async call(
    server: string,
    tool: string,
    args: Readonly<Record<string, unknown>>,
    onProgress: (progress: Progress) => void,
    call: ServerCall,
  ): Promise<ToolResult> {
    return this.#connected(server, call, (client, signal) =>
      client.request({ method: "tools/call", params: { name: tool, arguments: args } }, resultSchema, {
        signal,
        onprogress: onProgress,
        timeout: limits.betweenSigns,
        resetTimeoutOnProgress: true,
        maxTotalTimeout: limits.wholeCall,
      }),
    );
  }

  async #connected<Answer>(
    server: string,
    { headers, signal }: ServerCall,
    use: (client: Client, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const address = this.#addresses[server];
    if (address === undefined) {
      throw new ToolServerFailed(`No address of ${server} is known.`);
    }
    // A connection that fails is told to the client and not to who waits for an answer on it.
    const broken = new AbortController();
    const ended = AbortSignal.any([signal, broken.signal]);
    const transport = new StreamableHTTPClientTransport(new URL(`${address}${toolPath}`), {
      requestInit: { headers: { ...headers } },
      fetch: boundedFetch((reason) => {
        broken.abort(reason);
      }),
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 0,
        maxReconnectionDelay: 0,
        reconnectionDelayGrowFactor: 1,
      },
    });
    const client = new Client(gatewayName);
    client.onerror = (error) => {
      broken.abort(error);
    };
    try {
      await client.connect(transport, { signal: ended, timeout: limits.toBegin });
      return await use(client, ended);
    } catch (error) {
      if (error instanceof McpError && !ended.aborted) {
        throw ProtocolError.relayed(error);
      }
      throw error instanceof ToolServerFailed
        ? error
        : new ToolServerFailed(`${server} gave no answer.`, { cause: error });
    } finally {
      client.onerror = () => undefined;
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    }
  }
}
