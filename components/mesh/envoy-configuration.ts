import { discoveryName } from "../../model/discovery-name";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import type { PlatformSpec } from "../../model/platform-spec";
import { ownHeaderPrefix } from "../../model/request-headers";
import { platformPort, type Workload } from "../../model/workload";

import { decisionFilters } from "./access-decisions";
import type { EdgeClients } from "./edge-clients";
import { accessLog } from "./envoy-access-log";
import { overloadManager, connectionBufferBytes, http2Limits, outlierDetection } from "./envoy-limits";
import { typed, type EnvoyPart } from "./envoy-part";
import { downstreamTls, ofAuthorities, ofTrustDomain, upstreamTls, type Validation } from "./envoy-tls";
import { callersOf, programPort, upstreamsOf, type Upstream } from "./ports";

/** Where the load balancers of AWS and Azure ask whether a workload behind them does its work. */
export const healthPath = "/healthz";

/** How long nothing may pass, in a stream or on a connection without any: as long as a model takes to begin its answer. */
const idleTimeout = "300s";

/** How long a connection is used for new requests. A certificate that is replaced is so no longer seen after that. */
const connectionLife = "3600s";

/**
 * Headers by which load balancers that end TLS say who their client is. One that passes TLS through says nothing, so that
 * whoever writes them there is the client.
 */
const claimedIdentity = ["x-amzn-mtls-", "x-amzn-oidc-", "x-client-certificate"];

/** Protocols other than HTTP that a request may ask to go on with (RFC 9110 §7.8, RFC 8441). */
const upgrades: EnvoyPart = { upgrade_configs: [{ upgrade_type: "websocket" }] };

/** One destination of a listener's requests. */
interface Route {
  /** Whether it is that of gRPC alone, which is HTTP/2 all the way. */
  readonly grpc?: true;
  readonly cluster: string;
}

/** Requests go on, whatever their host and path; they last as long as something is said. */
function routes(name: string, destinations: readonly Route[], more: EnvoyPart): EnvoyPart {
  return {
    route_config: {
      name,
      virtual_hosts: [
        {
          name,
          domains: ["*"],
          routes: destinations.map(({ grpc, cluster }) => ({
            match: { prefix: "/", ...(grpc === undefined ? {} : { grpc: {} }) },
            route: {
              cluster,
              timeout: "0s",
              idle_timeout: idleTimeout,
              // Only what the peer has surely not seen is sent again.
              retry_policy: {
                retry_on: "connect-failure,refused-stream,reset-before-request",
                num_retries: 2,
              },
            },
          })),
          ...more,
        },
      ],
    },
  };
}

/** Lets in those who satisfy one of the principals, and nobody else. */
function accessControl(principals: readonly EnvoyPart[]): EnvoyPart {
  return {
    name: "envoy.filters.http.rbac",
    typed_config: typed("filters.http.rbac.v3.RBAC", {
      rules: {
        action: "ALLOW",
        policies:
          principals.length === 0 ? {} : { "declared-flows": { permissions: [{ any: true }], principals } },
      },
    }),
  };
}

/** Answers the load balancer in the program's place, well exactly if the program is. */
const health: EnvoyPart = {
  name: "envoy.filters.http.health_check",
  typed_config: typed("filters.http.health_check.v3.HealthCheck", {
    pass_through_mode: false,
    headers: [{ name: ":path", string_match: { exact: healthPath } }],
    cluster_min_healthy_percentages: { program: { value: 100 } },
  }),
};

const router: EnvoyPart = {
  name: "envoy.filters.http.router",
  typed_config: typed("filters.http.router.v3.Router", { suppress_envoy_headers: true }),
};

function httpFilter(listener: string, { spiffeId }: Workload, config: EnvoyPart): EnvoyPart {
  return {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: typed("filters.network.http_connection_manager.v3.HttpConnectionManager", {
      stat_prefix: listener,
      access_log: accessLog("request", listener, spiffeId),
      common_http_protocol_options: {
        headers_with_underscores_action: "REJECT_REQUEST",
        idle_timeout: idleTimeout,
        max_connection_duration: connectionLife,
      },
      http2_protocol_options: { ...http2Limits, allow_connect: true },
      normalize_path: true,
      merge_slashes: true,
      path_with_escaped_slashes_action: "REJECT_REQUEST",
      request_headers_timeout: "10s",
      stream_idle_timeout: idleTimeout,
      ...upgrades,
      ...config,
    }),
  };
}

/** Whom a listener takes connections from, and whose requests of those. */
interface Admission {
  readonly name: "mesh" | "edge";
  /** Whose certificates it requires; it asks for none where there is no validation. */
  readonly validation: Validation | undefined;
  /** The newest version of TLS that who connects speaks, where that is older than what others have to. */
  readonly newestTls?: "1.2" | undefined;
  /** Who of those whose connections stand may ask for something. */
  readonly principals: readonly EnvoyPart[];
  /** Addresses at the end of `x-forwarded-for` that who calls has written there as a witness: that of its client first. */
  readonly witnessedAddresses: 0 | 1 | 2;
  /** What differs from listener to listener. */
  readonly listener: EnvoyPart;
  readonly http: EnvoyPart;
  /** What answers in the program's place. */
  readonly filters: readonly EnvoyPart[];
}

/** Who shows a verified certificate whose URI is a SPIFFE ID; the other names in it are of no account. */
function bearer(spiffeId: string): EnvoyPart {
  return authenticated({ san_matcher: { san_type: "URI", matcher: { exact: spiffeId } } });
}

function authenticated(config: EnvoyPart): EnvoyPart {
  return {
    custom: {
      name: "envoy.rbac.principals.mtls_authenticated",
      typed_config: typed("rbac.principals.mtls_authenticated.v3.Config", config),
    },
  };
}

/** Takes headers away before anything looks at them. */
function withoutHeaders(prefixes: readonly string[]): EnvoyPart {
  return {
    early_header_mutation_extensions: [
      {
        name: "envoy.http.early_header_mutation.header_mutation",
        typed_config: typed("http.early_header_mutation.header_mutation.v3.HeaderMutation", {
          mutations: prefixes.map((prefix) => ({
            remove_on_match: { key_matcher: { prefix, ignore_case: true } },
          })),
        }),
      },
    ],
  };
}

/** What the program is told of who calls: an identity that was verified, and nothing that the caller wrote there. */
function forwardedIdentity(details: EnvoyPart): EnvoyPart {
  return { forward_client_cert_details: "SANITIZE_SET", set_current_client_cert_details: details };
}

function meshAdmission(spec: PlatformSpec, workload: Workload): Admission {
  return {
    name: "mesh",
    // Whoever has a certificate of the trust domain may knock, so that a refusal names who it was.
    validation: ofTrustDomain(spec.trustDomain),
    principals: callersOf(spec, workload).map(({ spiffeId }) => bearer(spiffeId)),
    witnessedAddresses: 0,
    listener: {},
    // A peer's own number of a request is kept, by which its lines and ours are told to be about the same.
    http: { ...forwardedIdentity({ uri: true }), preserve_external_request_id: true },
    filters: [],
  };
}

function edgeAdmission(spec: PlatformSpec, edge: EdgeClients): Admission {
  const admission = { name: "edge", listener: {}, filters: [] } as const;
  switch (edge.certificate) {
    case "none":
      return {
        ...admission,
        validation: undefined,
        newestTls: edge.newestTls,
        principals: edge.addresses.map(({ text, prefixLength }) => ({
          direct_remote_ip: { address_prefix: text.split("/")[0], prefix_len: prefixLength },
        })),
        witnessedAddresses: 1,
        http: { forward_client_cert_details: "SANITIZE", ...withoutHeaders([ownHeaderPrefix]) },
        filters: [health],
      };
    case "load-balancer":
      return {
        ...admission,
        validation: ofTrustDomain(spec.trustDomain),
        principals: [bearer(edge.spiffeId)],
        witnessedAddresses: 2,
        http: { ...forwardedIdentity({ uri: true }), ...withoutHeaders([ownHeaderPrefix]) },
      };
    case "clients":
      return {
        ...admission,
        validation: ofAuthorities(edge.authorities, edge.revocations),
        // Any certificate of those authorities: which of their clients may do what is decided for each request.
        principals: [authenticated({ any_validated_client_certificate: true })],
        witnessedAddresses: 0,
        listener:
          edge.proxyProtocol === "required"
            ? {
                listener_filters: [
                  {
                    name: "envoy.filters.listener.proxy_protocol",
                    typed_config: typed("filters.listener.proxy_protocol.v3.ProxyProtocol", {
                      disallowed_versions: ["V1"],
                    }),
                  },
                ],
              }
            : {},
        http: {
          ...forwardedIdentity({ subject: true, uri: true, dns: true }),
          ...withoutHeaders([ownHeaderPrefix, ...claimedIdentity]),
        },
      };
  }
}

/** The one listener that others reach. */
function inboundListener(
  workload: Workload,
  admission: Admission,
  decisions: readonly EnvoyPart[],
): EnvoyPart {
  const { name, validation, newestTls, principals, witnessedAddresses, listener, http, filters } = admission;
  return {
    name,
    address: { socket_address: { address: "0.0.0.0", port_value: platformPort } },
    per_connection_buffer_limit_bytes: connectionBufferBytes,
    // What ends before it is a request, such as a handshake that is refused, is seen here alone.
    access_log: accessLog("connection", name, workload.spiffeId),
    ...listener,
    filter_chains: [
      {
        transport_socket: downstreamTls(validation, newestTls),
        transport_socket_connect_timeout: "10s",
        filters: [
          httpFilter(name, workload, {
            use_remote_address: true,
            xff_num_trusted_hops: witnessedAddresses,
            ...http,
            ...routes("program", [{ grpc: true, cluster: "program-grpc" }, { cluster: "program" }], {
              // The one address that is known, in the place of all that the caller says.
              request_headers_to_add: [
                {
                  header: { key: "x-forwarded-for", value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" },
                  append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
                },
              ],
            }),
            http_filters: [accessControl(principals), ...filters, ...decisions, router],
          }),
        ],
      },
    ],
  };
}

/** Where the program calls one of its peers: on the loopback, in plain text that never leaves the pod. */
function upstreamListener(caller: Workload, { workload: { id }, port }: Upstream): EnvoyPart {
  const name = `to-${id}`;
  return {
    name,
    address: { socket_address: { address: "127.0.0.1", port_value: port } },
    per_connection_buffer_limit_bytes: connectionBufferBytes,
    filter_chains: [
      {
        filters: [
          httpFilter(name, caller, {
            ...routes(name, [{ cluster: id }], {}),
            http_filters: [router],
          }),
        ],
      },
    ],
  };
}

function endpoint(cluster: string, address: string, port: number): EnvoyPart {
  return {
    cluster_name: cluster,
    endpoints: [
      { lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value: port } } } }] },
    ],
  };
}

function protocol(options: EnvoyPart): EnvoyPart {
  return {
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
        "upstreams.http.v3.HttpProtocolOptions",
        options,
      ),
    },
  };
}

/** The program itself. It is called by HTTP/2 for gRPC only, which has no other form. */
function programClusters(isChecked: boolean): readonly EnvoyPart[] {
  const program = {
    type: "STATIC",
    connect_timeout: "1s",
    per_connection_buffer_limit_bytes: connectionBufferBytes,
  };
  return [
    {
      name: "program",
      ...program,
      load_assignment: endpoint("program", "127.0.0.1", programPort),
      ...(isChecked
        ? {
            health_checks: [
              {
                timeout: "1s",
                interval: "2s",
                no_traffic_interval: "2s",
                healthy_threshold: 1,
                unhealthy_threshold: 2,
                http_health_check: { host: "program", path: healthPath },
              },
            ],
          }
        : {}),
    },
    {
      name: "program-grpc",
      ...program,
      load_assignment: endpoint("program-grpc", "127.0.0.1", programPort),
      ...protocol({ explicit_http_config: { http2_protocol_options: http2Limits } }),
    },
  ];
}

function upstreamCluster(trustDomain: string, { workload }: Upstream): EnvoyPart {
  const name = discoveryName(trustDomain, workload);
  return {
    name: workload.id,
    cluster_type: {
      name: "envoy.cluster.dns",
      typed_config: typed("clusters.dns.v3.DnsCluster", {
        dns_lookup_family: "V4_ONLY",
        respect_dns_ttl: true,
      }),
    },
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: connectionBufferBytes,
    load_assignment: endpoint(workload.id, name, workload.port),
    outlier_detection: outlierDetection,
    ...protocol({
      common_http_protocol_options: {
        idle_timeout: idleTimeout,
        max_connection_duration: connectionLife,
        // Where much is said, a certificate that is replaced is no longer seen after some seconds.
        max_requests_per_connection: 1000,
      },
      explicit_http_config: { http2_protocol_options: { ...http2Limits, allow_connect: true } },
    }),
    transport_socket: upstreamTls(name, workload.spiffeId),
  };
}

/**
 * The configuration of the Envoy beside one workload (Envoy API v3, `envoy.config.bootstrap.v3.Bootstrap`).
 *
 * It has one listener that others reach, which ends TLS 1.3, asks for a certificate of the trust domain, and lets in the
 * peers whose flows name the workload; and one on the loopback for each peer that the workload's flows name, which it
 * calls with its own certificate if that peer shows its own. Where a route of the access policy names the workload, it asks
 * the decision point before each request. There is no other way in or out, and no interface to administer it. What it refuses and what it lets through is written to its output, one line of JSON each.
 *
 * @param edge who calls the workloads behind the load balancer; of no account for the others.
 */
export function envoyConfiguration(spec: PlatformSpec, workload: Workload, edge: EdgeClients): EnvoyPart {
  const upstreams = upstreamsOf(spec, workload);
  const admission = isBehindLoadBalancer(spec, workload)
    ? edgeAdmission(spec, edge)
    : meshAdmission(spec, workload);
  return {
    node: { id: workload.spiffeId, cluster: workload.id },
    static_resources: {
      listeners: [
        inboundListener(workload, admission, decisionFilters(spec, workload)),
        ...upstreams.map((upstream) => upstreamListener(workload, upstream)),
      ],
      clusters: [
        ...programClusters(admission.filters.includes(health)),
        ...upstreams.map((upstream) => upstreamCluster(spec.trustDomain, upstream)),
      ],
    },
    overload_manager: overloadManager,
  };
}
