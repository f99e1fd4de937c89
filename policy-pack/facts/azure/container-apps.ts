import { flagOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";
import { readAt } from "../property-path";

import { labelOf, type AzureStack } from "./azure-stack";
import type { Placement } from "./placement";
import { wordOf } from "./word";

const environmentTypes = ["azure-native:app:managedenvironment"] as const;
const appTypes = ["azure-native:app:containerapp"] as const;

/** Types of Azure Container Apps that accept connections. */
export const containerAppTypes = [...environmentTypes, ...appTypes] as const;

/** What container apps accept, from each other and from others. */
export function containerAppHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph, zones } = stack;
  const subnets = [["vnetConfiguration", "infrastructureSubnetId"]] as const;
  const environments = graph.ofType(...environmentTypes).map((node): HopFacts => {
    const place = placement.of(node, { subnets });
    if (place === undefined) {
      return allHops();
    }
    // What is in it, is where it is.
    zones.inherit(node.urn, place.zone, "its subnet");
    const acceptor = new Acceptor(stack, node, place);
    const isMutual = acceptor.requires({
      key: "peerAuthentication.mtls.enabled",
      read: flagOf(readAt(graph, node, "peerAuthentication.mtls.enabled")),
      isRight: (value) => value,
      absentIs: "wrong",
      what: "its apps call each other without certificates",
      remedy: "Set peerAuthentication.mtls.enabled to true.",
    });
    const isEncrypted = acceptor.requires({
      key: "peerTrafficConfiguration.encryption.enabled",
      read: flagOf(readAt(graph, node, "peerTrafficConfiguration.encryption.enabled")),
      isRight: (value) => value,
      absentIs: "wrong",
      what: "its apps call each other in plain text",
      remedy: "Set peerTrafficConfiguration.encryption.enabled to true.",
    });
    acceptor.hop(`apps of ${acceptor.label}`, isMutual && isEncrypted ? "mtls" : undefined);
    return acceptor.facts();
  });

  const apps = graph.ofType(...appTypes).map((node): HopFacts => {
    const referents = ["managedEnvironmentId", "environmentId"].flatMap((key) =>
      graph.referents(node, key, environmentTypes),
    );
    const of = referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
    const place =
      placement.of(node, { within: of }) ??
      of.map((environment) => placement.of(environment, { subnets })).find((one) => one !== undefined) ??
      placeIn(
        undefined,
        referents.some(({ kind }) => kind === "undetermined")
          ? `which environment ${labelOf(node)} is in, and so in which zone it is, is not known`
          : undefined,
      );
    const ingress = recordOf(readAt(graph, node, "configuration.ingress"));
    if (place === undefined || ingress.kind === "absent") {
      return allHops();
    }
    const acceptor = new Acceptor(stack, node, place);
    const remedy = 'Set configuration.ingress to clientCertificateMode "require" and allowInsecure false.';
    const transport = wordOf(memberReading(ingress, "transport"));
    const isRead = acceptor.requires({
      key: "configuration.ingress.transport",
      read: transport,
      isRight: (value) => value !== "tcp",
      absentIs: "right",
      what: "it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
      remedy: 'Set configuration.ingress.transport to "http" or "http2".',
    });
    if (!isRead && transport.kind === "known") {
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      return acceptor.facts();
    }
    const isTls = acceptor.requires({
      key: "configuration.ingress.allowInsecure",
      read: flagOf(memberReading(ingress, "allowInsecure")),
      isRight: (value) => !value,
      absentIs: "wrong",
      what: "it takes connections without TLS, which whoever is on the way reads and changes",
      remedy,
    });
    const isVerifying = acceptor.requires({
      key: "configuration.ingress.clientCertificateMode",
      read: wordOf(memberReading(ingress, "clientCertificateMode")),
      isRight: (value) => value === "require",
      absentIs: "wrong",
      what: "it asks no client for a certificate",
      remedy,
    });
    const isTlsBehind = acceptor.requires({
      key: "configuration.ingress.targetPortHttpScheme",
      read: wordOf(memberReading(ingress, "targetPortHttpScheme")),
      isRight: (value) => value === "https",
      absentIs: "wrong",
      what: "its containers get what they are sent in plain text",
      remedy: 'Set configuration.ingress.targetPortHttpScheme to "https".',
    });
    const isInner =
      place.zone === "gateway" ||
      acceptor.requires({
        key: "configuration.ingress.external",
        read: flagOf(memberReading(ingress, "external")),
        isRight: (value) => !value,
        absentIs: "right",
        what: "it takes connections from outside of its environment, past the gateway",
        remedy:
          "Set configuration.ingress.external to false; only what is in the gateway zone is called from outside.",
      });
    for (const port of itemsOf(memberReading(ingress, "additionalPortMappings"))) {
      const number = textOf(memberReading(recordOf(port), "targetPort"));
      acceptor.fault({
        what: "it passes TCP through on more ports, where nothing shows who ends TLS",
        remedy: "Take configuration.ingress.additionalPortMappings away.",
        assumption:
          port.kind === "unknown" && number.kind === "unknown"
            ? "`configuration.ingress.additionalPortMappings` is not known"
            : undefined,
      });
    }
    acceptor.hop(
      `clients and ${acceptor.label}`,
      isRead && isTls && isVerifying && isTlsBehind && isInner ? "mtls" : undefined,
    );
    const sidecar = flagOf(readAt(graph, node, "configuration.dapr.enabled"));
    const isShown = referents.length > 0 && of.length === referents.length;
    if (!isShown && sidecar.kind !== "absent" && !(sidecar.kind === "known" && !sidecar.value)) {
      acceptor.fault({
        what: "others call it by Dapr, and nothing shows that they show a certificate",
        remedy: "Put it into a ManagedEnvironment of the stack with peerAuthentication.mtls.enabled true.",
        assumption: "which environment it is in is not in the stack",
      });
    }
    return acceptor.facts();
  });
  return allHops(...environments, ...apps);
}
