import {
  absent,
  flagOf,
  integerOf,
  known,
  reading,
  textOf,
  understood,
  unknown,
  type Reading,
} from "../reading";
import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";

import {
  usagesIn,
  type Certificate,
  type CertificateKey,
  type ChainPlace,
  type IssuedOnRequest,
  type PublicKeyInfrastructure,
} from "./certificate";
import { issuedLifetime, longer, timeOf } from "./certificate-lifetime";
import { isNotIssued, issuedOnRequest, requestType } from "./issued-on-request";
import { algorithmOfPem, curveNamed, type KeyAlgorithm } from "./key-algorithm";
import { strayKeys } from "./key-holders";
import { labelOf } from "./label";

const privateKeyType = "tls:index:privatekey";
const signedType = "tls:index:locallysignedcert";
const selfSignedType = "tls:index:selfsignedcert";

/** Types of the `tls` provider from which facts about certificates are drawn. It serves every cloud. */
export const tlsTypes = [privateKeyType, requestType, signedType, selfSignedType] as const;

/** Types of the `tls` provider that issue certificates, each anew before it expires. */
export const tlsCertificateTypes: readonly ResourceType[] = [signedType, selfSignedType];

/** The algorithm of a key, with what the provider takes where nothing is set: RSA of 2048 bits, the curve P-224. */
function algorithmOf(graph: StackGraph, node: Node): Reading<KeyAlgorithm> {
  const algorithm = textOf(graph.read(node, "algorithm"));
  switch (algorithm.kind === "known" ? algorithm.value : undefined) {
    case "RSA": {
      const bits = integerOf(graph.read(node, "rsaBits"));
      return understood<KeyAlgorithm>(bits.kind === "absent" ? known(2048) : bits, (value) =>
        typeof value === "number" ? { family: "rsa", bits: value } : undefined,
      );
    }
    case "ECDSA": {
      const curve = textOf(graph.read(node, "ecdsaCurve"));
      return understood(curve.kind === "absent" ? known("P224") : curve, (value) =>
        typeof value === "string" ? curveNamed(value) : undefined,
      );
    }
    case "ED25519":
      return known({ family: "fixed", name: "ED25519" });
    default:
      return unknown;
  }
}

/**
 * The private key in a property, unless it is one of the stack, which is judged where it is made. A text that is no key
 * is none: the provider refuses it.
 */
function keyIn(graph: StackGraph, node: Node, property: string): readonly CertificateKey[] {
  // To read a key takes longer than all else that is read of a resource.
  if (graph.origins(node, property, [privateKeyType]).some(({ kind }) => kind === "resource")) {
    return [];
  }
  const pem = textOf(graph.read(node, property));
  const algorithm = pem.kind === "known" ? algorithmOfPem(pem.value) : undefined;
  if (pem.kind === "absent" || (pem.kind === "known" && algorithm === undefined)) {
    return [];
  }
  return [
    {
      urn: node.urn,
      label: labelOf(node),
      algorithm: algorithm === undefined ? unknown : known(algorithm),
      property,
      // By itself a resource is shown without the key that it refers to.
      isGuiltyAlone: algorithm !== undefined,
    },
  ];
}

/** What shows of a certificate; its end is put out beside it. */
function issueOf(graph: StackGraph, node: Node): IssuedOnRequest {
  const issue = issuedOnRequest(graph, node, {
    request: node.resourceType === signedType ? "certRequestPem" : undefined,
    certificate: reading(node.outputs["certPem"]),
  });
  const end = textOf(reading(node.outputs["validityEndTime"]));
  const isPlanned = isNotIssued(graph, end);
  return {
    ...issue,
    ends: isPlanned ? absent : end.kind === "known" ? timeOf(end.value) : unknown,
    isPlanned,
  };
}

function certificateOf(graph: StackGraph, node: Node): Certificate {
  const isSelfSigned = node.resourceType === selfSignedType;
  const isAuthority = flagOf(graph.read(node, "isCaCertificate"));
  const authority: ChainPlace = isSelfSigned ? "root" : "intermediate";
  const early = integerOf(graph.read(node, "earlyRenewalHours"));
  return {
    urn: node.urn,
    label: labelOf(node),
    place:
      isAuthority.kind === "unknown"
        ? unknown
        : known(isAuthority.kind === "known" && isAuthority.value ? authority : "leaf"),
    lifetime: {
      hours: longer(
        graph,
        integerOf(graph.read(node, "validityPeriodHours")),
        issuedLifetime(graph, node, "validityStartTime", "validityEndTime"),
      ),
      property: "validityPeriodHours",
    },
    renewal: {
      kind: "before-expiry",
      hours: early.kind === "absent" ? known(0) : early,
      property: "earlyRenewalHours",
    },
    usages: usagesIn(graph.read(node, "allowedUses")),
    isSelfSigned: known(isSelfSigned),
    isGuiltyAlone: true,
    issue: issueOf(graph, node),
  };
}

/** What the certificates, requests and keys of the `tls` provider promise. */
export function tlsCertificates(graph: StackGraph): PublicKeyInfrastructure {
  return {
    certificates: graph.ofType(...tlsCertificateTypes).map((node) => certificateOf(graph, node)),
    keys: [
      ...graph.ofType(privateKeyType).map((node) => ({
        urn: node.urn,
        label: labelOf(node),
        algorithm: algorithmOf(graph, node),
        property: "algorithm",
        isGuiltyAlone: true,
      })),
      ...graph.ofType(requestType, selfSignedType).flatMap((node) => keyIn(graph, node, "privateKeyPem")),
      ...graph.ofType(signedType).flatMap((node) => keyIn(graph, node, "caPrivateKeyPem")),
    ],
    signatures: [],
    faults: strayKeys(graph),
  };
}
