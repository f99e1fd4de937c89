import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import { platformOf, type GcpStack } from "./gcp-stack";
import { grantsBearingOn } from "./grant-bearings";
import { callerOf, callerText, type Caller } from "./iam-members";
import { opens, reachOf } from "./iam-roles";

const secretType = "gcp:secretmanager:secret";

/** Whether somebody is the workload itself, or works for Google or for who deploys it, who made what it says. */
function isMeant(caller: Caller, peer: string): boolean {
  switch (caller.kind) {
    case "agent":
    case "deployer":
      return true;
    case "account":
      return caller.peer === peer && caller.isCertain;
    case "anybody":
    case "somebody":
    case "undetermined":
      return false;
  }
}

function hopsOf(stack: GcpStack, secret: Node, peer: string): HopFacts {
  const place = placeIn(stack.zones.of(secret.urn), undefined);
  if (place === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, secret, place);
  for (const { grant, assumption } of grantsBearingOn(stack, secret)) {
    const reach = reachOf(stack, grant);
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    if (opens(reach, "secretmanager") && !isMeant(caller, peer)) {
      const unknown = [
        assumption,
        reach.assumption,
        caller.kind === "undetermined" ? `\`${grant.key}\` is not known` : undefined,
      ].filter((one) => one !== undefined);
      acceptor.fault({
        what: `${callerText(caller)} is let in to what ${peer} alone may read, and with its certificates and their keys proves to be it`,
        remedy: `Take ${grant.node.name} away, or let it name the service account of ${peer} alone.`,
        assumption: unknown.length === 0 ? undefined : unknown.join(", and "),
        refusedOn: "our platform",
        needsOthers: true,
      });
    }
  }
  return acceptor.facts();
}

/** Who reads the secrets of a platform's workloads besides them: whoever has a workload's key is that workload to others. */
export function credentialReaders(stack: GcpStack): HopFacts {
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
