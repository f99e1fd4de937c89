import { textOf } from "../../reading";

import { Message } from "./message";
import { messagesWithin } from "./messages-within";

/**
 * The names of the headers that routes write into requests, in lower case, wherever in them they do (Envoy API,
 * `request_headers_to_add`). The router writes them, after all filters have looked at a request.
 */
export function writtenByRoutes(routes: unknown): readonly string[] {
  return messagesWithin(routes, ["request_headers_to_add", "requestHeadersToAdd"]).flatMap((list) =>
    new Message({ kind: "known", value: { list } }).messages("list").map((option) => {
      const key = textOf(option.message("header").read("key"));
      return key.kind === "known" ? key.value.toLowerCase() : "";
    }),
  );
}
