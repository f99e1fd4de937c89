import { flagOf, mayBeTrue, textOf } from "../../reading";
import type { Fault } from "../acceptor";

import { anyCertificate, whoeverPassesAny, type Admission } from "./admission";
import { enumOf, type Message } from "./message";
import { admittedBy, admittedByName } from "./string-matcher";

/** By whose word a certificate is taken. */
export type TrustSource =
  /** Authorities that the configuration names: in it, or in a file. */
  | "named"
  /** What the configuration leaves to a secret that it is given in files. */
  | "files"
  /** What the configuration leaves to a secret that somebody else sends. */
  | "sent"
  /** Nobody's, or nothing shows whose. */
  | "nobody";

/** How the other end's certificate is looked at. */
export interface CertificateValidation {
  readonly source: TrustSource;
  /** Why it may be somebody's word after all, where it is nobody's. */
  readonly assumption?: string | undefined;
  /** Whose certificates are taken, and no fewer. */
  readonly admissions: readonly Admission[];
  readonly faults: readonly Fault[];
}

/** Whose certificates are looked at. */
export type OtherEnd = "clients" | "servers";

/** Where operating systems keep the authorities of the Internet (Envoy documentation, "TLS", certificate verification). */
const authoritiesOfSystems =
  /^\/(?:etc\/(?:ssl|pki|ca-certificates)|usr\/(?:local\/)?(?:share|etc)|system)\//;

const understoodOfContext = [
  "trusted_ca",
  "watched_directory",
  "verify_certificate_spki",
  "verify_certificate_hash",
  "match_typed_subject_alt_names",
  "match_subject_alt_names",
  "require_signed_certificate_timestamp",
  "crl",
  "allow_expired_certificate",
  "trust_chain_verification",
  "only_verify_leaf_cert_crl",
  "max_verify_depth",
] as const;

const spiffeValidator = "envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig" as const;

/** What is set, may let something through, and is not understood. */
export function notUnderstood(what: string, names: readonly string[]): readonly Fault[] {
  return names.map((name) => ({
    what: `it sets ${name} of ${what}, and the judge does not know what that lets through`,
    remedy: `Take ${name} away.`,
    assumption: `what \`${name}\` of ${what} does is not known`,
    refusedOn: "our platform",
  }));
}

/** Whether a list of texts has something in it. */
function isPinning(context: Message): boolean {
  return ["verify_certificate_spki", "verify_certificate_hash"].some((name) => {
    const list = context.read(name);
    return list.kind === "known" && Array.isArray(list.value) && list.value.length > 0;
  });
}

/** Whose certificates the alternative names let in: of the two lists, the newer counts. */
function namedIn(context: Message): readonly Admission[] {
  const typed = context.messages("match_typed_subject_alt_names");
  if (typed.length > 0) {
    return whoeverPassesAny(typed.map(admittedByName));
  }
  const untyped = context.messages("match_subject_alt_names");
  return untyped.length > 0 ? whoeverPassesAny(untyped.map(admittedBy)) : anyCertificate;
}

function validatedBySpiffe(validator: Message): Pick<CertificateValidation, "source" | "admissions"> {
  const domains = validator.messages("trust_domains");
  const names = domains.map((domain) => textOf(domain.read("name")));
  const isRead =
    domains.length > 0 &&
    names.every(({ kind }) => kind === "known") &&
    validator.besides(["trust_domains"]).length === 0;
  return {
    source: isRead ? "named" : "nobody",
    admissions: names.flatMap((name): readonly Admission[] => {
      const start = `spiffe://${name.kind === "known" ? name.value : ""}/`;
      return [
        {
          identity: {
            kind: "pattern",
            what: `whoever has an identity that begins with ${start}`,
            mayBe: (identity) => identity.startsWith(start),
          },
          addresses: undefined,
        },
      ];
    }),
  };
}

/** What lets certificates pass that prove nothing. */
function laxness(context: Message, end: OtherEnd): readonly Fault[] {
  const faults: Fault[] = [];
  const trust = enumOf(context.read("trust_chain_verification"), ["VERIFY_TRUST_CHAIN", "ACCEPT_UNTRUSTED"]);
  if (trust.kind === "unknown" || (trust.kind === "known" && trust.value !== "VERIFY_TRUST_CHAIN")) {
    faults.push({
      what: `it takes certificates of ${end} that no authority of its own has signed`,
      remedy: "Take trust_chain_verification away.",
      assumption: trust.kind === "unknown" ? "`trust_chain_verification` is not known" : undefined,
    });
  }
  const expired = flagOf(context.read("allow_expired_certificate"));
  if (mayBeTrue(expired)) {
    faults.push({
      what: `it takes certificates of ${end} that have expired`,
      remedy: "Take allow_expired_certificate away.",
      assumption: expired.kind === "unknown" ? "`allow_expired_certificate` is not known" : undefined,
    });
  }
  return faults;
}

/** What a validation context says by itself (Envoy API, `transport_sockets.tls.v3.CertificateValidationContext`). */
function ofContext(context: Message, end: OtherEnd): CertificateValidation {
  const validator = context.message("custom_validator_config");
  if (validator.kind !== "absent") {
    const config = validator.message("typed_config");
    const { type } = config;
    const isSpiffe = type.kind === "known" && type.value === spiffeValidator;
    const { source, admissions } = isSpiffe
      ? validatedBySpiffe(config)
      : { source: "nobody" as const, admissions: anyCertificate };
    return {
      source,
      assumption: "what its `custom_validator_config` takes is not known",
      admissions,
      faults: laxness(context, end),
    };
  }
  const authority = context.message("trusted_ca");
  const isSigned =
    ["filename", "inline_bytes", "inline_string", "environment_variable"].filter(
      (name) => textOf(authority.read(name)).kind === "known",
    ).length === 1;
  const file = textOf(authority.read("filename"));
  const isOfSystem = file.kind === "known" && authoritiesOfSystems.test(file.value);
  const faults = [
    ...laxness(context, end),
    ...notUnderstood("a validation context", context.besides(understoodOfContext)),
  ];
  if (isOfSystem && end === "clients") {
    faults.push({
      what: "it takes certificates of clients from the authorities of the Internet, which sign for anybody",
      remedy: "Let trusted_ca be the authority of the workloads alone.",
    });
  }
  return {
    source: isSigned || isPinning(context) ? "named" : "nobody",
    admissions: namedIn(context),
    faults,
  };
}

/** A validation context that the configuration has among its own secrets, or that comes from somewhere else. */
function ofSecret(secret: Message, secrets: readonly Message[], end: OtherEnd): CertificateValidation {
  const source = secret.message("sds_config");
  if (source.kind === "known") {
    const isOfFiles =
      source.read("path_config_source").kind === "known" || textOf(source.read("path")).kind === "known";
    return { source: isOfFiles ? "files" : "sent", admissions: anyCertificate, faults: [] };
  }
  const name = textOf(secret.read("name"));
  const own = secrets.find((candidate) => {
    const named = textOf(candidate.read("name"));
    return name.kind === "known" && named.kind === "known" && named.value === name.value;
  });
  return own === undefined || source.kind !== "absent"
    ? {
        source: "nobody",
        assumption:
          source.kind === "unknown" || name.kind === "unknown"
            ? "which secret its validation context is, is not known"
            : undefined,
        admissions: anyCertificate,
        faults: [],
      }
    : ofContext(own.message("validation_context"), end);
}

/** How a TLS context looks at the other end's certificate; `undefined` where it has no word on it. */
function contextOf(
  common: Message,
  secrets: readonly Message[],
  end: OtherEnd,
): CertificateValidation | undefined {
  if (common.read("validation_context").kind !== "absent") {
    return ofContext(common.message("validation_context"), end);
  }
  if (common.read("validation_context_sds_secret_config").kind !== "absent") {
    return ofSecret(common.message("validation_context_sds_secret_config"), secrets, end);
  }
  const combined = common.message("combined_validation_context");
  if (combined.kind === "absent") {
    return undefined;
  }
  // What the secret says is added to what is written here; of names, either list is enough.
  const context = combined.message("default_validation_context");
  const written = ofContext(context, end);
  const given = ofSecret(combined.message("validation_context_sds_secret_config"), secrets, end);
  return {
    source:
      given.source === "nobody" || context.read("custom_validator_config").kind !== "absent"
        ? written.source
        : given.source,
    assumption: written.assumption ?? given.assumption,
    admissions: written.admissions,
    faults: [
      ...written.faults,
      ...given.faults,
      ...notUnderstood(
        "a combined validation context",
        combined.besides(["default_validation_context", "validation_context_sds_secret_config"]),
      ),
    ],
  };
}

/**
 * How the certificate of the other end is looked at (Envoy API, `transport_sockets.tls.v3.CommonTlsContext`).
 *
 * @param secrets the secrets that the configuration itself holds.
 */
export function certificateValidation(
  common: Message,
  secrets: readonly Message[],
  end: OtherEnd,
): CertificateValidation {
  const read: CertificateValidation = contextOf(common, secrets, end) ?? {
    source: "nobody",
    admissions: anyCertificate,
    faults: [],
  };
  return {
    ...read,
    faults: [
      ...(read.source === "nobody"
        ? [
            {
              what: `it takes certificates of ${end} whoever has signed them`,
              remedy: "Set validation_context to the authorities of the workloads, or to a secret with them.",
              assumption: read.assumption,
            },
          ]
        : []),
      ...read.faults,
    ],
  };
}
