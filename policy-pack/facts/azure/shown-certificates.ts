import { itemsOf, known, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { Certificate, CertificateFault, PublicKeyInfrastructure, Renewal } from "../certificate";
import { labelOf } from "../label";
import { tlsCertificateTypes } from "../tls-certificates";

/** By which properties services of Azure's take the certificates that they show their clients. */
interface Holder {
  readonly type: ResourceType;
  /** The list of certificates, or of names with one each. */
  readonly list: string;
  /** What holds the certificate itself, as a file. */
  readonly file: string;
  /** What names a secret of a key vault. */
  readonly secret: string;
}

const holders: readonly Holder[] = [
  {
    type: "azure-native:network:applicationgateway",
    list: "sslCertificates",
    file: "data",
    secret: "keyVaultSecretId",
  },
  {
    type: "azure-native:apimanagement:apimanagementservice",
    list: "hostnameConfigurations",
    file: "encodedCertificate",
    secret: "keyVaultId",
  },
];

const secretType = "azure-native:keyvault:secret";

/** Types of Azure that show certificates to their clients, from which facts about certificates are drawn. */
export const shownCertificateTypes: readonly ResourceType[] = [
  ...holders.map(({ type }) => type),
  secretType,
];

/** The address of one version of a secret or of a certificate, which stays the same for ever (Azure Key Vault, "Object identifiers"). */
const versioned = /\/(?:secrets|certificates)\/[^/]+\/[^/?]+/i;

function renewalsOf(certificate: Reading<unknown>, { file, secret, list }: Holder): readonly Renewal[] {
  const properties = recordOf(certificate);
  const contained = memberReading(properties, file);
  const named = textOf(memberReading(properties, secret));
  const ofVault = `Let ${secret} name a secret of a key vault, without a version, into which whatever renews the certificate puts it.`;
  return [
    ...(contained.kind === "absent" || (properties.kind !== "known" && named.kind !== "known")
      ? []
      : [
          {
            kind: "never",
            why: "it is a file in the program, and nothing puts another in its place",
            assumption: undefined,
            remedy: ofVault,
          } as const,
        ]),
    ...(named.kind === "known" && versioned.test(named.value)
      ? [
          {
            kind: "never",
            why: "its key vault's secret is named with a version, which stays the same when the certificate is renewed",
            assumption: undefined,
            remedy: `Leave the version out of ${secret}.`,
          } as const,
        ]
      : []),
    ...(named.kind === "unknown"
      ? [
          {
            kind: "never",
            why: "its key vault's secret may be named with a version, which stays the same when the certificate is renewed",
            assumption: `\`${list}.${secret}\``,
            remedy: `Write ${secret} as a literal, without a version.`,
          } as const,
        ]
      : []),
  ];
}

function leaf(node: Node, renewal: Renewal): Certificate {
  return {
    urn: node.urn,
    label: labelOf(node),
    place: known("leaf"),
    lifetime: undefined,
    renewal,
    usages: undefined,
    isSelfSigned: known(false),
    isGuiltyAlone: true,
  };
}

/** Certificates that stay as the cloud has them, whatever the program says (Pulumi, "Resource options": `ignoreChanges`). */
function pinned(node: Node, property: string): readonly CertificateFault[] {
  const isIgnored = node.ignoreChanges.some(
    (entry) =>
      entry === "*" ||
      entry === property ||
      entry.startsWith(`${property}.`) ||
      entry.startsWith(`${property}[`),
  );
  return isIgnored
    ? [
        {
          urn: node.urn,
          label: labelOf(node),
          what: `what the program says of ${property} is ignored (ignoreChanges), so that an old certificate stays`,
          assumption: undefined,
          remedy: "Take ignoreChanges away.",
          refuses: true,
          isGuiltyAlone: true,
        },
      ]
    : [];
}

/** Whether a secret is made of certificates of the stack, which are issued anew and then put into it anew. */
function isMadeOfStack(graph: StackGraph, secret: Node): boolean {
  return (secret.propertyDependencies["properties"] ?? []).some((urn) =>
    tlsCertificateTypes.includes(graph.node(urn)?.resourceType ?? ""),
  );
}

/** Whether a secret of a key vault is a certificate with its key, which whoever reads it shows to clients. */
function isCertificate(graph: StackGraph, secret: Node): boolean {
  const properties = recordOf(graph.read(secret, "properties"));
  const type = textOf(memberReading(properties, "contentType"));
  const value = textOf(memberReading(properties, "value"));
  return (
    (type.kind === "known" && /x-pem-file|x-pkcs12/i.test(type.value)) ||
    (value.kind === "known" && value.value.includes("-----BEGIN CERTIFICATE-----")) ||
    isMadeOfStack(graph, secret)
  );
}

/** A certificate that somebody put into a key vault once. */
function keptSecret(graph: StackGraph, secret: Node): readonly Certificate[] {
  if (!isCertificate(graph, secret) || isMadeOfStack(graph, secret)) {
    return [];
  }
  const value = textOf(memberReading(recordOf(graph.read(secret, "properties")), "value"));
  const renewal: Renewal = {
    kind: "never",
    why: "it was made elsewhere and put into the key vault, and nothing puts another in its place",
    assumption: value.kind === "unknown" ? "`properties.value`" : undefined,
    remedy:
      "Let a certificate of the stack that is renewed be its value, or let the key vault renew a certificate of its own.",
  };
  // By itself a resource is shown without what it refers to.
  return [{ ...leaf(secret, renewal), isGuiltyAlone: false }];
}

/**
 * What the certificates promise that services of Azure's show their clients. One that a key vault keeps, and that is named
 * without its version, is taken anew when it has been renewed: nothing is said of it.
 */
export function shownCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const secrets = graph.ofType(secretType);
  return {
    certificates: [
      ...holders.flatMap((holder) =>
        graph.ofType(holder.type).flatMap((node) =>
          itemsOf(graph.read(node, holder.list))
            .flatMap((certificate) => renewalsOf(certificate, holder))
            .map((renewal) => leaf(node, renewal)),
        ),
      ),
      ...secrets.flatMap((secret) => keptSecret(graph, secret)),
    ],
    keys: [],
    signatures: [],
    faults: [
      ...holders.flatMap(({ type, list }) => graph.ofType(type).flatMap((node) => pinned(node, list))),
      ...secrets
        .filter((secret) => isCertificate(graph, secret))
        .flatMap((secret) => pinned(secret, "properties")),
    ],
  };
}
