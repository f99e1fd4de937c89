import { integerOf, known, textOf, understood, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type {
  Certificate,
  CertificateFault,
  CertificateKey,
  PublicKeyInfrastructure,
  Renewal,
} from "../certificate";
import { curveNamed, type KeyAlgorithm } from "../key-algorithm";
import { labelOf } from "../label";
import { tlsCertificateTypes } from "../tls-certificates";

import { issuedCertificateType } from "./certificate-authorities";
import { hoursOf } from "./duration";

const managedType = "gcp:certificatemanager:certificate";
const issuanceType = "gcp:certificatemanager:certificateissuanceconfig";
const classicTypes: readonly ResourceType[] = [
  "gcp:compute:sslcertificate",
  "gcp:compute:regionsslcertificate",
];
const classicManagedType = "gcp:compute:managedsslcertificate";

/** Types that keep certificates for load balancers, from which facts about certificates are drawn. */
export const keptCertificateTypes: readonly ResourceType[] = [
  managedType,
  issuanceType,
  ...classicTypes,
  classicManagedType,
];

/** A certificate for a load balancer, of which only its renewal is said. */
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

/** Whether a property was made of certificates of the stack, which are issued anew and then put into it anew. */
function isMadeOfStack(graph: StackGraph, node: Node, property: string): boolean {
  const issuing = [...tlsCertificateTypes, issuedCertificateType];
  return (node.propertyDependencies[property] ?? []).some((urn) =>
    issuing.includes(graph.node(urn)?.resourceType ?? ""),
  );
}

/** A certificate that was made elsewhere. */
function imported(
  graph: StackGraph,
  node: Node,
  property: string,
  assumption?: string,
): readonly Certificate[] {
  const renewal: Renewal = {
    kind: "never",
    why: "it was made elsewhere and put into the program, and what is put there is not renewed",
    assumption,
    remedy:
      "Let a certificate of the stack that is renewed be its value, or let Certificate Manager manage it (managed).",
  };
  // By itself a resource is shown without what it refers to.
  return isMadeOfStack(graph, node, property) ? [] : [{ ...leaf(node, renewal), isGuiltyAlone: false }];
}

/** Certificates of Certificate Manager: what Google renews, and what somebody gave it. */
function kept(graph: StackGraph, node: Node): readonly Certificate[] {
  const managed = graph.read(node, "managed");
  const own = graph.read(node, "selfManaged");
  if (own.kind !== "absent") {
    return imported(
      graph,
      node,
      "selfManaged",
      own.kind === "unknown" && managed.kind !== "absent" ? "its selfManaged" : undefined,
    );
  }
  return [leaf(node, { kind: "by-issuer" })];
}

/** The certificates that Certificate Manager asks a private authority for by a configuration. */
function issuedBy(graph: StackGraph, node: Node): Certificate {
  const lifetime = hoursOf(graph.read(node, "lifetime"));
  // How much of its life is over when it is renewed (provider reference, `rotationWindowPercentage`).
  const elapsed = integerOf(graph.read(node, "rotationWindowPercentage"));
  const early: Reading<number> =
    lifetime.kind === "known" && elapsed.kind === "known"
      ? known((lifetime.value * (100 - elapsed.value)) / 100)
      : { kind: "unknown" };
  return {
    ...leaf(node, { kind: "before-expiry", hours: early, property: "rotationWindowPercentage" }),
    lifetime: { hours: lifetime.kind === "absent" ? { kind: "unknown" } : lifetime, property: "lifetime" },
  };
}

/** The algorithm of a text such as `RSA_2048` or `ECDSA_P256`. */
export function managedKeyAlgorithm(text: string): KeyAlgorithm | undefined {
  const [, bits] = /^RSA_(\d+)$/.exec(text) ?? [];
  return bits === undefined
    ? /^ECDSA_P\d+$/.test(text)
      ? curveNamed(text)
      : undefined
    : { family: "rsa", bits: Number(bits) };
}

function key(graph: StackGraph, node: Node): readonly CertificateKey[] {
  const property = "keyAlgorithm";
  const name = textOf(graph.read(node, property));
  return name.kind === "absent"
    ? []
    : [
        {
          urn: node.urn,
          label: labelOf(node),
          algorithm: understood(name, (value) => managedKeyAlgorithm(String(value))),
          property,
          isGuiltyAlone: true,
        },
      ];
}

/** A classic certificate cannot be renewed in place: another has to be made, and every proxy be told. */
function classicFault(node: Node): CertificateFault {
  return {
    urn: node.urn,
    label: labelOf(node),
    what: "It is kept by Compute Engine, where nothing renews a certificate that is given.",
    assumption: undefined,
    remedy: "Take a Certificate of Certificate Manager instead.",
    refuses: false,
    isGuiltyAlone: false,
  };
}

/** What the certificates promise that load balancers show their clients, or what is behind them. */
export function keptCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const classic = graph.ofType(...classicTypes);
  return {
    certificates: [
      ...graph.ofType(managedType).flatMap((node) => kept(graph, node)),
      ...graph.ofType(issuanceType).map((node) => issuedBy(graph, node)),
      ...classic.flatMap((node) => imported(graph, node, "certificate")),
      ...graph.ofType(classicManagedType).map((node) => leaf(node, { kind: "by-issuer" })),
    ],
    keys: graph.ofType(issuanceType).flatMap((node) => key(graph, node)),
    signatures: [],
    faults: classic.map(classicFault),
  };
}
