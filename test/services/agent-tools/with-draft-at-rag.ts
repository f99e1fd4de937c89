import type { AccessDocument } from "../../../model/access-document";

/** A document in which the server of one tool, `draft_summary`, is an agent itself, which calls further with what it is handed. */
export function withDraftAtRag(told: AccessDocument): AccessDocument {
  const tools = told.access.tools.map((tool) =>
    tool.id === "draft_summary" ? { ...tool, server: "rag-service" } : tool,
  );
  return { ...told, access: { ...told.access, tools } };
}
