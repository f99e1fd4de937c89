import { flagOf } from "../../reading";
import type { Fault } from "../acceptor";

import { certificateValidation, notUnderstood, type CertificateValidation } from "./certificate-validation";
import { enumOf, type Message } from "./message";

/** Versions of TLS by their numbers (Envoy API, `transport_sockets.tls.v3.TlsParameters.TlsProtocol`). */
const versions = ["TLS_AUTO", "TLSv1_0", "TLSv1_1", "TLSv1_2", "TLSv1_3"] as const;

const understoodOfCommon = [
  "tls_params",
  "tls_certificates",
  "tls_certificate_sds_secret_configs",
  "validation_context",
  "validation_context_sds_secret_config",
  "combined_validation_context",
  "alpn_protocols",
] as const;

/** Fields of the contexts of both ends that say nothing of who is let in. */
const harmless = {
  clients: [
    "common_tls_context",
    "require_client_certificate",
    "require_sni",
    "session_ticket_keys",
    "session_ticket_keys_sds_secret_config",
    "disable_stateless_session_resumption",
    "disable_stateful_session_resumption",
    "session_timeout",
    "ocsp_staple_policy",
    "full_scan_certs_on_sni_mismatch",
    "prefer_client_ciphers",
  ],
  servers: [
    "common_tls_context",
    "sni",
    "auto_host_sni",
    "auto_sni_san_validation",
    "max_session_keys",
    "enforce_rsa_key_usage",
  ],
} as const;

/** How a socket speaks TLS. */
export interface TlsReading extends CertificateValidation {
  /** The oldest version of TLS that it certainly speaks; `undefined` where that is older still, or not known. */
  readonly oldest: "1.2" | "1.3" | undefined;
  /** Whether it has a certificate of its own to show. */
  readonly showsCertificate: boolean;
}

/** What lets TLS be read, or be of another version, or be looked after by something that is not understood. */
function commonFaults(common: Message): readonly Fault[] {
  const log = common.read("key_log");
  return [
    ...(log.kind === "absent"
      ? []
      : [
          {
            what: "it writes the keys of its connections into a file, with which whoever has it reads them",
            remedy: "Take key_log away.",
            assumption: log.kind === "unknown" ? "`key_log` is not known" : undefined,
          },
        ]),
    ...notUnderstood("a TLS context", common.besides([...understoodOfCommon, "key_log"])),
  ];
}

function minimum(common: Message): ReturnType<typeof enumOf> {
  return enumOf(common.message("tls_params").read("tls_minimum_protocol_version"), versions);
}

function readCommon(context: Message, secrets: readonly Message[], end: "clients" | "servers"): TlsReading {
  const common = context.message("common_tls_context");
  const least = minimum(common);
  const validation = certificateValidation(common, secrets, end);
  const certificates = ["tls_certificates", "tls_certificate_sds_secret_configs"].flatMap((name) =>
    common.messages(name),
  );
  return {
    ...validation,
    oldest:
      least.kind !== "known"
        ? undefined
        : least.value === "TLSv1_3"
          ? "1.3"
          : least.value === "TLSv1_2"
            ? "1.2"
            : undefined,
    showsCertificate: certificates.some(({ kind }) => kind === "known"),
    faults: [
      ...validation.faults,
      ...commonFaults(common),
      ...notUnderstood("a TLS context", context.besides(harmless[end])),
    ],
  };
}

/** What is wrong with a listener that lets in whoever shows nothing. */
export const noCertificate = "it asks no client for a certificate";
export const oldVersion = "it takes versions of TLS older than 1.3";
export const askForNewer = "Set tls_minimum_protocol_version of its tls_params to TLSv1_3.";
export const askForOne = "Set require_client_certificate to true, and a validation_context.";

/** How a listener speaks TLS, and whether it asks its clients for a certificate. */
export interface DownstreamTls extends TlsReading {
  readonly asks: "certificate" | "nothing" | "unknown";
}

/** How a listener speaks TLS (Envoy API, `transport_sockets.tls.v3.DownstreamTlsContext`). */
export function downstreamTls(context: Message, secrets: readonly Message[]): DownstreamTls {
  const common = context.message("common_tls_context");
  const read = readCommon(context, secrets, "clients");
  const required = flagOf(context.read("require_client_certificate"));
  const asks =
    required.kind === "unknown"
      ? "unknown"
      : required.kind === "known" && required.value
        ? "certificate"
        : "nothing";
  const least = minimum(common);
  const faults: Fault[] = [];
  if (asks === "unknown") {
    faults.push({
      what: noCertificate,
      remedy: askForOne,
      assumption: "`require_client_certificate` is not known",
    });
  }
  // Of whoever shows no certificate, it is looked at with the flows that let it in.
  if (read.oldest === undefined || (read.oldest === "1.2" && asks !== "nothing")) {
    faults.push({
      what: oldVersion,
      remedy: askForNewer,
      assumption: least.kind === "unknown" ? "`tls_minimum_protocol_version` is not known" : undefined,
    });
  }
  return {
    ...read,
    asks,
    // How certificates would be looked at that nobody has to show matters to nobody.
    faults: [...faults, ...(asks === "nothing" ? commonFaults(common) : read.faults)],
  };
}

/** How a proxy speaks TLS to what it calls (Envoy API, `transport_sockets.tls.v3.UpstreamTlsContext`). */
export function upstreamTls(context: Message, secrets: readonly Message[]): TlsReading {
  const common = context.message("common_tls_context");
  const read = readCommon(context, secrets, "servers");
  const least = minimum(common);
  const faults: Fault[] = [];
  const isOld = least.kind === "known" && (least.value === "TLSv1_0" || least.value === "TLSv1_1");
  if (read.oldest !== "1.3") {
    faults.push({
      what: `it calls servers by versions of TLS older than ${isOld ? "1.2" : "1.3"}`,
      remedy: "Set tls_minimum_protocol_version of its tls_params to TLSv1_3.",
      assumption: least.kind === "unknown" ? "`tls_minimum_protocol_version` is not known" : undefined,
      refusedOn: isOld || least.kind === "unknown" ? "any stack" : "our platform",
    });
  }
  const names = read.admissions.some(({ identity }) => identity.kind === "any-certificate");
  if (names && read.source !== "nobody") {
    faults.push({
      what: "it takes whoever has a certificate for the server that it calls",
      remedy: "Name the server with match_typed_subject_alt_names, by its exact identity.",
      refusedOn: "our platform",
    });
  }
  if (!read.showsCertificate) {
    faults.push({
      what: "it shows no certificate of its own to the servers that it calls",
      remedy: "Set tls_certificate_sds_secret_configs to the workload's certificate.",
      refusedOn: "our platform",
    });
  }
  return { ...read, faults: [...faults, ...read.faults] };
}
