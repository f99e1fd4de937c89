import {
  extension,
  resources,
  listener,
  chain,
  tls,
  common,
  validation,
  manager,
  set,
  appended,
  within,
  raw,
  open,
  ours,
  plainText,
  noCertificate,
  old,
  untrusted,
  type EnvoyMutant,
  route,
} from "./mutant";

/** Ways in which the listener of a mesh lets in more than it should, each by itself. */
export const listenerMutants: readonly EnvoyMutant[] = [
  open("no TLS at all", set(`${chain}/transport_socket`, undefined), plainText),
  open("a socket of plain text", set(`${chain}/transport_socket`, raw), plainText),
  open(
    "a socket of another kind",
    set(`${tls}/@type`, `${extension}.transport_sockets.alts.v3.Alts`),
    plainText,
    false,
  ),
  open("a socket of no known type", set(`${tls}/@type`, undefined), plainText, false),
  open("no certificate asked for", set(`${tls}/require_client_certificate`, undefined), noCertificate),
  open("a certificate declined", set(`${tls}/require_client_certificate`, false), noCertificate),
  open("no least version", set(`${common}/tls_params`, undefined), old),
  open("TLS 1.2", set(`${common}/tls_params/tls_minimum_protocol_version`, "TLSv1_2"), old),
  open("TLS 1.2 by its number", set(`${common}/tls_params/tls_minimum_protocol_version`, 3), old),
  open("whatever version", set(`${common}/tls_params/tls_minimum_protocol_version`, "TLS_AUTO"), old),
  open(
    "no authority",
    set(`${common}/combined_validation_context`, undefined),
    /certificates of clients whoever has signed them/,
  ),
  open(
    "an empty validation context",
    within(common, (value) => ({
      ...Object.fromEntries(Object.entries(value).filter(([key]) => key !== "combined_validation_context")),
      validation_context: {},
    })),
    /certificates of clients whoever has signed them/,
  ),
  open(
    "the authorities of the Internet",
    within(common, (value) => ({
      ...Object.fromEntries(Object.entries(value).filter(([key]) => key !== "combined_validation_context")),
      validation_context: { trusted_ca: { filename: "/etc/ssl/certs/ca-certificates.crt" } },
    })),
    /authorities of the Internet/,
  ),
  open("untrusted chains", set(`${validation}/trust_chain_verification`, "ACCEPT_UNTRUSTED"), untrusted),
  open("untrusted chains by their number", set(`${validation}/trust_chain_verification`, 1), untrusted),
  open("expired certificates", set(`${validation}/allow_expired_certificate`, true), /that have expired/),
  open("keys written down", set(`${common}/key_log`, { path: "/tmp/keys" }), /writes the keys/),
  open(
    "a validator that is not known",
    set(`${validation}/custom_validator_config`, {
      name: "mine",
      typed_config: { "@type": "type.googleapis.com/x.Y" },
    }),
    /certificates of clients whoever has signed them|lets in whoever has a certificate/,
    false,
  ),
  ours(
    "a handshaker of one's own",
    set(`${common}/custom_handshaker`, {
      name: "mine",
      typed_config: { "@type": "type.googleapis.com/x.Y" },
    }),
    /sets custom_handshaker of a TLS context/,
  ),
  open("a second chain without TLS", appended(`${listener}/filter_chains`, { filters: [] }), plainText),
  open(
    "a chain in plain text for whoever matches no other",
    within(listener, (value) => ({ ...value, default_filter_chain: { filters: [] } })),
    plainText,
  ),
  open(
    "a chain without TLS for one name",
    appended(`${listener}/filter_chains`, {
      filter_chain_match: { transport_protocol: "raw_buffer" },
      filters: [],
    }),
    plainText,
  ),
  open(
    "another listener without TLS",
    appended(`${resources}/listeners`, {
      name: "side",
      address: { socket_address: { address: "0.0.0.0", port_value: 8081 } },
      filter_chains: [{ filters: [] }],
    }),
    plainText,
  ),
  open(
    "another listener of IPv6",
    appended(`${resources}/listeners`, {
      address: { socket_address: { address: "::", port_value: 8081 } },
      filter_chains: [{ filters: [] }],
    }),
    plainText,
  ),
  open(
    "another address of a listener of the loopback",
    appended(`${resources}/listeners`, {
      name: "side",
      address: { socket_address: { address: "127.0.0.1", port_value: 8081 } },
      additional_addresses: [{ address: { socket_address: { address: "10.0.0.5", port_value: 8081 } } }],
      filter_chains: [{ filters: [] }],
    }),
    plainText,
  ),
  open(
    "a listener of the loopback to which connections are handed on",
    appended(`${resources}/listeners`, {
      name: "side",
      address: { socket_address: { address: "127.0.0.1", port_value: 8081 } },
      use_original_dst: true,
      filter_chains: [{ filters: [] }],
    }),
    plainText,
  ),
  open("a listener of UDP", set(`${listener}/address/socket_address/protocol`, "UDP"), plainText),
  open(
    "a proxy of packets of UDP",
    appended(`${resources}/listeners`, {
      name: "side",
      address: { socket_address: { address: "0.0.0.0", port_value: 8081, protocol: 1 } },
      listener_filters: [{ name: "envoy.filters.udp_listener.udp_proxy" }],
    }),
    plainText,
  ),
  open(
    "an administration for everybody",
    (configuration) => ({
      ...configuration,
      admin: { address: { socket_address: { address: "0.0.0.0", port_value: 9901 } } },
    }),
    /administers it/,
  ),
  ours(
    "listeners that somebody else tells",
    (configuration) => ({ ...configuration, dynamic_resources: { lds_config: { ads: {} } } }),
    /told by somebody else whom it lets in/,
  ),
  ours(
    "a runtime that changes features",
    (configuration) => ({
      ...configuration,
      layered_runtime: { layers: [{ name: "x", static_layer: { "envoy.reloadable_features.x": false } }] },
    }),
    /sets layered_runtime of the configuration/,
  ),
  ours(
    "an extension that is started with it",
    (configuration) => ({ ...configuration, bootstrap_extensions: [{ name: "mine" }] }),
    /sets bootstrap_extensions of the configuration/,
  ),
  ours(
    "headers that say who calls, as the caller writes them",
    set(`${manager}/forward_client_cert_details`, "ALWAYS_FORWARD_ONLY"),
    /hands on what callers say of their certificates/,
  ),
  ours(
    "headers that say who calls, added to what the caller writes",
    set(`${manager}/forward_client_cert_details`, 2),
    /hands on what callers say of their certificates/,
  ),
  ours(
    "headers that say who calls, as a route writes them",
    set(`${route}/request_headers_to_add`, [
      { header: { key: "X-Forwarded-Client-Cert", value: "%REQ(x-me)%" } },
    ]),
    /hands on what callers say of their certificates/,
  ),
  ours(
    "headers that a route changes by a filter",
    set(`${route}/typed_per_filter_config`, {
      "envoy.filters.http.header_mutation": {
        "@type": `${extension}.filters.http.header_mutation.v3.HeaderMutationPerRoute`,
        mutations: { request_mutations: [{ append: { header: { key: "x-me", value: "you" } } }] },
      },
    }),
    /sets what they say of the filter envoy\.filters\.http\.header_mutation of routes/,
  ),
  ours(
    "an authority that somebody else tells",
    set(`${common}/combined_validation_context/validation_context_sds_secret_config/sds_config`, {
      api_config_source: { api_type: "GRPC", transport_api_version: "V3", grpc_services: [] },
    }),
    /takes is told to it by somebody else/,
  ),
];
