import {
  absent,
  flagOf,
  integerOf,
  known,
  memberReading,
  reading,
  recordOf,
  textOf,
  understood,
  unknown,
  type Reading,
} from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type {
  Certificate,
  CertificateFault,
  CertificateKey,
  CertificateUsage,
  PublicKeyInfrastructure,
  Renewal,
  Signature,
} from "../certificate";
import { issuedLifetime, pemCertificate, timeOf } from "../certificate-lifetime";
import { isNotIssued, issuedOnRequest, requestType } from "../issued-on-request";
import { algorithmNamed } from "../key-algorithm";
import { labelOf } from "../label";
import { tlsCertificateTypes } from "../tls-certificates";

import { managedCertificateTypes } from "./certificate-manager";
import { templateOf } from "./certificate-template";
import { isMadeOf, issuedCertificateTypes } from "./certificate-origin";

const authorityTypes = ["aws:acmpca:certificateauthority", "aws-native:acmpca:certificateauthority"];
const installedTypes = [
  "aws:acmpca:certificateauthoritycertificate",
  "aws-native:acmpca:certificateauthorityactivation",
];

/** Types of Private CA from which facts about certificates are drawn. */
export const privateCaTypes: readonly string[] = [
  ...authorityTypes,
  ...issuedCertificateTypes,
  ...installedTypes,
];

/** AWS Private CA dates certificates an hour back, for clocks that are slow (API reference, IssueCertificate, ValidityNotBefore). */
const backdatedHours = 1;

/** The most hours that an authority for short-lived certificates issues for (Private CA user guide, "CA modes"). */
const shortLivedHours = 7 * 24;

/** Object identifiers of extended usages (RFC 5280, 4.2.1.12). */
const extendedUsages: Readonly<Record<string, CertificateUsage>> = {
  "1.3.6.1.5.5.7.3.1": "server",
  "1.3.6.1.5.5.7.3.2": "client",
  "2.5.29.37.0": "anything",
};

/** An authority's own certificate is bounded in its life, and renewed by hand. */
const byHand: Renewal = { kind: "not-shown", remedy: "Renew the authority before it expires." };

function subject(node: Node): Pick<Certificate, "urn" | "label" | "isGuiltyAlone"> {
  return { urn: node.urn, label: labelOf(node), isGuiltyAlone: true };
}

/** Years of a certificate at their longest: one in four is a leap year, the first of them included. */
function daysOfYears(years: number): number {
  return years * 365 + Math.ceil(years / 4);
}

/** The longest that a validity counted from the day of issue may last, in hours; `undefined` for a date. */
function relativeHours(type: string, value: number): number | undefined {
  switch (type.toUpperCase()) {
    case "DAYS":
      return value * 24;
    case "MONTHS":
      return (daysOfYears(Math.floor(value / 12)) + (value % 12) * 31) * 24;
    case "YEARS":
      return daysOfYears(value) * 24;
    default:
      return undefined;
  }
}

function withoutBackdating(hours: Reading<number>): Reading<number> {
  return hours.kind === "known" ? known(hours.value - backdatedHours) : unknown;
}

/** The date on which a certificate is to end, where it is asked for by one, in milliseconds since 1970. */
function askedEnd(graph: StackGraph, node: Node): Reading<number> {
  const validity = recordOf(graph.read(node, "validity"));
  const type = textOf(memberReading(validity, "type"));
  const value = memberReading(validity, "value");
  switch (type.kind === "known" ? type.value.toUpperCase() : undefined) {
    case "END_DATE":
      return understood(value, endDate);
    case "ABSOLUTE": {
      const seconds = integerOf(value);
      return seconds.kind === "known" ? known(seconds.value * 1000) : unknown;
    }
    default:
      return absent;
  }
}

/**
 * A date as Private CA takes one: `YYYYMMDDHHMMSS`, of the year two digits as well (API reference, Validity); or as the
 * classic provider does, by RFC 3339.
 */
function endDate(value: unknown): number | undefined {
  const text = String(value);
  const [, year = "", rest = ""] = /^(\d{4}|\d{2})(\d{10})$/.exec(text) ?? [];
  const century = year.length === 4 ? "" : Number(year) >= 50 ? "19" : "20";
  const [month, day, hour, minute, second] = rest.match(/\d{2}/g) ?? [];
  const isOfCloud = second !== undefined;
  const time = timeOf(
    isOfCloud
      ? `${century}${year}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${second}Z`
      : /^\d{4}-\d{2}-\d{2}T/.test(text)
        ? text
        : "",
  );
  return time.kind === "known" ? time.value : undefined;
}

/**
 * How long a certificate lives that was issued on request. One that ends on a date says so itself once it is issued; until
 * then it lives no longer than from the day on which it is judged, as nothing is issued before.
 */
function issuedHours(graph: StackGraph, node: Node, today: string): Reading<number> {
  const validity = recordOf(graph.read(node, "validity"));
  const type = textOf(memberReading(validity, "type"));
  const value = integerOf(memberReading(validity, "value"));
  const asked =
    type.kind === "known" && value.kind === "known" ? relativeHours(type.value, value.value) : undefined;
  if (asked !== undefined) {
    return known(asked);
  }
  const pem = textOf(reading(node.outputs["certificate"]));
  const end = askedEnd(graph, node);
  if (isNotIssued(graph, pem) && end.kind === "known") {
    return known((end.value - Date.parse(today)) / 3_600_000);
  }
  return withoutBackdating((pem.kind === "known" ? pemCertificate(pem.value)?.hours : undefined) ?? unknown);
}

/** A certificate that was issued on request, and that neither Private CA nor the resource renews. */
function issued(graph: StackGraph, node: Node, today: string): Certificate {
  const template = templateOf(graph, node);
  return {
    ...subject(node),
    place: template.kind === "known" ? known(template.value.place) : unknown,
    lifetime: { hours: issuedHours(graph, node, today), property: "validity" },
    renewal: {
      kind: "not-shown",
      remedy:
        "Let cert-manager or the mesh ask the authority, and renew 30 days early; or replace the certificate in a scheduled deployment.",
    },
    usages: template.kind === "known" ? template.value.usages : unknown,
    isSelfSigned: known(false),
    issue: issuedOnRequest(
      graph,
      node,
      {
        request: "certificateSigningRequest",
        certificate: reading(node.outputs["certificate"]),
      },
      askedEnd(graph, node),
    ),
  };
}

/** The certificate of an authority that stands in the program, or comes from outside of the stack. */
function installed(graph: StackGraph, node: Node): readonly Certificate[] {
  const property = "certificate";
  const pem = textOf(graph.read(node, property));
  if (isMadeOf(graph, node, property, [...tlsCertificateTypes, ...issuedCertificateTypes])) {
    return []; // It is judged where it is issued.
  }
  const common = { ...subject(node), renewal: byHand, isSelfSigned: known(false) };
  const certificate = pem.kind === "known" ? pemCertificate(pem.value) : undefined;
  if (certificate === undefined) {
    // AWS refuses what is no certificate. By itself a resource is shown without what it refers to.
    return pem.kind === "unknown"
      ? [
          {
            ...common,
            place: known("intermediate"),
            lifetime: { hours: unknown, property },
            usages: undefined,
            isGuiltyAlone: false,
          },
        ]
      : [];
  }
  const usages: readonly CertificateUsage[] = [
    ...(certificate.isAuthority ? (["signing"] as const) : []),
    ...certificate.extendedUsages.flatMap((usage) => extendedUsages[usage] ?? []),
  ];
  return [
    {
      ...common,
      place: known(certificate.isSelfIssued ? "root" : "intermediate"),
      lifetime: { hours: withoutBackdating(certificate.hours), property },
      usages: known(new Set(usages)),
    },
  ];
}

/** The certificate that an authority has, where it has one. */
function ownCertificate(graph: StackGraph, node: Node): readonly Certificate[] {
  const hours = issuedLifetime(graph, node, "notBefore", "notAfter");
  const type = textOf(graph.read(node, "type"));
  return hours.kind === "absent"
    ? []
    : [
        {
          ...subject(node),
          place:
            type.kind === "unknown"
              ? unknown
              : known(type.kind === "known" && type.value === "ROOT" ? "root" : "intermediate"),
          lifetime: {
            hours: withoutBackdating(hours),
            property: "notAfter",
            remedy:
              "Give the authority a certificate that lives ten years at most as a root, and one as an intermediate.",
          },
          renewal: byHand,
          usages: undefined,
          isSelfSigned: known(false),
        },
      ];
}

/** An algorithm of an authority, which the classic provider holds in a block of its own. */
function algorithmSetting(graph: StackGraph, node: Node, key: string): Reading<string> {
  const block = recordOf(graph.read(node, "certificateAuthorityConfiguration"));
  return textOf(block.kind === "absent" ? graph.read(node, key) : memberReading(block, key));
}

function key(graph: StackGraph, node: Node): readonly CertificateKey[] {
  const property = "keyAlgorithm";
  const name = algorithmSetting(graph, node, property);
  const algorithm = understood(name, (value) =>
    typeof value === "string" ? algorithmNamed(value) : undefined,
  );
  return name.kind === "absent" ? [] : [{ ...subject(node), algorithm, property }];
}

/** What signs by an algorithm such as `SHA256WITHECDSA` or `ML_DSA_65`. */
function signature(node: Node, name: Reading<string>): readonly Signature[] {
  const hash = understood(name, (value) =>
    typeof value === "string" ? /^(\w+?)(?:WITH\w+)?$/i.exec(value)?.[1]?.toUpperCase() : undefined,
  );
  return name.kind === "absent" ? [] : [{ ...subject(node), hash, property: "signingAlgorithm" }];
}

/** Whether an authority of the stack issued a certificate, or may have. */
function mayIssue(graph: StackGraph, authority: Node, certificate: Node): boolean {
  const property = "certificateAuthorityArn";
  return (
    certificate.propertyDependencies[property]?.includes(authority.urn) === true ||
    graph
      .referents(certificate, property, authorityTypes)
      .some(
        (issuer) =>
          issuer.kind === "undetermined" || (issuer.kind === "resource" && issuer.node === authority),
      )
  );
}

/** The certificates for workloads that an authority of the stack issued, or may have. */
function leavesOf(graph: StackGraph, authority: Node): readonly Node[] {
  return graph.ofType(...issuedCertificateTypes, ...managedCertificateTypes).filter((node) => {
    const template = templateOf(graph, node);
    const mayBeLeaf = template.kind !== "known" || template.value.place === "leaf";
    return mayBeLeaf && mayIssue(graph, authority, node);
  });
}

/** What keeps an authority from issuing anew, or from taking back. */
function authorityFaults(graph: StackGraph, node: Node, today: string): readonly CertificateFault[] {
  const leaves = leavesOf(graph, node);
  // By itself a resource is shown without what refers to it.
  const common = { ...subject(node), isGuiltyAlone: false };
  const faults: CertificateFault[] = [];

  const enabled = flagOf(graph.read(node, "enabled"));
  if (enabled.kind === "unknown" || (enabled.kind === "known" && !enabled.value)) {
    faults.push({
      ...common,
      what:
        leaves.length > 0
          ? `It is disabled, so that nothing renews what it has issued: ${leaves.map(labelOf).join(", ")}.`
          : "It is disabled, so that it issues nothing.",
      assumption: enabled.kind === "unknown" ? "its enabled" : undefined,
      remedy: "Enable the authority, or issue by another.",
      refuses: leaves.length > 0,
    });
  }

  const mode = textOf(graph.read(node, "usageMode"));
  const isShortLived = mode.kind === "known" && mode.value === "SHORT_LIVED_CERTIFICATE";
  const isGeneral = mode.kind === "absent" || (mode.kind === "known" && mode.value === "GENERAL_PURPOSE");
  const tooLong = leaves.filter((leaf) => {
    const hours = issuedHours(graph, leaf, today);
    return hours.kind !== "known" || hours.value > shortLivedHours;
  });
  if (!isGeneral && tooLong.length > 0) {
    faults.push({
      ...common,
      what: `It issues for seven days at most, and so never what is to live longer: ${tooLong.map(labelOf).join(", ")}.`,
      assumption: isShortLived ? undefined : "its usageMode",
      remedy: "Let the certificate live seven days, or the authority be GENERAL_PURPOSE.",
      refuses: true,
    });
  }

  const revocation = recordOf(graph.read(node, "revocationConfiguration"));
  const revokes = ["crlConfiguration", "ocspConfiguration"].some((way) => {
    const isOn = flagOf(memberReading(recordOf(memberReading(revocation, way)), "enabled"));
    return isOn.kind === "known" && isOn.value;
  });
  if (!isShortLived && !revokes) {
    faults.push({
      ...common,
      what: "Nothing tells who verifies that one of its certificates was taken back.",
      assumption: undefined,
      remedy:
        "Enable crlConfiguration or ocspConfiguration in revocationConfiguration, or let the authority be SHORT_LIVED_CERTIFICATE.",
      refuses: false,
    });
  }
  return faults;
}

/** Whether a certificate is an authority's of the stack: made from its request, or installed in one. */
function isOfAuthority(graph: StackGraph, node: Node): boolean {
  return (
    isMadeOf(graph, node, "certificateSigningRequest", authorityTypes) ||
    graph
      .ofType(...installedTypes)
      .some(({ propertyDependencies }) => propertyDependencies["certificate"]?.includes(node.urn) === true)
  );
}

/** A certificate that makes an authority of what is none of the stack's: whoever has its key issues what it likes. */
function strayAuthority(graph: StackGraph, node: Node): readonly CertificateFault[] {
  const template = templateOf(graph, node);
  if (template.kind !== "known" || template.value.place === "leaf" || isOfAuthority(graph, node)) {
    return [];
  }
  const isOfWorkload = isMadeOf(graph, node, "certificateSigningRequest", [requestType]);
  return [
    {
      ...subject(node),
      what: "Its template makes an authority of whoever asks, and who asks is no authority of the stack.",
      assumption: isOfWorkload ? undefined : "whose certificateSigningRequest it is",
      remedy:
        "Take the template EndEntityCertificate/V1 for a workload; for an authority, the request of a CertificateAuthority of the stack.",
      refuses: true,
      // By itself a resource is shown without what it refers to.
      isGuiltyAlone: false,
    },
  ];
}

/** What the authorities of Private CA promise, and the certificates that they issue on request. */
export function privateCaCertificates(graph: StackGraph, today: string): PublicKeyInfrastructure {
  const authorities = graph.ofType(...authorityTypes);
  const onRequest = graph.ofType(...issuedCertificateTypes);
  return {
    certificates: [
      ...onRequest.map((node) => issued(graph, node, today)),
      ...authorities.flatMap((node) => ownCertificate(graph, node)),
      ...graph.ofType(...installedTypes).flatMap((node) => installed(graph, node)),
    ],
    keys: authorities.flatMap((node) => key(graph, node)),
    signatures: [
      ...authorities.flatMap((node) => signature(node, algorithmSetting(graph, node, "signingAlgorithm"))),
      ...onRequest.flatMap((node) => signature(node, textOf(graph.read(node, "signingAlgorithm")))),
    ],
    faults: [
      ...authorities.flatMap((node) => authorityFaults(graph, node, today)),
      ...onRequest.flatMap((node) => strayAuthority(graph, node)),
    ],
  };
}
