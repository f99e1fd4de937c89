import { flagOf, mayBeTrue, textOf } from "../../reading";
import type { Fault } from "../acceptor";
import type { Laxity } from "../fact";

import { admittedByFilter } from "./access-control";
import { addressOf, type AddressReading } from "./address";
import { anybody, whoeverPassesAll, type Admission } from "./admission";
import { believingNobody, proxyProtocolOf, type BelievedCallers } from "./believed-callers";
import { notUnderstood, type TrustSource } from "./certificate-validation";
import { requestsOf, type RequestReading } from "./http-connections";
import type { Message } from "./message";
import { unasked, type DecisionReading } from "./request-decisions";
import { downstreamTls, type DownstreamTls } from "./tls-context";

/** One way into a proxy from outside of its machine or pod: a chain of filters of a listener. */
export interface Inbound {
  /** Which it is: `listener mesh`. */
  readonly label: string;
  /** What it asks of its clients: `none` where it does not even speak TLS. */
  readonly asks: DownstreamTls["asks"] | "none";
  /** By whose word it takes certificates. */
  readonly source: TrustSource;
  /** The oldest version of TLS that it certainly speaks; `undefined` where that is older still, or not known. */
  readonly oldest: DownstreamTls["oldest"];
  /** Whether connections are certainly encrypted, and certificates that it asks for certainly looked at. */
  readonly isProving: boolean;
  /** Whoever is let in, and no fewer. */
  readonly admissions: readonly Admission[];
  /** The clusters to which what comes in goes on past its own program; `undefined` among them where that is not known. */
  readonly relays: readonly (string | undefined)[];
  /** Whom it asks about what comes in before it goes on. */
  readonly decision: DecisionReading;
  /** What it hands to whom it asks that callers may have written themselves. */
  readonly believed: BelievedCallers;
  /** Whether others than the pod's own certainly get there. */
  readonly isSure: boolean;
  readonly faults: readonly Fault[];
}

const understoodOfListener = [
  "name",
  "address",
  "additional_addresses",
  "stat_prefix",
  "filter_chains",
  "default_filter_chain",
  "filter_chain_matcher",
  "per_connection_buffer_limit_bytes",
  "metadata",
  "drain_type",
  "listener_filters",
  "listener_filters_timeout",
  "freebind",
  "tcp_fast_open_queue_length",
  "traffic_direction",
  "udp_listener_config",
  "connection_balance_config",
  "reuse_port",
  "enable_reuse_port",
  "access_log",
  "tcp_backlog_size",
  "max_connections_to_accept_per_socket_event",
  "enable_mptcp",
] as const;

const understoodOfChain = [
  "name",
  "filter_chain_match",
  "filters",
  "transport_socket",
  "transport_socket_connect_timeout",
  "metadata",
] as const;

const endTls =
  "Let the transport_socket be envoy.transport_sockets.tls with require_client_certificate true.";

interface Socket {
  readonly asks: Inbound["asks"];
  readonly source: TrustSource;
  readonly oldest: Inbound["oldest"];
  readonly admissions: readonly Admission[];
  readonly faults: readonly Fault[];
}

function withoutTls(what: string, assumption?: string): Socket {
  return {
    asks: assumption === undefined ? "none" : "unknown",
    source: "nobody",
    oldest: undefined,
    admissions: anybody,
    faults: [{ what, remedy: endTls, assumption }],
  };
}

const plain = "it takes connections without TLS, which whoever is on the way reads and changes";

/** How connections are secured that a chain of filters takes. */
function socketOf(chain: Message, secrets: readonly Message[]): Socket {
  const socket = chain.message("transport_socket");
  const config = socket.message("typed_config");
  const isQuic = config.isOf("transport_sockets.quic.v3.QuicDownstreamTransport");
  const context = isQuic ? config.message("downstream_tls_context") : config;
  if (isQuic || config.isOf("transport_sockets.tls.v3.DownstreamTlsContext")) {
    const tls = downstreamTls(context, secrets);
    const asked = tls.asks === "certificate" ? tls.admissions : anybody;
    return { ...tls, oldest: isQuic ? "1.3" : tls.oldest, admissions: asked, faults: tls.faults };
  }
  if (socket.kind === "absent" || config.isOf("transport_sockets.raw_buffer.v3.RawBuffer")) {
    return withoutTls(plain);
  }
  return withoutTls(
    plain,
    socket.kind === "unknown" || config.type.kind !== "known"
      ? "which `transport_socket` it has is not known"
      : `what a \`transport_socket\` of ${config.type.value} lets through is not known`,
  );
}

/** Filters of connections that end nothing, and let nobody in. */
const passingFilters = [
  "filters.network.connection_limit.v3.ConnectionLimit",
  "filters.network.local_ratelimit.v3.LocalRateLimit",
] as const;

const unseenRequests: Laxity = {
  what: "it hands connections on without a look at the requests in them, so that it asks nobody about those",
  remedy:
    "Let an HTTP connection manager take them, with the filter envoy.filters.http.ext_authz before its router.",
};

const unseen: DecisionReading = unasked(unseenRequests);

/** What filters of connections let in, and where to. */
function filtersOf(chain: Message): RequestReading {
  const passed: (readonly Admission[])[] = [];
  const clusters: (string | undefined)[] = [];
  const faults: Fault[] = [];
  const decisions: DecisionReading[] = [];
  let believed: RequestReading["believed"] = believingNobody;
  for (const filter of chain.messages("filters")) {
    const config = filter.message("typed_config");
    if (config.isOf("filters.network.rbac.v3.RBAC") && filter.read("config_discovery").kind === "absent") {
      // What comes after the first that answers is never asked.
      passed.push(clusters.length === 0 ? admittedByFilter(config) : anybody);
    } else if (config.isOf("filters.network.http_connection_manager.v3.HttpConnectionManager")) {
      const requests = requestsOf(config);
      passed.push(requests.admissions);
      clusters.push(...requests.clusters);
      decisions.push(requests.decision);
      believed = requests.believed;
      faults.push(...requests.faults);
    } else if (config.isOf("filters.network.tcp_proxy.v3.TcpProxy")) {
      const name = textOf(config.read("cluster"));
      const weighted = config.message("weighted_clusters").messages("clusters");
      clusters.push(
        ...(weighted.length === 0 ? [name] : weighted.map((one) => textOf(one.read("name")))).map((one) =>
          one.kind === "known" ? one.value : undefined,
        ),
      );
      decisions.push(unseen);
    } else if (!passingFilters.some((one) => config.isOf(one))) {
      const name = textOf(filter.read("name"));
      faults.push(
        ...notUnderstood("connections", [
          `the filter ${name.kind === "known" ? name.value : "without a known name"}`,
        ]),
      );
      decisions.push(
        unasked({ ...unseenRequests, assumption: "what its filters of connections do is not known" }),
      );
    }
  }
  // What comes after the first that answers is never asked.
  return {
    admissions: whoeverPassesAll(passed),
    clusters,
    decision: decisions[0] ?? { kind: "closed" },
    believed,
    faults,
  };
}

/** Listener filters that say nothing of who somebody is, but for an address that no access control goes by. */
const plainFilters = [
  "filters.listener.tls_inspector.v3.TlsInspector",
  "filters.listener.http_inspector.v3.HttpInspector",
  "filters.listener.proxy_protocol.v3.ProxyProtocol",
] as const;

/** What hands connections on to a listener that its own address does not show. */
function handedOn(listener: Message): boolean {
  return (
    mayBeTrue(flagOf(listener.read("use_original_dst"))) ||
    mayBeTrue(flagOf(listener.read("transparent"))) ||
    (listener.read("bind_to_port").kind !== "absent" && !isSurelyTrue(listener.read("bind_to_port"))) ||
    listener.read("deprecated_v1").kind !== "absent" ||
    listener.messages("listener_filters").some((filter) => {
      const config = filter.message("typed_config");
      return !plainFilters.some((one) => config.isOf(one));
    })
  );
}

function isSurelyTrue(read: ReturnType<Message["read"]>): boolean {
  const flag = flagOf(read);
  return flag.kind === "known" && flag.value;
}

/** What a listener's own settings let through that are not understood, or let somebody be taken for another. */
function listenerFaults(listener: Message, addresses: readonly AddressReading[]): readonly Fault[] {
  const isQuic = listener.message("udp_listener_config").read("quic_options").kind !== "absent";
  return [
    ...notUnderstood("a listener", listener.besides(understoodOfListener)),
    ...(handedOn(listener)
      ? notUnderstood("a listener", ["what hands connections on to it, or says where they come from,"])
      : []),
    ...(addresses.some(({ isUdp }) => isUdp)
      ? [
          {
            what: isQuic ? "it takes connections over QUIC as well" : plain,
            remedy: "Let the protocol of its address be TCP.",
            refusedOn: isQuic ? ("our platform" as const) : ("any stack" as const),
          },
        ]
      : []),
  ];
}

/** A fault without what is not known of it, where nothing is. */
function definite({ assumption, ...fault }: Fault): Fault {
  return assumption === undefined ? fault : { ...fault, assumption };
}

/**
 * The ways in by one listener (Envoy API, `envoy.config.listener.v3.Listener`); none, where it is the pod's own.
 *
 * @param local the names of the clusters that are the program beside it.
 */
export function inboundsOf(
  listener: Message,
  secrets: readonly Message[],
  local: ReadonlySet<string>,
): readonly Inbound[] {
  const addresses = [
    listener.message("address"),
    ...listener.messages("additional_addresses").map((one) => one.message("address")),
  ]
    .filter(({ kind }) => kind !== "absent")
    .map(addressOf);
  const isLocal =
    listener.kind === "known" &&
    addresses.length > 0 &&
    addresses.every(({ reach }) => reach === "local") &&
    !handedOn(listener);
  if (isLocal || (listener.kind === "known" && listener.read("internal_listener").kind !== "absent")) {
    return [];
  }
  const name = textOf(listener.read("name"));
  const label = `listener ${name.kind === "known" ? name.value : (addresses[0]?.text ?? "that is not known")}`;
  const chains = [
    ...listener.messages("filter_chains"),
    ...(listener.read("default_filter_chain").kind === "absent"
      ? []
      : [listener.message("default_filter_chain")]),
  ];
  const own = listenerFaults(listener, addresses);
  const proxyProtocol = proxyProtocolOf(listener);
  const unread: readonly Fault[] =
    listener.kind === "known" &&
    listener.read("filter_chains").kind !== "unknown" &&
    listener.read("fcds_config").kind === "absent"
      ? []
      : [{ what: plain, remedy: endTls, assumption: "which filter chains it has is not known" }];
  // What may be the pod's own is not open for certain.
  const isSure = handedOn(listener) || addresses.some(({ reach }) => reach === "others");
  const doubted = (faults: readonly Fault[]): readonly Fault[] =>
    isSure
      ? faults
      : faults.map((fault) => ({ assumption: "where it listens is not known", ...definite(fault) }));
  const [first, ...others] = chains.map((chain, index): Inbound => {
    const socket = socketOf(chain, secrets);
    const { admissions, clusters, decision, believed, faults } = filtersOf(chain);
    return {
      label: chains.length === 1 ? label : `${label}, filter chain ${String(index + 1)}`,
      asks: socket.asks,
      source: socket.source,
      oldest: socket.oldest,
      isProving: socket.oldest !== undefined && (socket.asks !== "certificate" || socket.source !== "nobody"),
      admissions: whoeverPassesAll([admissions, socket.admissions]),
      // Who calls one workload would speak for it with another.
      relays: [...new Set(clusters)].filter((name) => name === undefined || !local.has(name)),
      decision,
      believed: { ...believed, proxyProtocol },
      isSure,
      faults: doubted([
        ...socket.faults,
        ...faults,
        ...notUnderstood("a filter chain", chain.besides(understoodOfChain)),
      ]),
    };
  });
  if (first === undefined) {
    return [
      {
        label,
        asks: "unknown",
        source: "nobody",
        oldest: undefined,
        isProving: false,
        // Without a filter chain it takes no connection.
        admissions: unread.length === 0 ? [] : anybody,
        relays: [],
        decision:
          unread.length === 0
            ? { kind: "closed" }
            : unasked({ ...unseenRequests, assumption: "which filter chains it has is not known" }),
        believed: believingNobody,
        isSure,
        faults: doubted([...own, ...unread]),
      },
    ];
  }
  return [{ ...first, faults: [...doubted([...own, ...unread]), ...first.faults] }, ...others];
}
