import { ownHeaderPrefix } from "../../../model/request-headers";
import { flagOf, holdsUnknown, mayBeTrue, textOf } from "../../reading";
import type { Fault } from "../acceptor";

import { admittedByFilter } from "./access-control";
import { anybody, whoeverPassesAll, whoeverPassesAny, type Admission } from "./admission";
import { believedCallers, type BelievedCallers } from "./believed-callers";
import { notUnderstood } from "./certificate-validation";
import { filterOverrides, isAbout, type FilterOverride } from "./filter-overrides";
import { enumOf, Message } from "./message";
import { messagesWithin } from "./messages-within";
import { decisionOf, isRouter, unasked, type DecisionReading } from "./request-decisions";
import { writtenByRoutes } from "./route-headers";

/** What is read of requests: whom they are taken from, and where they go. */
export interface RequestReading {
  /** Whoever may ask for something, and no fewer. */
  readonly admissions: readonly Admission[];
  /** The names of the clusters to which requests go; `undefined` among them where it is not known to which. */
  readonly clusters: readonly (string | undefined)[];
  /** Whom it asks about requests before they go on. */
  readonly decision: DecisionReading;
  /** What it hands to whom it asks that callers may have written themselves. */
  readonly believed: Omit<BelievedCallers, "proxyProtocol">;
  readonly faults: readonly Fault[];
}

const understood = [
  "codec_type",
  "stat_prefix",
  "route_config",
  "http_filters",
  "add_user_agent",
  "common_http_protocol_options",
  "http_protocol_options",
  "http2_protocol_options",
  "http3_protocol_options",
  "server_name",
  "server_header_transformation",
  "scheme_header_transformation",
  "max_request_headers_kb",
  "stream_idle_timeout",
  "stream_flush_timeout",
  "request_timeout",
  "request_headers_timeout",
  "drain_timeout",
  "delayed_close_timeout",
  "access_log",
  "access_log_options",
  "access_log_flush_interval",
  "flush_access_log_on_new_request",
  "use_remote_address",
  "xff_num_trusted_hops",
  "skip_xff_append",
  "via",
  "generate_request_id",
  "always_set_request_id_in_response",
  "preserve_external_request_id",
  "forward_client_cert_details",
  "set_current_client_cert_details",
  "upgrade_configs",
  "normalize_path",
  "merge_slashes",
  "path_with_escaped_slashes_action",
  "strip_any_host_port",
  "strip_matching_host_port",
  "strip_trailing_host_dot",
  "stream_error_on_invalid_http_message",
  "append_local_overload",
  "append_x_forwarded_port",
  "early_header_mutation_extensions",
] as const;

/** What hands on what callers say of their own certificates, by its number (Envoy API, `ForwardClientCertDetails`). */
const forwarding = [
  "SANITIZE",
  "FORWARD_ONLY",
  "APPEND_FORWARD",
  "SANITIZE_SET",
  "ALWAYS_FORWARD_ONLY",
] as const;

function rawOf(message: Message, name: string): unknown {
  const read = message.read(name);
  return read.kind === "known" ? read.value : undefined;
}

/**
 * Whoever a route lets in that has a word of its own on access control, by the names of filters (Envoy API,
 * `filters.http.rbac.v3.RBACPerRoute` and `config.route.v3.FilterConfig`).
 */
function overridesOf(overrides: readonly FilterOverride[]): ReadonlyMap<string, readonly Admission[]> {
  const found = new Map<string, readonly Admission[]>();
  for (const { filter, config } of overrides) {
    const isWrapped = config.type.kind === "known" && config.type.value.endsWith(".FilterConfig");
    const inner = isWrapped ? config.message("config") : config;
    const isOff = isWrapped && mayBeTrue(flagOf(config.read("disabled")));
    const isRead = inner.isOf("filters.http.rbac.v3.RBACPerRoute") && !isOff;
    const admissions = isRead ? admittedByFilter(inner.message("rbac")) : anybody;
    found.set(filter, whoeverPassesAny([found.get(filter) ?? [], admissions]));
  }
  return found;
}

/** Filters that let nobody in. */
const plainFilters = [
  "filters.http.router.v3.Router",
  "filters.http.rbac.v3.RBAC",
  "filters.http.ext_authz.v3.ExtAuthz",
  "filters.http.health_check.v3.HealthCheck",
  "filters.http.local_ratelimit.v3.LocalRateLimit",
  "filters.http.grpc_stats.v3.FilterConfig",
] as const;

/** Whoever passes filters of requests, one after another, as far as the first that sends a request on. */
function admittedByFilters(
  filters: readonly Message[],
  overrides: ReadonlyMap<string, readonly Admission[]>,
): readonly Admission[] {
  const end = filters.findIndex(isRouter);
  return whoeverPassesAll(
    (end < 0 ? filters : filters.slice(0, end)).flatMap((filter): readonly (readonly Admission[])[] => {
      const config = filter.message("typed_config");
      const isSure =
        config.isOf("filters.http.rbac.v3.RBAC") &&
        filter.read("disabled").kind !== "unknown" &&
        !mayBeTrue(flagOf(filter.read("disabled"))) &&
        !mayBeTrue(flagOf(filter.read("is_optional"))) &&
        filter.besides(["name", "typed_config", "disabled", "is_optional"]).length === 0;
      if (!isSure) {
        return [];
      }
      // What a route says of a filter that it cannot be told from is said of each.
      const others = [...overrides].flatMap(([key, admissions]) =>
        isAbout({ filter: key }, filter, "envoy.filters.http.rbac") ? [admissions] : [],
      );
      return [whoeverPassesAny([admittedByFilter(config), ...others])];
    }),
  );
}

/** Whether a filter changes headers of requests alone that say nothing but to the platform's own programs. */
function isOwnMutation(config: Message): boolean {
  const mutations = config.message("mutations");
  return (
    config.isOf("filters.http.header_mutation.v3.HeaderMutation") &&
    config.besides(["mutations"]).length === 0 &&
    mutations.besides(["request_mutations"]).length === 0 &&
    mutations.messages("request_mutations").every((mutation) => {
      const key = textOf(mutation.message("append").message("header").read("key"));
      return (
        mutation.besides(["append"]).length === 0 &&
        key.kind === "known" &&
        key.value.toLowerCase().startsWith(ownHeaderPrefix)
      );
    })
  );
}

function filterFaults(filters: readonly Message[]): readonly Fault[] {
  return filters.flatMap((filter) => {
    const name = textOf(filter.read("name"));
    const config = filter.message("typed_config");
    return plainFilters.some((one) => config.isOf(one)) || isOwnMutation(config)
      ? []
      : notUnderstood("requests", [
          `the filter ${name.kind === "known" ? name.value : "without a known name"}`,
        ]);
  });
}

/** What routes may say of filters that the judge knows. */
const plainOverrides = [
  "filters.http.rbac.v3.RBACPerRoute",
  "filters.http.ext_authz.v3.ExtAuthzPerRoute",
  "filters.http.local_ratelimit.v3.LocalRateLimit",
] as const;

/** What routes say of filters that may change requests. That a filter is off is read where the filter is. */
function overrideFaults(overrides: readonly FilterOverride[]): readonly Fault[] {
  return overrides.flatMap(({ filter, config }) => {
    const isWrapped = config.isOfType("envoy.config.route.v3.FilterConfig");
    const inner = isWrapped ? config.message("config") : config;
    return (isWrapped && inner.kind === "absent") || plainOverrides.some((one) => inner.isOf(one))
      ? []
      : notUnderstood("routes", [`what they say of the filter ${filter}`]);
  });
}

/** Extensions that change headers before anything else looks at them, and do more than take some away. */
function mutationFaults(manager: Message): readonly Fault[] {
  const isRemoval = (mutation: Message): boolean =>
    mutation.kind === "known" && mutation.besides(["remove", "remove_on_match"]).length === 0;
  return manager.messages("early_header_mutation_extensions").flatMap((extension) => {
    const config = extension.message("typed_config");
    return config.isOf("http.early_header_mutation.header_mutation.v3.HeaderMutation") &&
      config.messages("mutations").every(isRemoval)
      ? []
      : notUnderstood("requests", ["what changes their headers"]);
  });
}

/** The clusters that routes name; `undefined` where a request itself, or something else, says which. */
function clustersOf(routes: unknown): readonly (string | undefined)[] {
  const named = messagesWithin(routes, ["cluster"]).map((name) =>
    typeof name === "string" && textOf({ kind: "known", value: name }).kind === "known" ? name : undefined,
  );
  const weighted = messagesWithin(routes, ["weighted_clusters", "weightedClusters"]).flatMap((clusters) =>
    new Message({ kind: "known", value: clusters }).messages("clusters").map((cluster) => {
      const name = textOf(cluster.read("name"));
      return name.kind === "known" ? name.value : undefined;
    }),
  );
  const open = messagesWithin(routes, [
    "cluster_header",
    "clusterHeader",
    "cluster_specifier_plugin",
    "clusterSpecifierPlugin",
    "inline_cluster_specifier_plugin",
    "inlineClusterSpecifierPlugin",
  ]).map(() => undefined);
  return [...named, ...weighted, ...open];
}

/** What is read of requests (Envoy API, `filters.network.http_connection_manager.v3.HttpConnectionManager`). */
export function requestsOf(manager: Message): RequestReading {
  const filters = manager.messages("http_filters");
  const routes = rawOf(manager, "route_config");
  const dynamic = ["rds", "scoped_routes"].filter((name) => manager.read(name).kind !== "absent");
  const isDynamic =
    dynamic.length > 0 ||
    manager.read("route_config").kind === "unknown" ||
    holdsUnknown(routes ?? {}) ||
    messagesWithin(routes, ["vhds"]).length > 0;
  const said = filterOverrides(routes);
  const overrides = overridesOf(said);
  // Requests that ask for another protocol may have filters of their own.
  const upgrades = manager.messages("upgrade_configs").flatMap((upgrade) => {
    const own = upgrade.messages("filters");
    return own.length > 0 ? [own] : [];
  });
  const passed = whoeverPassesAny([filters, ...upgrades].map((all) => admittedByFilters(all, overrides)));
  const forwarded = enumOf(manager.read("forward_client_cert_details"), forwarding);
  const isForged =
    writtenByRoutes(routes).includes("x-forwarded-client-cert") ||
    forwarded.kind === "unknown" ||
    (forwarded.kind === "known" && forwarded.value !== "SANITIZE" && forwarded.value !== "SANITIZE_SET");
  return {
    admissions: isDynamic ? anybody : passed,
    clusters: isDynamic ? [undefined, ...clustersOf(routes)] : clustersOf(routes),
    decision: isDynamic
      ? unasked({
          what: "its routes are told to it by somebody else, and may ask nobody about requests",
          remedy: "Write the routes out in route_config.",
          assumption: "what its routes say is not known",
        })
      : decisionOf([filters, ...upgrades], said, routes),
    believed: believedCallers(manager),
    faults: [
      ...(isDynamic
        ? [
            {
              what: "its routes are told to it by somebody else, and may take its access control away",
              remedy: "Write the routes out in route_config.",
              assumption: "what its routes say is not known",
              refusedOn: "our platform" as const,
            },
          ]
        : []),
      ...(isForged
        ? [
            {
              what: "it hands on what callers say of their certificates",
              remedy:
                "Set forward_client_cert_details to SANITIZE_SET, and let no route write x-forwarded-client-cert.",
              refusedOn: "our platform" as const,
            },
          ]
        : []),
      ...notUnderstood("an HTTP connection manager", manager.besides([...understood, ...dynamic])),
      ...mutationFaults(manager),
      ...overrideFaults(said),
      ...[filters, ...upgrades].flatMap(filterFaults),
    ],
  };
}
