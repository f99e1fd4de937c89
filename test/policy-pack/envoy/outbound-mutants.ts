import {
  extension,
  resources,
  route,
  cluster,
  upstream,
  set,
  appended,
  within,
  raw,
  open,
  ours,
  type EnvoyMutant,
} from "./mutant";
import { identityOf } from "./shown-envoys";

const inPlain = /calls others in plain text/;

/** What is wrong with the configuration of a workload that calls others: the one beside `rag-service`. */
export const outboundMutants: readonly EnvoyMutant[] = [
  open("plain text", set(`${cluster}/transport_socket`, undefined), inPlain),
  open("a socket of plain text", set(`${cluster}/transport_socket`, raw), inPlain),
  open(
    "plain text to some of its hosts",
    set(`${cluster}/transport_socket_matches`, [{ name: "x", match: {}, transport_socket: raw }]),
    inPlain,
  ),
  open(
    "a socket of another kind",
    set(`${upstream}/@type`, `${extension}.transport_sockets.alts.v3.Alts`),
    inPlain,
    false,
  ),
  open(
    "whoever answers",
    set(`${upstream}/common_tls_context/combined_validation_context`, undefined),
    /certificates of servers whoever has signed them/,
  ),
  open(
    "untrusted servers",
    set(
      `${upstream}/common_tls_context/combined_validation_context/default_validation_context/trust_chain_verification`,
      "ACCEPT_UNTRUSTED",
    ),
    /certificates of servers that no authority/,
  ),
  open(
    "expired servers",
    set(
      `${upstream}/common_tls_context/combined_validation_context/default_validation_context/allow_expired_certificate`,
      true,
    ),
    /certificates of servers that have expired/,
  ),
  open(
    "TLS 1.1",
    set(`${upstream}/common_tls_context/tls_params`, { tls_minimum_protocol_version: "TLSv1_1" }),
    /older than 1\.2/,
  ),
  ours("TLS 1.2", set(`${upstream}/common_tls_context/tls_params`, undefined), /older than 1\.3/),
  ours(
    "no certificate of its own",
    set(`${upstream}/common_tls_context/tls_certificate_sds_secret_configs`, undefined),
    /shows no certificate of its own/,
  ),
  ours(
    "whoever of the trust domain answers",
    set(
      `${upstream}/common_tls_context/combined_validation_context/default_validation_context/match_typed_subject_alt_names`,
      [{ san_type: "URI", matcher: { prefix: "spiffe://ai.hospital.example/" } }],
    ),
    /calls whoever has an identity that begins with/,
  ),
  ours(
    "no word on who answers",
    set(
      `${upstream}/common_tls_context/combined_validation_context/default_validation_context/match_typed_subject_alt_names`,
      undefined,
    ),
    /takes whoever has a certificate for the server/,
  ),
  ours(
    "a server that no flow names",
    set(
      `${upstream}/common_tls_context/combined_validation_context/default_validation_context/match_typed_subject_alt_names`,
      [{ san_type: "URI", matcher: { exact: identityOf("ai-gateway") } }],
    ),
    /calls spiffe:.*ai-gateway, and no flow/,
  ),
  ...["fhir-proxy", "program"].map((name) =>
    ours(
      `filters of requests on the way to ${name}`,
      within(`${resources}/clusters/${name}`, (value) => ({
        ...value,
        typed_extension_protocol_options: {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": `${extension}.upstreams.http.v3.HttpProtocolOptions`,
            http_filters: [
              { name: "lua", typed_config: { "@type": `${extension}.filters.http.lua.v3.Lua` } },
            ],
          },
        },
      })),
      /sets filters of requests of a cluster/,
    ),
  ),
  ours("hosts that somebody else tells", set(`${cluster}/type`, "EDS"), /calls lead to more/),
  ours(
    "wherever the program wants",
    within(cluster, ({ cluster_type: _, load_assignment: __, ...others }) => ({
      ...others,
      type: "ORIGINAL_DST",
      lb_policy: "CLUSTER_PROVIDED",
    })),
    /calls lead to more/,
  ),
  ours(
    "wherever a request says",
    within(cluster, (value) => ({
      ...value,
      cluster_type: {
        name: "envoy.clusters.dynamic_forward_proxy",
        typed_config: { "@type": `${extension}.clusters.dynamic_forward_proxy.v3.ClusterConfig` },
      },
    })),
    /calls lead to more/,
  ),
  open(
    "a cluster of metrics in plain text",
    appended(`${resources}/clusters`, {
      name: "metrics",
      type: "STRICT_DNS",
      load_assignment: {
        cluster_name: "metrics",
        endpoints: [
          {
            lb_endpoints: [
              { endpoint: { address: { socket_address: { address: "metrics.example", port_value: 4317 } } } },
            ],
          },
        ],
      },
    }),
    inPlain,
  ),
  ours(
    "what comes in handed on to another workload",
    set(`${route}/route/cluster`, "fhir-proxy"),
    /hands what comes in on to cluster fhir-proxy/,
  ),
  ours(
    "what comes in handed on to where a request says",
    within(`${route}/route`, ({ cluster: _, ...others }) => ({ ...others, cluster_header: "x-to" })),
    /hands what comes in on to clusters that are not known/,
  ),
];
