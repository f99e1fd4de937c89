import { Refused } from "../refusal";

import type { ProviderOperation, ProviderRequestLine } from "./provider-format";

/**
 * The operation at a path, which takes posts alone.
 *
 * @param queries the parameters that the query may have, and their forms.
 * @throws {Refused} if there is none, or it is asked in another way.
 */
export function knownOperation(
  { method, query }: ProviderRequestLine,
  operation: ProviderOperation | undefined,
  queries: Readonly<Record<string, RegExp>> = {},
): ProviderOperation {
  if (operation === undefined) {
    throw new Refused("operation-unknown");
  }
  if (method !== "POST") {
    throw new Refused("method-unknown");
  }
  const seen = new Set<string>();
  for (const [name, value] of query) {
    const form = Object.hasOwn(queries, name) ? queries[name] : undefined;
    if (form?.test(value) !== true || seen.has(name)) {
      throw new Refused("query-unknown");
    }
    seen.add(name);
  }
  return operation;
}
