/** What the gateway is called in the Model Context Protocol, to agents and to servers of tools. */
export const gatewayName = { name: "bulkhead-agent-tools", version: "0.1.0" } as const;
