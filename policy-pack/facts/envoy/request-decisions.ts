import { ownHeaderPrefix } from "../../../model/request-headers";
import { flagOf, integerOf, mayBeTrue, textOf } from "../../reading";
import type { Laxity, RequestDecision } from "../fact";

import { isAbout, type FilterOverride } from "./filter-overrides";
import { enumOf, type Message } from "./message";
import { messagesWithin } from "./messages-within";
import { writtenByRoutes } from "./route-headers";

/** A cluster that is asked about requests. */
export interface AskedCluster {
  readonly name: string;
  /** What makes of its answer something else than a decision about the very request. */
  readonly doubts: readonly Laxity[];
}

/** Whom a proxy asks about what comes in before it goes on. */
export type DecisionReading =
  /** Nothing goes on. */
  | { readonly kind: "closed" }
  /** Each of some clusters is asked about every request, and what any of them refuses goes nowhere. */
  | { readonly kind: "asked"; readonly clusters: readonly AskedCluster[] }
  | Unasked;

/** Something goes on about which nobody was asked, or may. */
export type Unasked = Extract<RequestDecision, { readonly kind: "unasked" }>;

/** Something goes on about which nobody was asked. */
export function unasked(gap: Laxity, ...more: readonly Laxity[]): Unasked {
  return { kind: "unasked", gaps: [gap, ...more] };
}

const filterName = "envoy.filters.http.ext_authz";

const nobody: Laxity = {
  what: "it asks nobody about requests before they go on",
  remedy: `Put the filter ${filterName} before the router, with the decision point as its grpc_service.`,
};

export function isRouter(filter: Message): boolean {
  return filter.message("typed_config").isOf("filters.http.router.v3.Router");
}

/** Whether a filter may be any, because it is not known of what type it is. */
export function mayBeAny(filter: Message): boolean {
  return filter.message("typed_config").type.kind === "unknown";
}

function asks(filter: Message): boolean {
  return filter.message("typed_config").isOf("filters.http.ext_authz.v3.ExtAuthz");
}

/** Fields of a filter that asks, which change nothing of whether it does. */
const harmless = [
  "transport_api_version",
  "clear_route_cache",
  "status_on_error",
  "validate_mutations",
  "metadata_context_namespaces",
  "typed_metadata_context_namespaces",
  "route_metadata_context_namespaces",
  "route_typed_metadata_context_namespaces",
  "failure_mode_allow_header_add",
  "include_peer_certificate",
  "include_tls_session",
  "stat_prefix",
  "bootstrap_metadata_labels_key",
  "allowed_headers",
  "disallowed_headers",
  "charge_cluster_response_stats",
  "encode_raw_headers",
  "emit_filter_state_stats",
  "filter_metadata",
  "max_denied_response_body_bytes",
  "enforce_response_header_limits",
  "enable_dynamic_metadata_ingestion",
  "decoder_header_mutation_rules",
] as const;

const read = [
  "grpc_service",
  "http_service",
  "failure_mode_allow",
  "filter_enabled",
  "filter_enabled_metadata",
  "deny_at_disable",
  "with_request_body",
] as const;

/** Of how many parts a share of requests is, by the number of the enumeration (Envoy API, `FractionalPercent`). */
const parts: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

const someRequests = "it asks about some requests only";
const askAlways =
  "Take filter_enabled, filter_enabled_metadata and deny_at_disable away: it asks about every request then.";

/** Whether it asks about every request, or about a share of them (Envoy API, `filter_enabled`). */
function shareGaps(config: Message): readonly Laxity[] {
  const enabled = config.message("filter_enabled");
  const denied = flagOf(config.message("deny_at_disable").read("default_value"));
  const isConditional = config.read("filter_enabled_metadata").kind !== "absent";
  const share = enabled.message("default_value");
  const numerator = integerOf(share.read("numerator"));
  const denominator = enumOf(share.read("denominator"), Object.keys(parts));
  const whole = parts[denominator.kind === "known" ? denominator.value : "HUNDRED"] ?? 100;
  const isWhole =
    enabled.kind === "absent" ||
    (numerator.kind === "known" && denominator.kind !== "unknown" && numerator.value >= whole);
  if (isWhole && !isConditional) {
    return enabled.read("runtime_key").kind === "absent"
      ? []
      : [{ what: someRequests, remedy: askAlways, assumption: "what the runtime says of `filter_enabled`" }];
  }
  const isUnknown = numerator.kind === "unknown" || denominator.kind === "unknown";
  // What would be denied instead is what the runtime says: the flag has a key of it, always.
  const assumption = mayBeTrue(denied)
    ? "what the runtime says of `deny_at_disable`"
    : isUnknown && !isConditional
      ? "`filter_enabled` is not known"
      : undefined;
  return [{ what: someRequests, remedy: askAlways, assumption }];
}

/** Whether a route leaves it as it is that a filter asks (Envoy API, `filters.http.ext_authz.v3.ExtAuthzPerRoute`). */
function overrideGaps({ config }: FilterOverride): readonly Laxity[] {
  const isWrapped = config.type.kind === "known" && config.type.value.endsWith(".FilterConfig");
  const inner = isWrapped ? config.message("config") : config;
  const off = [...(isWrapped ? [config] : []), inner].map((one) => flagOf(one.read("disabled")));
  const isRead = inner.isOf("filters.http.ext_authz.v3.ExtAuthzPerRoute");
  const settings = inner.message("check_settings");
  const others = [
    ...inner.besides(["disabled", "check_settings"]),
    ...settings.besides(["context_extensions", "disable_request_body_buffering", "with_request_body"]),
  ];
  const isOff = isRead && off.some((flag) => flag.kind === "known" && flag.value);
  return isRead && others.length === 0 && !off.some(mayBeTrue)
    ? []
    : [
        {
          what: "it asks nobody about requests of some routes",
          remedy: `Take what typed_per_filter_config says of ${filterName} away.`,
          assumption: isOff ? undefined : "what a route says of the filter is not known",
        },
      ];
}

/** Whom a filter asks; what is not known of that where it is not. */
function clusterOf(config: Message): string | Laxity {
  const remedy = "Let grpc_service be envoy_grpc, with the name of the decision point's cluster.";
  const grpc = config.message("grpc_service");
  const web = config.message("http_service");
  const name =
    web.kind === "absent"
      ? textOf(grpc.message("envoy_grpc").read("cluster_name"))
      : textOf(web.message("server_uri").read("cluster"));
  const isOther =
    grpc.read("google_grpc").kind !== "absent" ||
    (web.kind !== "absent" && grpc.kind !== "absent") ||
    grpc.besides(["envoy_grpc", "google_grpc", "timeout", "initial_metadata", "retry_policy"]).length > 0;
  return name.kind === "known" && !isOther
    ? name.value
    : {
        what: "nothing shows whom it asks about requests",
        remedy,
        assumption: "who answers",
      };
}

interface FilterReading {
  readonly cluster: string;
  readonly gaps: readonly Laxity[];
  readonly doubts: readonly Laxity[];
}

/** What one filter that asks leaves open. */
function filterReading(filter: Message, overrides: readonly FilterOverride[]): FilterReading {
  const config = filter.message("typed_config");
  const lax = flagOf(config.read("failure_mode_allow"));
  const off = [flagOf(filter.read("disabled")), flagOf(filter.read("is_optional"))];
  const strange = [
    ...filter.besides(["name", "typed_config", "disabled", "is_optional"]),
    ...config.besides([...read, ...harmless]),
  ];
  const cluster = clusterOf(config);
  return {
    cluster: typeof cluster === "string" ? cluster : "",
    gaps: [
      ...(typeof cluster === "string" ? [] : [cluster]),
      ...(mayBeTrue(lax)
        ? [
            {
              what: "it lets requests through where whom it asks about them does not answer",
              remedy: "Set failure_mode_allow to false.",
              assumption: lax.kind === "unknown" ? "`failure_mode_allow` is not known" : undefined,
            },
          ]
        : []),
      ...(off.some(mayBeTrue)
        ? [
            {
              what: "the filter that asks about requests is switched off, or left out where Envoy does not know it",
              remedy: `Take disabled and is_optional of ${filterName} away.`,
              assumption: off.every(({ kind }) => kind !== "known")
                ? "whether the filter is `disabled`"
                : undefined,
            },
          ]
        : []),
      ...strange.map((name) => ({
        what: `it sets ${name} of the filter that asks about requests, and the judge does not know what that lets through`,
        remedy: `Take ${name} away.`,
        assumption: `what \`${name}\` does is not known`,
      })),
      ...shareGaps(config),
      ...overrides.filter((one) => isAbout(one, filter, filterName)).flatMap(overrideGaps),
    ],
    doubts:
      config.read("http_service").kind === "absent"
        ? []
        : [
            {
              what: "it takes any answer of a web server that is well for a decision",
              remedy: "Ask by grpc_service, in the place of http_service.",
            },
          ],
  };
}

/** What a list of filters asks before it sends a request on. */
type ChainReading = { readonly kind: "asked"; readonly by: readonly FilterReading[] } | Unasked;

function ofFilters(filters: readonly Message[], overrides: readonly FilterOverride[]): ChainReading {
  // What may be a router may have sent a request on already.
  const end = filters.findIndex((filter) => isRouter(filter) || mayBeAny(filter));
  const before = end < 0 ? filters : filters.slice(0, end);
  const asking = before.filter(asks).map((filter) => filterReading(filter, overrides));
  const sure = asking.filter(({ gaps }) => gaps.length === 0);
  const [first, ...more] = asking.flatMap(({ gaps }) => gaps);
  if (sure.length > 0) {
    return { kind: "asked", by: sure };
  }
  if (first !== undefined) {
    return { kind: "unasked", gaps: [first, ...more] };
  }
  const isHidden = filters.some(mayBeAny);
  return {
    kind: "unasked",
    gaps: [
      isHidden
        ? { ...nobody, assumption: "which filters it has is not known" }
        : filters.some(asks)
          ? { ...nobody, what: "it asks about requests only after it has sent them on" }
          : nobody,
    ],
  };
}

/** What sends a request on by another path than that about which was asked (Envoy API, `RouteAction`). */
const rewriting = [
  "prefix_rewrite",
  "prefixRewrite",
  "regex_rewrite",
  "regexRewrite",
  "path_rewrite",
  "pathRewrite",
  "path_rewrite_policy",
  "pathRewritePolicy",
] as const;

const rewritten: Laxity = {
  what: "a route of it sends requests on by another path than it has asked about",
  remedy: "Take what rewrites paths out of the routes.",
};

const regranted: Laxity = {
  what: `a route of it writes headers ${ownHeaderPrefix}… itself, in the place of what was granted`,
  remedy: `Take headers ${ownHeaderPrefix}… out of request_headers_to_add.`,
};

/** What routes make of requests after it was asked about them. */
function changesByRoutes(routes: unknown): readonly Laxity[] {
  const written = writtenByRoutes(routes);
  // Path and method are headers as well, which begin with a colon (RFC 9113, 8.3.1).
  const isRewritten =
    messagesWithin(routes, rewriting).length > 0 || written.some((name) => /^(?::|$)/.test(name));
  return [
    ...(isRewritten ? [rewritten] : []),
    ...(written.some((name) => name.startsWith(ownHeaderPrefix)) ? [regranted] : []),
  ];
}

/**
 * Whom an HTTP connection manager asks about every request before it goes on, by its filters `ext_authz` (Envoy API,
 * `envoy.extensions.filters.http.ext_authz.v3.ExtAuthz`).
 *
 * @param chains its filters, and those of requests that ask to go on with another protocol.
 * @param overrides what its routes say of filters.
 */
export function decisionOf(
  chains: readonly (readonly Message[])[],
  overrides: readonly FilterOverride[],
  routes: unknown,
): DecisionReading {
  const found = chains.map((filters) => ofFilters(filters, overrides));
  const [gap, ...more] = found.flatMap((one) => (one.kind === "unasked" ? one.gaps : []));
  if (gap !== undefined) {
    return unasked(gap, ...more);
  }
  const asked = found.flatMap((one) => (one.kind === "asked" ? [one.by] : []));
  const names = new Set(asked.flat().map(({ cluster }) => cluster));
  const always = [...names].filter((name) => asked.every((by) => by.some(({ cluster }) => cluster === name)));
  const changes = changesByRoutes(routes);
  return always.length === 0
    ? unasked({
        what: "it asks somebody else about requests that go on with another protocol",
        remedy: "Take filters of upgrade_configs away.",
      })
    : {
        kind: "asked",
        clusters: always.map((name) => ({
          name,
          doubts: [
            ...asked.flat().flatMap(({ cluster, doubts }) => (cluster === name ? doubts : [])),
            ...changes,
          ],
        })),
      };
}
