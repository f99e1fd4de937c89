import {
  absent,
  flagOf,
  itemsOf,
  known,
  memberReading,
  reading,
  recordOf,
  textOf,
  understood,
  unknown,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import type {
  Certificate,
  CertificateFault,
  CertificateKey,
  CertificateUsage,
  ChainPlace,
  PublicKeyInfrastructure,
  Renewal,
  Signature,
} from "../certificate";
import { pemCertificate } from "../certificate-lifetime";
import { issuedOnRequest } from "../issued-on-request";
import type { KeyAlgorithm } from "../key-algorithm";
import { labelOf } from "../label";
import { readAt } from "../property-path";

import { asksForAuthority } from "./certificate-request";
import { hoursOf } from "./duration";
import { gcpKey } from "./gcp-id";
import { ownersIn, ownersOf } from "./owners";

const poolType = "gcp:certificateauthority:capool";
const authorityType = "gcp:certificateauthority:authority";
const templateType = "gcp:certificateauthority:certificatetemplate";

/** What Certificate Authority Service issues on request. */
export const issuedCertificateType: ResourceType = "gcp:certificateauthority:certificate";

/** Types of Certificate Authority Service from which facts about certificates are drawn. */
export const certificateAuthorityTypes: readonly ResourceType[] = [
  poolType,
  authorityType,
  templateType,
  issuedCertificateType,
];

/** How long certificates and authorities live of which nothing says it: 315360000 seconds (provider reference, `lifetime`). */
const defaultHours = 87_600;

/** The longest that a leaf may live, which a pool should hold to. */
const leafHours = 2160;

/** An authority's own certificate is bounded in its life, and renewed by hand. */
const byHand: Renewal = { kind: "not-shown", remedy: "Renew the authority before it expires." };

function subject(node: Node): Pick<Certificate, "urn" | "label" | "isGuiltyAlone"> {
  return { urn: node.urn, label: labelOf(node), isGuiltyAlone: true };
}

function resources(referents: readonly Referent[]): readonly Node[] {
  return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
}

/** The pools of which a property may name one, by their ids or by their names. */
function poolsOf(graph: StackGraph, node: Node): readonly Node[] {
  const said = textOf(graph.read(node, "pool"));
  const named = resources(ownersOf(graph, node, "pool", [poolType]));
  return named.length > 0 || said.kind !== "known"
    ? named
    : graph.ofType(poolType).filter((pool) => {
        const name = textOf(graph.read(pool, "name"));
        return name.kind === "known" && name.value === gcpKey(said.value).split("/").at(-1);
      });
}

/** The longest that several bounds leave; unknown, where the bound itself is not known and no other says less. */
function shortest(own: Reading<number>, bounds: readonly Reading<number>[]): Reading<number> {
  const set = [own, ...bounds].flatMap((one) => (one.kind === "known" ? [one.value] : []));
  return set.length === 0 ? unknown : known(Math.min(...set));
}

function lifetimeOf(graph: StackGraph, node: Node): Reading<number> {
  const said = hoursOf(graph.read(node, "lifetime"));
  return said.kind === "absent" ? known(defaultHours) : said;
}

function poolBound(graph: StackGraph, pool: Node): Reading<number> {
  return hoursOf(readAt(graph, pool, "issuancePolicy.maximumLifetime"));
}

/** What a request is answered by, besides what it says itself: the pool's policy and the template. */
function valuesFor(graph: StackGraph, node: Node): readonly Reading<Readonly<Record<string, unknown>>>[] {
  const templates = resources(ownersOf(graph, node, "certificateTemplate", [templateType]));
  return [
    recordOf(readAt(graph, node, "config.x509Config")),
    ...templates.map((template) => recordOf(graph.read(template, "predefinedValues"))),
    ...poolsOf(graph, node).map((pool) => recordOf(readAt(graph, pool, "issuancePolicy.baselineValues"))),
  ].filter(({ kind }) => kind !== "absent");
}

/** Whether options of an authority make one of whoever gets the certificate; absent, where they say nothing of it. */
function isAuthorityBy(values: Reading<Readonly<Record<string, unknown>>>): Reading<boolean> {
  const options = recordOf(memberReading(values, "caOptions"));
  const isCa = flagOf(memberReading(options, "isCa"));
  const nonCa = flagOf(memberReading(options, "nonCa"));
  if (nonCa.kind === "known" && nonCa.value) {
    return known(false);
  }
  return isCa.kind === "known" && !isCa.value && nonCa.kind === "unknown" ? unknown : isCa;
}

/** Where a certificate that is issued on request stands. */
function placeOf(graph: StackGraph, node: Node): Reading<ChainPlace> {
  const said = valuesFor(graph, node).map(isAuthorityBy);
  const decided = said.find(({ kind }) => kind !== "absent");
  if (decided !== undefined) {
    return decided.kind === "known" ? known(decided.value ? "intermediate" : "leaf") : unknown;
  }
  const asks = asksForAuthority(graph, node, "pemCsr");
  return asks.kind === "known" ? known(asks.value ? "intermediate" : "leaf") : unknown;
}

/** What usages allow that stand in a mapping `keyUsage`; absent, where they say nothing. */
function usagesBy(values: Reading<unknown>): Reading<ReadonlySet<CertificateUsage>> {
  const usage = recordOf(memberReading(recordOf(values), "keyUsage"));
  if (usage.kind !== "known") {
    return usage;
  }
  const flags = [
    ["signing", "baseKeyUsage", "certSign"],
    ["server", "extendedKeyUsage", "serverAuth"],
    ["client", "extendedKeyUsage", "clientAuth"],
  ] as const;
  const read = flags.map(
    ([name, block, key]) =>
      [name, flagOf(memberReading(recordOf(memberReading(usage, block)), key))] as const,
  );
  return read.some(([, flag]) => flag.kind === "unknown")
    ? unknown
    : known(new Set(read.flatMap(([name, flag]) => (flag.kind === "known" && flag.value ? [name] : []))));
}

function issued(graph: StackGraph, node: Node): Certificate {
  const templates = resources(ownersOf(graph, node, "certificateTemplate", [templateType]));
  const bounds = [
    ...poolsOf(graph, node).map((pool) => poolBound(graph, pool)),
    ...templates.map((template) => hoursOf(graph.read(template, "maximumLifetime"))),
  ];
  const usages = valuesFor(graph, node)
    .map(usagesBy)
    .find(({ kind }) => kind !== "absent");
  return {
    ...subject(node),
    place: placeOf(graph, node),
    lifetime: { hours: shortest(lifetimeOf(graph, node), bounds), property: "lifetime" },
    renewal: {
      kind: "not-shown",
      remedy:
        "Let cert-manager or the mesh ask the authority, and renew 30 days early; or replace the certificate in a scheduled deployment.",
    },
    usages,
    isSelfSigned: known(false),
    // By itself a resource is shown without the pool that bounds it.
    isGuiltyAlone: false,
    issue: issuedOnRequest(graph, node, {
      request: "pemCsr",
      certificate: reading(node.outputs["pemCertificate"]),
    }),
  };
}

/** The pools whose authorities sign those of others, which may live longer than leaves. */
function poolsOfParents(graph: StackGraph): ReadonlySet<Node> {
  const parents = graph.ofType(authorityType).flatMap((authority) => {
    const parent = readAt(graph, authority, "subordinateConfig.certificateAuthority");
    return parent.kind === "absent"
      ? []
      : resources(ownersIn(graph, authority, "subordinateConfig", parent, [authorityType]));
  });
  return new Set(parents.flatMap((parent) => poolsOf(graph, parent)));
}

/** What keeps a pool from holding its certificates to what workloads' may be, or from taking one back. */
function poolFaults(graph: StackGraph, node: Node, parents: ReadonlySet<Node>): readonly CertificateFault[] {
  const bound = poolBound(graph, node);
  const isBound = bound.kind === "known" && bound.value <= leafHours;
  const publishes = flagOf(readAt(graph, node, "publishingOptions.publishCrl"));
  const tier = textOf(graph.read(node, "tier"));
  const common = { ...subject(node), refuses: false };
  return [
    ...(isBound || parents.has(node)
      ? []
      : [
          {
            ...common,
            refuses: true,
            // By itself a resource is shown without the authorities that its own sign.
            isGuiltyAlone: false,
            what: "It issues for longer than workloads' certificates may live (issuancePolicy.maximumLifetime).",
            assumption: bound.kind === "unknown" ? "its issuancePolicy.maximumLifetime" : undefined,
            remedy: 'Set issuancePolicy.maximumLifetime to "7776000s" or less.',
          },
        ]),
    ...(tier.kind === "known" && tier.value === "ENTERPRISE" && publishes.kind === "known" && publishes.value
      ? []
      : [
          {
            ...common,
            what: "Nothing tells who verifies that one of its certificates was taken back.",
            assumption: [tier, publishes].some(({ kind }) => kind === "unknown")
              ? "its tier and publishingOptions.publishCrl"
              : undefined,
            remedy: 'Set tier to "ENTERPRISE" and publishingOptions.publishCrl to true.',
          },
        ]),
  ];
}

/** The weakest keys for which a pool issues, where it says so; Google itself takes RSA of 2048 bits at least. */
function poolKeys(graph: StackGraph, node: Node): readonly CertificateKey[] {
  return itemsOf(readAt(graph, node, "issuancePolicy.allowedKeyTypes")).flatMap(
    (type): readonly CertificateKey[] => {
      const bits = memberReading(recordOf(memberReading(recordOf(type), "rsa")), "minModulusSize");
      const algorithm = understood<KeyAlgorithm>(bits, (value) =>
        /^[1-9]\d*$/.test(String(value)) ? { family: "rsa", bits: Number(value) } : undefined,
      );
      return bits.kind === "absent" || (bits.kind === "known" && Number(bits.value) === 0)
        ? []
        : [
            {
              ...subject(node),
              algorithm,
              property: "issuancePolicy.allowedKeyTypes.rsa.minModulusSize",
            },
          ];
    },
  );
}

/** The algorithm that a text such as `EC_P256_SHA256` or `RSA_PKCS1_4096_SHA256` names. */
function algorithmNamed(text: string): { readonly key: KeyAlgorithm; readonly hash: string } | undefined {
  const [, family, bits, hash] = /^(EC_P|RSA_(?:PKCS1|PSS)_)(\d+)_(SHA\d+)$/.exec(text) ?? [];
  return family === undefined || hash === undefined
    ? undefined
    : {
        key: { family: family === "EC_P" ? "elliptic-curve" : "rsa", bits: Number(bits) },
        hash,
      };
}

function algorithmOf(graph: StackGraph, node: Node): ReturnType<typeof readAt> {
  return readAt(graph, node, "keySpec.algorithm");
}

function authorityKeys(graph: StackGraph, node: Node): readonly CertificateKey[] {
  const read = algorithmOf(graph, node);
  return read.kind === "absent"
    ? [] // Its key is one of Cloud KMS, and is made there.
    : [
        {
          ...subject(node),
          algorithm: understood(read, (value) => algorithmNamed(String(value))?.key),
          property: "keySpec.algorithm",
        },
      ];
}

function authoritySignatures(graph: StackGraph, node: Node): readonly Signature[] {
  const read = algorithmOf(graph, node);
  return read.kind === "absent"
    ? []
    : [
        {
          ...subject(node),
          hash: understood(read, (value) => algorithmNamed(String(value))?.hash),
          property: "keySpec.algorithm",
        },
      ];
}

/** The certificate of an authority: by how it is made, and where it comes from outside, by what that says itself. */
function ownCertificate(graph: StackGraph, node: Node): Certificate {
  const type = textOf(graph.read(node, "type"));
  const place: Reading<ChainPlace> =
    type.kind === "unknown"
      ? unknown
      : known(type.kind === "known" && type.value === "SUBORDINATE" ? "intermediate" : "root");
  const parent = readAt(graph, node, "subordinateConfig.certificateAuthority");
  const parents =
    parent.kind === "absent"
      ? []
      : resources(ownersIn(graph, node, "subordinateConfig", parent, [authorityType]));
  const bounds = parents.flatMap((one) => poolsOf(graph, one)).map((pool) => poolBound(graph, pool));
  const pem = textOf(graph.read(node, "pemCaCertificate"));
  const signed = pem.kind === "known" ? pemCertificate(pem.value)?.hours : undefined;
  const values = readAt(graph, node, "config.x509Config");
  const usages = usagesBy(values);
  return {
    ...subject(node),
    place,
    lifetime: {
      hours: signed ?? shortest(lifetimeOf(graph, node), bounds),
      property: signed === undefined ? "lifetime" : "pemCaCertificate",
    },
    renewal: byHand,
    usages: usages.kind === "absent" ? unknown : usages,
    isSelfSigned: known(false),
    // By itself a resource is shown without the pool that bounds it.
    isGuiltyAlone: parent.kind === "absent",
    issue: issuedOnRequest(graph, node, {
      request: undefined,
      certificate: itemsOf(reading(node.outputs["pemCaCertificates"]))[0] ?? absent,
    }),
  };
}

/** What keeps an authority from issuing anew. */
function authorityFaults(graph: StackGraph, node: Node): readonly CertificateFault[] {
  const state = textOf(graph.read(node, "desiredState"));
  const leaves = graph.ofType(issuedCertificateType).filter((leaf) => {
    const said = textOf(graph.read(leaf, "certificateAuthority"));
    const id = textOf(graph.read(node, "certificateAuthorityId"));
    return said.kind === "known" && id.kind === "known" && said.value.endsWith(id.value);
  });
  const isDisabled = state.kind === "known" && state.value === "DISABLED";
  const isAuthority = isAuthorityBy(recordOf(readAt(graph, node, "config.x509Config")));
  return [
    ...(isDisabled
      ? [
          {
            ...subject(node),
            isGuiltyAlone: false,
            what:
              leaves.length > 0
                ? `It is disabled, so that nothing renews what it has issued: ${leaves.map(labelOf).join(", ")}.`
                : "It is disabled, so that it issues nothing.",
            assumption: undefined,
            remedy: "Enable the authority, or issue by another.",
            refuses: leaves.length > 0,
          },
        ]
      : []),
    ...(isAuthority.kind === "absent" || (isAuthority.kind === "known" && isAuthority.value)
      ? []
      : [
          {
            ...subject(node),
            what: "Its own certificate is not an authority's, so that nobody who verifies takes what it signs (config.x509Config.caOptions.isCa).",
            assumption: isAuthority.kind === "unknown" ? "its config.x509Config.caOptions" : undefined,
            remedy: "Set config.x509Config.caOptions.isCa to true.",
            refuses: true,
          },
        ]),
  ];
}

/** What the pools and authorities of Certificate Authority Service promise, and what they issue on request. */
export function authorityCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const authorities = graph.ofType(authorityType);
  const pools = graph.ofType(poolType);
  const parents = poolsOfParents(graph);
  return {
    certificates: [
      ...graph.ofType(issuedCertificateType).map((node) => issued(graph, node)),
      ...authorities.map((node) => ownCertificate(graph, node)),
    ],
    keys: [
      ...authorities.flatMap((node) => authorityKeys(graph, node)),
      ...pools.flatMap((node) => poolKeys(graph, node)),
    ],
    signatures: authorities.flatMap((node) => authoritySignatures(graph, node)),
    faults: [
      ...pools.flatMap((node) => poolFaults(graph, node, parents)),
      ...authorities.flatMap((node) => authorityFaults(graph, node)),
    ],
  };
}
