import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt, type PropertyPath } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";
import { ownersOf } from "./owners";

const plain = "it lets its clients speak in plain text";
const noCertificate = "it asks no client for a certificate";

/** How a database says what its clients have to speak. */
interface DatabaseKind {
  /** The property that says it; none, where its clients always speak in plain text. */
  readonly key: string | undefined;
  /** With which values it takes TLS alone, and with which it asks its clients for a certificate besides. */
  readonly encrypted: readonly string[];
  readonly mutual: readonly string[];
  /** What holds without a word on it. */
  readonly absentIs: "right" | "wrong";
  readonly networks: readonly PropertyPath[];
  /** What it is a part of. */
  readonly within?: { readonly key: string; readonly type: ResourceType };
}

const kinds: ReadonlyMap<ResourceType, DatabaseKind> = new Map<ResourceType, DatabaseKind>([
  [
    "gcp:sql:databaseinstance",
    {
      key: "settings.ipConfiguration.sslMode",
      encrypted: ["ENCRYPTED_ONLY"],
      mutual: ["TRUSTED_CLIENT_CERTIFICATE_REQUIRED"],
      absentIs: "wrong",
      networks: [["settings", "ipConfiguration", "privateNetwork"]],
    },
  ],
  [
    "gcp:alloydb:instance",
    {
      key: "clientConnectionConfig.sslConfig.sslMode",
      encrypted: ["ENCRYPTED_ONLY"],
      mutual: [],
      // It takes TLS alone without a word on it (AlloyDB, "Require SSL").
      absentIs: "right",
      networks: [],
      within: { key: "cluster", type: "gcp:alloydb:cluster" },
    },
  ],
  [
    "gcp:redis:instance",
    {
      key: "transitEncryptionMode",
      encrypted: ["SERVER_AUTHENTICATION"],
      mutual: [],
      absentIs: "wrong",
      networks: [["authorizedNetwork"]],
    },
  ],
  [
    "gcp:redis:cluster",
    {
      key: "transitEncryptionMode",
      encrypted: ["TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"],
      mutual: [],
      absentIs: "wrong",
      networks: [["pscConfigs", "network"]],
    },
  ],
  [
    "gcp:memorystore:instance",
    {
      key: "transitEncryptionMode",
      encrypted: ["SERVER_AUTHENTICATION"],
      mutual: [],
      absentIs: "wrong",
      networks: [
        ["desiredAutoCreatedEndpoints", "network"],
        ["desiredPscAutoConnections", "network"],
      ],
    },
  ],
  [
    "gcp:memcache:instance",
    {
      key: undefined,
      encrypted: [],
      mutual: [],
      absentIs: "wrong",
      networks: [["authorizedNetwork"]],
    },
  ],
]);

/** Databases of which what they say of TLS is read, and what they are parts of. */
export const databaseTypes: readonly ResourceType[] = [...kinds.keys(), "gcp:alloydb:cluster"];

/** Whether databases in a zone ask their clients for TLS. */
export function databaseHops(stack: GcpStack): HopFacts {
  const { graph, zones } = stack;
  const places = new NetworkPlaces(stack);
  for (const cluster of graph.ofType("gcp:alloydb:cluster")) {
    zones.inherit(
      cluster.urn,
      places.zoneOf(cluster, [["networkConfig", "network"], ["network"]]),
      "its network",
    );
  }

  function partOf(node: Node, { within }: DatabaseKind): readonly Node[] {
    return within === undefined
      ? []
      : ownersOf(graph, node, within.key, [within.type]).flatMap((referent) =>
          referent.kind === "resource" ? [referent.node] : [],
        );
  }

  return allHops(
    ...[...kinds].flatMap(([type, kind]) =>
      graph.ofType(type).map((node): HopFacts => {
        const place = places.placeOf(node, kind.networks, partOf(node, kind));
        if (place === undefined) {
          return allHops();
        }
        // What is a part of it, is where it is.
        zones.inherit(node.urn, place.zone, "its network");
        const acceptor = new Acceptor(stack, node, place);
        const { key, encrypted, mutual, absentIs } = kind;
        if (key === undefined) {
          acceptor.fault({
            what: plain,
            remedy: "Take one that speaks TLS, such as a Valkey instance of Memorystore.",
          });
          acceptor.hop(`clients and ${acceptor.label}`, undefined);
          return acceptor.facts();
        }
        const mode = textOf(readAt(graph, node, key));
        const best = mutual[0] ?? encrypted[0] ?? "";
        const isEncrypted = acceptor.requires({
          key,
          read: mode,
          isRight: (value) => encrypted.includes(value) || mutual.includes(value),
          absentIs,
          what: plain,
          remedy: `Set ${key} to "${best}".`,
        });
        const isMutual = mode.kind === "known" && mutual.includes(mode.value);
        if (isEncrypted && mutual.length > 0 && !isMutual) {
          acceptor.fault({
            what: noCertificate,
            remedy: `Set ${key} to "${best}".`,
          });
        }
        acceptor.hop(
          `clients and ${acceptor.label}`,
          !isEncrypted ? undefined : isMutual ? "mtls" : "provider-tls+iam",
        );
        return acceptor.facts();
      }),
    ),
  );
}
