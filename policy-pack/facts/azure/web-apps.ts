import { flagOf, textOf } from "../../reading";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt } from "../property-path";

import type { AzureStack } from "./azure-stack";
import type { Placement } from "./placement";
import { wordOf } from "./word";

/** Apps of Azure App Service, and their slots, which are apps as well. */
export const webAppTypes = ["azure-native:web:webapp", "azure-native:web:webappslot"] as const;

/** What apps of App Service accept. */
export function webAppHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType(...webAppTypes).map((node): HopFacts => {
      const place = placement.of(node, { subnets: [["virtualNetworkSubnetId"]] });
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const flag = (key: string, what: string): boolean =>
        acceptor.requires({
          key,
          read: flagOf(graph.read(node, key)),
          isRight: (value) => value,
          absentIs: "wrong",
          what,
          remedy: `Set ${key} to true.`,
        });
      const noCertificate = "it asks no client for a certificate";
      const isProved = [
        flag("clientCertEnabled", noCertificate) &&
          acceptor.requires({
            key: "clientCertMode",
            read: wordOf(graph.read(node, "clientCertMode")),
            isRight: (value) => value === "required",
            absentIs: "wrong",
            what: "it lets in clients without a certificate",
            remedy: 'Set clientCertMode to "Required".',
          }),
        acceptor.requires({
          key: "clientCertExclusionPaths",
          read: textOf(graph.read(node, "clientCertExclusionPaths")),
          isRight: () => false,
          absentIs: "right",
          what: "it asks no client for a certificate on some paths",
          remedy: "Take clientCertExclusionPaths away.",
        }),
        flag("httpsOnly", "it takes connections without TLS, which whoever is on the way reads and changes"),
        acceptor.requires({
          key: "siteConfig.minTlsVersion",
          read: textOf(readAt(graph, node, "siteConfig.minTlsVersion")),
          isRight: (value) => value === "1.3",
          absentIs: "wrong",
          what: "it takes versions of TLS older than 1.3",
          remedy: 'Set siteConfig.minTlsVersion to "1.3".',
        }),
        acceptor.requires({
          key: "siteConfig.scmMinTlsVersion",
          read: textOf(readAt(graph, node, "siteConfig.scmMinTlsVersion")),
          isRight: (value) => value === "1.2" || value === "1.3",
          // Its tools ask for TLS 1.2 without a word on it.
          absentIs: "right",
          what: "its tools take versions of TLS older than 1.2",
          remedy: 'Set siteConfig.scmMinTlsVersion to "1.3".',
        }),
        flag("endToEndEncryptionEnabled", "what App Service has decrypted goes on to the app in plain text"),
      ].every((isRight) => isRight);
      acceptor.hop(`clients and ${acceptor.label}`, isProved ? "mtls" : undefined);
      return acceptor.facts();
    }),
  );
}
