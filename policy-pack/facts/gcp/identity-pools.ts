import {
  flagOf,
  integerOf,
  itemsOf,
  known,
  memberReading,
  recordOf,
  textOf,
  understood,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { Certificate, CertificateFault, CertificateKey, PublicKeyInfrastructure } from "../certificate";
import { labelOf } from "../label";
import { readAt } from "../property-path";
import { tlsCertificateTypes } from "../tls-certificates";

import { managedKeyAlgorithm } from "./certificate-manager";
import { hoursOf } from "./duration";

const poolType = "gcp:iam:workloadidentitypool";

/** Types that give workloads certificates of their identity. */
export const identityPoolTypes: readonly ResourceType[] = [poolType];

/** How long certificates of a pool live of which nothing says it: a day (IAM API, `InlineCertificateIssuanceConfig`). */
const defaultHours = 24;

/** How much of its life is over when a certificate is renewed of which nothing says it. */
const defaultElapsed = 50;

function subject(node: Node): Pick<Certificate, "urn" | "label" | "isGuiltyAlone"> {
  return { urn: node.urn, label: labelOf(node), isGuiltyAlone: true };
}

function certificate(graph: StackGraph, node: Node): Certificate {
  const said = hoursOf(readAt(graph, node, "inlineCertificateIssuanceConfig.lifetime"));
  const hours: Reading<number> = said.kind === "absent" ? known(defaultHours) : said;
  const elapsed = integerOf(readAt(graph, node, "inlineCertificateIssuanceConfig.rotationWindowPercentage"));
  const share: Reading<number> = elapsed.kind === "absent" ? known(defaultElapsed) : elapsed;
  return {
    ...subject(node),
    place: known("leaf"),
    lifetime: { hours, property: "inlineCertificateIssuanceConfig.lifetime" },
    renewal: {
      kind: "before-expiry",
      hours:
        hours.kind === "known" && share.kind === "known"
          ? known((hours.value * (100 - share.value)) / 100)
          : { kind: "unknown" },
      property: "inlineCertificateIssuanceConfig.rotationWindowPercentage",
    },
    usages: undefined,
    isSelfSigned: known(false),
  };
}

function key(graph: StackGraph, node: Node): readonly CertificateKey[] {
  const property = "inlineCertificateIssuanceConfig.keyAlgorithm";
  const name = textOf(readAt(graph, node, property));
  return name.kind === "absent"
    ? []
    : [
        {
          ...subject(node),
          algorithm: understood(name, (value) => managedKeyAlgorithm(String(value))),
          property,
        },
      ];
}

function faults(graph: StackGraph, node: Node): readonly CertificateFault[] {
  const shared = flagOf(readAt(graph, node, "inlineCertificateIssuanceConfig.useDefaultSharedCa"));
  const isShared = shared.kind === "unknown" || (shared.kind === "known" && shared.value);
  const bundles = itemsOf(readAt(graph, node, "inlineTrustConfig.additionalTrustBundles"));
  const isOfStack = (node.propertyDependencies["inlineTrustConfig"] ?? []).some((urn) =>
    tlsCertificateTypes.includes(graph.node(urn)?.resourceType ?? ""),
  );
  const trusted = bundles.map((bundle) => textOf(memberReading(recordOf(bundle), "trustDomain")));
  return [
    ...(isShared
      ? [
          {
            ...subject(node),
            what: "Google's shared authority signs its certificates, and not one of the customer's.",
            assumption:
              shared.kind === "unknown"
                ? "its inlineCertificateIssuanceConfig.useDefaultSharedCa"
                : undefined,
            remedy: "Set useDefaultSharedCa to false, and let caPools name a pool of yours in each region.",
            refuses: true,
          },
        ]
      : []),
    ...(bundles.length > 0 && !isOfStack
      ? [
          {
            ...subject(node),
            what: `It takes certificates of other trust domains: ${trusted
              .map((one) => (one.kind === "known" ? one.value : "one that is not known"))
              .join(", ")}.`,
            assumption: "whose authorities inlineTrustConfig.additionalTrustBundles are",
            remedy: "Take inlineTrustConfig.additionalTrustBundles away.",
            refuses: true,
            isGuiltyAlone: false,
          },
        ]
      : []),
  ];
}

/** What pools of identities promise of the certificates that they give to workloads. */
export function identityPoolCertificates(graph: StackGraph): PublicKeyInfrastructure {
  const issuing = graph
    .ofType(poolType)
    .filter((node) => graph.read(node, "inlineCertificateIssuanceConfig").kind !== "absent");
  return {
    certificates: issuing.map((node) => certificate(graph, node)),
    keys: issuing.flatMap((node) => key(graph, node)),
    signatures: [],
    faults: graph.ofType(poolType).flatMap((node) => faults(graph, node)),
  };
}
