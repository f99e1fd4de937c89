import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { toolPath } from "../../model/access-policy";
import { contextHeader, requestIdHeader } from "../../model/request-headers";
import { requestIdOf } from "../decision-point/request-id";
import { callerIdentity } from "../program/caller-identity";

import { answerAgent } from "./mcp-endpoint";
import type { ToolGateway } from "./tool-gateway";

/** As much as the proxy takes: a context token has certificates in it. */
const mostHeaderBytes = 61_440;

/** Headers by which traces are put together (W3C Trace Context). */
const traceHeaders = ["traceparent", "tracestate"] as const;

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

function refuse(response: ServerResponse, status: number, message: string, headers = {}): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32000, message }, id: null }));
}

async function answer(
  gateway: ToolGateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request;
  const { pathname } = new URL(request.url ?? "/", "http://program");
  if (pathname === "/healthz") {
    response.writeHead(gateway.illness === undefined ? 200 : 503).end(gateway.illness);
    return;
  }
  if (pathname !== toolPath) {
    refuse(response, 404, "There is nothing here.");
    return;
  }
  const agent = callerIdentity(textOf(headers["x-forwarded-client-cert"]));
  // Agents are programs. What a page in a browser sends says where the page is from (MCP, "Security Warning").
  if (agent === undefined || headers.origin !== undefined) {
    refuse(response, 403, "It is not known who calls.");
    return;
  }
  if (method !== "POST") {
    refuse(response, 405, "Requests are posted; there are no sessions.", { allow: "POST" });
    return;
  }
  const trace = traceHeaders.flatMap((name) => {
    const value = textOf(headers[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  await answerAgent(
    gateway,
    {
      agent,
      token: textOf(headers[contextHeader]),
      requestId: requestIdOf(headers[requestIdHeader]),
      trace: Object.fromEntries(trace),
    },
    request,
    response,
  );
}

/**
 * The gateway of tools as a server of HTTP, for agents at `/mcp`. It believes who calls from the proxy before it, so it
 * has to listen on the loopback.
 *
 * @param onFault is told what went wrong with a request that nothing else tells of.
 */
export function toolGatewayServer(gateway: ToolGateway, onFault: (fault: unknown) => void): Server {
  const server = createServer({ maxHeaderSize: mostHeaderBytes }, (request, response) => {
    answer(gateway, request, response).catch((error: unknown) => {
      onFault(error);
      if (response.headersSent) {
        response.destroy();
      } else {
        refuse(response, 500, "The request cannot be answered.");
      }
    });
  });
  // The proxy closes connections that nobody uses. If we did, a request of its could be on the way.
  server.keepAliveTimeout = 0;
  return server;
}
