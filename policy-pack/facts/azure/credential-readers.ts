import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { reachOf } from "./data-roles";
import { principalOf } from "./principals";
import { heldBy } from "./scopes";

const secretType = "azure-native:keyvault:secret";
const assignmentType = "azure-native:authorization:roleassignment";

function hopsOf(stack: AzureStack, secret: Node, peer: string): HopFacts {
  const { graph, zones } = stack;
  const place = placeIn(zones.of(secret.urn), undefined);
  if (place === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, secret, place);
  for (const assignment of graph.ofType(assignmentType)) {
    const [held] = heldBy(graph, assignment, "scope", graph.read(assignment, "scope"), [secret]);
    const { families, assumption } = reachOf(graph, assignment);
    if (held === undefined || (families !== "everything" && !families.includes("vault"))) {
      continue;
    }
    const id = graph.read(assignment, "principalId");
    const principal = principalOf(graph, assignment, "principalId", id);
    if (principal.peer === peer) {
      continue;
    }
    const unknown = [
      held.assumption,
      assumption,
      principal.node === undefined && textOf(id).kind !== "known" ? "`principalId` is not known" : undefined,
    ].filter((one) => one !== undefined);
    acceptor.fault({
      what: `${principal.peer ?? (principal.node === undefined ? "somebody" : labelOf(principal.node))} is given a role on what ${peer} alone may read, and with its certificates and their keys proves to be it`,
      remedy: `Take ${assignment.name} away, or give the role to an identity of ${peer} alone.`,
      assumption: unknown.length === 0 ? undefined : unknown.join(", and "),
      refusedOn: "our platform",
      needsOthers: true,
    });
  }
  return acceptor.facts();
}

/** Who reads the secrets of a platform's workloads besides them: whoever has a workload's key is that workload to others. */
export function credentialReaders(stack: AzureStack): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType(secretType).map((secret) => {
      const peer = peerOf(graph, secret);
      return peer?.startsWith("workload/") === true && platformOf(stack, secret) !== undefined
        ? hopsOf(stack, secret, peer)
        : allHops();
    }),
  );
}
