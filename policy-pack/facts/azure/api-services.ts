import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt } from "../property-path";

import { apiPolicyTypes, apiServiceType, clientVerification } from "./api-policies";
import type { AzureStack } from "./azure-stack";
import { ownersInStack } from "./part-of";
import type { Placement } from "./placement";
import { wordOf } from "./word";

const apiType = "azure-native:apimanagement:api";
const backendType = "azure-native:apimanagement:backend";

/** Types of Azure API Management. */
export const apiManagementTypes: readonly ResourceType[] = [
  apiServiceType,
  apiType,
  backendType,
  ...apiPolicyTypes,
];

/** Settings by which a service takes, or speaks, what is older than TLS 1.2. */
const oldProtocol = /\.Protocols\.(?:Tls10|Tls11|Ssl30)$/i;

const noCertificate = "it asks no client for a certificate";

/** Whether a service asks for certificates by one of its names, or as a whole where it is paid by the call. */
function negotiates({ graph }: AzureStack, node: Node, acceptor: Acceptor): boolean {
  const sku = wordOf(readAt(graph, node, "sku.name"));
  if (sku.kind === "known" && sku.value === "consumption") {
    return acceptor.requires({
      key: "enableClientCertificate",
      read: flagOf(graph.read(node, "enableClientCertificate")),
      isRight: (value) => value,
      absentIs: "wrong",
      what: noCertificate,
      remedy: "Set enableClientCertificate to true.",
    });
  }
  const names = itemsOf(graph.read(node, "hostnameConfigurations")).map(recordOf);
  const ofGateway = names.filter((name) => {
    const type = wordOf(memberReading(name, "type"));
    return type.kind !== "known" || type.value === "proxy";
  });
  const remedy =
    "Set negotiateClientCertificate of each of hostnameConfigurations to true, and verify what it shows by a policy.";
  if (ofGateway.length === 0) {
    acceptor.fault({ what: noCertificate, remedy });
    return false;
  }
  return ofGateway
    .map((name) =>
      acceptor.requires({
        key: "hostnameConfigurations.negotiateClientCertificate",
        read: flagOf(memberReading(name, "negotiateClientCertificate")),
        isRight: (value) => value,
        absentIs: "wrong",
        what: noCertificate,
        remedy,
      }),
    )
    .every((isRight) => isRight);
}

/** What API Management accepts for a zone, and how it calls what is behind it. */
export function apiServiceHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph, zones } = stack;
  const services = graph.ofType(apiServiceType).map((node): HopFacts => {
    const place = placement.of(node, { subnets: [["virtualNetworkConfiguration", "subnetResourceId"]] });
    if (place === undefined) {
      return allHops();
    }
    // What is a part of it, is where it is.
    zones.inherit(node.urn, place.zone, "its subnet");
    const acceptor = new Acceptor(stack, node, place);
    const isAsking = negotiates(stack, node, acceptor);
    const { isVerifying, why, assumption } = clientVerification(graph, node);
    if (!isVerifying) {
      acceptor.fault({
        what: why,
        remedy:
          "Begin inbound of the service's Policy with validate-client-certificate, and inbound of every other with base.",
        assumption,
        needsOthers: true,
      });
    }
    const isRecent = oldProtocols(graph.read(node, "customProperties")).map((read) =>
      acceptor.requires({
        key: "customProperties",
        read,
        isRight: (value) => !value,
        absentIs: "right",
        what: "it takes, or speaks, versions of TLS older than 1.2",
        remedy: "Take Tls10, Tls11 and Ssl30 out of customProperties, or set them to False.",
      }),
    );
    acceptor.hop(
      `clients and ${acceptor.label}`,
      isAsking && isVerifying && isRecent.every((isRight) => isRight) ? "mtls" : undefined,
    );
    return acceptor.facts();
  });

  const acceptorOf = (node: Node): Acceptor | undefined => {
    const place = placement.of(node, { within: ownersInStack(graph, node, "serviceName", apiServiceType) });
    return place === undefined ? undefined : new Acceptor(stack, node, place);
  };
  const isEncrypted = (acceptor: Acceptor, node: Node, key: string): boolean =>
    acceptor.requires({
      key,
      read: textOf(graph.read(node, key)),
      isRight: (value) => !/^http:/i.test(value),
      absentIs: "right",
      what: "it sends requests on in plain text",
      remedy: `Let ${key} begin with https://.`,
    });
  const apis = graph.ofType(apiType).map((node): HopFacts => {
    const acceptor = acceptorOf(node);
    if (acceptor === undefined) {
      return allHops();
    }
    for (const protocol of itemsOf(graph.read(node, "protocols"))) {
      acceptor.requires({
        key: "protocols",
        read: wordOf(protocol),
        isRight: (value) => value === "https" || value === "wss",
        absentIs: "right",
        what: "it answers whoever comes without TLS",
        remedy: 'Set protocols to ["https"].',
      });
    }
    isEncrypted(acceptor, node, "serviceUrl");
    return acceptor.facts();
  });
  const backends = graph.ofType(backendType).map((node): HopFacts => {
    const acceptor = acceptorOf(node);
    if (acceptor === undefined) {
      return allHops();
    }
    const isVerifying = ["validateCertificateChain", "validateCertificateName"].map((key) =>
      acceptor.requires({
        key: `tls.${key}`,
        read: flagOf(readAt(graph, node, `tls.${key}`)),
        isRight: (value) => value,
        absentIs: "right",
        what: "it takes whichever certificate the backend shows",
        remedy: `Set tls.${key} to true.`,
      }),
    );
    const isTls = isEncrypted(acceptor, node, "url");
    const credentials = ["certificate", "certificateIds"].map((key) => {
      const list = itemsOf(readAt(graph, node, `credentials.${key}`));
      return list.length > 0;
    });
    const hasCertificate = credentials.includes(true);
    if (!hasCertificate) {
      acceptor.fault({
        what: "it shows the backend no certificate",
        remedy: "Let credentials.certificateIds name a certificate of the service.",
      });
    }
    const isProved = isTls && isVerifying.every((isRight) => isRight);
    acceptor.hop(
      `${acceptor.label} and what is behind it`,
      isProved ? (hasCertificate ? "mtls" : "one-way-tls") : undefined,
    );
    return acceptor.facts();
  });
  return allHops(...services, ...apis, ...backends);
}

/** What each setting says of a protocol older than TLS 1.2; one that is not known, where the settings are not. */
function oldProtocols(read: Reading<unknown>): readonly Reading<boolean>[] {
  const properties = recordOf(read);
  return properties.kind === "known"
    ? Object.keys(properties.value)
        .filter((key) => oldProtocol.test(key))
        .map((key) => {
          const word = wordOf(memberReading(properties, key));
          const flag = flagOf(memberReading(properties, key));
          return word.kind === "known" ? { kind: "known", value: word.value !== "false" } : flag;
        })
    : properties.kind === "unknown"
      ? [properties]
      : [];
}
