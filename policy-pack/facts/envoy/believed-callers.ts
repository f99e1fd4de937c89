import { contextHeader, ownHeaderPrefix, sourceAddressHeader } from "../../../model/request-headers";

import { flagOf, holdsUnknown, integerOf, known, mayBeTrue, textOf, type Reading } from "../../reading";
import type { Laxity } from "../fact";

import type { Message } from "./message";
import { isRouter, mayBeAny } from "./request-decisions";

/** What a decision is told that callers may have written themselves. */
export interface BelievedCallers {
  readonly laxities: readonly Laxity[];
  /** How many addresses that who calls has written are believed, of those through whom its client came; perhaps all. */
  readonly trustedHops: Reading<number>;
  /** Whether whoever connects has to say, or may, before anything else, from which address it comes (PROXY protocol). */
  readonly proxyProtocol: "none" | "optional" | "required";
}

/** Where nothing of a request is looked at. */
export const believingNobody: BelievedCallers = {
  laxities: [],
  trustedHops: known(0),
  proxyProtocol: "none",
};

/** The address that Envoy itself knows a client by (Envoy documentation, "Command operators"). */
const knownAddress = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%";

/** Whether headers of the platform's own are taken away from requests before anything looks at them. */
function takesOwnHeadersAway(manager: Message): boolean {
  return manager.messages("early_header_mutation_extensions").some((extension) =>
    extension
      .message("typed_config")
      .messages("mutations")
      .some((mutation) => {
        const matcher = mutation.message("remove_on_match").message("key_matcher");
        const prefix = textOf(matcher.read("prefix"));
        const ignoresCase = flagOf(matcher.read("ignore_case"));
        // Names of headers are in lower case by then.
        const text =
          prefix.kind !== "known"
            ? undefined
            : ignoresCase.kind === "known" && ignoresCase.value
              ? prefix.value.toLowerCase()
              : prefix.value;
        return text !== undefined && text !== "" && ownHeaderPrefix.startsWith(text);
      }),
  );
}

/** What a filter writes into headers of the platform's own that it does not know itself. */
function forgedBy(filter: Message): readonly Laxity[] {
  const config = filter.message("typed_config");
  if (mayBeAny(filter)) {
    return [
      {
        what: "it may tell the decision point something that it does not know itself",
        remedy: "Write out of what type each filter is.",
        assumption: "what one of its filters does",
      },
    ];
  }
  if (!config.isOf("filters.http.header_mutation.v3.HeaderMutation")) {
    return [];
  }
  return config
    .message("mutations")
    .messages("request_mutations")
    .flatMap((mutation): readonly Laxity[] => {
      const header = mutation.message("append").message("header");
      const key = textOf(header.read("key"));
      const value = textOf(header.read("value"));
      const name = key.kind === "known" ? key.value.toLowerCase() : undefined;
      const isRight =
        (name !== undefined && name !== sourceAddressHeader && name !== contextHeader) ||
        (name === sourceAddressHeader && value.kind === "known" && value.value === knownAddress);
      return isRight
        ? []
        : [
            {
              what: `it tells the decision point something in ${name ?? "a header that is not known"} that it does not know itself`,
              remedy: `Write ${knownAddress} into ${sourceAddressHeader}, and nothing into ${contextHeader}.`,
              assumption:
                name === undefined || value.kind === "unknown" ? "what the filter writes" : undefined,
            },
          ];
    });
}

/** What of a request's own words an HTTP connection manager hands to whom it asks about it. */
export function believedCallers(manager: Message): Omit<BelievedCallers, "proxyProtocol"> {
  const filters = manager.messages("http_filters");
  const end = filters.findIndex(isRouter);
  const hops = integerOf(manager.read("xff_num_trusted_hops"));
  const early = manager.read("early_header_mutation_extensions");
  const isHidden = early.kind === "unknown" || (early.kind === "known" && holdsUnknown(early.value));
  const isOwnView = flagOf(manager.read("use_remote_address"));
  return {
    laxities: [
      ...(takesOwnHeadersAway(manager)
        ? []
        : [
            {
              what: `it takes headers ${ownHeaderPrefix}… from callers, in which they say what was granted to them and where they are`,
              remedy: `Take them away with early_header_mutation_extensions: remove_on_match of the prefix ${ownHeaderPrefix}.`,
              assumption: isHidden ? "which headers it takes away" : undefined,
            },
          ]),
      ...(end < 0 ? filters : filters.slice(0, end)).flatMap(forgedBy),
    ],
    trustedHops:
      isOwnView.kind === "unknown"
        ? isOwnView
        : isOwnView.kind === "absent" || !isOwnView.value
          ? known(Infinity)
          : hops.kind === "absent"
            ? known(0)
            : hops,
  };
}

/** Whether a listener takes the word of whoever connects for where it comes from (Envoy API, `filters.listener.proxy_protocol.v3.ProxyProtocol`). */
export function proxyProtocolOf(listener: Message): BelievedCallers["proxyProtocol"] {
  const configs = listener
    .messages("listener_filters")
    .map((filter) => ({ filter, config: filter.message("typed_config") }))
    .filter(({ config }) => config.isOf("filters.listener.proxy_protocol.v3.ProxyProtocol"));
  const isOptional = configs.some(
    ({ filter, config }) =>
      mayBeTrue(flagOf(config.read("allow_requests_without_proxy_protocol"))) ||
      filter.read("filter_disabled").kind !== "absent",
  );
  return configs.length === 0 ? "none" : isOptional ? "optional" : "required";
}
