import { certificateFile, certificateFolder, secretNames, trustBundleFile } from "./certificate-files";
import { typed, type EnvoyPart } from "./envoy-part";

/** TLS 1.3 and nothing older. Its suites cannot be chosen, and all of them are fit. */
const tlsParams = {
  tls_minimum_protocol_version: "TLSv1_3",
  tls_maximum_protocol_version: "TLSv1_3",
} as const;

/** What is taken besides of who speaks no newer version: TLS 1.2, and of its suites the fit ones for our certificates. */
const olderTlsParams = {
  ...tlsParams,
  tls_minimum_protocol_version: "TLSv1_2",
  cipher_suites: ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"],
} as const;

/** A secret that the certificate agent writes. Envoy reads it anew whenever a file is moved into the folder. */
function secret(name: string, path: string): EnvoyPart {
  return {
    name,
    sds_config: {
      path_config_source: { path, watched_directory: { path: certificateFolder } },
      resource_api_version: "V3",
    },
  };
}

/** Which peers' connections stand, by their certificates. */
export type Validation = Readonly<
  { combined_validation_context: EnvoyPart } | { validation_context: EnvoyPart }
>;

/** A certificate of the trust domain's authorities whose identity (the URI among its names) is the one that is matched. */
export function identified(matcher: { readonly exact: string } | { readonly prefix: string }): Validation {
  return {
    combined_validation_context: {
      default_validation_context: {
        match_typed_subject_alt_names: [{ san_type: "URI", matcher }],
      },
      validation_context_sds_secret_config: secret(secretNames.trustBundle, trustBundleFile),
    },
  };
}

/** Any certificate of the trust domain. The slash ends its name: without it, that of another that begins alike would do. */
export function ofTrustDomain(trustDomain: string): Validation {
  return identified({ prefix: `spiffe://${trustDomain}/` });
}

/**
 * Any certificate of authorities outside of the trust domain.
 *
 * @param revocations their lists of revoked certificates, in PEM. Where there are any, an authority that issues to clients
 * and keeps none admits nobody.
 */
export function ofAuthorities(authorities: string, revocations: string | undefined): Validation {
  return {
    validation_context: {
      trusted_ca: { inline_string: authorities },
      ...(revocations === undefined
        ? {}
        : { crl: { inline_string: revocations }, only_verify_leaf_cert_crl: true }),
    },
  };
}

const socketName = "envoy.transport_sockets.tls";

/**
 * How a listener proves itself, and what it asks of who connects.
 *
 * @param validation whose certificates it requires; it asks for none where there is no validation.
 * @param newestTls the newest version that who connects speaks, where that is older than what others have to.
 */
export function downstreamTls(validation: Validation | undefined, newestTls?: "1.2"): EnvoyPart {
  return {
    name: socketName,
    typed_config: typed("transport_sockets.tls.v3.DownstreamTlsContext", {
      require_client_certificate: validation !== undefined,
      // A resumed session would outlive the certificate that it began with.
      disable_stateless_session_resumption: true,
      disable_stateful_session_resumption: true,
      common_tls_context: {
        tls_params: newestTls === undefined ? tlsParams : olderTlsParams,
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificate_sds_secret_configs: [secret(secretNames.certificate, certificateFile)],
        ...validation,
      },
    }),
  };
}

/**
 * How a proxy proves itself to a peer that it calls, and whom it takes for that peer.
 *
 * @param name the name under which the peer is found.
 * @param spiffeId the peer's identity; no other is taken for it.
 */
export function upstreamTls(name: string, spiffeId: string): EnvoyPart {
  return {
    name: socketName,
    typed_config: typed("transport_sockets.tls.v3.UpstreamTlsContext", {
      sni: name,
      // No session is kept, so that each connection proves both ends anew.
      max_session_keys: 0,
      common_tls_context: {
        tls_params: tlsParams,
        alpn_protocols: ["h2"],
        tls_certificate_sds_secret_configs: [secret(secretNames.certificate, certificateFile)],
        ...identified({ exact: spiffeId }),
      },
    }),
  };
}
