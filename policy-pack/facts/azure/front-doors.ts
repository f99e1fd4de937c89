import { flagOf, itemsOf, listOf, memberReading, recordOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt } from "../property-path";

import type { AzureStack } from "./azure-stack";
import { ownersInStack } from "./part-of";
import type { Placement } from "./placement";
import { wordOf } from "./word";

const profileType = "azure-native:cdn:profile";
const endpointType = "azure-native:cdn:afdendpoint";
const partTypes = {
  domain: "azure-native:cdn:afdcustomdomain",
  route: "azure-native:cdn:route",
  originGroup: "azure-native:cdn:afdorigingroup",
  origin: "azure-native:cdn:afdorigin",
} as const;

/** Types of Azure Front Door. */
export const frontDoorTypes: readonly ResourceType[] = [
  profileType,
  endpointType,
  ...Object.values(partTypes),
];

/** Whether a list of words certainly holds nothing but some. */
function holdsOnly(list: Reading<unknown>, allowed: readonly string[]): Reading<boolean> {
  const items = listOf(list);
  if (items.kind !== "known") {
    return items;
  }
  const words = itemsOf(items).map(wordOf);
  return words.some(({ kind }) => kind === "unknown")
    ? { kind: "unknown" }
    : { kind: "known", value: words.every((word) => word.kind === "known" && allowed.includes(word.value)) };
}

/** What Front Door accepts for a zone, and how it sends it on. It asks no client for a certificate. */
export function frontDoorHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph, zones } = stack;
  const profilesOf = (node: Node): readonly Node[] => ownersInStack(graph, node, "profileName", profileType);
  const all = Object.values(partTypes).flatMap((type) => graph.ofType(type));
  // The zone of what it sends requests to is its own, where it says none.
  for (const part of [...all, ...graph.ofType(endpointType)]) {
    for (const profile of profilesOf(part)) {
      zones.inherit(profile.urn, zones.of(part.urn), `its part ${part.name}`);
    }
  }
  const acceptorOf = (node: Node): Acceptor | undefined => {
    const place = placement.of(node, { within: profilesOf(node) });
    return place === undefined ? undefined : new Acceptor(stack, node, place);
  };

  function judge(type: ResourceType, judged: (node: Node, acceptor: Acceptor) => void): readonly HopFacts[] {
    return graph.ofType(type).map((node): HopFacts => {
      const acceptor = acceptorOf(node);
      if (acceptor === undefined) {
        return allHops();
      }
      judged(node, acceptor);
      return acceptor.facts();
    });
  }

  return allHops(
    ...judge(partTypes.domain, (node, acceptor) => {
      const version = wordOf(readAt(graph, node, "tlsSettings.minimumTlsVersion"));
      acceptor.requires({
        key: "tlsSettings.minimumTlsVersion",
        read: version,
        isRight: (value) => value === "tls13",
        absentIs: "wrong",
        what: "it takes versions of TLS older than 1.3",
        remedy: 'Set tlsSettings.minimumTlsVersion to "TLS13".',
      });
    }),
    ...judge(partTypes.route, (node, acceptor) => {
      acceptor.fault({
        what: "Front Door asks no client for a certificate",
        remedy: "Let clients come to an application gateway, whose listener verifies their certificates.",
      });
      acceptor.requires({
        key: "supportedProtocols",
        read: holdsOnly(graph.read(node, "supportedProtocols"), ["https"]),
        isRight: (value) => value,
        absentIs: "wrong",
        what: "it answers whoever comes without TLS",
        remedy: 'Set supportedProtocols to ["Https"].',
      });
      const isEncrypted = acceptor.requires({
        key: "forwardingProtocol",
        read: wordOf(graph.read(node, "forwardingProtocol")),
        isRight: (value) => value === "httpsonly",
        absentIs: "wrong",
        what: "it sends requests on to an origin in plain text, or as they came",
        remedy: 'Set forwardingProtocol to "HttpsOnly".',
      });
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      acceptor.hop(`${acceptor.label} and its origins`, isEncrypted ? "one-way-tls" : undefined);
    }),
    ...judge(partTypes.originGroup, (node, acceptor) => {
      const settings = recordOf(graph.read(node, "healthProbeSettings"));
      if (settings.kind !== "absent") {
        acceptor.requires({
          key: "healthProbeSettings.probeProtocol",
          read: wordOf(memberReading(settings, "probeProtocol")),
          isRight: (value) => value === "https",
          absentIs: "wrong",
          what: "it asks for its origins' health in plain HTTP",
          remedy: 'Set healthProbeSettings.probeProtocol to "Https".',
        });
      }
    }),
    ...judge(partTypes.origin, (node, acceptor) => {
      acceptor.requires({
        key: "enforceCertificateNameCheck",
        read: flagOf(graph.read(node, "enforceCertificateNameCheck")),
        isRight: (value) => value,
        absentIs: "right",
        what: "it takes a certificate of any name for that of the origin",
        remedy: "Set enforceCertificateNameCheck to true.",
      });
    }),
  );
}
