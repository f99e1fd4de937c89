import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";

import type { AzureStack } from "./azure-stack";
import { mayBePartOf, ownersInStack } from "./part-of";
import type { Placement } from "./placement";
import { wordOf } from "./word";

/** A parameter of a database's, by which it asks for TLS. */
interface TlsParameter {
  readonly name: string;
  readonly isRight: (value: string) => boolean;
  readonly what: string;
}

/** Databases whose parameters are resources of their own. */
interface DatabaseKind {
  readonly server: ResourceType;
  readonly parameter: ResourceType;
  readonly subnet: readonly [string, string];
  readonly parameters: readonly TlsParameter[];
}

const plain = "databases with it let their clients speak in plain text";
const old = "databases with it take versions of TLS older than 1.2";

/** Both ask for TLS, and for version 1.2, until a parameter says otherwise (Azure Database, "TLS in Flexible Server"). */
const secureTransport: TlsParameter = {
  name: "require_secure_transport",
  isRight: (value) => /^(?:on|true|1)$/.test(value),
  what: plain,
};

const databases: readonly DatabaseKind[] = [
  {
    server: "azure-native:dbforpostgresql:server",
    parameter: "azure-native:dbforpostgresql:configuration",
    subnet: ["network", "delegatedSubnetResourceId"],
    parameters: [
      secureTransport,
      {
        name: "ssl_min_protocol_version",
        isRight: (value) => value === "tlsv1.2" || value === "tlsv1.3",
        what: old,
      },
    ],
  },
  {
    server: "azure-native:dbformysql:server",
    parameter: "azure-native:dbformysql:configuration",
    subnet: ["network", "delegatedSubnetResourceId"],
    parameters: [
      secureTransport,
      {
        name: "tls_version",
        isRight: (value) =>
          value.split(",").every((one) => one.trim() === "tlsv1.2" || one.trim() === "tlsv1.3"),
        what: old,
      },
    ],
  },
];

/** Databases, and their parameters, of which what they say of TLS is read. */
export const databaseTypes: readonly ResourceType[] = databases.flatMap(({ server, parameter }) => [
  server,
  parameter,
]);

/** Holds a parameter to what it has to be; whether it certainly is, or says nothing of TLS. */
function isRight(
  { graph }: AzureStack,
  node: Node,
  { parameters }: DatabaseKind,
  acceptor?: Acceptor,
): boolean {
  const name = wordOf(graph.read(node, "configurationName"));
  const value = textOf(graph.read(node, "value"));
  if (name.kind !== "known") {
    const [first] = parameters;
    acceptor?.fault({
      what: first?.what ?? plain,
      remedy: "Write the name of the parameter as a literal.",
      assumption: "`configurationName` is not known",
    });
    return false;
  }
  const wanted = parameters.find((parameter) => parameter.name === name.value);
  if (wanted === undefined || value.kind === "absent") {
    return true;
  }
  if (value.kind === "known" && wanted.isRight(value.value.toLowerCase())) {
    return true;
  }
  acceptor?.fault({
    what: wanted.what,
    remedy: `Let the parameter ${wanted.name} ask for TLS 1.2 at least, or take it away.`,
    assumption: value.kind === "unknown" ? "`value` is not known" : undefined,
  });
  return false;
}

/** Whether databases in a zone ask their clients for TLS. */
export function databaseHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph, zones } = stack;
  return allHops(...databases.flatMap((kind) => [...serversOf(kind), ...parametersOf(kind)]));

  function serversOf(kind: DatabaseKind): readonly HopFacts[] {
    return graph.ofType(kind.server).map((node): HopFacts => {
      const place = placement.of(node, { subnets: [kind.subnet] });
      if (place === undefined) {
        return allHops();
      }
      // What is a part of it, is where it is.
      zones.inherit(node.urn, place.zone, "its subnet");
      const acceptor = new Acceptor(stack, node, place);
      const isEncrypted = graph
        .ofType(kind.parameter)
        .filter((one) => mayBePartOf(graph, one, "serverName", node, kind.server))
        .every((one) => isRight(stack, one, kind));
      acceptor.hop(`clients and ${acceptor.label}`, isEncrypted ? "provider-tls+iam" : undefined);
      return acceptor.facts();
    });
  }

  function parametersOf(kind: DatabaseKind): readonly HopFacts[] {
    return graph.ofType(kind.parameter).map((node): HopFacts => {
      const place = placement.of(node, { within: ownersInStack(graph, node, "serverName", kind.server) });
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      isRight(stack, node, kind, acceptor);
      return acceptor.facts();
    });
  }
}
