import type { McpError } from "@modelcontextprotocol/sdk/types.js";

/** An error that an agent is answered with (JSON-RPC 2.0, §5.1). The SDK's own says its code once more in its message. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /** An error that a server of tools answered with, as that server said it. */
  static relayed({ code, message, data }: McpError): ProtocolError {
    const prefix = `MCP error ${String(code)}: `;
    return new ProtocolError(code, message.startsWith(prefix) ? message.slice(prefix.length) : message, data);
  }
}
