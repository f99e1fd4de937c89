import {
  maximumIntermediateLifetimeHours,
  maximumLifetimeHours,
  maximumRootLifetimeHours,
  minimumRenewalHours,
} from "../../model/certificate-policy";

import type {
  Certificate,
  CertificateFault,
  CertificateKey,
  ChainPlace,
  Signature,
} from "../facts/certificate";
import type { KeyAlgorithm } from "../facts/key-algorithm";
import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { proof, type Proof } from "../proof";
import { mayBeTrue } from "../reading";

const name = "certificates-rotate";

const longestHours: Readonly<Record<ChainPlace, number>> = {
  leaf: maximumLifetimeHours,
  intermediate: maximumIntermediateLifetimeHours,
  root: maximumRootLifetimeHours,
};

const whose: Readonly<Record<ChainPlace, string>> = {
  leaf: "a workload's",
  intermediate: "an intermediate authority's",
  root: "a root authority's",
};

const places: Readonly<Record<ChainPlace, string>> = {
  leaf: "A workload's certificate",
  intermediate: "An intermediate authority's certificate",
  root: "A root authority's certificate",
};

/** The fewest bits that a key may have (NIST SP 800-57 part 1, for RSA; the smallest curve of TLS 1.3, RFC 8446, 4.2.7). */
const fewestBits: Readonly<Record<Exclude<KeyAlgorithm["family"], "fixed">, number>> = {
  rsa: 2048,
  "elliptic-curve": 256,
};

/** Hashes that still hold, and schemes with one of their own. */
const soundHash = /^(?:SHA(?:256|384|512)|ML_DSA_(?:44|65|87))$/;

/** What is wrong with a certificate, a key or an authority. */
interface Problem {
  readonly what: string;
  /** What is not known, and would show that it is not so. */
  readonly assumption?: string | undefined;
  readonly remedy: string;
  /** Whether it refuses a platform of ours alone. */
  readonly isAdvice?: boolean;
}

/** Hours as a person reads them: to one decimal, where they are not whole. */
function hoursText(hours: number): string {
  return `${String(Math.round(hours * 10) / 10)} hours`;
}

function lifetimeProblems({ lifetime }: Certificate, place: ChainPlace): readonly Problem[] {
  if (lifetime === undefined) {
    return [];
  }
  const { hours, property } = lifetime;
  const longest = longestHours[place];
  const remedy =
    lifetime.remedy ?? `Let ${property} come to ${String(longest)} hours or less, as a literal value.`;
  if (hours.kind !== "known") {
    return [{ what: `It may live longer than ${whose[place]} may.`, assumption: `its ${property}`, remedy }];
  }
  return hours.value > longest
    ? [
        {
          what: `It lives ${hoursText(hours.value)}; ${whose[place]} may live ${hoursText(longest)}.`,
          remedy,
        },
      ]
    : [];
}

/** What keeps a certificate from being renewed in time. An authority's is bounded in its life alone. */
function renewalProblems({ renewal, lifetime }: Certificate, place: ChainPlace): readonly Problem[] {
  switch (renewal.kind) {
    case "by-issuer":
      return [];
    case "never":
      return place === "leaf"
        ? [
            {
              what: `Nothing renews it: ${renewal.why}.`,
              assumption: renewal.assumption,
              remedy: renewal.remedy,
            },
          ]
        : [];
    case "not-shown":
      return place === "leaf"
        ? [
            {
              what: "Nothing in the stack renews it.",
              assumption: "whether something outside of the stack does",
              remedy: renewal.remedy,
              isAdvice: true,
            },
          ]
        : [];
    case "before-expiry": {
      const { hours, property } = renewal;
      const life = lifetime?.hours.kind === "known" ? lifetime.hours.value : undefined;
      // What lives no longer than the margin cannot keep it, and is renewed more often than what does. An authority's may
      // wait, as its successor has to be trusted first.
      const isShort = life !== undefined && life <= minimumRenewalHours;
      const least = place !== "leaf" ? 0 : isShort ? 1 : minimumRenewalHours;
      const remedy = `Set ${property} to ${String(least)} hours or more and less than its life, as a literal value.`;
      if (hours.kind !== "known") {
        return [{ what: "It may be renewed too late, or for ever.", assumption: `its ${property}`, remedy }];
      }
      if (life !== undefined && hours.value >= life) {
        return [
          {
            what: `It is due for renewal from the day it is issued: ${hoursText(hours.value)} before it expires, of ${hoursText(life)}.`,
            remedy,
          },
        ];
      }
      return hours.value >= least
        ? []
        : [
            {
              what: `It is renewed ${hoursText(hours.value)} before it expires; ${hoursText(least)} are the least.`,
              remedy,
            },
          ];
    }
  }
}

function usageProblems({ usages }: Certificate, place: ChainPlace): readonly Problem[] {
  if (usages === undefined) {
    return [];
  }
  const remedy =
    place === "leaf"
      ? "Let it be used by servers and by clients, and sign nothing."
      : "Let it sign certificates, and be used by no server and no client.";
  if (usages.kind !== "known") {
    return [
      { what: `It may be used for what ${whose[place]} is not for.`, assumption: "its usages", remedy },
    ];
  }
  const may = usages.value;
  if (place === "leaf") {
    const lacking = (["server", "client"] as const).filter((usage) => !may.has(usage));
    return [
      ...(lacking.length > 0
        ? [
            {
              what: `It may not be used by a ${lacking.join(" or a ")}; mutual TLS takes one certificate for both ends.`,
              remedy,
            },
          ]
        : []),
      ...(may.has("signing") ? [{ what: "It may sign other certificates.", remedy }] : []),
    ];
  }
  return [
    ...(["server", "client", "anything"] as const)
      .filter((usage) => may.has(usage))
      .map((usage) => ({
        what: `It is an authority's, and may be used ${usage === "anything" ? "for anything" : `by a ${usage}`} as well.`,
        remedy,
      })),
    ...(may.has("signing") ? [] : [{ what: "It is an authority's, and may not sign certificates.", remedy }]),
  ];
}

function certificateProblems(certificate: Certificate): readonly Problem[] {
  const { place, isSelfSigned } = certificate;
  if (place.kind !== "known") {
    return [
      {
        what: "It may be an authority's, or live longer than a workload's may.",
        assumption: "what it is for",
        remedy: "Let its template or its flag say, as a literal value, whether it is an authority's.",
      },
    ];
  }
  return [
    ...lifetimeProblems(certificate, place.value),
    ...renewalProblems(certificate, place.value),
    ...usageProblems(certificate, place.value),
    ...(place.value === "leaf" && mayBeTrue(isSelfSigned)
      ? [
          {
            what: "It is signed by itself, so that who trusts it trusts this one certificate and no renewal of it.",
            assumption: isSelfSigned.kind === "unknown" ? "who issues it" : undefined,
            remedy: "Let an authority sign it.",
          },
        ]
      : []),
  ];
}

function algorithmText(algorithm: KeyAlgorithm): string {
  switch (algorithm.family) {
    case "fixed":
      return algorithm.name;
    case "rsa":
      return `RSA of ${String(algorithm.bits)} bits`;
    case "elliptic-curve":
      return `an elliptic curve of ${String(algorithm.bits)} bits`;
  }
}

function keyProblems({ algorithm, property }: CertificateKey): readonly Problem[] {
  const remedy = "Take the curve P-256 or P-384, Ed25519, or RSA of 3072 bits, as a literal value.";
  if (algorithm.kind !== "known") {
    return [{ what: "Its key may be weak.", assumption: `its ${property}`, remedy }];
  }
  const { value } = algorithm;
  return value.family !== "fixed" && value.bits < fewestBits[value.family]
    ? [{ what: `Its key is weak: ${algorithmText(value)}.`, remedy }]
    : [];
}

function signatureProblems({ hash, property }: Signature): readonly Problem[] {
  const remedy = `Set ${property} to one with SHA256 or longer.`;
  if (hash.kind !== "known") {
    return [{ what: "Its signatures may be weak.", assumption: `its ${property}`, remedy }];
  }
  return soundHash.test(hash.value) ? [] : [{ what: `Its signatures are weak: ${hash.value}.`, remedy }];
}

function faultProblem({ what, assumption, remedy, refuses }: CertificateFault): Problem {
  return { what, assumption, remedy, isAdvice: !refuses };
}

/** Certificates live as long as the platform allows, are renewed in time, and have keys and usages that hold. */
export const certificatesRotate: PolicyRule = {
  id: "BH-105",
  name,
  title: "Certificates rotate",
  description: [
    "A workload's certificate lives 2160 hours at most, is renewed 720 hours or more before it expires (or at all, if it lives no longer than that), serves both ends of a connection, and is signed by an authority.",
    "An authority's lives ten years at most as a root and one as an intermediate, signs certificates, and is no server's and no client's.",
    "Keys have 2048 bits of RSA or 256 of a curve, or more.",
    "Mandatory for every certificate of a stack, whether or not something in a zone uses it: private certificates carry no tags, and a stack that issues them may have no network.",
    "A public certificate that Certificate Manager validates by DNS and keeps to itself is accepted: it is renewed by who issues it.",
    "Advisory on a stack that no platform of ours is in: a certificate of which nothing shows who renews it, and an authority that can take nothing back.",
  ].join(" "),
  severity: "high",
  level: {
    group: "first",
    except:
      "a certificate of which nothing shows who renews it, and an authority that can revoke nothing, (elsewhere than on a platform of ours)",
  },
  frameworks: [
    hipaa("164.312(d)"),
    nist80053("SC-12"),
    nist80053("SC-17"),
    nist80053("IA-5(2)"),
    nist800207("Section 2.1, tenet 6"),
  ],
  remediation:
    "Shorten the certificate's life, renew it earlier, or take the key, the usages or the issuer that the finding names.",
  check: (stack) => {
    const { certificates, keys, signatures, faults } = stack.publicKeys;
    const found = [
      ...certificates.map((of) => ({ of, problems: certificateProblems(of) })),
      ...keys.map((of) => ({ of, problems: keyProblems(of) })),
      ...signatures.map((of) => ({ of, problems: signatureProblems(of) })),
      ...faults.map((of) => ({ of, problems: [faultProblem(of)] })),
    ];
    return found.flatMap(({ of, problems }) => problems.map((problem) => finding(stack, of, problem)));
  },
  proofs: ({ publicKeys: { certificates, keys, signatures } }) => [
    ...certificates
      .filter((certificate) => certificateProblems(certificate).length === 0)
      .flatMap(certificateProofs),
    ...keys.filter((key) => keyProblems(key).length === 0).flatMap(keyProofs),
    ...signatures.filter((signature) => signatureProblems(signature).length === 0).flatMap(signatureProofs),
  ],
  unconcerned: ({ publicKeys: { certificates, keys, signatures, faults } }) =>
    [certificates, keys, signatures, faults].every(({ length }) => length === 0)
      ? "The stack issues no certificate, and has no authority or key that signs one."
      : undefined,
};

/** What shows of a certificate in which nothing is wrong. */
function certificateProofs({ urn, label, place, lifetime, renewal }: Certificate): readonly Proof[] {
  if (place.kind !== "known") {
    return [];
  }
  const lives =
    lifetime?.hours.kind === "known"
      ? [`lives ${hoursText(lifetime.hours.value)}`]
      : lifetime === undefined
        ? ["lives as long as its issuer lets it"]
        : [];
  const isRenewed =
    renewal.kind === "by-issuer"
      ? ["is renewed by its issuer"]
      : renewal.kind === "before-expiry" && renewal.hours.kind === "known"
        ? [`is renewed ${hoursText(renewal.hours.value)} before it expires`]
        : [];
  const said = [...lives, ...isRenewed];
  return said.length === 0 ? [] : [proof(`${places[place.value]} ${said.join(", and ")}.`, { urn, label })];
}

function keyProofs({ urn, label, algorithm }: CertificateKey): readonly Proof[] {
  return algorithm.kind === "known"
    ? [proof(`A key is of ${algorithmText(algorithm.value)}.`, { urn, label })]
    : [];
}

function signatureProofs({ urn, label, hash }: Signature): readonly Proof[] {
  return hash.kind === "known" ? [proof(`Signatures are made with ${hash.value}.`, { urn, label })] : [];
}

function finding(
  { declarations }: JudgedStack,
  { urn, label, isGuiltyAlone }: Pick<Certificate, "urn" | "label" | "isGuiltyAlone">,
  { what, assumption, remedy, isAdvice = false }: Problem,
): Finding {
  return {
    rule: name,
    severity: isAdvice ? "medium" : "high",
    level: isAdvice && declarations.platforms.size === 0 ? "advisory" : "mandatory",
    verdict: assumption === undefined ? "open" : "undetermined",
    urn,
    summary: `${label}: ${what}`,
    packet: undefined,
    path: [],
    openedBy: [{ urn, label: what }],
    notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
    remedy,
    isGuiltyAlone,
  };
}
