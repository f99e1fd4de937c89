import {
  having,
  extension,
  chain,
  validation,
  manager,
  rbac,
  rules,
  principals,
  route,
  set,
  appended,
  within,
  bearing,
  own,
  noRules,
  ours,
  whoever,
  relisted,
  type EnvoyMutant,
} from "./mutant";
import { identityOf } from "./shown-envoys";

/** Ways in which access control lets in more than the flows name, each by itself. */
export const accessMutants: readonly EnvoyMutant[] = [
  ours("no access control", set(rbac, undefined), /lets in whoever has an identity that begins with spiffe:/),
  ours("no rules", set(rules, undefined), /begins with spiffe:/),
  ours(
    "rules that only record",
    within(`${rbac}/typed_config`, ({ rules: value, ...others }) => ({ ...others, shadow_rules: value })),
    /begins with spiffe:/,
  ),
  ours("access control that is switched off", set(`${rbac}/disabled`, true), /begins with spiffe:/),
  ours("access control that may be left out", set(`${rbac}/is_optional`, true), /begins with spiffe:/),
  ours(
    "access control after the request is sent on",
    relisted(`${manager}/http_filters`, (list) => [...list].reverse()),
    /begins with spiffe:/,
  ),
  ours(
    "access control that somebody else tells",
    within(rbac, ({ typed_config: _, ...others }) => ({
      ...others,
      config_discovery: { config_source: { ads: {} } },
    })),
    /begins with spiffe:/,
  ),
  ours("an action that only records", set(`${rules}/action`, "LOG"), /begins with spiffe:/),
  ours("an action that only records, by its number", set(`${rules}/action`, 2), /begins with spiffe:/),
  ours("the flows denied, and all others let in", set(`${rules}/action`, "DENY"), /begins with spiffe:/),
  ours(
    "whoever has a certificate of the trust domain",
    set(principals, [{ any: true }]),
    /begins with spiffe:/,
  ),
  ours("whoever is authenticated", set(principals, [{ authenticated: {} }]), /begins with spiffe:/),
  ours(
    "one more workload",
    appended(principals, own("embedding-service")),
    /lets in spiffe:.*\/workload\/embedding-service/,
  ),
  ours(
    "one more workload, in a policy of its own",
    within(`${rules}/policies`, (value) => ({
      ...value,
      another: { permissions: [{ any: true }], principals: [own("embedding-service")] },
    })),
    /lets in spiffe:.*\/workload\/embedding-service/,
  ),
  ours(
    "one more workload, for one path",
    within(`${rules}/policies`, (value) => ({
      ...value,
      another: {
        permissions: [{ url_path: { path: { exact: "/metrics" } } }],
        principals: [own("embedding-service")],
      },
    })),
    /lets in spiffe:.*\/workload\/embedding-service/,
  ),
  ours(
    "one of several, of whom one may not",
    appended(principals, { or_ids: { ids: [own("rag-service"), own("embedding-service")] } }),
    /workload\/embedding-service/,
  ),
  ours(
    "a workload of another trust domain",
    (configuration) =>
      appended(
        principals,
        bearing({ exact: "spiffe://elsewhere.example/zone/processing/workload/rag-service" }),
      )(having(configuration, `${validation}/match_typed_subject_alt_names`, undefined)),
    /spiffe:\/\/elsewhere\.example/,
  ),
  ours(
    "a workload in capitals",
    appended(principals, bearing({ exact: identityOf("rag-service"), ignore_case: true })),
    /in any case of its letters/,
  ),
  ours(
    "identities that begin alike",
    appended(principals, bearing({ prefix: identityOf("rag-service") })),
    /begins with spiffe:/,
  ),
  ours(
    "identities that end alike",
    appended(principals, bearing({ suffix: "/workload/rag-service" })),
    /ends with \/workload\/rag-service/,
  ),
  ours(
    "identities with something in them",
    appended(principals, bearing({ contains: "rag-service" })),
    /has in it rag-service/,
  ),
  ours(
    "identities like a pattern",
    appended(principals, bearing({ safe_regex: { regex: "spiffe://.*/rag-service" } })),
    /like \/spiffe/,
  ),
  ours(
    "whoever is not a workload",
    appended(principals, { not_id: own("embedding-service") }),
    /begins with spiffe:/,
  ),
  ours(
    "whoever calls from some addresses",
    appended(principals, { direct_remote_ip: { address_prefix: "10.40.0.0", prefix_len: 16 } }),
    /begins with spiffe:.* from 10\.40\.0\.0\/16/,
  ),
  ours(
    "whoever says that it calls from some addresses",
    appended(principals, { remote_ip: { address_prefix: "10.40.0.0", prefix_len: 16 } }),
    /begins with spiffe:/,
  ),
  ours(
    "whoever writes a header",
    appended(principals, { header: { name: "x-caller", string_match: { exact: "rag-service" } } }),
    /begins with spiffe:/,
  ),
  ours(
    "whoever asks for a path",
    appended(principals, { url_path: { path: { prefix: "/" } } }),
    /begins with spiffe:/,
  ),
  ours(
    "whoever something else says is right",
    appended(principals, { metadata: { filter: "x", path: [{ key: "y" }], value: { present_match: true } } }),
    /begins with spiffe:/,
  ),
  ours(
    "a verified certificate of anybody",
    appended(principals, {
      custom: {
        name: "envoy.rbac.principals.mtls_authenticated",
        typed_config: {
          "@type": `${extension}.rbac.principals.mtls_authenticated.v3.Config`,
          any_validated_client_certificate: true,
        },
      },
    }),
    /begins with spiffe:/,
  ),
  ours(
    "a principal of one's own",
    appended(principals, { custom: { name: "mine", typed_config: { "@type": "type.googleapis.com/x.Y" } } }),
    /begins with spiffe:/,
  ),
  ours(
    "a matcher in the place of rules",
    within(`${rbac}/typed_config`, (value) => ({ ...value, matcher: { on_no_match: {} } })),
    /begins with spiffe:/,
  ),
  ours(
    "a route without access control",
    set(`${route}/typed_per_filter_config`, { "envoy.filters.http.rbac": noRules.typed_config }),
    /begins with spiffe:/,
  ),
  ours(
    "a host without access control, under the other name of the field",
    set(`${manager}/route_config/virtual_hosts/program/typedPerFilterConfig`, {
      "envoy.filters.http.rbac": noRules.typed_config,
    }),
    /begins with spiffe:/,
  ),
  ours(
    "a route on which access control is switched off",
    set(`${route}/typed_per_filter_config`, {
      "envoy.filters.http.rbac": {
        "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig",
        disabled: true,
      },
    }),
    /begins with spiffe:/,
  ),
  ours(
    "a route that lets in one more",
    set(`${route}/typed_per_filter_config`, {
      "envoy.filters.http.rbac": {
        "@type": `${extension}.filters.http.rbac.v3.RBACPerRoute`,
        rbac: {
          rules: {
            policies: { x: { permissions: [{ any: true }], principals: [own("embedding-service")] } },
          },
        },
      },
    }),
    /workload\/embedding-service/,
  ),
  ours(
    "requests for another protocol that pass no access control",
    appended(`${manager}/upgrade_configs`, {
      upgrade_type: "CONNECT",
      filters: [
        {
          name: "envoy.filters.http.router",
          typed_config: { "@type": `${extension}.filters.http.router.v3.Router` },
        },
      ],
    }),
    /begins with spiffe:/,
  ),
  ours(
    "routes that somebody else tells",
    within(manager, ({ route_config: _, ...others }) => ({ ...others, rds: { config_source: { ads: {} } } })),
    /routes are told to it by somebody else/,
  ),
  ours(
    "hosts that somebody else tells",
    set(`${manager}/route_config/vhds`, { config_source: { ads: {} } }),
    /routes are told to it by somebody else/,
  ),
  ours(
    "a filter that is not known",
    relisted(`${manager}/http_filters`, (list) => [
      { name: "mine", typed_config: { "@type": `${extension}.filters.http.lua.v3.Lua` } },
      ...list,
    ]),
    /sets the filter mine of requests/,
  ),
  ours(
    "access control wrapped in something else",
    within(rbac, ({ typed_config: config, ...others }) => ({
      ...others,
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        extension_config: { name: "x", typed_config: config },
      },
    })),
    /begins with spiffe:/,
  ),
  ours(
    "a proxy of TCP without access control",
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
    /begins with spiffe:/,
  ),
  ours(
    "certificates of any trust domain, and whoever is authenticated",
    (configuration) =>
      set(principals, [{ authenticated: {} }])(
        having(configuration, `${validation}/match_typed_subject_alt_names`, undefined),
      ),
    whoever,
  ),
];
