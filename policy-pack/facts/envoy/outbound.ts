import { textOf } from "../../reading";
import type { Fault } from "../acceptor";

import { addressOf } from "./address";
import { anybody, type Admission } from "./admission";
import { notUnderstood, type TrustSource } from "./certificate-validation";
import { enumOf, type Message } from "./message";
import { upstreamTls } from "./tls-context";

/** A cluster that a proxy calls, outside of its machine or pod. */
export interface Outbound {
  readonly name: string;
  /** Which it is: `cluster rag-service`. */
  readonly label: string;
  /** How the ends know each other: `undefined` where nothing shows that they do. */
  readonly transport: "mtls" | "one-way-tls" | undefined;
  /** Whom it takes for the server, and no fewer. */
  readonly servers: readonly Admission[];
  /** By whose word it takes the server's certificate. */
  readonly source: TrustSource;
  /** Where it leads, by names and addresses, as far as they are written in it. */
  readonly hosts: readonly string[];
  readonly faults: readonly Fault[];
}

/** What a cluster leads to. */
export type ClusterReading =
  | { readonly kind: "local"; readonly name: string; readonly faults: readonly Fault[] }
  | { readonly kind: "outbound"; readonly outbound: Outbound };

const types = ["STATIC", "STRICT_DNS", "LOGICAL_DNS", "EDS", "ORIGINAL_DST"] as const;

/** Fields of a cluster that say something of where it leads, or how. */
const leading = [
  "name",
  "type",
  "cluster_type",
  "load_assignment",
  "transport_socket",
  "transport_socket_matches",
  "typed_extension_protocol_options",
] as const;

/** Fields of a cluster that change nothing of it. */
const harmless = [
  "alt_stat_name",
  "connect_timeout",
  "per_connection_buffer_limit_bytes",
  "lb_policy",
  "load_balancing_policy",
  "max_requests_per_connection",
  "circuit_breakers",
  "upstream_http_protocol_options",
  "common_http_protocol_options",
  "http_protocol_options",
  "http2_protocol_options",
  "protocol_selection",
  "dns_refresh_rate",
  "dns_failure_refresh_rate",
  "respect_dns_ttl",
  "dns_jitter",
  "dns_lookup_family",
  "health_checks",
  "outlier_detection",
  "cleanup_interval",
  "common_lb_config",
  "round_robin_lb_config",
  "least_request_lb_config",
  "ring_hash_lb_config",
  "metadata",
  "upstream_connection_options",
  "close_connections_on_host_health_failure",
  "ignore_health_on_host_removal",
  "track_timeout_budgets",
  "track_cluster_stats",
  "preconnect_policy",
] as const;

const encrypt =
  "Let the transport_socket be envoy.transport_sockets.tls with a certificate, and the identity of the server.";

/** Whether a cluster's hosts are those that are written out in it, by their addresses or by their names. */
function isWrittenOut(cluster: Message): boolean {
  const type = enumOf(cluster.read("type"), types);
  const custom = cluster.message("cluster_type");
  if (custom.kind !== "absent") {
    return type.kind === "absent" && custom.message("typed_config").isOf("clusters.dns.v3.DnsCluster");
  }
  return (
    type.kind === "absent" || (type.kind === "known" && type.value !== "EDS" && type.value !== "ORIGINAL_DST")
  );
}

/** Whether a cluster is certainly the pod's own program: written out, and on the loopback. */
function isLocal(cluster: Message): boolean {
  const endpoints = cluster
    .message("load_assignment")
    .messages("endpoints")
    .flatMap((locality) => locality.messages("lb_endpoints"));
  return (
    isWrittenOut(cluster) &&
    endpoints.length > 0 &&
    endpoints.every((one) => {
      const endpoint = one.message("endpoint");
      const isPlain = endpoint.besides(["address", "hostname"]).length === 0;
      return isPlain && addressOf(endpoint.message("address")).reach === "local";
    })
  );
}

/** Whether any of a cluster's hosts may be the pod's own program, for all that is known of it. */
function isHidden(cluster: Message): boolean {
  const endpoints = cluster
    .message("load_assignment")
    .messages("endpoints")
    .flatMap((locality) => locality.messages("lb_endpoints"));
  return !endpoints.some((one) => addressOf(one.message("endpoint").message("address")).reach === "others");
}

/** The names and the addresses of a cluster's hosts that are written in it. */
function hostsOf(cluster: Message): readonly string[] {
  return cluster
    .message("load_assignment")
    .messages("endpoints")
    .flatMap((locality) => locality.messages("lb_endpoints"))
    .flatMap((one) => {
      const socket = one.message("endpoint").message("address").message("socket_address");
      const host = textOf(socket.read("address"));
      return host.kind === "known" ? [host.value] : [];
    });
}

/** Where a cluster leads that is not written out in it; `undefined` where it is. */
function openness(cluster: Message): string | undefined {
  const type = enumOf(cluster.read("type"), types);
  if (cluster.kind === "known" && isWrittenOut(cluster)) {
    return isHidden(cluster) ? "whom it calls is not known" : undefined;
  }
  if (type.kind !== "known" || cluster.read("cluster_type").kind !== "absent") {
    return "where it leads is not known";
  }
  return type.value === "EDS"
    ? "where it leads is told to it by somebody else"
    : "it leads wherever its program wants";
}

interface Ends {
  readonly transport: Outbound["transport"];
  readonly servers: readonly Admission[];
  readonly source: TrustSource;
  readonly faults: readonly Fault[];
}

/** How one socket of a cluster is secured. */
function endsOf(socket: Message, open: string | undefined, secrets: readonly Message[]): Ends {
  const config = socket.message("typed_config");
  if (config.isOf("transport_sockets.tls.v3.UpstreamTlsContext")) {
    const tls = upstreamTls(config, secrets);
    const isProved =
      tls.source !== "nobody" && tls.faults.every(({ refusedOn }) => refusedOn === "our platform");
    return {
      transport: !isProved ? undefined : tls.showsCertificate ? "mtls" : "one-way-tls",
      servers: tls.admissions,
      source: tls.source,
      faults: tls.faults,
    };
  }
  const isPlain = socket.kind === "absent" || config.isOf("transport_sockets.raw_buffer.v3.RawBuffer");
  return {
    transport: undefined,
    servers: anybody,
    source: "nobody",
    faults: [
      {
        what: "it calls others in plain text",
        remedy: encrypt,
        assumption: isPlain ? open : "which `transport_socket` it has is not known",
        // What is called may be the program beside it.
        refusedOn: open === undefined || open.endsWith("not known") ? "any stack" : "our platform",
      },
    ],
  };
}

/** What may change requests on their way into a cluster, or answer them there (Envoy API, `HttpProtocolOptions`, `http_filters`). */
function filterFaults(cluster: Message): readonly Fault[] {
  return cluster.entries("typed_extension_protocol_options").flatMap(([, options]) => {
    const isRead = options.isOf("upstreams.http.v3.HttpProtocolOptions");
    const isPlain = options
      .messages("http_filters")
      .every((filter) => filter.message("typed_config").isOf("filters.http.upstream_codec.v3.UpstreamCodec"));
    return isRead && isPlain
      ? []
      : notUnderstood("a cluster", [isRead ? "filters of requests" : "options of a protocol"]);
  });
}

/** What a cluster leads to, and how (Envoy API, `envoy.config.cluster.v3.Cluster`). */
export function clusterOf(cluster: Message, secrets: readonly Message[]): ClusterReading {
  const said = textOf(cluster.read("name"));
  const name = said.kind === "known" ? said.value : "";
  if (cluster.kind === "known" && isLocal(cluster)) {
    return { kind: "local", name, faults: filterFaults(cluster) };
  }
  const open = openness(cluster);
  const sockets = [
    cluster.message("transport_socket"),
    ...cluster.messages("transport_socket_matches").map((match) => match.message("transport_socket")),
  ].map((socket) => endsOf(socket, open, secrets));
  const transports = new Set(sockets.map(({ transport }) => transport));
  const [first] = transports;
  return {
    kind: "outbound",
    outbound: {
      name,
      label: `cluster ${name === "" ? "that is not known" : name}`,
      transport: transports.size === 1 ? first : transports.has(undefined) ? undefined : "one-way-tls",
      servers: sockets.flatMap(({ servers }) => servers),
      // What somebody else says is the least of all.
      source: sockets.find(({ source }) => source === "sent")?.source ?? sockets[0]?.source ?? "nobody",
      hosts: hostsOf(cluster),
      faults: [
        ...sockets.flatMap(({ faults }) => faults),
        ...(open === undefined
          ? []
          : [
              {
                what: "its calls lead to more than is written in it",
                remedy:
                  "Let its type be STATIC or STRICT_DNS, and write out in load_assignment whom it calls.",
                assumption: open,
                refusedOn: "our platform" as const,
              },
            ]),
        ...filterFaults(cluster),
        ...notUnderstood("a cluster", cluster.besides([...leading, ...harmless])),
      ],
    },
  };
}
