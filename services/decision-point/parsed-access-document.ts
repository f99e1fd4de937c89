import { accessDocumentSchema, type AccessDocument } from "../../model/access-document";

import { AccessDocumentError } from "./access-document-error";

/**
 * Reads what decision points and gateways of tools are told.
 *
 * @param text the document, in JSON.
 * @throws {AccessDocumentError} with every finding, if it is not JSON or has not the shape of one.
 */
export function parsedAccessDocument(text: string): AccessDocument {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new AccessDocumentError([
      `It is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  const parsed = accessDocumentSchema.safeParse(raw);
  if (!parsed.success) {
    throw new AccessDocumentError(
      parsed.error.issues.map(
        ({ path, message }) => `${path.map(String).join(".") || "(all of it)"}: ${message}`,
      ),
    );
  }
  return parsed.data;
}
