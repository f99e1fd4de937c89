import type { IncomingMessage, ServerResponse } from "node:http";

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ErrorCode, ListToolsRequestSchema, type Progress } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

import { AuditUnavailable } from "../audit/audit-event";

import { gatewayName } from "./gateway-name";
import { ProtocolError } from "./protocol-error";
import type { AgentRequest, ToolGateway } from "./tool-gateway";

const callSchema = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

/** How an error is said to an agent: what went wrong inside stays inside. */
function said(error: unknown): ProtocolError {
  return error instanceof ProtocolError
    ? error
    : new ProtocolError(
        ErrorCode.InternalError,
        error instanceof AuditUnavailable ? "The call cannot be recorded." : "The tools cannot be reached.",
      );
}

function serverOf(gateway: ToolGateway, request: Omit<AgentRequest, "signal">): McpServer {
  const mcp = new McpServer(gatewayName);
  const { server } = mcp;
  server.registerCapabilities({ tools: {} });
  server.setRequestHandler(ListToolsRequestSchema, async ({ params }, { signal }) => {
    if (params?.cursor !== undefined) {
      throw new ProtocolError(ErrorCode.InvalidParams, "There is one page of tools.");
    }
    try {
      return { tools: [...(await gateway.list({ ...request, signal }))] };
    } catch (error) {
      throw said(error);
    }
  });
  // A handler of the method's own would be given, and would give, what this version of the SDK knows of the protocol alone.
  server.fallbackRequestHandler = async ({ method, params }, { signal, _meta, sendNotification }) => {
    if (method !== "tools/call") {
      throw new ProtocolError(ErrorCode.MethodNotFound, "Method not found");
    }
    const { data } = callSchema.safeParse(params);
    if (data === undefined) {
      throw new ProtocolError(ErrorCode.InvalidParams, "A call names a tool and its arguments.");
    }
    const onProgress = (progress: Progress): void => {
      const progressToken = _meta?.progressToken;
      if (progressToken !== undefined) {
        void sendNotification({
          method: "notifications/progress",
          params: { ...progress, progressToken },
        }).catch(() => undefined);
      }
    };
    try {
      return await gateway.call(
        { ...request, signal },
        { tool: data.name, arguments: data.arguments, onProgress },
      );
    } catch (error) {
      throw said(error);
    }
  };
  return mcp;
}

/**
 * Answers one POST of an agent's (Model Context Protocol 2025-11-25, Streamable HTTP). There are no sessions, so that any
 * replica answers any request, and none is kept that an agent could use for another user.
 */
export async function answerAgent(
  gateway: ToolGateway,
  agentRequest: Omit<AgentRequest, "signal">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const server = serverOf(gateway, agentRequest);
  const transport = new StreamableHTTPServerTransport();
  response.once("close", () => {
    // What is done for an agent that no longer waits ends with it.
    void server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}
