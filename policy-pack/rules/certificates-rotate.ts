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
import { isFresh, leastLeft, successions, type Succession } from "../certificate-succession";
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

/**
 * Whether it shows that one certificate takes the place of another: there are several of one holder, each for a key of its
 * own, and the newest is not due. Once it is, the stack is refused until there is another.
 */
function isSucceeded({ holder, certificates, withOldKey }: Succession): boolean {
  return (
    holder.kind === "known" && certificates.length > 1 && withOldKey.length === 0 && isFresh(certificates[0])
  );
}

/** What keeps a certificate from being renewed in time. An authority's is bounded in its life alone. */
function renewalProblems(
  { renewal, lifetime }: Certificate,
  place: ChainPlace,
  succession: Succession | undefined,
): readonly Problem[] {
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
      return place === "leaf" && (succession === undefined || !isSucceeded(succession))
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

/** What a certificate is called by whom it identifies. */
function holderText({ holder }: Succession): string {
  return holder.kind === "known" ? holder.value : "its holder";
}

/** What is wrong with the certificates of one holder taken together; it is said of the newest. */
function successionProblems(
  succession: Succession,
  identities: ReadonlyMap<string, string>,
  holdersOfKeys: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Problem[] {
  const { holder, certificates, withOldKey } = succession;
  const [newest] = certificates;
  const { hoursLeft, certificate } = newest;
  const own = holder.kind === "known" ? identities.get(holder.value) : undefined;
  const isOurs = own !== undefined;
  const ofOthers = certificates.flatMap(({ certificate: { issue } }) =>
    isOurs && issue?.peer !== undefined && issue.peer !== own ? [issue.peer] : [],
  );
  const isShared = certificates.some(
    ({ certificate: { issue } }) =>
      isOurs && issue?.keys.some((key) => (holdersOfKeys.get(key)?.size ?? 0) > 1) === true,
  );
  const least = leastLeft(certificate);
  const renew =
    "Deploy the stack, so that it is renewed; if it was deployed, let it ask for another in time.";
  const old = withOldKey.map(({ label }) => label).sort();
  return [
    ...(hoursLeft.kind === "known" && !isFresh(newest)
      ? [
          {
            what: `It has ${hoursText(hoursLeft.value)} left, and is the newest of ${holderText(succession)}; ${hoursText(least)} are the least.`,
            assumption: holder.kind === "known" ? undefined : "whose it is",
            remedy: renew,
          },
        ]
      : []),
    ...(hoursLeft.kind === "unknown" && isOurs
      ? [
          {
            what: `It may be due, and is the newest of ${holderText(succession)} that is known of.`,
            assumption: "when it ends",
            remedy: renew,
          },
        ]
      : []),
    ...(ofOthers.length > 0
      ? [
          {
            what: `It is of ${holderText(succession)}, and belongs to ${[...new Set(ofOthers)].join(", ")}, which so passes for it.`,
            remedy: "Let each workload ask for its own identity, and for no other.",
          },
        ]
      : []),
    ...(isShared
      ? [
          {
            what: `It is for a key for which another has a certificate as well, which so passes for ${holderText(succession)}.`,
            remedy: "Make a key for each workload.",
          },
        ]
      : []),
    ...(isOurs && certificates.length < 2
      ? [
          {
            what: `It is the only one of ${holderText(succession)}, so that its key is kept when it is renewed, or whoever still shows the old one is turned away.`,
            remedy: "Ask for one in each of two epochs, each for a key of its own.",
          },
        ]
      : []),
    ...(certificates.length > 1 && old.length > 0
      ? [
          {
            what: `Not each of ${holderText(succession)} is for a key of its own (${old.join(", ")}), so that a stolen key is of use for longer than a certificate.`,
            remedy: "Make a new key with each certificate.",
            isAdvice: true,
          },
        ]
      : []),
  ];
}

function certificateProblems(
  certificate: Certificate,
  succession: Succession | undefined,
): readonly Problem[] {
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
    ...renewalProblems(certificate, place.value, succession),
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
    "Of the certificates that a stack gets on request, each for a key of its own, the newest of one holder has 720 hours left or more on the day on which the stack is judged; then those before it need no renewal, and it is shown that the stack itself renews them. Of each workload of a platform of ours there are two.",
    "A public certificate that Certificate Manager validates by DNS and keeps to itself is accepted: it is renewed by who issues it.",
    "Advisory on a stack that no platform of ours is in: a certificate of which nothing shows who renews it, a key for which there are two certificates, and an authority that can take nothing back.",
  ].join(" "),
  severity: "high",
  level: {
    group: "first",
    except:
      "a certificate of which nothing shows who renews it, a key for which there are two certificates, and an authority that can revoke nothing, (elsewhere than on a platform of ours)",
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
    const all = successions(certificates, stack.waivers.today);
    const bySubject = byCertificate(all);
    const identities = declaredIdentities(stack);
    const holdersOfKeys = holdersByKey(all);
    const found = [
      ...certificates.map((of) => ({ of, problems: certificateProblems(of, bySubject.get(of)) })),
      ...all.map((succession) => ({
        // By itself a certificate is shown without those that come before or after it.
        of: { ...succession.certificates[0].certificate, isGuiltyAlone: false },
        problems: successionProblems(succession, identities, holdersOfKeys),
      })),
      ...keys.map((of) => ({ of, problems: keyProblems(of) })),
      ...signatures.map((of) => ({ of, problems: signatureProblems(of) })),
      ...faults.map((of) => ({ of, problems: [faultProblem(of)] })),
    ];
    return [
      ...found.flatMap(({ of, problems }) => problems.map((problem) => finding(stack, of, problem))),
      ...missingCertificates(stack, all),
    ];
  },
  proofs: ({ publicKeys: { certificates, keys, signatures }, waivers: { today } }) => {
    const all = successions(certificates, today);
    const bySubject = byCertificate(all);
    return [
      ...certificates
        .filter((certificate) => certificateProblems(certificate, bySubject.get(certificate)).length === 0)
        .flatMap(certificateProofs),
      ...all.filter(isSucceeded).flatMap(successionProofs),
      ...keys.filter((key) => keyProblems(key).length === 0).flatMap(keyProofs),
      ...signatures.filter((signature) => signatureProblems(signature).length === 0).flatMap(signatureProofs),
    ];
  },
  unconcerned: ({ publicKeys: { certificates, keys, signatures, faults } }) =>
    [certificates, keys, signatures, faults].every(({ length }) => length === 0)
      ? "The stack issues no certificate, and has no authority or key that signs one."
      : undefined,
};

/** Of each certificate, those of its holder. */
function byCertificate(all: readonly Succession[]): ReadonlyMap<Certificate, Succession> {
  return new Map(
    all.flatMap((succession) =>
      succession.certificates.map(({ certificate }) => [certificate, succession] as const),
    ),
  );
}

/** The identities of the workloads that the platforms of a stack declare, with the peers whose they are. */
function declaredIdentities({ declarations }: JudgedStack): ReadonlyMap<string, string> {
  return new Map(
    [...declarations.platforms.values()].flatMap(({ workloads }) =>
      workloads.flatMap(({ id, spiffeId }) =>
        spiffeId === undefined ? [] : [[spiffeId, `workload/${id}`] as const],
      ),
    ),
  );
}

/** Whose certificates there are for each private key of the stack. */
function holdersByKey(all: readonly Succession[]): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { holder, certificates } of all) {
    for (const { certificate } of certificates) {
      for (const key of certificate.issue?.keys ?? []) {
        const own = holders.get(key) ?? new Set();
        holders.set(key, own.add(holder.kind === "known" ? holder.value : certificate.urn));
      }
    }
  }
  return holders;
}

/** The workloads that a platform of ours runs behind proxies, and for which the stack asks for no certificate. */
function missingCertificates(stack: JudgedStack, all: readonly Succession[]): readonly Finding[] {
  const held = new Set(all.flatMap(({ holder }) => (holder.kind === "known" ? [holder.value] : [])));
  return [...stack.declarations.platforms.values()]
    .filter(({ mesh }) => mesh === "envoy")
    .flatMap(({ urn, name: platform, workloads }) =>
      workloads
        .filter(({ spiffeId }) => spiffeId === undefined || !held.has(spiffeId))
        .map(({ id, spiffeId }) =>
          finding(
            stack,
            { urn, label: `Platform ${platform}`, isGuiltyAlone: false },
            {
              what: `No certificate of workload/${id} shows (${spiffeId ?? "it has no SPIFFE ID"}).`,
              remedy: "Let the stack ask for its certificates, of this epoch and of the one before.",
            },
          ),
        ),
    );
}

/** What shows of certificates of which one takes the place of another. */
function successionProofs(succession: Succession): readonly Proof[] {
  const { certificates } = succession;
  const [{ certificate, hoursLeft }] = certificates;
  const left = hoursLeft.kind === "known" ? hoursText(hoursLeft.value) : "enough";
  return [
    proof(
      `The newest of the ${String(certificates.length)} certificates of ${holderText(succession)} has ${left} left, and each is for a key of its own.`,
      certificate,
    ),
  ];
}

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
