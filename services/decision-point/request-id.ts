import { randomUUID } from "node:crypto";

import { isNumberOfRequest } from "../audit/request-number";

/** The number of a request as who asks has it, if it is one that records may hold; else a new one, by which they are found. */
export function requestIdOf(given: unknown): string {
  return typeof given === "string" && isNumberOfRequest(given) ? given : randomUUID();
}
