import { textOf } from "../../reading";

import { Message } from "./message";
import { messagesWithin } from "./messages-within";

/** What a route says of a filter of requests. */
export interface FilterOverride {
  /** The name of the filter that it is about; empty where it is not known. */
  readonly filter: string;
  readonly config: Message;
}

/** All that routes say of filters, wherever in them they do (Envoy API, `typed_per_filter_config`). */
export function filterOverrides(routes: unknown): readonly FilterOverride[] {
  return messagesWithin(routes, ["typed_per_filter_config", "typedPerFilterConfig"]).flatMap((overrides) =>
    new Message({ kind: "known", value: { overrides } })
      .entries("overrides")
      .map(([filter, config]) => ({ filter, config })),
  );
}

/**
 * Whether what a route says may be of a filter: of it by name, by the name that filters of its kind have, or of one that it
 * cannot be told from.
 */
export function isAbout(override: Pick<FilterOverride, "filter">, filter: Message, kind: string): boolean {
  const name = textOf(filter.read("name"));
  return (
    name.kind !== "known" ||
    override.filter === name.value ||
    override.filter === "" ||
    override.filter === kind
  );
}
