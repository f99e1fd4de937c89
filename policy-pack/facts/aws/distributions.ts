import { flagOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node } from "../../stack-graph";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { types, type AwsStack } from "./aws-stack";
import { placeIn, zoneWithin } from "../place";

const trustStoreTypes = ["aws:cloudfront:truststore"] as const;

/** Policies with TLS 1.3 and nothing older (CloudFront developer guide, "Supported protocols and ciphers between viewers and CloudFront"). */
const tls13Policy = /^TLSv1\.3_\d{4}$/;

/** The load balancers to which a distribution sends requests on, by name or by an origin in their network. */
function balancersBehind({ graph }: AwsStack, distribution: Node): readonly Node[] {
  const behind = (node: Node, key: string): readonly Node[] =>
    (node.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
  return behind(distribution, "origins")
    .flatMap((origin) =>
      origin.resourceType === "aws:cloudfront:vpcorigin"
        ? behind(origin, "vpcOriginEndpointConfig")
        : [origin],
    )
    .filter(({ resourceType }) => (types.loadBalancer as readonly string[]).includes(resourceType));
}

/** What CloudFront accepts for a zone, and how it sends it on. */
export function distributionHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType("aws:cloudfront:distribution").map((node): HopFacts => {
      const place = placeIn(
        zoneWithin(
          zones.of(node.urn),
          balancersBehind(stack, node).map(({ urn }) => zones.of(urn)),
        ),
        undefined,
      );
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const isVerifying = verifies(stack, node, acceptor);
      const isRecent = acceptor.requires({
        key: "viewerCertificate.minimumProtocolVersion",
        read: textOf(
          memberReading(recordOf(graph.read(node, "viewerCertificate")), "minimumProtocolVersion"),
        ),
        isRight: (value) => tls13Policy.test(value),
        absentIs: "wrong",
        what: "it takes versions of TLS older than 1.3",
        remedy:
          'Set viewerCertificate.minimumProtocolVersion to "TLSv1.3_2025", with a certificate of your own.',
      });
      const behaviours = [
        graph.read(node, "defaultCacheBehavior"),
        ...itemsOf(graph.read(node, "orderedCacheBehaviors")),
      ].map((behaviour) =>
        acceptor.requires({
          key: "viewerProtocolPolicy",
          read: textOf(memberReading(recordOf(behaviour), "viewerProtocolPolicy")),
          // What comes to port 80, which is always there, is refused or sent elsewhere, and never answered.
          isRight: (value) => value === "https-only" || value === "redirect-to-https",
          absentIs: "wrong",
          what: "it answers whoever comes without TLS",
          remedy: 'Set viewerProtocolPolicy of each behaviour to "https-only".',
        }),
      );
      const isProved = isVerifying && isRecent && behaviours.every((isRight) => isRight);
      acceptor.hop(`clients and ${acceptor.label}`, isProved ? "mtls" : undefined);
      for (const origin of itemsOf(graph.read(node, "origins"))) {
        const custom = recordOf(memberReading(recordOf(origin), "customOriginConfig"));
        if (custom.kind !== "absent") {
          const isEncrypted = acceptor.requires({
            key: "origins.customOriginConfig.originProtocolPolicy",
            read: textOf(memberReading(custom, "originProtocolPolicy")),
            isRight: (value) => value === "https-only" || value === "match-viewer",
            absentIs: "wrong",
            what: "it sends requests on to an origin in plain text",
            remedy: 'Set originProtocolPolicy of each origin to "https-only".',
          });
          const certificate = recordOf(memberReading(custom, "originMtlsConfig"));
          acceptor.hop(
            `${acceptor.label} and its origin`,
            isEncrypted ? (certificate.kind === "known" ? "mtls" : "one-way-tls") : undefined,
          );
        }
      }
      return acceptor.facts();
    }),
  );
}

/** Whether a distribution certainly takes only clients with a certificate of an authority that the stack names. */
function verifies({ graph }: AwsStack, node: Node, acceptor: Acceptor): boolean {
  const mutual = recordOf(graph.read(node, "viewerMtlsConfig"));
  const mode = textOf(memberReading(mutual, "mode"));
  const isRequired = acceptor.requires({
    key: "viewerMtlsConfig.mode",
    read: mode,
    isRight: (value) => value === "required",
    absentIs: "wrong",
    what: "it lets in clients without a certificate",
    remedy: 'Set viewerMtlsConfig to mode "required", with a TrustStore of the stack.',
  });
  if (!isRequired && mode.kind !== "unknown") {
    return false;
  }
  const store = recordOf(memberReading(mutual, "trustStoreConfig"));
  const isCurrent = acceptor.requires({
    key: "viewerMtlsConfig.trustStoreConfig.ignoreCertificateExpiry",
    read: flagOf(memberReading(store, "ignoreCertificateExpiry")),
    isRight: (value) => !value,
    absentIs: "right",
    what: "it takes certificates of clients that have expired",
    remedy: "Set trustStoreConfig.ignoreCertificateExpiry to false.",
  });
  const id = memberReading(store, "trustStoreId");
  const stores = id.kind === "absent" ? [] : graph.referentsOf(node, "viewerMtlsConfig", id, trustStoreTypes);
  const isOfStack = stores.length > 0 && stores.every(({ kind }) => kind === "resource");
  if (!isOfStack) {
    acceptor.fault({
      what: "no trust store of the stack says whose certificates it takes",
      remedy: "Set viewerMtlsConfig.trustStoreConfig.trustStoreId to a TrustStore of the stack.",
      assumption: stores.some(({ kind }) => kind === "undetermined")
        ? "`viewerMtlsConfig.trustStoreConfig.trustStoreId` is not known"
        : undefined,
      needsOthers: stores.length > 0,
    });
  }
  return isRequired && isCurrent && isOfStack;
}
