import type { Node } from "../../stack-graph";
import type { HopFacts } from "../acceptor";
import { credentialReaders, type CredentialReader } from "../credential-readers";

import type { GcpStack } from "./gcp-stack";
import { grantsBearingOn } from "./grant-bearings";
import { callerOf, callerText, type Caller } from "./iam-members";
import { opens, reachOf } from "./iam-roles";
import { projectsOf } from "./projects";

const secretType = "gcp:secretmanager:secret";

/** Whether somebody is the workload itself, a service of Google's that works for the platform, or who deploys what it says. */
function isMeant(stack: GcpStack, caller: Caller, peer: string): boolean {
  switch (caller.kind) {
    case "agent":
      // One that works for somebody else's project does what that project says.
      return projectsOf(stack).zoneOf(caller.project) !== undefined;
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

/** Who is let in to a secret. */
function readersOf(stack: GcpStack, secret: Node, peer: string): readonly CredentialReader[] {
  return grantsBearingOn(stack, secret).flatMap(({ grant, assumption }): readonly CredentialReader[] => {
    const reach = reachOf(stack, grant);
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    return opens(reach, "secretmanager") && !isMeant(stack, caller, peer)
      ? [
          {
            who: `${callerText(caller)} is let in to`,
            remedy: `Take ${grant.node.name} away, or let it name the service account of ${peer} alone.`,
            unknown: [
              assumption,
              reach.assumption,
              caller.kind === "undetermined" ? `\`${grant.key}\` is not known` : undefined,
            ],
          },
        ]
      : [];
  });
}

/** Who reads the credentials of workloads in Secret Manager besides them. */
export function secretManagerReaders(stack: GcpStack): HopFacts {
  return credentialReaders(stack, secretType, (secret, peer) => readersOf(stack, secret, peer));
}
