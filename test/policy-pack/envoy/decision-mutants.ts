import type { EnvoyMutant } from "./mutant";
import { altered, extension, having, noRules, relisted, set, within } from "./mutant";
import { identityOf, type Part } from "./shown-envoys";

/** Something by which requests go on about which nobody decided, in a configuration that was right. */
export interface DecisionMutant extends Pick<EnvoyMutant, "name" | "change" | "what"> {
  /** The item of the checklist that it is of. */
  readonly item: string;
  /** Whether a stack that no platform of ours is in is advised of it. */
  readonly isAdvisedElsewhere: boolean;
  /** Whether it is only feared, because it is not known. */
  readonly isFeared?: true;
}

const chain = "static_resources/listeners/edge/filter_chains/0";
const manager = `${chain}/filters/envoy.filters.network.http_connection_manager/typed_config`;
const filter = `${manager}/http_filters/envoy.filters.http.ext_authz`;
const config = `${filter}/typed_config`;
const virtualHost = `${manager}/route_config/virtual_hosts/program`;
const route = `${virtualHost}/routes/0`;
const cluster = "static_resources/clusters/decision-point";
const validation = `${cluster}/transport_socket/typed_config/common_tls_context/combined_validation_context`;
const mutation = `${manager}/http_filters/envoy.filters.http.header_mutation/typed_config/mutations/request_mutations/0/append/header`;

const nobody = /it asks nobody about requests before they go on/;
const some = /it asks about some requests only/;
const offOnRoutes = /it asks nobody about requests of some routes/;
const unanswered = /it lets requests through where whom it asks about them does not answer/;
const notDecisionPoint = /and not the decision point by the word of its trust domain/;

const isAsking = (value: unknown): boolean => (value as Part)["name"] === "envoy.filters.http.ext_authz";

const perRoute = (more: Part): Part => ({
  "envoy.filters.http.ext_authz": {
    "@type": `${extension}.filters.http.ext_authz.v3.ExtAuthzPerRoute`,
    ...more,
  },
});

const wrapped = (more: Part): Part => ({
  "envoy.filters.http.ext_authz": {
    "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig",
    ...more,
  },
});

function mutant(
  item: string,
  name: string,
  change: DecisionMutant["change"],
  what: RegExp,
  more: Partial<DecisionMutant> = {},
): DecisionMutant {
  return { item, name, change, what, isAdvisedElsewhere: true, ...more };
}

const feared = { isFeared: true } as const;
const ours = { isAdvisedElsewhere: false } as const;

/** Ways past the decision point, each by itself. */
export const decisionMutants: readonly DecisionMutant[] = [
  mutant("D-01", "no filter that asks", set(filter, undefined), nobody),
  mutant(
    "D-01",
    "a filter after the router",
    relisted(`${manager}/http_filters`, (list) => [
      ...list.filter((one) => !isAsking(one)),
      ...list.filter(isAsking),
    ]),
    /asks about requests only after it has sent them on/,
  ),
  mutant("D-02", "a filter that fails open", set(`${config}/failure_mode_allow`, true), unanswered),
  mutant(
    "D-02",
    "a filter that fails open, under the other name of the field",
    within(config, ({ failure_mode_allow: _, ...others }) => ({ ...others, failureModeAllow: true })),
    unanswered,
  ),
  mutant(
    "D-02",
    "a filter that may fail open",
    set(`${config}/failure_mode_allow`, "04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
    // Of a text that is not packed, nothing is known where a part is not.
    /does not answer|nothing before it asks about requests|nothing shows that its Envoy asks|nothing of the stack shows/,
    feared,
  ),
  mutant("D-01", "a filter that is switched off", set(`${filter}/disabled`, true), /is switched off/),
  mutant("D-01", "a filter that may be left out", set(`${filter}/is_optional`, true), /is switched off/),
  mutant(
    "D-01",
    "a filter that somebody else tells",
    within(filter, ({ typed_config: _, ...others }) => ({
      ...others,
      config_discovery: { config_source: { ads: {} } },
    })),
    nobody,
  ),
  mutant(
    "D-01",
    "a filter within a matcher",
    within(filter, ({ typed_config: inner, ...others }) => ({
      ...others,
      typed_config: {
        "@type": `${extension}.common.matching.v3.ExtensionWithMatcher`,
        extension_config: { name: "x", typed_config: inner },
      },
    })),
    nobody,
  ),
  mutant(
    "D-03",
    "half of the requests",
    set(`${config}/filter_enabled`, { default_value: { numerator: 50 } }),
    some,
  ),
  mutant(
    "D-03",
    "all but a millionth of the requests",
    set(`${config}/filter_enabled`, { default_value: { numerator: 999_999, denominator: "MILLION" } }),
    some,
  ),
  mutant(
    "D-03",
    "a hundred of a million requests, by the number of the denominator",
    set(`${config}/filter_enabled`, { default_value: { numerator: 100, denominator: 2 } }),
    some,
  ),
  mutant("D-03", "no share of the requests", set(`${config}/filter_enabled`, { default_value: {} }), some),
  mutant(
    "D-03",
    "as many requests as the runtime says",
    set(`${config}/filter_enabled`, { runtime_key: "asked", default_value: { numerator: 100 } }),
    some,
    feared,
  ),
  mutant(
    "D-03",
    "half of the requests, of which the runtime says that the others are denied",
    within(config, (value) => ({
      ...value,
      filter_enabled: { default_value: { numerator: 50 } },
      deny_at_disable: { default_value: true, runtime_key: "denied" },
    })),
    some,
    feared,
  ),
  mutant(
    "D-03",
    "requests of which something else says so",
    set(`${config}/filter_enabled_metadata`, {
      filter: "x",
      path: [{ key: "y" }],
      value: { present_match: true },
    }),
    some,
  ),
  mutant(
    "D-01",
    "a field that is not known",
    set(`${config}/shadow_mode`, true),
    /sets shadow_mode of the filter/,
    feared,
  ),
  mutant(
    "D-04",
    "a route on which it asks nobody",
    set(`${route}/typed_per_filter_config`, perRoute({ disabled: true })),
    offOnRoutes,
  ),
  mutant(
    "D-04",
    "a host on which it asks nobody, under the other name of the field",
    set(`${virtualHost}/typedPerFilterConfig`, perRoute({ disabled: true })),
    offOnRoutes,
  ),
  mutant(
    "D-04",
    "routes on which it asks nobody",
    set(`${manager}/route_config/typed_per_filter_config`, perRoute({ disabled: true })),
    offOnRoutes,
  ),
  mutant(
    "D-04",
    "a route on which the filter is switched off",
    set(`${route}/typed_per_filter_config`, wrapped({ disabled: true })),
    offOnRoutes,
    feared,
  ),
  mutant(
    "D-04",
    "a route on which it asks somebody else",
    set(
      `${route}/typed_per_filter_config`,
      perRoute({ check_settings: { grpc_service: { envoy_grpc: { cluster_name: "program-grpc" } } } }),
    ),
    offOnRoutes,
    feared,
  ),
  mutant(
    "D-04",
    "a route that says something else of the filter",
    set(`${route}/typed_per_filter_config`, { "envoy.filters.http.ext_authz": noRules.typed_config }),
    offOnRoutes,
    feared,
  ),
  mutant(
    "D-05",
    "requests for another protocol of which nobody is asked",
    set(`${manager}/upgrade_configs`, [
      {
        upgrade_type: "websocket",
        filters: [
          { name: "router", typed_config: { "@type": `${extension}.filters.http.router.v3.Router` } },
        ],
      },
    ]),
    nobody,
  ),
  mutant(
    "D-05",
    "requests for another protocol of which somebody else is asked",
    (configuration) =>
      altered(configuration, manager, (value) => {
        const filters = (value as Part)["http_filters"] as readonly Part[];
        return {
          ...(value as Part),
          upgrade_configs: [
            {
              upgrade_type: "websocket",
              filters: filters.map((one) =>
                isAsking(one)
                  ? having(one, "typed_config/grpc_service/envoy_grpc/cluster_name", "program-grpc")
                  : one,
              ),
            },
          ],
        };
      }),
    /asks somebody else about requests that go on with another protocol/,
  ),
  mutant(
    "D-04",
    "routes that somebody else tells",
    within(manager, ({ route_config: _, ...others }) => ({ ...others, rds: { config_source: { ads: {} } } })),
    /may ask nobody about requests/,
    feared,
  ),
  mutant(
    "D-01",
    "connections that are handed on",
    set(`${chain}/filters`, [
      {
        name: "envoy.filters.network.tcp_proxy",
        typed_config: {
          "@type": `${extension}.filters.network.tcp_proxy.v3.TcpProxy`,
          stat_prefix: "x",
          cluster: "program",
        },
      },
    ]),
    /hands connections on without a look at the requests in them/,
  ),
  mutant(
    "D-01",
    "another way in on which it asks nobody",
    relisted("static_resources/listeners", (list) => [
      ...list,
      {
        ...having(
          (list as readonly Part[]).find(({ name }) => name === "edge") ?? {},
          "filter_chains/0/filters/envoy.filters.network.http_connection_manager/typed_config/http_filters/envoy.filters.http.ext_authz",
          undefined,
        ),
        name: "other",
        address: { socket_address: { address: "0.0.0.0", port_value: 8443 } },
      },
    ]),
    nobody,
  ),
  mutant(
    "D-06",
    "whoever is at an address of Google's library",
    set(`${config}/grpc_service`, { google_grpc: { target_uri: "decision-point:443", stat_prefix: "x" } }),
    /nothing shows whom it asks/,
    feared,
  ),
  mutant(
    "D-06",
    "nobody whom it names",
    set(`${config}/grpc_service`, undefined),
    /nothing shows whom it asks/,
    feared,
  ),
  mutant(
    "D-06",
    "a cluster that is not there",
    set(`${config}/grpc_service/envoy_grpc/cluster_name`, "elsewhere"),
    /nothing shows whom it asks/,
    feared,
  ),
  mutant(
    "D-06",
    "its own program",
    set(`${config}/grpc_service/envoy_grpc/cluster_name`, "program-grpc"),
    /which is on its own machine, and not the decision point/,
    ours,
  ),
  mutant(
    "D-06",
    "another workload",
    set(`${config}/grpc_service/envoy_grpc/cluster_name`, "rag-service"),
    /workload\/rag-service, and not the decision point/,
    ours,
  ),
  mutant(
    "D-06",
    "the name of the decision point, and somebody else's identity",
    set(`${validation}/default_validation_context/match_typed_subject_alt_names/0/matcher`, {
      exact: identityOf("rag-service"),
    }),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-06",
    "identities that begin like the decision point's",
    set(`${validation}/default_validation_context/match_typed_subject_alt_names/0/matcher`, {
      prefix: identityOf("decision-point"),
    }),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-06",
    "the decision point or somebody else",
    relisted(`${validation}/default_validation_context/match_typed_subject_alt_names`, (list) => [
      ...list,
      { san_type: "URI", matcher: { exact: identityOf("agent-tools") } },
    ]),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-06",
    "the decision point of other authorities",
    within(`${cluster}/transport_socket/typed_config/common_tls_context`, (value) => ({
      ...value,
      combined_validation_context: undefined,
      validation_context: {
        trusted_ca: { filename: "/etc/ssl/other.pem" },
        match_typed_subject_alt_names: [
          { san_type: "URI", matcher: { exact: identityOf("decision-point") } },
        ],
      },
    })),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-06",
    "the decision point in plain text",
    set(`${cluster}/transport_socket`, undefined),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-06",
    "a second cluster of the same name",
    relisted("static_resources/clusters", (list) => [
      ...list,
      { ...(list as readonly Part[]).find(({ name }) => name === "rag-service"), name: "decision-point" },
    ]),
    notDecisionPoint,
    ours,
  ),
  mutant(
    "D-07",
    "a web server that answers well",
    within(config, ({ grpc_service: _, ...others }) => ({
      ...others,
      http_service: {
        server_uri: { uri: "https://decision-point/", cluster: "decision-point", timeout: "0.25s" },
        path_prefix: "/healthz?",
      },
    })),
    /takes any answer of a web server that is well for a decision/,
    ours,
  ),
  mutant(
    "D-07",
    "another path than it has asked about",
    set(`${route}/route/prefix_rewrite`, "/v1/knowledge-base"),
    /by another path than it has asked about/,
    ours,
  ),
  mutant(
    "D-07",
    "another path than it has asked about, by a pattern",
    set(`${route}/route/regexRewrite`, { pattern: { regex: ".*" }, substitution: "/" }),
    /by another path than it has asked about/,
    ours,
  ),
  mutant(
    "D-07",
    "another path than it has asked about, as a header",
    set(`${route}/request_headers_to_add`, [{ header: { key: ":path", value: "/v1/knowledge-base" } }]),
    /by another path than it has asked about/,
    ours,
  ),
  mutant(
    "D-07",
    "another context than was granted, of one of several clusters",
    set(`${route}/route`, {
      weighted_clusters: {
        clusters: [
          {
            name: "program",
            weight: 1,
            request_headers_to_add: [{ header: { key: "X-Bulkhead-Context", value: "%REQ(cookie)%" } }],
          },
        ],
      },
    }),
    /writes headers x-bulkhead-… itself, in the place of what was granted/,
    ours,
  ),
  mutant(
    "D-08",
    "headers of the platform's own from callers",
    set(`${manager}/early_header_mutation_extensions`, undefined),
    /takes headers x-bulkhead-… from callers/,
    ours,
  ),
  mutant(
    "D-08",
    "headers of the platform's own from callers, but one",
    set(`${manager}/early_header_mutation_extensions/0/typed_config/mutations`, [
      { remove: "x-bulkhead-context" },
    ]),
    /takes headers x-bulkhead-… from callers/,
    ours,
  ),
  mutant(
    "D-08",
    "a prefix in capitals, which no header has",
    set(`${manager}/early_header_mutation_extensions/0/typed_config/mutations`, [
      { remove_on_match: { key_matcher: { prefix: "X-Bulkhead-" } } },
    ]),
    /takes headers x-bulkhead-… from callers/,
    ours,
  ),
  mutant(
    "D-08",
    "an address that the caller wrote",
    set(`${mutation}/value`, "%REQ(X-FORWARDED-FOR)%"),
    /tells the decision point something in x-bulkhead-source-address that it does not know itself/,
    ours,
  ),
  mutant(
    "D-08",
    "an address of the hospital's",
    set(`${mutation}/value`, "192.0.2.1"),
    /tells the decision point something in x-bulkhead-source-address/,
    ours,
  ),
  mutant(
    "D-08",
    "a context that nobody granted",
    set(`${mutation}/key`, "x-bulkhead-context"),
    /tells the decision point something in x-bulkhead-context/,
    ours,
  ),
  mutant(
    "D-08",
    "an address that whoever connects says itself",
    set("static_resources/listeners/edge/listener_filters", [
      {
        name: "envoy.filters.listener.proxy_protocol",
        typed_config: { "@type": `${extension}.filters.listener.proxy_protocol.v3.ProxyProtocol` },
      },
    ]),
    /an address that whoever connects may say itself by the PROXY protocol/,
    ours,
  ),
  mutant(
    "D-08",
    "more witnesses than there are",
    set(`${manager}/xff_num_trusted_hops`, 3),
    /tells the decision point an address that callers can write themselves/,
    ours,
  ),
  mutant(
    "D-08",
    "whatever address callers say",
    set(`${manager}/use_remote_address`, false),
    /tells the decision point an address that callers can write themselves/,
    ours,
  ),
];

/** Changes that leave every request decided about. */
export const harmlessChanges: readonly (readonly [name: string, change: DecisionMutant["change"]])[] = [
  ["all requests, said so", set(`${config}/filter_enabled`, { default_value: { numerator: 100 } })],
  [
    "all requests, of a million",
    set(`${config}/filter_enabled`, { default_value: { numerator: 1_000_000, denominator: "MILLION" } }),
  ],
  ["a filter that fails closed without a word", set(`${config}/failure_mode_allow`, undefined)],
  ["a filter of another name", set(`${filter}/name`, "decisions")],
  [
    "a route that tells the decision point more",
    set(
      `${route}/typed_per_filter_config`,
      perRoute({ check_settings: { context_extensions: { route: "rag" } } }),
    ),
  ],
  [
    "a second filter that asks somebody else as well",
    relisted(`${manager}/http_filters`, (list) =>
      list.flatMap((one) =>
        isAsking(one)
          ? [
              {
                ...having(one as Part, "typed_config/grpc_service/envoy_grpc/cluster_name", "program-grpc"),
                name: "second",
              },
              one,
            ]
          : [one],
      ),
    ),
  ],
  ["fewer witnesses than there are", set(`${manager}/xff_num_trusted_hops`, 0)],
];
