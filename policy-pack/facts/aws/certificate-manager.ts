import { known, memberReading, reading, recordOf, textOf, understood, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { Certificate, CertificateKey, PublicKeyInfrastructure, Renewal } from "../certificate";
import { issuedLifetime } from "../certificate-lifetime";
import { algorithmNamed } from "../key-algorithm";
import { labelOf } from "../label";
import { tlsCertificateTypes } from "../tls-certificates";

import { isMadeOf, issuedCertificateTypes } from "./certificate-origin";

/** Types that Certificate Manager keeps. */
export const managedCertificateTypes: readonly ResourceType[] = [
  "aws:acm:certificate",
  "aws-native:certificatemanager:certificate",
];

const uploadedTypes = ["aws:iam:servercertificate", "aws-native:iam:servercertificate"];

/** Types of AWS that keep certificates for others, from which facts about certificates are drawn. */
export const keptCertificateTypes: readonly ResourceType[] = [...managedCertificateTypes, ...uploadedTypes];

/** How long a certificate lives that Certificate Manager asks a private authority for (its user guide, "Private certificates"). */
const managedPrivateHours = 395 * 24;

/** A certificate for a workload, of which only its renewal is said. */
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

/** Whether a certificate that is imported is one of the stack, which is issued anew and then imported anew. */
function isImportedFromStack(graph: StackGraph, node: Node): boolean {
  const property = "certificateBody";
  if (!isMadeOf(graph, node, property, [...tlsCertificateTypes, ...issuedCertificateTypes])) {
    return false;
  }
  const body = textOf(graph.read(node, property));
  const shown = (node.propertyDependencies[property] ?? []).flatMap((urn) => {
    const { outputs = {} } = graph.node(urn) ?? {};
    return ["certPem", "certificate"].flatMap((key) => {
      const pem = textOf(reading(outputs[key]));
      return pem.kind === "known" ? [pem.value.trim()] : [];
    });
  });
  return body.kind !== "known" || shown.length === 0 || shown.includes(body.value.trim());
}

function imported(graph: StackGraph, node: Node, assumption?: string): readonly Certificate[] {
  const renewal: Renewal = {
    kind: "never",
    why: "it was made elsewhere and imported, and what is imported is not renewed",
    assumption,
    remedy:
      "Let a certificate of the stack that is renewed be its body, or ask Certificate Manager for one (domainName, validationMethod DNS).",
  };
  // By itself a resource is shown without what it refers to.
  return isImportedFromStack(graph, node) ? [] : [{ ...leaf(node, renewal), isGuiltyAlone: false }];
}

/** Who issues what Certificate Manager keeps. */
function sourceOf(graph: StackGraph, node: Node): Reading<"public" | "private" | "import"> {
  const isSet = (property: string): boolean => graph.read(node, property).kind !== "absent";
  if (isSet("certificateAuthorityArn")) {
    return known("private");
  }
  if (isSet("certificateBody") || isSet("privateKey") || isSet("privateKeyWo")) {
    return known("import");
  }
  const type = textOf(reading(node.outputs["type"]));
  const isYetToBe = type.kind === "unknown" && graph.dryRun && node.inputs !== undefined;
  return type.kind === "absent" || isYetToBe
    ? known("public")
    : understood(type, (value) => {
        switch (value) {
          case "AMAZON_ISSUED":
            return "public";
          case "PRIVATE":
            return "private";
          case "IMPORTED":
            return "import";
          default:
            return undefined;
        }
      });
}

/** Why something may not be so: its property is not known. */
function unlessKnown(read: Reading<unknown>, property: string): string | undefined {
  return read.kind === "unknown" ? `its ${property}` : undefined;
}

function mayBe(read: Reading<string>, value: string): boolean {
  return read.kind === "unknown" || (read.kind === "known" && read.value === value);
}

/** What keeps a public certificate from being renewed, or its renewal from arriving where it is used. */
function publicRenewals(graph: StackGraph, node: Node): readonly Renewal[] {
  const isNative = node.resourceType.startsWith("aws-native:");
  const method = textOf(graph.read(node, "validationMethod"));
  const [property, exported] = isNative
    ? ["certificateExport", textOf(graph.read(node, "certificateExport"))]
    : ["options.export", textOf(memberReading(recordOf(graph.read(node, "options")), "export"))];
  const renewals: Renewal[] = [];
  // Without a method CloudFormation takes e-mail, and the classic provider refuses the certificate.
  if (method.kind === "absent" ? isNative : mayBe(method, "EMAIL")) {
    renewals.push({
      kind: "never",
      why: "it is validated by e-mail, and somebody has to answer one before each renewal",
      assumption: unlessKnown(method, "validationMethod"),
      remedy: "Set validationMethod to DNS.",
    });
  }
  if (mayBe(exported, "ENABLED")) {
    renewals.push({
      kind: "never",
      why: "it is exported, and nothing carries what is renewed to where it was exported",
      assumption: unlessKnown(exported, property),
      remedy:
        "Take the export away. A workload's certificate comes from a private authority, and lives 90 days at most.",
    });
  }
  return renewals;
}

/**
 * What Certificate Manager keeps. A public certificate that it validates by itself and keeps to itself is the entrance's,
 * and is renewed by it: nothing is said of it.
 */
function managed(graph: StackGraph, node: Node): readonly Certificate[] {
  const source = sourceOf(graph, node);
  switch (source.kind === "known" ? source.value : undefined) {
    case "public":
      return publicRenewals(graph, node).map((renewal) => leaf(node, renewal));
    case "private": {
      const issued = issuedLifetime(graph, node, "notBefore", "notAfter");
      const hours = Math.max(managedPrivateHours, issued.kind === "known" ? issued.value : 0);
      const lifetime = {
        hours: known(hours),
        property: "certificateAuthorityArn",
        remedy:
          "Certificate Manager asks a private authority for 395 days. Let cert-manager or the mesh ask it, for 90 days at most.",
      };
      return [{ ...leaf(node, { kind: "by-issuer" }), lifetime }];
    }
    case "import":
      return imported(graph, node);
    case undefined:
      return imported(graph, node, "its type");
  }
}

function key(graph: StackGraph, node: Node): readonly CertificateKey[] {
  const property = "keyAlgorithm";
  const name = textOf(graph.read(node, property));
  const algorithm = understood(name, (value) =>
    typeof value === "string" ? algorithmNamed(value) : undefined,
  );
  const { urn, label } = { urn: node.urn, label: labelOf(node) };
  return name.kind === "absent" ? [] : [{ urn, label, algorithm, property, isGuiltyAlone: true }];
}

/** What the certificates promise that Certificate Manager and IAM keep for load balancers and other services. */
export function keptCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const kept = graph.ofType(...managedCertificateTypes);
  return {
    certificates: [
      ...kept.flatMap((node) => managed(graph, node)),
      ...graph.ofType(...uploadedTypes).flatMap((node) => imported(graph, node)),
    ],
    keys: kept.flatMap((node) => key(graph, node)),
    signatures: [],
    faults: [],
  };
}
