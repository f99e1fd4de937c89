/** A configuration that somebody wrote by hand, in the manner of Envoy's own examples. */
export interface Written {
  readonly name: string;
  readonly text: string;
}

const certificate = `
              tls_certificates:
              - certificate_chain: { filename: /certs/servercert.pem }
                private_key: { filename: /certs/serverkey.pem }`;

/** Envoy's example "double proxy": a database behind a proxy that takes one client. */
export const doubleProxy: Written = {
  name: "the double proxy of a database",
  text: `
static_resources:
  listeners:
  - name: postgres_listener
    address:
      socket_address: { address: 0.0.0.0, port_value: 5432 }
    listener_filters:
    - name: envoy.filters.listener.tls_inspector
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
    filter_chains:
    - filters:
      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: postgres
          cluster: postgres
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            tls_params: { tls_minimum_protocol_version: TLSv1_3 }${certificate.replaceAll("\n  ", "\n")}
            validation_context:
              match_typed_subject_alt_names:
              - san_type: DNS
                matcher: { exact: proxy-postgres-frontend.example.com }
              trusted_ca: { filename: /certs/cacert.pem }
  clusters:
  - name: postgres
    type: STATIC
    load_assignment:
      cluster_name: postgres
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: { address: 127.0.0.1, port_value: 5432 }
`,
};

const secret = (name: string, indent: string): string =>
  [
    `name: ${name}`,
    "sds_config:",
    "  resource_api_version: V3",
    "  api_config_source:",
    "    api_type: GRPC",
    "    transport_api_version: V3",
    "    grpc_services:",
    "    - envoy_grpc: { cluster_name: spire_agent }",
  ].join(`\n${indent}`);

/** SPIRE's tutorial "Envoy": certificates of an agent beside it, and whom it takes by their SPIFFE IDs. */
export const ofSpire: Written = {
  name: "a proxy with certificates of SPIRE",
  text: `
node: { id: backend, cluster: demo }
admin:
  address:
    socket_address: { address: 127.0.0.1, port_value: 9901 }
staticResources:
  listeners:
  - name: backend
    address:
      socketAddress: { address: 0.0.0.0, portValue: 9001 }
    filterChains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typedConfig:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          statPrefix: ingress
          forwardClientCertDetails: SANITIZE_SET
          routeConfig:
            virtualHosts:
            - name: service
              domains: ["*"]
              routes:
              - match: { prefix: / }
                route: { cluster: local }
          httpFilters:
          - name: envoy.filters.http.rbac
            typedConfig:
              "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
              rules:
                policies:
                  frontend:
                    permissions: [{ any: true }]
                    principals:
                    - authenticated:
                        principalName: { exact: "spiffe://example.org/frontend" }
          - name: envoy.filters.http.router
            typedConfig:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      transportSocket:
        name: envoy.transport_sockets.tls
        typedConfig:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          requireClientCertificate: true
          commonTlsContext:
            tlsParams: { tlsMinimumProtocolVersion: TLSv1_3 }
            tlsCertificateSdsSecretConfigs:
            - ${secret("spiffe://example.org/backend", "              ")}
            combinedValidationContext:
              defaultValidationContext:
                matchTypedSubjectAltNames:
                - sanType: URI
                  matcher: { exact: "spiffe://example.org/frontend" }
              validationContextSdsSecretConfig:
                ${secret("spiffe://example.org", "                ")}
  clusters:
  - name: spire_agent
    type: STATIC
    typedExtensionProtocolOptions:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicitHttpConfig: { http2ProtocolOptions: {} }
    loadAssignment:
      clusterName: spire_agent
      endpoints:
      - lbEndpoints:
        - endpoint: { address: { pipe: { path: /run/spire/sockets/agent.sock } } }
  - name: local
    type: STRICT_DNS
    loadAssignment:
      clusterName: local
      endpoints:
      - lbEndpoints:
        - endpoint: { address: { socketAddress: { address: localhost, portValue: 8000 } } }
  - name: elsewhere
    type: STRICT_DNS
    loadAssignment:
      clusterName: elsewhere
      endpoints:
      - lbEndpoints:
        - endpoint: { address: { socketAddress: { address: elsewhere.internal, portValue: 443 } } }
    transportSocket:
      name: envoy.transport_sockets.tls
      typedConfig:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: elsewhere.internal
        commonTlsContext:
          validationContext:
            trustedCa: { filename: /etc/ssl/certs/ca-certificates.crt }
            matchTypedSubjectAltNames:
            - sanType: DNS
              matcher: { exact: elsewhere.internal }
`,
};

/** Envoy's first example: a proxy of plain HTTP before a site of somebody else's. */
export const firstExample: Written = {
  name: "a proxy of plain HTTP",
  text: `
static_resources:
  listeners:
  - name: listener_0
    address:
      socket_address: { address: 0.0.0.0, port_value: 10000 }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ingress_http
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          route_config:
            name: local_route
            virtual_hosts:
            - name: local_service
              domains: ["*"]
              routes:
              - match: { prefix: "/" }
                route: { host_rewrite_literal: www.envoyproxy.io, cluster: service_envoyproxy_io }
  clusters:
  - name: service_envoyproxy_io
    type: LOGICAL_DNS
    dns_lookup_family: V4_ONLY
    load_assignment:
      cluster_name: service_envoyproxy_io
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: { address: www.envoyproxy.io, port_value: 443 }
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: www.envoyproxy.io
`,
};

/** A proxy with a validator of SPIFFE's, and access control of connections. */
export const withSpiffeValidator: Written = {
  name: "a proxy with a validator of SPIFFE certificates",
  text: `
static_resources:
  listeners:
  - name: database
    address:
      socket_address: { address: 0.0.0.0, port_value: 5432 }
    filter_chains:
    - filters:
      - name: envoy.filters.network.rbac
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
          stat_prefix: access
          rules:
            policies:
              services:
                permissions: [{ any: true }]
                principals:
                - authenticated: { principal_name: { exact: "spiffe://example.org/service" } }
      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: database
          cluster: database
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            tls_params: { tls_minimum_protocol_version: TLSv1_3 }${certificate.replaceAll("\n  ", "\n")}
            validation_context:
              custom_validator_config:
                name: envoy.tls.cert_validator.spiffe
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig
                  trust_domains:
                  - name: example.org
                    trust_bundle: { filename: /certs/cacert.pem }
  clusters:
  - name: database
    type: STATIC
    load_assignment:
      cluster_name: database
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { pipe: { path: /run/database.sock } } }
`,
};

/** Those that are right. */
export const written: readonly Written[] = [doubleProxy, ofSpire, withSpiffeValidator];
